"""What can be typed behind ``hearth``: every command with its options."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from app.commands import checking, directory, duplicates, keeping, matching, measuring, numbers, people, report, running
from app.commands.opening import Arguments
from app.core import i18n
from app.core.settings import Settings
from app.models.accounts import Role

ROLES = [role.value for role in Role]


class Add(Protocol):
    """Adds a command; its help is the first line of what carries it out."""

    def __call__(
        self, name: str, run: Callable[[Arguments, Settings], int], *, without_secrets: bool = False
    ) -> argparse.ArgumentParser:
        """Return its parser, to be given options."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser(prog="hearth", description="The software a returnee-led network runs.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[Arguments, Settings], int], *, without_secrets: bool = False) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=(run.__doc__ or "").split("\n")[0], description=run.__doc__)
        command.add_argument("--json", action="store_true", help="print the result as JSON")
        command.set_defaults(run=run, without_secrets=without_secrets)
        return command

    _running(add)
    _people(add)
    _content(add)
    _numbers(add)
    _keeping(add)
    _measuring(add)
    return top


def _running(add: Add) -> None:
    """What serves the network and keeps its database in form."""
    one = add("serve", running.serve)
    one.add_argument("--host", default="127.0.0.1")
    one.add_argument("--port", type=running.port, default=8000)
    one.add_argument("--workers", type=int, default=0)
    add("worker", running.worker_command)
    add("migrate", running.migrate_command)
    one = add("demo", running.demo)
    one.add_argument("--port", type=running.port, default=8000)
    one.add_argument("--data", type=Path, default=Path("var/demo"))
    one.add_argument("--no-serve", action="store_true")


def _people(add: Add) -> None:
    """Who may do what."""
    one = add("coordinator", people.coordinator)
    one.add_argument("what", choices=["create"])
    one.add_argument("--name", default="", help="the name others see; without it a neutral one is chosen")
    one.add_argument("--language", default="", help="language of the key's words; without it the network's own")
    one.add_argument("--role", action="append", default=[], choices=ROLES, help="one more role, e.g. operator; may be repeated")
    one = add("role", people.role)
    one.add_argument("what", choices=["give", "end"])
    one.add_argument("name", help="the name others see")
    one.add_argument("role", choices=ROLES)
    one.add_argument("--days", type=int, default=365, help="for how long: 1 to 366 days")
    one = add("second-step", people.second_step)
    one.add_argument("what", choices=["remove"])
    one.add_argument("name", help="the name others see")


def _content(add: Add) -> None:
    """What comes in and goes out: the directory, statements, texts to check."""
    one = add("import", directory.import_command)
    one.add_argument("what", choices=["hsds", "areas"], help="a directory of services, or the regions of the network")
    one.add_argument("path", help="a file, a folder, or an https address from which it is fetched; areas: a CSV file")
    one.add_argument("--every", type=int, metavar="HOURS", help="fetch the address again and again from now on; 0 ends that")
    one.add_argument("--feed", default="", help="name of the feed, the same each time it is imported; without it the file's name")
    one.add_argument("--partner", default="", help="the same as --feed, for a partner's feed")
    one.add_argument("--mapping", default="", help="mapping file for near-HSDS sources, or the name of one of ours (data/mappings)")
    one.add_argument("--country", default="", help="ISO 3166 code for listings that name no country")
    one.add_argument("--note", default="", help="a sentence that is shown with every listing of the feed")
    one.add_argument("--dry-run", action="store_true", help="read and report, store nothing")
    one = add("export", directory.export_command)
    one.add_argument(
        "what",
        choices=["hsds", "statements", "all", "transparency"],
        help="the directory, the statements of reasons (DSA), both, the yearly report of Art. 15 DSA",
    )
    one.add_argument("folder")
    one.add_argument("--year", type=int, metavar="YYYY", help="transparency only: the calendar year")
    one.add_argument("--since", type=directory.day, metavar="YYYY-MM-DD", help="statements only: decided on this day or later")
    one.add_argument(
        "--unpublished", action="store_true",
        help="statements only: also what was declined before anybody saw it; in a small network that can tell who tried",
    )  # fmt: skip
    _check(add("check", checking.check, without_secrets=True))
    one = add("duplicates", duplicates.duplicates, without_secrets=True)
    one.add_argument("--in", dest="source", required=True, metavar="LISTINGS.json", help="a list of listings (docs/duplicates.md)")
    one.add_argument("--out", dest="target", required=True, metavar="PAIRS.csv", help="id1,id2,score,band,reasons")


