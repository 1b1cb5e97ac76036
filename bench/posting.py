"""Many people who post at once: a small HTTP client of our own, so that it costs little beside the server it measures."""

import asyncio
import itertools
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_WORDS = "tea bus room form stamp sewing market morning river ladder copper basket mango lantern window bread kettle needle".split()


@dataclass(slots=True)
class Done:
    """What came of it: answers by status, times in ms, and what was acknowledged."""

    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    broken: int = 0
    seconds: float = 0

    @property
    def rps(self) -> float:
        """Return answers that took something, a second."""
        return (self.statuses[303] + self.statuses[204]) / self.seconds

    def late(self, percent: int) -> float:
        """Return a percentile of the times in ms."""
        if len(self.times) < 2:
            return 0.0
        return statistics.quantiles(self.times, n=100, method="inclusive")[percent - 1]


@dataclass(frozen=True, slots=True)
class Target:
    """Where people post: a loopback server, the path, the cookie of each, and what they send."""

    port: int
    path: str
    cookies: list[str]
    body: Callable[[str], str]


def texts(mark: str) -> Iterator[str]:
    """Yield texts that are all different and look like talk."""
    rnd = random.Random(mark)
    for n in itertools.count(1):
        yield f"{mark} {n} " + " ".join(rnd.choices(_WORDS, k=14))


def form(text: str) -> str:
    """Return a post as a browser's form sends it."""
    return f"body={text.replace(' ', '+')}&language=en&once={text.split(' ', 2)[0]}-{text.split(' ', 2)[1]}"


def reply(text: str) -> str:
    """Return a reply to the floor."""
    return f"text={text.replace(' ', '+')}"


def post(target: Target, people: int, seconds: float, mark: str, twice: float = 0.0) -> Done:
    """Let ``people`` post one after the other for so long; ``twice`` is the share of forms that are sent a second time."""
    return asyncio.run(_post(target, people, seconds, mark, twice))


async def _post(target: Target, people: int, seconds: float, mark: str, twice: float) -> Done:
    done, end, begin = Done(), time.perf_counter() + seconds, time.perf_counter()
    each = max(1, len(target.cookies) // people)
    shares = [target.cookies[n * each : (n + 1) * each] or [""] for n in range(people)]
    await asyncio.gather(*(_person(target, shares[n], f"{mark}p{n}", end, done, twice) for n in range(people)))
    done.seconds = time.perf_counter() - begin
    return done


async def _person(target: Target, cookies: list[str], mark: str, end: float, done: Done, twice: float) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
    rnd, cookie = random.Random(mark), itertools.cycle(cookies)
    try:
        for text in texts(mark):
            if time.perf_counter() >= end:
                return
            mine = next(cookie)
            for _again in range(2 if rnd.random() < twice else 1):
                began = time.perf_counter()
                status = await _ask(reader, writer, target, mine, target.body(text))
                done.times.append((time.perf_counter() - began) * 1_000)
                done.statuses[status] += 1
            if status == 303:
                done.acknowledged.append(text)
    except (OSError, asyncio.IncompleteReadError):
        done.broken += 1
    finally:
        writer.close()


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: Target, cookie: str, body: str) -> int:
    head = (
        f"POST {target.path} HTTP/1.1\r\nHost: 127.0.0.1:{target.port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\nSec-Fetch-Site: same-origin\r\n"
    )  # fmt: skip
    writer.write(f"{head}Cookie: {cookie}\r\n\r\n{body}".encode() if cookie else f"{head}\r\n{body}".encode())
    answer = await reader.readuntil(b"\r\n\r\n")
    lines = answer.decode("latin-1").split("\r\n")
    length = next((int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")), 0)
    if length:
        await reader.readexactly(length)
    return int(lines[0].split(" ")[1])
