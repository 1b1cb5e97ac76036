"""What is here already for the same need nearby, told to whoever sends new listings by a program or a sheet. They come in."""

from typing import Final

from sqlmodel import Session

from app.core.i18n import _
from app.domain.directory.needs import needs_for
from app.domain.directory.overlapping import Looked
from app.domain.directory.rows import Record
from app.domain.partners.placing import feed_of
from app.domain.partners.queries import looked_at
from app.domain.partners.taking import Taken
from app.domain.partners.typed import to_fill
from app.models.partners import Partner

LOOKED_AT: Final = 20  # new listings of one request
MOST_SEARCHES: Final = 20  # of one request, each of a few statements: listings of one town with the same need share them


def already_here(db: Session, partner: Partner, made: list[Taken]) -> dict[str, Record]:
    """Return a warning by the partner's own id for new services that somebody offers already.

    Of one request the first LOOKED_AT are looked at, as far as MOST_SEARCHES reach.

    {"code": "already_here", "detail": a sentence, "services": [{"name", "page"}]}. What says itself what is different has none.
    """
    fresh = [one for one in made if one.result == "created" and one.sent.kind == "service"][:LOOKED_AT]
    feed, found, looked = feed_of(db, partner), dict[str, Record](), Looked(MOST_SEARCHES)
    for one in fresh:
        data = one.checked.data
        wish = to_fill(data)
        if not wish["town"]:
            links = data.get("service_at_locations") or [{}]
            addresses = (links[0].get("location") or {}).get("addresses") or [{}]
            wish["town"] = addresses[0].get("city", "")
        needs = wish["needs"] or needs_for(f"{wish['name']} {wish['description']}")
        if wish["different"] or not needs:
            continue
        hits = looked_at(db.connection(), feed.country, feed.id, {**wish, "needs": needs}, looked)
        if hits:
            services = [{"name": hit.shown["name"], "page": f"/help/{hit.shown['ref']}"} for hit in hits]
            detail = _("Something like it is here already: join, send people there, or say what is different.")
            found[one.sent.foreign_id] = {"code": "already_here", "detail": detail, "services": services}
    return found
