"""What comes from outside is looked at here before anything else touches it."""
