"""Kill -9 while people write: what was acknowledged is there, nothing is there by halves, and it starts by itself."""

import random
import resource
import threading
import time

from tests.conftest import POSTGRES
from tests.faults.running import lost_or_half, run_writers, wait_until, whole, writers

ROUNDS = 4 if POSTGRES else 10  # on PostgreSQL what is kept does not hang on the life of this process
WORK = 10.0  # seconds of a processor for a start and a little serving: how long that takes is the machine's affair


def spent() -> float:
    """Return the processor seconds of all processes that this one started and that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def test_nothing_acknowledged_is_lost(server, make, db, database):
    chance = random.Random(20261120)
    people, costs = writers(make, db, 3), []
    for _round in range(ROUNDS):
        used = spent()
        server.start()
        before = sum(len(w.acknowledged) for w in people)
        stop = threading.Event()
        threads = run_writers(server, people, stop)
        wait_until(lambda b=before: sum(len(w.acknowledged) for w in people) > b, 30, "somebody's words are kept")
        time.sleep(chance.uniform(0.05, 0.4))  # the moment of the blow is the test
        server.kill()
        costs.append(spent() - used)
        stop.set()
        for thread in threads:
            thread.join(30)
        assert lost_or_half(database, people) == []
    assert whole(database)
    kept = [len(w.acknowledged) for w in people]
    assert sum(kept) >= 3 * ROUNDS
    assert all(kept)
    assert max(costs) < WORK
