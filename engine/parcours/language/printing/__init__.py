"""The model becomes clauses, and clauses become lines of the text form."""
