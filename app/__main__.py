"""``python -m app`` is the same program as ``hearth``."""

import sys

from app.cli import main

sys.exit(main())
