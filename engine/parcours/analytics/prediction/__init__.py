"""`score`: how probable a predicate is over the time to come, learned on dated snapshots, calibrated, checked on a later time."""