def _numbers(add: Add) -> None:
    """Rounds of mentoring, and numbers that expose nobody."""
    one = add("match", matching.match, without_secrets=True)
    one.add_argument("--instance", required=True, help="the people of the round: a JSON file")
    one.add_argument("--out", required=True, help="the file to write the answer to")
    one.add_argument(
        "--fair", type=matching.share, metavar="SHARE",
        help="keep the rate of women, remote regions and remote women at most so far below the rate of all, such as 0.02",
    )  # fmt: skip
    one = add("metrics", numbers.metrics, without_secrets=True)
    one.add_argument("--cases", required=True, help="the metrics to calculate and their inputs: a JSON file")
    one.add_argument("--out", required=True, help="the file to write the results to")
    one = add("protect", numbers.protect, without_secrets=True)
    one.add_argument(
        "--in", dest="history", required=True, metavar="FILE", help="exact tables of counts in order of period: a JSON file"
    )
    one.add_argument("--out", required=True, help="the file to write the protected tables to")
    one = add("report", report.report)
    one.add_argument("--out", required=True, metavar="DIR", help="the folder to write the release to: JSON, CSV and a page")
    one.add_argument("--period", default="", metavar="YYYY-MM", help="the month; without it the last one that is over")
    one.add_argument("--correct", metavar="REASON", help="make a new release in place of the one there is; it says why")


def _keeping(add: Add) -> None:
    """Copies, and what is wrong."""
    one = add("backup", keeping.backup)
    one.add_argument("file")
    one.add_argument("--force", action="store_true", help="write over a file that is there")
    one = add("restore", keeping.restore)
    one.add_argument("file")
    one.add_argument("--force", action="store_true", help="replace what is in the database")
    one = add("doctor", keeping.doctor)
    one.add_argument("--audit", action="store_true", help="also check the chain of the audit trail")
    one.add_argument("--new-key", action="store_true", help="print fresh secrets for the settings")
    add("reseal", keeping.reseal)


def _measuring(add: Add) -> None:
    """From a source tree only."""
    one = add("bench", measuring.bench, without_secrets=True)
    one.add_argument(
        "what",
        choices=[
            "pages", "groups", "search", "import", "directory", "duplicates", "matching", "moderation", "checks", "numbers",
            "lighthouse", "all",
        ],
    )  # fmt: skip
    one.add_argument("--quick", action="store_true", help="small data, short rounds")
    one.add_argument("--million", action="store_true", help="search: over 1,000,000 documents")
    one.add_argument("--corpora", default="", metavar="DIR", help="checks: whole collections of texts in place of the samples")
    one = add("stress", measuring.stress, without_secrets=True)
    one.add_argument("what", choices=["posts"])
    one.add_argument("--seconds", type=float, default=60)
    one.add_argument("--people", type=int, default=200, help="how many post at once")
    one.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")


def _check(one: argparse.ArgumentParser) -> None:
    one.add_argument("file", metavar="TEXT_FILE", help="UTF-8, one text on each line")
    one.add_argument("--kind", default="any", choices=["any", "story", "post", "listing", "message"], help="what the texts are")
    one.add_argument("--language", default="en", help="code of the texts' language; the rules of all languages are tried anyway")
    one.add_argument("--newcomer", action="store_true", help="by somebody who is new here")
    one.add_argument("--first", action="store_true", help="a first message to somebody")
    one.add_argument("--words", default="", metavar="FILE", help="a list of words in place of the network's own")
    one.add_argument("--reasons", default="en", choices=i18n.available(), help="language of the reasons")
