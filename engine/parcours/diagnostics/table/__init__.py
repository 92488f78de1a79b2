"""The rows of the code table, one module a topic; `diagnostics/codes.py` joins them."""
