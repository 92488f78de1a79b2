"""Association rules: what is bought together, and what is bought after what.

Counts are whole numbers and every threshold is compared in whole numbers, so that a confidence of exactly 16/20 passes
80%. Nothing here knows of declarations but `learning.py`."""
