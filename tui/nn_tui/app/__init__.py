"""The app: it starts the training thread, draws its snapshots, and turns keys into requests."""
