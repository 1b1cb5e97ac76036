"""pageweight.py: what one page costs a phone, measured in Debian's Chromium.

For each URL, with a 360x640 mobile viewport: the bytes that crossed the wire
(headers and bodies, compressed as served) by kind, the number of requests,
the decoded size, and FCP/LCP/load. First with an empty cache, then once more
with the cache warm (the repeat visit). The median of --runs is printed.

  pageweight.py http://127.0.0.1:8001/g/1
  pageweight.py --slow3g --cpu 4 --runs 3 ours=http://127.0.0.1:8001/ peer=http://127.0.0.1:8002/
  pageweight.py --no-js --cookie 'sid=abc' --shot page.png URL
  pageweight.py --then http://127.0.0.1:8001/t/7 http://127.0.0.1:8001/g/1   (warm cache, next page)

--slow3g is Chromium's own emulation: 400 ms of latency a request, 400 kbit/s
both ways. It knows nothing of TCP's handshake and slow start; to measure over
a link that does, run this under slowlink.py without --slow3g.
FCP and LCP are Chromium's own events, so they are there with scripts off too.
--budget KIND=BYTES (kinds: total, html, css, js, font, image, other, requests)
makes the exit code 1 when the first visit is above it.

Needs: pip install playwright; apt-get install chromium. Loopback URLs only,
and the browser resolves no other host (what a page asks of third parties is
counted as "failed", with every other request that got no answer).
"""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import json
import statistics
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

KINDS = {"Document": "html", "Stylesheet": "css", "Script": "js", "Font": "font", "Image": "image"}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=Translate,OptimizationHints",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
# Layout shifts that nobody caused, and the longest task of the main thread (ms), as the browser noted them from the start.
SHIFTS = """new Promise(done => {
  const got = {cls: 0, long_ms: 0};
  const watch = (type, take) => new PerformanceObserver(l => l.getEntries().forEach(take)).observe({type, buffered: true});
  watch("layout-shift", e => { if (!e.hadRecentInput) got.cls += e.value; });
  watch("longtask", e => { got.long_ms = Math.max(got.long_ms, Math.round(e.duration)); });
  setTimeout(() => { got.cls = Math.round(got.cls * 1e4) / 1e4; done(got); }, 100);
})"""
PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36"


def is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Visit:
    """Listens to one navigation over the DevTools protocol."""

    def __init__(self, page, args) -> None:
        self.page, self.args = page, args
        self.kind: dict[str, str] = {}
        self.bytes: dict[str, int] = {}
        self.count: dict[str, int] = {}
        self.decoded = self.cached = self.failed = 0
        self.from_disk: set[str] = set()
        self.start: float | None = None
        self.marks: dict[str, float] = {}
        self.lcp: float | None = None
        self.wall = 0.0
        self.cdp = page.context.new_cdp_session(page)
        on = self.cdp.on
        on("Network.requestWillBeSent", self.sent)
        on("Network.responseReceived", self.received)
        on("Network.dataReceived", self.data)
        on("Network.loadingFinished", self.finished)
        on("Network.loadingFailed", lambda e: setattr(self, "failed", self.failed + 1))
        on("Network.requestServedFromCache", lambda e: setattr(self, "cached", self.cached + 1))
        on("Page.lifecycleEvent", self.life)
        on("PerformanceTimeline.timelineEventAdded", self.timeline)
        self.cdp.send("Network.enable")
        self.cdp.send("Page.enable")
        self.cdp.send("Page.setLifecycleEventsEnabled", {"enabled": True})
        self.cdp.send("PerformanceTimeline.enable", {"eventTypes": ["largest-contentful-paint"]})
        if args.slow3g:
            rate = args.kbit * 1000 / 8
            self.cdp.send(
                "Network.emulateNetworkConditions",
                {"offline": False, "latency": args.rtt, "downloadThroughput": rate, "uploadThroughput": rate},
            )
        if args.cpu > 1:
            self.cdp.send("Emulation.setCPUThrottlingRate", {"rate": args.cpu})

    def sent(self, e) -> None:
        if self.start is None and e.get("type") == "Document":
            self.start, self.wall = e["timestamp"], e["wallTime"]
        if e.get("redirectResponse"):
            self.add(self.kind.get(e["requestId"], "html"), e["redirectResponse"].get("encodedDataLength", 0))
        self.kind[e["requestId"]] = KINDS.get(e.get("type"), "other")

    def received(self, e) -> None:
        self.kind[e["requestId"]] = KINDS.get(e.get("type"), "other")
        if e["response"].get("fromDiskCache"):
            self.cached += 1
            self.from_disk.add(e["requestId"])

    def data(self, e) -> None:
        self.decoded += e["dataLength"]

    def finished(self, e) -> None:
        if e["requestId"] not in self.from_disk:
            self.add(self.kind.get(e["requestId"], "other"), e["encodedDataLength"])

    def add(self, kind: str, size: float) -> None:
        if size > 0:  # 0: answered from the cache, nothing crossed the wire
            self.bytes[kind] = self.bytes.get(kind, 0) + int(size)
            self.count[kind] = self.count.get(kind, 0) + 1

    def life(self, e) -> None:
        self.marks.setdefault(e["name"], e["timestamp"]) if e["name"] != "init" and self.start else None

    def timeline(self, e) -> None:
        self.lcp = e["event"]["time"]

    def shifts(self) -> dict:
        # Without scripts no timer of the page ever fires: the answer would never come.
        return {"cls": 0, "long_ms": 0} if self.args.no_js else self.page.evaluate(SHIFTS)

    def go(self, url: str) -> dict:
        self.page.goto(url, wait_until="load", timeout=self.args.timeout * 1000)
        with contextlib.suppress(Exception):
            self.page.wait_for_load_state("networkidle", timeout=20000)
        self.page.wait_for_timeout(300)
        ms = lambda name: round((self.marks[name] - self.start) * 1000) if name in self.marks else None  # noqa: E731
        return {
            "bytes": {"total": sum(self.bytes.values()), **self.bytes},
            "requests": sum(self.count.values()),
            "by_kind": self.count,
            "decoded": self.decoded,
            "from_cache": self.cached,
            "failed": self.failed,
            "fcp_ms": ms("firstContentfulPaint"),
            "lcp_ms": round((self.lcp - self.wall) * 1000) if self.lcp else None,
            "dom_ms": ms("DOMContentLoaded"),
            "load_ms": ms("load"),
            "nodes": self.page.evaluate("document.getElementsByTagName('*').length"),
            **self.shifts(),
        }


