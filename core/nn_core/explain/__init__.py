"""What each view shows of a run, as plain values, and the sentences about it."""
