"""The demo: a small network of invented people, their stories, and real services from old public lists."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from app.core import migrate, private
from app.core import settings as core_settings
from app.core.clock import now
from app.core.db import Database
from app.core.settings import Settings
from app.domain.accounts import actions as accounts
from app.domain.directory import importing
from app.domain.search import actions as search
from app.jobs import (
    demo_asking,
    demo_care,
    demo_content,
    demo_deciding,
    demo_desk,
    demo_granting,
    demo_groups,
    demo_mentoring,
    demo_money,
    demo_numbers,
    demo_partner,
)
from app.models.accounts import Answer, Role

ROOT = Path(__file__).parents[2] / "data"
SETS = ("unhcr-jordan-2015", "ifr-poland-2022", "florida-legal-aid-2019")
ROLES = {
    "organiser": Role.ORGANISER, "coordinator": Role.COORDINATOR, "safeguarding": Role.SAFEGUARDING,
    "analyst": Role.ANALYST, "operator": Role.OPERATOR,
}  # fmt: skip
Say = Callable[[str], None]


def settings_for(folder: Path, port: int) -> Settings:
    """Return the demo's settings: its own folder, this machine only."""
    private.make_folder(folder)
    return Settings(
        mode="demo", data_dir=folder.resolve(), base_url=f"http://127.0.0.1:{port}", database_url="", media_url="",
        site_name="Doorstep", countries="SN,GM,GH,NG,AM,GE,AO,BD,MA,TN,JO,PL,IQ,BR,CO", mail_url="console:",
        contact="", registration="open",
    )  # fmt: skip


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables with which a server process comes to the same settings."""
    return {
        "HEARTH_MODE": "demo", "HEARTH_DATA_DIR": str(settings.data_dir), "HEARTH_BASE_URL": settings.base_url,
        "HEARTH_SITE_NAME": settings.site_name, "HEARTH_COUNTRIES": settings.countries, "HEARTH_DATABASE_URL": "",
        "HEARTH_MEDIA_URL": "", "HEARTH_MAIL_URL": settings.mail_url, "HEARTH_REGISTRATION": "open",
    }  # fmt: skip


def prepare(settings: Settings, say: Say) -> dict[str, Any]:
    """Make the demo database unless it is there already; return what demo.json tells."""
    stamp, about = settings.data_dir / "demo.stamp", settings.data_dir / "demo.json"
    content = _fingerprint()
    if stamp.exists() and stamp.read_text() == content and about.exists():
        told: dict[str, Any] = json.loads(about.read_text(encoding="utf-8"))
        told["base_url"] = settings.base_url
        return told
    for old in settings.data_dir.glob("hearth.sqlite3*"):
        old.unlink()
    database = Database(settings.database)
    migrate.upgrade(database)
    say("Areas, people, stories, groups …")
    people = _fill(database, settings)
    for name in SETS:
        say(f"Services: {name} …")
        _import(database, name)
    with database.transaction() as db:
        demo_content.keep_hours(db)
        demo_content.check_services(db)
        demo_content.link_services(db)
        partner_key = demo_partner.partner(db)
        demo_partner.of_groups(db)
    say("Numbers of two months …")
    demo_numbers.release_twice(database, settings)
    search.optimize(database)
    database.dispose()
    told = {"base_url": settings.base_url, "accounts": people, "partner_key": partner_key}
    private.write(about, json.dumps(told, ensure_ascii=False, indent=1).encode())  # with the keys of all these accounts
    private.write(stamp, content.encode())
    return told


def _fingerprint() -> str:
    """Return a hash of the content and of the schema: another release makes the demo anew."""
    digest = hashlib.sha256(migrate.head().encode())
    for path in sorted(p for folder in ("demo", "mappings") for p in (ROOT / folder).rglob("*") if p.is_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _fill(database: Database, settings: Settings) -> list[dict[str, str]]:
    core_settings.use(settings)
    with database.transaction() as db:
        areas = demo_content.areas(db)
        shown = []
        for person in demo_content.read("members")["members"]:
            key = accounts.fresh_key(db, person["language"])
            member = accounts.create_member(db, person["name"], person["language"], key)
            member.area_id = areas[person["area"]]
            db.add(member)
            if role := ROLES.get(person["role"]):
                accounts.grant_role(db, member, role)
            shown.append({"role": person["role"], "name": person["name"], "key": " ".join(key.shown)})
    demo_content.stories(database, areas)
    demo_groups.groups(database, areas)
    demo_mentoring.mentoring(database, areas)
    demo_money.money(database)
    demo_granting.granting(database)
    demo_deciding.deciding(database)
    demo_care.care(database)
    demo_desk.desk(database)
    with database.transaction() as db:
        demo_asking.tellers(db)
        long_ago = now() - timedelta(days=10)
        db.execute(sa.update(Answer).where(col(Answer.at) < long_ago, col(Answer.read_at).is_(None)).values(read_at=Answer.at))
    return shown


def _import(database: Database, name: str) -> None:
    mapping = ROOT / "mappings" / f"{name}.yaml"
    importing.import_directory(database, ROOT / "demo" / name, feed_name=name, mapping=mapping)


def welcome(about: dict[str, Any]) -> str:
    """Return what is printed: where to look and the keys."""
    lines = [
        "", f"  Look around:   {about['base_url']}/", f"  Come in:       {about['base_url']}/enter   (with one of these keys)", "",
        *(f"  {a['role']:<13} {a['name']:<20} {a['key']}" for a in about["accounts"]),
        "", f"  A partner's program:  {about['partner_key']}   (docs/partner-api.md)",
        "", "  Everybody here is invented. The services come from old public lists: do not call them.", "",
    ]  # fmt: skip
    return "\n".join(lines)
