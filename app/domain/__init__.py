"""What the platform does, by feature."""
