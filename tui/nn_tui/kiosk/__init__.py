"""A kiosk, for strangers over SSH: what its process may do, and its screen."""
