"""loadpair.py: compare the speed of two or more URLs on this machine, fairly.

Every target is loaded for a short, bounded time; the targets take turns
(A B C, then B C A, ...) for several rounds, so a noisy neighbour hits them all
alike. Printed: the median over the rounds of requests per second and of
p50/p95/p99, the server's CPU per request and memory where a pid is given, and
each target's ratio to the first one (median of the per-round ratios, with its
range). Only loopback addresses are accepted.

  loadpair.py ours=http://127.0.0.1:8001/g/1  peer=http://127.0.0.1:8002/c/1
  loadpair.py -c 8 -d 4 -r 5 --pid ours=4242 --pid peer=@/run/peer.pid ours=URL peer=URL
  loadpair.py --paths list.txt ours=http://127.0.0.1:8001 peer=http://127.0.0.1:8002
  loadpair.py --cookie ours='sid=abc' --method POST --type form --body 'text=hello {n}' ours=URL

A target is NAME=URL. '{n}' in a URL, path or body becomes a counter that never
repeats within a round; '{a..b}' becomes a number cycling from a to b, so that
no single row stays hot. --paths FILE (one path per line) is walked in turn
below each base URL; NAME=FILE gives one target its own list.
Load comes from wrk where it is installed, else from httpx (slower: then the
client is the limit for a fast page; the engine is printed). Exit 1 when a
target answered anything but 2xx/3xx more often than --max-errors allows.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ipaddress
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

LUA = r"""
local paths, headers, method, body = {}, {}, @METHOD@, @BODY@
@SETUP@
local n, start = 0, @START@
local function fill(s)
  s = s:gsub("{n}", tostring(start + n))
  return (s:gsub("{(%d+)%.%.(%d+)}", function(a, b)
    a, b = tonumber(a), tonumber(b)
    return tostring(a + (n - 1) % (b - a + 1))
  end))
