"""The training thread: requests go in, snapshots come out."""
