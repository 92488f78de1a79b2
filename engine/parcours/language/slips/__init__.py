"""Slips that writers make out of habit, by what other languages and other people's habits look like; `table` joins them.

Each is known by what stands around the word at which the parser stopped."""
