"""Kill -9 while people write: what was acknowledged is there, nothing is there by halves, and it starts by itself."""

import os
import random
import threading
import time

from tests.faults.running import lost_or_half, run_writers, wait_until, whole, writers

# More rounds find rarer moments: HEARTH_KILL_ROUNDS=100 before a release (docs/testing.md).
ROUNDS = int(os.environ.get("HEARTH_KILL_ROUNDS", "4"))


def test_nothing_acknowledged_is_lost(server, make, db, database):
    chance = random.Random(20261120)
    people = writers(make, db, 3)
    for _round in range(ROUNDS):
        server.start()
        before = sum(len(w.acknowledged) for w in people)
        stop = threading.Event()
        threads = run_writers(server, people, stop)
        wait_until(lambda b=before: sum(len(w.acknowledged) for w in people) >= b + 3, 30, "the words of three are kept")
        time.sleep(chance.uniform(0.05, 0.4))  # the moment of the blow is the test
        server.kill()
        stop.set()
        for thread in threads:
            thread.join(30)
        assert lost_or_half(database, people) == []
    assert whole(database)
    kept = [len(w.acknowledged) for w in people]
    assert sum(kept) >= 3 * ROUNDS
    assert all(kept)
