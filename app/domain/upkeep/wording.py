"""What the checks of the doctor and the jobs are called on the operator's page; names of programs stay as they are."""

from typing import Final

from app.core.i18n import N_, _

CHECKS: Final = {
    "python": "Python", "postgresql": "PostgreSQL", "sqlite": "SQLite",
    "sqlite guard": N_("SQLite: guard"), "sqlite journal_mode": N_("SQLite: kind of journal"),
    "sqlite wal_autocheckpoint": N_("SQLite: checkpoints of its own"), "sqlite synchronous": N_("SQLite: waits for the disk"),
    "sqlite secure_delete": N_("SQLite: wipes what is deleted"),
    "schema": N_("Tables"), "integrity": N_("Database file"), "references": N_("Rows that belong together"),
    "secrets": N_("Secrets"), "data folder": N_("Data folder"), "address": N_("Address"), "settings": N_("Settings"),
    "house.yaml": N_("Own page and rules"),
    "crisis.yaml": N_("Numbers for emergencies"),
    "words.yaml": N_("Own list of words"),
    "seals": N_("Sealed values"), "media": N_("Voices and pictures"), "disk": N_("Disk"), "worker": N_("Worker"),
    "deliveries": N_("Messages to send"), "backup": N_("Backup"), "paused": N_("Paused for a time"),
    "paused joining": N_("Paused: joining"), "paused writing": N_("Paused: new posts and stories"),
    "paused hiding": N_("Paused: hiding at once"), "paused public": N_("Paused: the public pages"), "audit": N_("What was done"),
    "evidence": N_("Kept as evidence"), "desk": N_("Work"),
    # checks that could not be carried out are called after their function
    "versions": N_("Versions"), "texts": N_("Own page and rules"), "jobs": N_("Jobs"), "queue": N_("Messages to send"),
    "lists": N_("Lists that are fetched"),
    "backups": N_("Backup"),
}  # fmt: skip
JOBS: Final = {
    "checkpoint": N_("Job: tidying up the database"), "publish": N_("Job: showing and ending stories"),
    "protecting": N_("Job: protecting listings after a change of the rules"),
    "listings": N_("Job: putting listings together"), "directory": N_("Job: ageing of listings"),
    "duplicates": N_("Job: finding listings that stand twice"),
    "partners": N_("Job: telling partners what is due"),
    "numbers": N_("Job: counting and publishing the numbers"),
    "feeds": N_("Job: fetching lists of services"),
    "desk": N_("Job: telling outside when nobody looks at the desk"),
    "decisions": N_("Job: ending decisions by their date"),
    "mentorships": N_("Job: reminders in mentorships"), "reminders": N_("Job: reminders of meetings"),
    "elections": N_("Job: elections in groups, and the end of roles"),
    "pairs": N_("Job: ending proposals and mentorships by date"), "rounds": N_("Job: rounds of mentoring"),
    "retention": N_("Job: removing what is past its date"),
}  # fmt: skip


def label(check: str) -> str:
    """Return what a check is called in the language of the moment; one that is not known here by its own name."""
    if check.startswith("list "):
        return _("List: %(name)s", name=check.removeprefix("list "))
    words = JOBS.get(check.removeprefix("job ")) if check.startswith("job ") else CHECKS.get(check)
    return _(words) if words else check
