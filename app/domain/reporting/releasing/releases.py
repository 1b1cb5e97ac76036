"""A release: protected tables of a month with their record (R10), kept as it was made; a correction is a release of its own."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import settings as core_settings
from app.core.clock import now
from app.core.errors import Refused
from app.core.i18n import Sentence, _
from app.core.ids import new_ref
from app.domain import versions
from app.domain.audit import actions as audit
from app.domain.reporting import goals, promising
from app.domain.reporting.measuring import counting, registry
from app.domain.reporting.protecting import files
from app.domain.reporting.protecting.publishing import Published, Release, publishable
from app.domain.reporting.releasing import columns, health, lines, notes
from app.domain.reporting.releasing.figures import figures
from app.domain.reporting.releasing.tables import tables_of
from app.domain.reporting.releasing.waiting import waits
from app.models.reporting import NumberRelease, NumberSnapshot, ReferencePopulation

LOOKED_OVER: Final = timedelta(days=3)  # between making a release and publishing it: analysts and coordinators see it first


@dataclass(frozen=True, slots=True)
class Draft:
    """What a release is made of, read in one go: frozen counts, and what is known of other months already."""

    period: str
    counted_on: date
    counts: dict[str, Any]
    threshold: int
    earlier: list[tuple[dict[str, Any], str, dict[str, Any]]] = field(default_factory=list)  # counts, period, printed by id
    reference: dict[str, Any] | None = None
    before: list[dict[str, Any]] = field(default_factory=list)  # figures of the published month before, as corrected last
    corrected: NumberRelease | None = None
    reason: str = ""
    wanted: dict[str, int] = field(default_factory=dict)  # of figures, in per cent
    secret: bytes = b""  # of the network: what decides on columns must not be guessed


def of_period(db: Session, period: str) -> NumberRelease | None:
    """Return the latest release of a month, published or not."""
    found = select(NumberRelease).where(NumberRelease.period == period).order_by(col(NumberRelease.revision).desc())
    return db.exec(found).first()


def draft(db: Session, snapshot: NumberSnapshot, threshold: int, reason: str = "") -> Draft:
    """Return what a release of these counts is made of; with a reason, what a correction is made of."""
    earlier, before = _known(db, snapshot.period)
    return Draft(
        snapshot.period, snapshot.counted_on, counting.opened(snapshot), threshold, earlier, reference(db), before,
        of_period(db, snapshot.period) if reason else None, reason, {one.what: one.least for one in goals.in_use(db)},
        core_settings.current().secret,
    )  # fmt: skip


def _known(db: Session, period: str) -> tuple[list[tuple[dict[str, Any], str, dict[str, Any]]], list[dict[str, Any]]]:
    """Return what has to be known of other months to protect this one, and the figures to compare with.

    A month is tied to the one before it, and to the one after it where it is made after its time; nobody knows who came and left
    from month to month, so those further away say nothing about it, however many there are. A correction shows at most what the
    release before it has shown, so the first that became public holds all that is known of a month; of one that is not public
    yet, what will be. Figures are compared with the newest published ones: what a correction took back is not told again.
    """
    rows = db.execute(
        sa.select(NumberRelease, NumberSnapshot).join(NumberSnapshot, col(NumberSnapshot.period) == NumberRelease.period)
        .where(col(NumberRelease.period).in_(_beside(db, period)))
        .order_by(col(NumberRelease.period), col(NumberRelease.revision))
    ).all()  # fmt: skip
    known = []
    for month, group in groupby(rows, key=lambda row: row[0].period):
        both = list(group)
        public = [made for made, _frozen in both if made.published_at is not None]
        shown = public[0] if public else both[-1][0]
        known.append((counting.opened(both[0][1]), month, {t["id"]: t for t in shown.body["tables"]}))
    return known, _figures_before(db, period)


def _beside(db: Session, period: str) -> list[str]:
    """Return the months with a release next to a month, before and after it."""
    of = col(NumberRelease.period)
    ends = db.execute(sa.select(sa.select(sa.func.max(of)).where(of < period).scalar_subquery(),
                                sa.select(sa.func.min(of)).where(of > period).scalar_subquery())).one()  # fmt: skip
    return [end for end in ends if end is not None]


def _figures_before(db: Session, period: str) -> list[dict[str, Any]]:
    """Return the figures of the newest release of the last published month before."""
    wanted = sa.select(col(NumberRelease.body)).where(
        col(NumberRelease.period) < period, col(NumberRelease.published_at).is_not(None)
    ).order_by(col(NumberRelease.period).desc(), col(NumberRelease.revision).desc()).limit(1)  # fmt: skip
    body = db.execute(wanted).scalar()
    return list(body["metrics"]) if body else []


def reference(db: Session) -> dict[str, Any] | None:
    """Return the reference population in use, None without one: there is no default."""
    row = db.exec(
        select(ReferencePopulation).where(col(ReferencePopulation.ended_on).is_(None)).order_by(col(ReferencePopulation.id).desc())
    ).first()
    return {"source": row.source, "year": row.year, "place": row.place, "share": row.share} if row else None


def composed(plan: Draft) -> NumberRelease:
    """Return the release, protected together with everything published before; no database, and the slow part of it.

    A correction shows at most what the release it takes the place of has shown: what is known already cannot be called back,
    and nothing is added that could be compared with it.
    """
    told = [table for counts, period, printed in plan.earlier for table in tables_of(period, counts, printed)]
    fresh = tables_of(plan.period, plan.counts, columns=_columns(plan))
    everything = sorted([*told, *fresh], key=lambda one: one.period)
    published = publishable(Release(everything, plan.threshold, lasting=True))
    tables = [files.as_json(one) | _as_of(one.table.id, plan) for one in published.tables if one.table.period == plan.period]
    if plan.corrected is not None:
        tables = [_masked(one, plan.corrected.body["tables"]) for one in tables]
    made = figures(tables, [s.key for s in registry.FUNNEL], plan.reference, plan.before, plan.wanted)
    made += health.figures(tables, plan.counts.get("facts", {}), plan.wanted)
    remarks = _remarks(plan, published, tables)
    ref = new_ref()
    body = {
        "id": ref, "period": plan.period, "rules": published.rules, "audit": _record(published, tables), "tables": tables,
        "metrics": made, "notes": [one.words("en") for one in remarks],
    }  # fmt: skip
    return NumberRelease(
        ref=ref, period=plan.period, revision=plan.corrected.revision + 1 if plan.corrected else 1, counted_on=plan.counted_on,
        prepared_at=now(), body=body, remarks=[one.as_text() for one in remarks], promises=[], told_before=published.told_before,
    )  # fmt: skip


def _as_of(table: str, plan: Draft) -> dict[str, str]:
    """Return of which month the numbers of a table are, where not of this one."""
    told = plan.counts.get("told", {})
    months = {f"{step}-{key}" if key else step: month for key, by_step in told.items() for step, month in by_step.items()}
    period = months.get(table, plan.period)
    return {} if period == plan.period else {"as_of": period}


def _columns(plan: Draft) -> columns.Columns:
    """Return what has a column of its own: a correction keeps those of what it corrects, a quarter those of its first month."""
    printed = [(month, tables) for _counts, month, tables in plan.earlier]
    if plan.corrected is not None:
        printed.insert(0, (plan.period, {table["id"]: table for table in plan.corrected.body["tables"]}))
    return columns.of_month(plan.counts, plan.secret, plan.period, printed)


def _masked(table: dict[str, Any], earlier: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a table without what the earlier release of the same counts had hidden."""
    before = next((t for t in earlier if t["id"] == table["id"] and t["cols"] == table["cols"]), None)

    def kept(value: int | None, other: int | None) -> int | None:
        return value if other is not None else None

    if before is None:
        cells: Any = [[None] * len(table["cols"]) for _row in table["rows"]]
        return table | {
            "cells": cells, "row_totals": [None] * len(table["rows"]), "col_totals": [None] * len(table["cols"]), "total": None
        }  # fmt: skip
    pairs = [zip(a, b, strict=True) for a, b in zip(table["cells"], before["cells"], strict=True)]
    return table | {
        "cells": [[kept(a, b) for a, b in line] for line in pairs],
        "row_totals": [kept(a, b) for a, b in zip(table["row_totals"], before["row_totals"], strict=True)],
        "col_totals": [kept(a, b) for a, b in zip(table["col_totals"], before["col_totals"], strict=True)],
        "total": kept(table["total"], before["total"]),
    }  # fmt: skip