end
request = function()
  n = n + 1
  return wrk.format(method, fill(paths[(n - 1) % #paths + 1]), headers, body and fill(body) or nil)
end
done = function(s, l, r)
  io.write(string.format("LOADPAIR %d %d %.6f %.6f %.6f %.6f %.6f %d %d %d\n", s.requests, s.bytes,
    s.duration / 1e6, l:percentile(50) / 1e3, l:percentile(95) / 1e3, l:percentile(99) / 1e3, l.max / 1e3,
    s.errors.status, s.errors.connect + s.errors.read + s.errors.write, s.errors.timeout))
end
"""


@dataclass
class Target:
    name: str
    base: str
    paths: list[str]
    headers: dict[str, str] = field(default_factory=dict)
    pids: str | None = None
    body: str | None = None


@dataclass
class Sample:
    rps: float
    p50: float
    p95: float
    p99: float
    worst: float
    requests: int
    bytes_per_request: float
    errors: int
    cpu_ms: float | None = None
    rss_mb: float | None = None


def loopback_only(url: str) -> None:
    host = urlsplit(url).hostname or ""
    try:
        ok = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        ok = False
    if not ok:
        raise SystemExit(f"loadpair: {url}: only loopback addresses may be loaded")


# --- the server's own cost -------------------------------------------------


def process_tree(spec: str | None) -> list[int]:
    """Pids named by '12,34' or '@file', with all their children."""
    if not spec:
        return []
    text = Path(spec[1:]).read_text() if spec.startswith("@") else spec
    todo, seen = [int(p) for p in re.split(r"[,\s]+", text.strip()) if p], []
    while todo:
        pid = todo.pop()
        if pid in seen:
            continue
        seen.append(pid)
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                todo += [int(c) for c in task.read_text().split()]
    return seen


def cpu_seconds(pids: list[int]) -> float:
    total = 0
    for pid in pids:
        try:
            f = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += int(f[11]) + int(f[12])
    return total / os.sysconf("SC_CLK_TCK")


def memory_mb(pids: list[int]) -> float:
    """Proportional set size, so that pages shared by forked workers count once."""
    total = 0
    for pid in pids:
        try:
            m = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
            total += int(m[1]) if m else 0
        except OSError:
            continue
    return total / 1024


# --- engines ---------------------------------------------------------------


def lua(s: str) -> str:
    return '"' + "".join(c if 32 <= ord(c) < 127 and c not in '"\\' else "".join(f"\\{b:03d}" for b in c.encode()) for c in s) + '"'


def run_wrk(t: Target, a: argparse.Namespace, seconds: float, start: int) -> Sample:
    setup = [f"paths[{i}] = {lua(p)}" for i, p in enumerate(t.paths, 1)]
    setup += [f"headers[{lua(k)}] = {lua(v)}" for k, v in t.headers.items()]
    script = (
        LUA.replace("@METHOD@", lua(a.method))
        .replace("@BODY@", lua(t.body) if t.body else "nil")
        .replace("@SETUP@", "\n".join(setup))
        .replace("@START@", str(start))
    )
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as f:
        f.write(script)
        f.flush()
        out = subprocess.run(
            ["wrk", "-t1", f"-c{a.connections}", f"-d{seconds:g}s", f"--timeout={a.timeout:g}s", "-s", f.name, t.base],
            check=False,
            capture_output=True,
            text=True,
            timeout=seconds + a.timeout + 20,
        )
    line = next((ln for ln in out.stdout.splitlines() if ln.startswith("LOADPAIR ")), None)
    if line is None:
        raise SystemExit(f"loadpair: wrk said nothing for {t.name}: {out.stderr.strip() or out.stdout.strip()}")
    req, size, dur, p50, p95, p99, worst, bad, broken, late = (float(x) for x in line.split()[1:])
    return Sample(req / dur, p50, p95, p99, worst, int(req), size / max(req, 1), int(bad + broken + late))


async def run_httpx(t: Target, a: argparse.Namespace, seconds: float, start: int) -> Sample:
    import httpx

    count, errors, size, times = 0, 0, 0, []

    def fill(s: str, n: int) -> str:
        s = s.replace("{n}", str(start + n))
        return re.sub(r"{(\d+)\.\.(\d+)}", lambda m: str(int(m[1]) + (n - 1) % (int(m[2]) - int(m[1]) + 1)), s)

    limits = httpx.Limits(max_connections=a.connections, max_keepalive_connections=a.connections)
    async with httpx.AsyncClient(base_url=t.base, headers=t.headers, limits=limits, timeout=a.timeout) as client:
        end = time.perf_counter() + seconds

        async def worker() -> None:
            nonlocal count, errors, size
            while time.perf_counter() < end:
                count += 1
                n = count
                begin = time.perf_counter()
                try:
                    r = await client.request(
                        a.method, fill(t.paths[(n - 1) % len(t.paths)], n), content=fill(t.body, n) if t.body else None
                    )
                    size += len(r.content)
                    errors += r.status_code >= 400
                except httpx.HTTPError:
                    errors += 1
                times.append((time.perf_counter() - begin) * 1e3)

        begin = time.perf_counter()
        await asyncio.gather(*(worker() for _ in range(a.connections)))
        took = time.perf_counter() - begin
    q = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    return Sample(count / took, q[49], q[94], q[98], max(times), count, size / max(count, 1), errors)


def measure(t: Target, a: argparse.Namespace, seconds: float, start: int) -> Sample:
    pids = process_tree(t.pids)
    before = cpu_seconds(pids)
    s = run_wrk(t, a, seconds, start) if a.engine == "wrk" else asyncio.run(run_httpx(t, a, seconds, start))
    if pids:
        s.cpu_ms = (cpu_seconds(pids) - before) * 1e3 / max(s.requests, 1)
        s.rss_mb = memory_mb(process_tree(t.pids))
    return s


# --- command line ----------------------------------------------------------


def keyed(values: list[str], names: list[str], what: str) -> dict[str, list[str]]:
    """NAME=value options; a value whose head is no target's name goes to all."""
    got: dict[str, list[str]] = {n: [] for n in names}
    for v in values:
        head, sep, tail = v.partition("=")
        if sep and head in got:
            got[head].append(tail)
        elif what == "pid":
            raise SystemExit(f"loadpair: --pid {v}: use NAME=PID")
        else:
            for n in names:
                got[n].append(v)
    return got


def parse(argv: list[str] | None = None) -> tuple[argparse.Namespace, list[Target]]:  # noqa: C901 - one option after another
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("targets", nargs="+", metavar="NAME=URL")
    p.add_argument("-c", "--connections", type=int, default=8)
    p.add_argument("-d", "--seconds", type=float, default=4, help="per target and round, 60 at most")
    p.add_argument("-r", "--rounds", type=int, default=5, help="20 at most")
    p.add_argument("-w", "--warmup", type=float, default=1, help="seconds per target before the first round")
    p.add_argument("--timeout", type=float, default=30)
    p.add_argument("--paths", action="append", default=[], help="FILE or NAME=FILE")
    p.add_argument("--cookie", action="append", default=[], help="'k=v; k2=v2' or NAME='k=v'")
    p.add_argument("--header", action="append", default=[], help="'K: v' or NAME='K: v'")
    p.add_argument("--pid", action="append", default=[], help="NAME=PID[,PID] or NAME=@pidfile; children count too")
    p.add_argument("--method", default="GET")
    p.add_argument("--body", action="append", default=[], help="request body, or NAME=BODY; @FILE reads it")
    p.add_argument("--type", help="content type of the body: form, json, or a media type")
    p.add_argument("--gzip", action="store_true", help="send Accept-Encoding: gzip")
    p.add_argument("--engine", choices=("wrk", "httpx"), default="wrk" if shutil.which("wrk") else "httpx")
    p.add_argument("--max-errors", type=float, default=0.0, help="share of failed requests allowed")
    p.add_argument("--json", metavar="FILE", help="also write everything measured")
    a = p.parse_args(argv)
    a.seconds, a.rounds = min(a.seconds, 60), max(1, min(a.rounds, 20))
    if a.engine == "wrk":
        a.seconds, a.warmup = max(1, round(a.seconds)), round(a.warmup)
    names, urls = [], []
    for t in a.targets:
        name, sep, url = t.partition("=")
        if not sep or "://" in name:
            name, url = t, t
        loopback_only(url)
        names.append(name)
        urls.append(url)
    paths, cookies = keyed(a.paths, names, "paths"), keyed(a.cookie, names, "cookie")
    headers, pids, bodies = keyed(a.header, names, "header"), keyed(a.pid, names, "pid"), keyed(a.body, names, "body")
    kind = {"form": "application/x-www-form-urlencoded", "json": "application/json"}.get(a.type, a.type)
    targets = []
    for name, url in zip(names, urls, strict=False):
        u = urlsplit(url)
        tail = u.path + (f"?{u.query}" if u.query else "")
        listed = [
            ln.strip() for f in paths[name] for ln in Path(f).read_text().splitlines() if ln.strip() and not ln.startswith("#")
        ]
        h = {k.strip(): v.strip() for k, v in (x.split(":", 1) for x in headers[name])}
        if cookies[name]:
            h["Cookie"] = "; ".join(cookies[name])
        if a.gzip:
            h["Accept-Encoding"] = "gzip"
        body = bodies[name][-1] if bodies[name] else None
        if body and body.startswith("@"):
            body = Path(body[1:]).read_text()
        if kind and body:
            h.setdefault("Content-Type", kind)
        targets.append(
            Target(
                name,
                f"{u.scheme}://{u.netloc}",
                [tail.rstrip("/") + x for x in listed] or [tail or "/"],
                h,
                pids[name][0] if pids[name] else None,
                body,
            )
        )
    return a, targets


def take_turns(a: argparse.Namespace, targets: list[Target]) -> dict[str, list[Sample]]:
    """Warm every target up, then load them in turns; return the samples of each, one per round."""
    serial = int(time.time()) % 1_000_000 * 1000
    samples: dict[str, list[Sample]] = {t.name: [] for t in targets}
    if a.warmup:
        for t in targets:
            serial += measure(t, a, max(a.warmup, 1), serial).requests + 1
    for r in range(a.rounds):
        k = r % len(targets)
        for t in targets[k:] + targets[:k]:
            s = measure(t, a, a.seconds, serial)
            serial += s.requests + 1
            samples[t.name].append(s)
    return samples


def main(argv: list[str] | None = None) -> int:
    a, targets = parse(argv)
    samples = take_turns(a, targets)
    first, failed = targets[0].name, False
    width = max(len(t.name) for t in targets)
    print(f"{a.engine}, {a.connections} connections, {a.rounds} rounds of {a.seconds:g} s, medians; load {os.getloadavg()[0]:.1f}")
    print(f"{'':{width}}   req/s   p50 ms   p95 ms   p99 ms  cpu ms  pss MB  B/req  errors  req/s against {first} (range)")
    report = {}
    for t in targets:
        ss = samples[t.name]
        med = {k: statistics.median(getattr(s, k) for s in ss) for k in ("rps", "p50", "p95", "p99", "bytes_per_request")}
        for k in ("cpu_ms", "rss_mb"):
            vs = [getattr(s, k) for s in ss if getattr(s, k) is not None]
            med[k] = statistics.median(vs) if vs else None
        ratios = [s.rps / f.rps for s, f in zip(ss, samples[first], strict=False) if f.rps]
        errors, total = sum(s.errors for s in ss), sum(s.requests for s in ss)
        bad = total == 0 or errors > a.max_errors * total
        failed |= bad
        show = lambda v, f: f"{v:{f}}" if v is not None else "-".rjust(int(f.split(".")[0]))  # noqa: E731
        ratio = f"x{statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})" if ratios else "-"
        print(
            f"{t.name:{width}} {med['rps']:7.1f} {med['p50']:8.2f} {med['p95']:8.2f} {med['p99']:8.2f} "
            f"{show(med['cpu_ms'], '7.2f')} {show(med['rss_mb'], '7.1f')} "
            f"{med['bytes_per_request']:6.0f} {errors:7d}  {ratio}{'  FAILED' if bad else ''}"
        )
        report[t.name] = {
            "median": med,
            "ratio": statistics.median(ratios) if ratios else None,
            "errors": errors,
            "rounds": [s.__dict__ for s in ss],
        }
    if a.json:
        Path(a.json).write_text(
            json.dumps({"engine": a.engine, "connections": a.connections, "seconds": a.seconds, "targets": report}, indent=1)
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
