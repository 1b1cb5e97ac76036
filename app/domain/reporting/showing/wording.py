"""Figures in plain words. Every sentence is made of a figure, and true whatever the counts behind the rounding are."""

from typing import Any, Final

from app.core.i18n import N_, _
from app.domain.reporting.measuring.registry import FUNNEL, HEALTH
from app.domain.reporting.question import more
from app.domain.reporting.releasing.figures import RESPONSE
from app.domain.reporting.showing import health
from app.domain.reporting.showing.cells import isolated

Figure = dict[str, Any]
STEPS: Final = {step.key: step.words for step in FUNNEL}
TABLES: Final = {table.key: table.words for table in HEALTH} | STEPS
LABELS: Final = {
    "members": N_("Members"), "women": N_("Women"), "men": N_("Men"), "another": N_("Another term"),
    "not stated": N_("Not stated"), "another or not stated": N_("Another term, or not stated"),
}  # fmt: skip
OWN: Final = {table.key: table.labels for table in HEALTH}  # of one table: the same code says something else in another one
# Simple fractions in per cent, so that an interval can be said without a number; it is only ever made wider.
FRACTIONS: Final = {
    0: N_("none"), 10: N_("a tenth"), 20: N_("a fifth"), 25: N_("a quarter"), 33: N_("a third"), 40: N_("two fifths"),
    50: N_("half"), 60: N_("three fifths"), 67: N_("two thirds"), 75: N_("three quarters"), 90: N_("nine tenths"), 100: N_("all"),
}  # fmt: skip
PARITIES: Final = {
    "fewer_women": N_("fewer than 40 in 100 are women"), "fewer_men": N_("fewer than 40 in 100 are men"),
    "balanced": N_("at least 40 in 100 of each"), "open": N_("cannot be told: it lies too close, or too few answered"),
}  # fmt: skip


def label(code: str, table: str = "") -> str:
    """Return the name of a row or column of a table; of another release, the code itself."""
    words = OWN.get(table, LABELS).get(code) or LABELS.get(code)
    return _(words) if words else more.label(code) or code


def title(key: str) -> str:
    """Return the name of a step or table."""
    step, _dash, question = key.partition("-")
    if step in STEPS and question in more.MORE:
        return _("%(step)s, by: %(question)s", step=_(STEPS[step]), question=_(more.MORE[question].name))
    return _(TABLES[key]) if key in TABLES else key


def about_share(figure: Figure) -> str:
    """Return what a share of women says, in one sentence about the step that stands before it."""
    if figure["kind"] in ("share", "band"):
        return _between(figure["low"], figure["high"])
    if figure["kind"] == "bounds":
        ends = {"low": figure["low"], "high": figure["high"]}
        return _("At least %(low)s and at most %(high)s in 100 are women, whatever the others would say.", **ends)
    if figure["reason"] == "hidden":
        return _("Not told, so that nobody can be found. It can be that few women are here, or few men, or few who did not answer.")
    return _("Too few people to tell without pointing at somebody.")


def _between(low: int, high: int) -> str:
    least, most = max(f for f in FRACTIONS if f <= low), min(f for f in FRACTIONS if f >= high)
    words = {"least": _(FRACTIONS[least]), "most": _(FRACTIONS[most])}
    if least == 0 and most == 100:
        return _("Of the people who answered, too few to say how many are women.")
    if least == 0:
        return _("Of the people who answered, at most %(most)s are women.", **words)
    if most == 100:
        return _("Of the people who answered, at least %(least)s are women.", **words)
    if least == most:
        return _("Of the people who answered, %(least)s are women.", **words)
    return _("Of the people who answered, between %(least)s and %(most)s are women.", **words)


def in_numbers(figure: Figure) -> str:
    """Return a share for a cell of a table: "31 % (26–36)", a range, or a dash for what is not told."""
    if figure["kind"] == "share":
        return isolated(f"{figure['percent']} % ({figure['low']}–{figure['high']})")
    return isolated(f"{figure['low']}–{figure['high']} %") if figure["kind"] in ("band", "bounds") else "–"


def about_drop(figure: Figure | None, shares: list[Figure]) -> str:
    """Return where women's share falls most; what is not told can be the worst of all, so it is never left out of sight."""
    untold = len([one for one in shares if one["kind"] != "share"])
    if len(shares) - untold < 2:
        return _("Women's share is told exactly enough of too few steps to compare them. That does not say that all is well.")
    if figure is None and not untold:
        return _("From step to step, no fall in women's share can be seen in these numbers.")
    hides = _("Steps whose share is not told, or told as a range only: %(count)s. A larger fall can stand there.", count=untold)
    if figure is None:
        return _("In the steps whose share is told, no fall can be seen.") + " " + hides
    return _fall(figure) + (" " + hides if untold else "")


def _fall(figure: Figure) -> str:
    words = {"before": title(figure["from"]), "step": title(figure["of"]), "points": figure["points"]}
    if figure["certain"]:
        return _("The largest fall stands between “%(before)s” and “%(step)s”: about %(points)s points fewer women.", **words)
    return _(
        "The largest fall stands between “%(before)s” and “%(step)s”: about %(points)s points. It can be chance.",
        **words,
    )


def about_trend(figure: Figure) -> str:
    """Return how a share changed since the release before."""
    if figure["change"] == "up":
        return _("%(step)s: women's share rose since the release before.", step=title(figure["of"]))
    if figure["change"] == "down":
        return _("%(step)s: women's share fell since the release before.", step=title(figure["of"]))
    return ""


def about_goal(figure: Figure) -> str:
    """Return whether the network reaches what it wants."""
    words = {"what": title(figure["of"]), "least": figure["least"]}
    if figure["of"] == RESPONSE:
        if figure["met"]:
            return _("The network wants at least %(least)s in 100 to answer: that is reached.", **words)
        return _("The network wants at least %(least)s in 100 to answer: these numbers do not show that it is reached.", **words)
    if figure["of"] in STEPS:
        wanted = _("%(what)s: the network wants at least %(least)s women in 100.", **words)
    else:
        wanted = _("%(what)s: the network wants at least %(least)s in 100.", what=health.name(figure["of"]), least=figure["least"])
    met = {True: _("That is reached."), False: _("It is not reached."), None: _("These numbers do not tell whether it is reached.")}
    return f"{wanted} {met[figure['met']]}"


def about_response(figure: Figure) -> str:
    """Return that fewer answer, where that is so."""
    if not figure["fell"]:
        return ""
    return _("Clearly fewer answered than for the release before. No change of a share is told, because others may be missing.")
