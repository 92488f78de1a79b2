"""Experiments (`test … measured by GOAL`, `hold out P%`): who was given what, what came of it, and what that shows.

`designs` finds what was tried in the versions that a state keeps, `units` who took part, with the arm as assigned (T17),
`outcomes` what they did, `sequential` and `sample_ratio` are the statistics, `verdicts` says it in words, and `analysis`
is all of it in order."""
