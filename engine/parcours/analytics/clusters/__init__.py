"""`clusters`: homogeneous groups of contacts, each with a name, an ideal profile and every contact's distance to it."""
