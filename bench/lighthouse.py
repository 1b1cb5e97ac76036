"""Lighthouse as a phone sees it: performance, accessibility and best practices of every page that a guest can open."""

import json
import os
import shutil
import statistics
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from bench import data, servers
from bench.report import Figure
from tests.services.chromium import chromium_path

PATHS = (
    "/", "/look", "/stories", "/help", "/help?q=legal+help", "/help?need=papers&view=map", "/help/places", "/groups", "/money",
    "/numbers", "/about", "/safe", "/rules", "/privacy", "/join", "/enter", "/enter/back", "/enter/back/number", "/back",
    "/language", "/leave", "/saved", "/offline",
)  # fmt: skip
CATEGORIES = ("performance", "accessibility", "best-practices")
GATE = 95
LONGEST = 240  # seconds for one page


def figures(quick: bool, say: Callable[[str], None]) -> list[Figure]:
    """Return the lowest score of all pages in each category; the note names the pages below the gate."""
    tool, browser = shutil.which("lighthouse"), chromium_path()
    if tool is None or browser is None:
        return [Figure("L", "Lighthouse", None, note="`lighthouse` (npm) or Chromium is not installed")]
    with ExitStack() as stack:
        url, folder = stack.enter_context(servers.sqlite(data.QUICK, say))
        there = servers.addresses(url)
        ours = stack.enter_context(servers.ours(url, folder, member=False))
        scores: dict[str, dict[str, float]] = {}
        for path in (*PATHS, f"/stories/{there.stories[0]}", f"/help/{there.services[0]}"):
            say(f"Lighthouse {path} …")
            scores[path] = _scores(tool, browser, ours.url + path, folder, 1 if quick else 3)
    return [_lowest(category, scores) for category in CATEGORIES]


def _scores(tool: str, browser: str, url: str, folder: Path, runs: int) -> dict[str, float]:
    """Return the median score of each category, 0 to 100."""
    found: dict[str, list[float]] = {category: [] for category in CATEGORIES}
    answer = folder / "lighthouse.json"
    for _n in range(runs):
        command = [
            tool, url, "--quiet", "--output=json", f"--output-path={answer}", f"--only-categories={','.join(CATEGORIES)}",
            "--chrome-flags=--headless=new --no-sandbox",
        ]  # fmt: skip
        _run(command, {**os.environ, "CHROME_PATH": browser})
        categories = json.loads(answer.read_text(encoding="utf-8"))["categories"]
        for category in CATEGORIES:
            found[category].append(100 * categories[category]["score"])
        answer.unlink()
    return {category: round(statistics.median(each), 1) for category, each in found.items()}


def _run(command: list[str], environment: dict[str, str]) -> None:
    """Run Lighthouse; where it loses its browser, which happens, once more, and then once more."""
    for left in (2, 1, 0):
        done = subprocess.run(command, env=environment, timeout=LONGEST, capture_output=True, text=True, check=False)
        if not done.returncode:
            return
        if not left:
            raise RuntimeError(f"{' '.join(command)}:\n{done.stderr[-2000:]}")


def _lowest(category: str, scores: dict[str, dict[str, float]]) -> Figure:
    below = [f"{path} {each[category]:g}" for path, each in scores.items() if each[category] < GATE]
    lowest = min(each[category] for each in scores.values())
    note = "; ".join(below) or f"{len(scores)} pages"
    return Figure("L", f"Lighthouse, mobile, {category}, lowest page", lowest, GATE, 100, "", True, note)
