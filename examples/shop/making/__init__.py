"""The parts of generate.py, by what they make."""
