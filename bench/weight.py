"""Goals W1-W7: what a page costs a phone, in Chromium, on a quick link and at the far end of a slow one."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench import servers
from bench.report import Figure

_TOOLS = Path(__file__).parent
LONGEST = 200  # seconds for one page
_KB = 1000  # as in the goals


class NotPossible(Exception):
    """Something is missing on this machine; the sentence says what."""


def _weigh(folder: Path, url: str, *options: str, slow: int = 0, runs: int = 3) -> dict[str, Any]:
    answer = folder / "weight.json"
    command = [sys.executable, str(_TOOLS / "pageweight.py"), "--runs", str(runs), "--json", str(answer), *options, f"page={url}"]
    if slow:
        command = [sys.executable, str(_TOOLS / "slowlink.py"), "--ports", str(slow), "--", *command]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        raise NotPossible(f"{url} took longer than {LONGEST} s in Chromium") from None
    if done.returncode or not answer.exists():
        raise NotPossible((done.stderr or done.stdout).strip().splitlines()[-1][:200])
    result: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))["page"]
    answer.unlink()
    return result


def _kb(count: float) -> float:
    return round(count / _KB, 2)


def weights(ours: servers.Server, there: servers.Addresses, folder: Path, runs: int) -> list[Figure]:
    """Measure W1-W4, W6 and W7 (W5 as well where a slow link can be made)."""
    if shutil.which("chromium") is None:
        return [Figure("W", "page weight", None, note="Chromium is not installed")]
    try:
        return [*_quick_link(ours, there, folder, runs), *_slow_link(ours, folder, runs)]
    except NotPossible as problem:
        return [Figure("W", "page weight", None, note=str(problem))]


def _quick_link(ours: servers.Server, there: servers.Addresses, folder: Path, runs: int) -> list[Figure]:
    story, service = f"{ours.url}/stories/{there.stories[0]}", f"{ours.url}/help/{there.services[0]}"
    pages = {
        "story list": f"{ours.url}/stories", "story page": story, "service search": f"{ours.url}/help?q=legal+help",
        "service page": service,
    }  # fmt: skip
    figures = []
    for name, url in pages.items():
        first = _weigh(folder, url, "--cpu", "4", runs=runs)["first"]
        figures += _first_visit(name, first)
        if name in ("story list", "service search"):
            figures.append(Figure("W7", f"{name}, nodes", first["nodes"], 450, 300))
            figures.append(Figure("W7", f"{name}, layout shift", first["cls"], 0, 0))
            figures.append(Figure("W7", f"{name}, longest task at CPU x4", first["long_ms"] or 0, 100, 50, "ms"))
    # Opening any page is one long task of the browser's own: what it takes in this run stands beside ours.
    bare = _weigh(folder, f"{ours.url}/robots.txt", "--cpu", "4", runs=runs)["first"]
    figures.append(Figure("W7", "robots.txt, longest task at CPU x4 (the browser's own)", bare["long_ms"] or 0, unit="ms"))
    warm = _weigh(folder, pages["story list"], "--then", story, runs=runs)["repeat"]
    same = _weigh(folder, pages["story list"], runs=runs)["repeat"]
    plain = _weigh(folder, pages["story list"], "--no-js", runs=runs)["first"]
    return [
        *figures,
        Figure("W4", "next page with a warm cache", _kb(warm["bytes"]["total"]), 8, 5, "KB"),
        Figure("W4", "unchanged page", same["bytes"]["total"], 400, 250, "B"),
        Figure("W6", "story list with scripts off", _kb(plain["bytes"]["total"]), 15, 9, "KB"),
    ]


def _first_visit(name: str, first: dict[str, Any]) -> list[Figure]:
    kinds = first["bytes"]
    return [
        Figure("W1", f"{name}, first visit, everything", _kb(kinds["total"]), 30, 22, "KB"),
        Figure("W1", f"{name}, first visit, requests", first["requests"], 5, 3),
        Figure("W2", f"{name}, HTML with its style sheet", _kb(kinds.get("html", 0)), 14, 8, "KB"),
        Figure("W3", f"{name}, scripts", _kb(kinds.get("js", 0)), 15, 13.5, "KB"),
        Figure("W3", f"{name}, fonts and requests to others", kinds.get("font", 0) + first["failed"], 0, 0),
    ]


def _slow_link(ours: servers.Server, folder: Path, runs: int) -> list[Figure]:
    if os.geteuid() != 0 or not Path("/dev/net/tun").exists() or shutil.which("ip") is None:
        return [Figure("W5", "400 ms, 400 kbit/s", None, note="needs root, /dev/net/tun and iproute2")]
    try:
        both = _weigh(folder, f"{ours.url}/stories", "--cpu", "4", slow=ours.port, runs=runs)
    except NotPossible as problem:
        return [Figure("W5", "400 ms, 400 kbit/s", None, note=str(problem))]
    first, again = both["first"], both["repeat"]
    return [
        Figure("W5", "story list, first paint, first visit", round(first["fcp_ms"] / 1000, 2), 1.6, 1.3, "s"),
        Figure("W5", "story list, first paint, repeat visit", round(again["fcp_ms"] / 1000, 2), 1.0, 0.6, "s"),
        Figure("W5", "story list, loaded, first visit", round(first["load_ms"] / 1000, 2), 2.5, 1.9, "s"),
    ]
