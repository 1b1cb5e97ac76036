"""Several people at the same moment, each in a transaction of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlmodel import Session

from app.core.db import Database
from app.core.errors import Conflict, Refused

AT_MOST = 30  # seconds that one of two may wait for the other


def together(database: Database, *verbs: Callable[[Session], object]) -> list[str]:
    """Do each in a transaction of its own, all at the same moment; return "" or the sentence of each refusal."""
    barrier = Barrier(len(verbs))

    def one(verb: Callable[[Session], object]) -> str:
        barrier.wait(AT_MOST)
        try:
            with database.transaction() as db:
                verb(db)
        except (Conflict, Refused) as problem:
            return problem.sentence
        return ""

    with ThreadPoolExecutor(len(verbs)) as pool:
        return [f.result(AT_MOST) for f in [pool.submit(one, v) for v in verbs]]
