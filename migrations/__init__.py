"""Schema changes, numbered, one purpose each; they never import the application."""
