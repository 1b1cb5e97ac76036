"""The command line: ``hearth serve | worker | migrate | demo | import | export | backup | restore | doctor | …``."""

import os
import sys

import sqlalchemy as sa
from pydantic import ValidationError

from app.commands.opening import Arguments, Failed, close_all
from app.commands.parser import parser
from app.core import crypto, logging
from app.core import settings as core_settings
from app.core.errors import HearthError
from app.core.settings import Settings
from app.domain import wiring


def _of_the_database(error: sa.exc.SQLAlchemyError) -> str:
    """Return what an operator needs to know, without the statement (it may hold what people wrote)."""
    text = str(getattr(error, "orig", "") or type(error).__name__).strip().split("\n", 1)[0]
    if "locked" in text:
        return "The database is busy: another program holds it. Try again in a minute, or stop that program."
    return f"The database cannot be used: {text}"


def main(words: list[str] | None = None) -> int:
    """Run one command; a person's mistake is a sentence, never a stack trace."""
    arguments = parser().parse_args(words)
    try:
        return _run(arguments)
    except ValidationError as error:
        _say_settings(error)
    except HearthError as error:
        print(error.sentence, file=sys.stderr)
    except (Failed, OSError) as error:
        print(error, file=sys.stderr)
    except sa.exc.SQLAlchemyError as error:
        print(_of_the_database(error), file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    finally:
        close_all()
    return 1


def _needs_no_secrets(arguments: Arguments) -> bool:
    """Say whether a command writes nothing that a secret protects: it works on files alone, or only looks."""
    return bool(arguments.without_secrets or getattr(arguments, "dry_run", False))


def _run(arguments: Arguments) -> int:
    if arguments.command == "demo" or getattr(arguments, "new_key", False):
        os.environ["HEARTH_MODE"] = "demo"  # made-up people, or no database at all: no secrets are needed
    elif _needs_no_secrets(arguments) and not os.environ.get("HEARTH_SECRET_KEY"):
        os.environ.setdefault("HEARTH_MODE", "demo")
    settings = Settings()
    logging.set_up(settings.log_level)
    core_settings.use(settings)
    crypto.set_seal_keys(settings.seals)
    wiring.connect()
    return int(arguments.run(arguments, settings))


def _say_settings(error: ValidationError) -> None:
    for problem in error.errors():
        name = "".join(f"HEARTH_{str(part).upper()}: " for part in problem["loc"][:1])
        text = str(problem["msg"]).removeprefix("Value error, ")
        print(f"Setting: {text if text.startswith('HEARTH_') else name + text}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
