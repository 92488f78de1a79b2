"""The table of all clauses (see `language/clauses.py`), one module a topic; `table` joins them."""
