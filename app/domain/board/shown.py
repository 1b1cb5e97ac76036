"""From rows to what pages show of a help board, in the language of the moment."""

from typing import Any

from app.core.i18n import _, day_words
from app.domain.actor import Actor
from app.domain.board import rules
from app.domain.board.reading import Row, seat_of, stands_of, whole_of
from app.domain.board.rules import Stands
from app.domain.board.wording import CAREFUL, KINDS, SIDES
from app.models.board import BoardSide, TakingState


def card(row: Row) -> dict[str, Any]:
    """Return what a list says about an entry; without its words where they cannot be read for now."""
    return _card(row, stands_of(row))


def _card(row: Row, stands: Stands) -> dict[str, Any]:
    words, shape = KINDS[row.kind]
    reads = rules.reads(stands)
    return {
        "ref": row.ref, "title": row.title if reads else _("Something that you took"), "language": row.language if reads else None,
        "near": row.near if reads else "", "kind": _(words), "shape": shape, "side": _(SIDES[BoardSide(row.side)][1]),
        "asks": stands.side == BoardSide.ASK, "until": day_words(row.until), "stage": stands.stage.value,
        "state": stands.state.value, "mine": stands.mine, "took": stands.took, "over": stands.over, "reads": reads,
        "writer": row.writer if reads else None,
    }  # fmt: skip


def whole(row: Row, actor: Actor, newcomer: bool) -> dict[str, Any]:
    """Return what the page of an entry says: between the two also who took it and what they wrote to each other."""
    stands, seat = whole_of(row, actor), seat_of(row)
    of_two = stands.inside and (stands.mine or stands.took) and rules.reads(stands) and stands.state.value == "shown"
    return _card(row, stands) | {
        "about": row.about if rules.reads(stands) else "", "row_version": row.row_version, "agreed": stands.agreed,
        "careful": row.kind in CAREFUL, "taker": row.taker if stands.mine and stands.inside else None, "taker_here": row.taker_here,
        "inside": stands.inside, "opens_again": stands.inside and stands.state.value == "shown" and not stands.over,
        "note": row.note if of_two and (stands.took or row.taker_here) else None,
        "told": row.told if of_two and row.taking == TakingState.AGREED else None,
        "may_take": rules.may_take(actor, seat, stands, newcomer), "may_answer": rules.may_answer(actor, stands),
        "may_say": rules.may_say(actor, stands) if stands.took else None, "may_refuse": rules.may_refuse(actor, stands),
        "may_give_back": rules.may_give_back(actor, stands), "may_finish": rules.may_finish(actor, stands),
        "may_say_helped": rules.may_say_helped(actor, stands), "may_take_out": rules.may_take_out(actor, stands),
    }  # fmt: skip
