"""The app: it starts the training thread, shows its snapshots, and turns keys into requests."""
