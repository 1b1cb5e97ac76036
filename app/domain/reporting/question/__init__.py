"""The one question about oneself: asked late, optional, sealed, with its own log of who looked."""