def _record(published: Published, tables: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the result of the audit. Why something is hidden, for smallness or for protection, is not told (R3)."""
    numbers = [
        n for t in tables for n in (*(c for line in t["cells"] for c in line), *t["row_totals"], *t["col_totals"], t["total"])
    ]  # fmt: skip
    return {"cells": len(numbers), "hidden": sum(n is None for n in numbers), "narrowest": published.audit["narrowest"]}


def _remarks(plan: Draft, published: Published, tables: list[dict[str, Any]]) -> list[Sentence]:
    together = not any(columns.ANOTHER in table["cols"] for table in tables)
    as_told = any("as_of" in table for table in tables)
    return notes.remarks(
        plan.counted_on,
        published.rules["threshold"],
        together,
        as_told,
        registry.missing(plan.counts),
        plan.reference,
        bool(published.notes),
        plan.reason,
    )


def keep(db: Session, made: NumberRelease) -> NumberRelease:
    """Keep a release that was made; where another one of its month came first, that one counts; Refused for a second correction."""
    try:
        with db.begin_nested():
            db.add(made)
            db.flush()
    except sa.exc.IntegrityError:
        if made.revision > 1:
            raise Refused(_("Somebody else corrected this month at the same moment. Look at that correction first.")) from None
        same = select(NumberRelease).where(NumberRelease.period == made.period, NumberRelease.revision == made.revision)
        return db.exec(same).one()
    audit.record(db, None, "numbers.prepared", "release", made.id, period=made.period, revision=made.revision)
    return made


def publish(db: Session, release: NumberRelease) -> None:
    """Show a release to everyone, with what is going to change at that moment; once, and not where a correction took its place."""
    if release.published_at is not None or of_period(db, release.period) != release:
        return
    release.promises = promising.to_publish(db, lock=True)
    release.published_at = now()
    db.add(release)
    db.flush()
    lines.publish(db, release)
    versions.bump(db, versions.PAGES)
    if not _was_told(db, release):
        goals.raise_alarm(db, release)
    audit.record(db, None, "numbers.published", "release", release.id, period=release.period, revision=release.revision)


def _was_told(db: Session, release: NumberRelease) -> bool:
    """Say whether this month was public before: a correction of an old month tells nobody anew what is wanted today."""
    before = sa.exists().where(
        col(NumberRelease.period) == release.period,
        col(NumberRelease.id) != release.id,
        col(NumberRelease.published_at).is_not(None),
    )
    return bool(db.execute(sa.select(before)).scalar())


def due(db: Session) -> list[NumberRelease]:
    """Return what was made three days ago or earlier and waits, the oldest first; nothing that was corrected meanwhile."""
    old = col(NumberRelease.prepared_at) <= now() - LOOKED_OVER
    return list(db.exec(select(NumberRelease).where(waits(), old).order_by(col(NumberRelease.period))).all())


def must_exist(release: NumberRelease | None) -> NumberRelease:
    """Return the release, or refuse: there is nothing to correct."""
    if release is None:
        raise Refused(_("There is no release of this month to correct."))
    return release