def one_run(pw, url: str, args) -> tuple[dict, dict]:
    """A first and a repeat visit in a fresh profile (Chromium keeps its disk cache only in a profile on disk)."""
    with tempfile.TemporaryDirectory() as profile:
        ctx = pw.chromium.launch_persistent_context(
            profile,
            executable_path=args.chromium,
            headless=True,
            args=FLAGS,
            viewport={"width": 360, "height": 640},
            device_scale_factor=2,
            is_mobile=True,
            has_touch=True,
            user_agent=PHONE,
            java_script_enabled=not args.no_js,
        )
        try:
            if args.cookie:
                pairs = [c.split("=", 1) for c in args.cookie.split("; ")]
                ctx.add_cookies([{"name": k, "value": v, "url": url} for k, v in pairs])
            results = []
            for target in (url, args.then or url):
                page = ctx.new_page()
                results.append(Visit(page, args).go(target))
                if args.shot and len(results) == 1:
                    page.screenshot(path=args.shot)
                page.close()
            return results[0], results[1]
        finally:
            ctx.close()


def median(runs: list[dict]) -> dict:
    def mid(values):
        values = [v for v in values if v is not None]
        return round(statistics.median(values)) if values else None

    kinds = {k for r in runs for k in r["bytes"]}
    out = {"bytes": {k: mid([r["bytes"].get(k, 0) for r in runs]) for k in kinds}}
    for key in ("requests", "decoded", "from_cache", "failed", "fcp_ms", "lcp_ms", "dom_ms", "load_ms", "nodes", "long_ms"):
        out[key] = mid([r[key] for r in runs])
    out["cls"] = max(r["cls"] for r in runs)
    return out


def main() -> int:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("urls", nargs="+", metavar="[NAME=]URL")
    p.add_argument("--runs", type=int, default=3)
    p.add_argument("--slow3g", action="store_true")
    p.add_argument("--rtt", type=float, default=400, help="ms, for --slow3g")
    p.add_argument("--kbit", type=float, default=400, help="kbit/s, for --slow3g")
    p.add_argument("--cpu", type=float, default=1, help="slow the processor this many times")
    p.add_argument("--no-js", action="store_true")
    p.add_argument("--cookie", help="'k=v; k2=v2'")
    p.add_argument("--then", help="for the repeat visit open this URL instead of the same one")
    p.add_argument("--budget", action="append", default=[], metavar="KIND=N")
    p.add_argument("--shot", help="save a screenshot of the first visit here")
    p.add_argument("--timeout", type=float, default=180)
    p.add_argument("--chromium", default="/usr/bin/chromium")
    p.add_argument("--json", metavar="FILE")
    args = p.parse_args()
    report, over = {}, False
    mode = f"slow 3G ({args.rtt:g} ms, {args.kbit:g} kbit/s)" if args.slow3g else "no throttling"
    print(f"360x640, {mode}, cpu x{args.cpu:g}, scripts {'off' if args.no_js else 'on'}, median of {args.runs}")
    print(
        f"{'':18}{'visit':7}{'total':>9}{'html':>8}{'css':>8}{'js':>8}{'font':>8}{'image':>8}{'other':>8}{'reqs':>6}{'decoded':>9}"
        f"{'FCP':>7}{'LCP':>7}{'load':>7}{'nodes':>7}"
    )
    with sync_playwright() as pw:
        for spec in args.urls:
            name, sep, url = spec.partition("=")
            if not sep or "://" in name:
                name, url = urlsplit(spec).path or "/", spec
            if not is_loopback(url):
                raise SystemExit(f"pageweight: {url}: only loopback addresses")
            pairs = [one_run(pw, url, args) for _ in range(args.runs)]
            first, again = median([a for a, _ in pairs]), median([b for _, b in pairs])
            report[name] = {"first": first, "repeat": again}
            for label, r in (("first", first), ("repeat", again)):
                b = r["bytes"]
                print(
                    f"{name[:17]:18}{label:7}{b.get('total', 0):9}"
                    + "".join(f"{b.get(k, 0):8}" for k in ("html", "css", "js", "font", "image", "other"))
                    + f"{r['requests']:6}{r['decoded']:9}"
                    + "".join(f"{r[k] if r[k] is not None else '-':>7}" for k in ("fcp_ms", "lcp_ms", "load_ms", "nodes"))
                    + (f"  failed {r['failed']}" if r["failed"] else "")
                )
            for limit in args.budget:
                kind, _, most = limit.partition("=")
                got = first["requests"] if kind == "requests" else first["bytes"].get(kind, 0)
                if got > float(most):
                    over = True
                    print(f"  over budget: {kind} {got} > {most}")
    if args.json:
        Path(args.json).write_text(json.dumps(report, indent=1))
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
