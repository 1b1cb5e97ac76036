"""What only some jobs need is not carried about by every server."""

import subprocess
import sys

HEAVY = ("numpy", "scipy", "av", "PIL", "webauthn", "alembic", "weasyprint")


def test_a_server_that_starts_has_loaded_nothing_heavy() -> None:
    """numpy alone is 8 MB of the memory of each worker: rounds, duplicates and the protector import it where they use it."""
    ask = f"import sys, app.main, app.jobs.worker; print([m for m in {HEAVY} if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True, timeout=120)
    assert answer.stdout.strip() == "[]"
