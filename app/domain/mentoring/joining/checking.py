"""What the steps take, beyond what their forms check: a place that is here, one language at least, help with something."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Session

from app.core import languages
from app.core import settings as core_settings
from app.core.errors import Invalid
from app.core.i18n import _
from app.domain.mentoring.joining.countries import is_country
from app.domain.mentoring.people import NEEDS
from app.models.places import Area

LANGUAGES = 4  # fields of the step "place"


def content(db: Session, step: str, data: BaseModel) -> dict[str, Any]:
    """Return what is kept of a step; raises Invalid."""
    said = data.model_dump(mode="json", exclude={"row_version"})
    if step == "place":
        return _place(db, said)
    if step == "help" and not any(said[need] for need in NEEDS):
        raise Invalid(NEEDS[0], _("Choose at least one thing that you know something about."))
    if step == "needs":
        said["more"] = [need for need in said["more"] if need not in said["main"]]
    if step == "when":
        said["also"] = [channel for channel in said["also"] if channel != said["first"]]
    return said


def _place(db: Session, said: dict[str, Any]) -> dict[str, Any]:
    """Return place, languages with the better level where one stands twice, and the country lived in."""
    if not _is_here(db, said["place"]):
        raise Invalid("place", _("Choose one of these."))
    spoken: dict[str, int] = {}
    for number in range(1, LANGUAGES + 1):
        if code := said[f"language{number}"]:
            if not languages.is_known(code):
                raise Invalid(f"language{number}", _("Choose one of these."))
            spoken[code] = max(spoken.get(code, 0), said[f"level{number}"])
    if not spoken:
        raise Invalid("language1", _("Choose at least one language."))
    if said["host"] and not is_country(said["host"]):
        raise Invalid("host", _("Choose one of these."))
    return {"place": said["place"], "languages": spoken, "host": said["host"]}


def _is_here(db: Session, place: str) -> bool:
    """Say whether a place is a country of the network, or an area in one."""
    countries = core_settings.current().country_list
    if place in countries:
        return True
    try:
        area = db.get(Area, UUID(place))
    except ValueError:
        return False
    return area is not None and area.country in countries
