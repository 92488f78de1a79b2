"""The analytic core: learns what is declared from the datamart as it stood, and writes dated tables that a tick reads."""
