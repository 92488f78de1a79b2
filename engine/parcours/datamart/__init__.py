"""The user's data, read and never written: names and types, and one shape for contacts, events and products.

`connection.connect` opens a datamart; `catalog` holds what it says. Only `catalog` is free of duckdb."""
