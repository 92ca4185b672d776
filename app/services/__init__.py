"""Use cases: plain arguments and the time in, rows out. Only they open transactions."""
