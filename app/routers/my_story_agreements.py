"""What I agreed to: every yes of my stories on one page, each with its way back."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from app.core.clock import now
from app.core.i18n import _
from app.domain.stories import consents, queries, rules
from app.domain.stories.wording import day_text
from app.web.sessions import SignedIn
from app.web.transactions import Pages, ReadDb

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Yes:
    """What the card of a consent takes; ``post`` is where a yes that carries nothing is taken back at once."""

    purpose: str
    given_text: str
    until_text: str
    over_text: str | None
    take_back_href: str | None
    post: str | None


@router.get("/my/agreements", name="my_agreements")
def my_agreements(db: ReadDb, actor: SignedIn, page: Pages) -> Response:
    """Show what I agreed to, story by story, and below what is over."""
    living, over = [], []
    for story in queries.agreed(db, actor):
        cards = [_card(story, one) for one in story.agreements]
        if any(not card.over_text for card in cards):
            living.append((story, [card for card in cards if not card.over_text]))
        over += [(story, card) for card in cards if card.over_text]
    return page("my_stories/agreements.html", here="me", living=living, over=over)


def _card(story: queries.Agreed, one: consents.Agreement) -> Yes:
    address = f"/my/stories/{story.ref}"
    carries = rules.takes_along(story.audience, story.status, one.purpose)
    return Yes(
        purpose=one.sentence, given_text=_("Said yes on %(day)s", day=day_text(one.from_on)),
        until_text=_("Until %(day)s", day=day_text(one.until_on)) if one.until_on else _("Until I say"),
        over_text=None if one.live else _over(one),
        take_back_href=f"{address}/take-back" if carries else None,
        post=None if carries else f"{address}/purpose/{one.purpose.value}/take-back",
    )  # fmt: skip


def _over(one: consents.Agreement) -> str:
    if one.withdrawn_on:
        return _("Taken back on %(day)s", day=day_text(one.withdrawn_on))
    return _("Ended on %(day)s", day=day_text(one.until_on or now().date()))
