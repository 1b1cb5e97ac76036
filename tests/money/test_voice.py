"""A voice in what a group asks for: who hears it, what is needed in writing beside it, and that it goes with the words."""

from typing import Any

from sqlmodel import select

from app.core.clock import now
from app.domain.groups import queries as groups
from app.domain.media import keeping
from app.domain.media.voice import Voice
from app.domain.money.granting import standing, voicing
from app.domain.upkeep import leftovers
from app.models.accounts import Answer
from app.models.money import AskState, FundAsk, FundCall
from tests.browse import text_of
from tests.money.test_granting import Fund, typed

VOICE = Voice(b"OggS of a voice", b"\xff of a voice", 42.0)
SPOKEN: dict[str, Any] = {f"q{n}": "" for n in range(2, 7)}


def speak(fund: Fund) -> FundAsk:
    """Let awa's group add a voice to what stands there; return the application."""
    circle, db = fund.circle, fund.circle.make.db
    ask = circle.one(select(FundAsk).where(FundAsk.group_id == circle.group.id))
    seat = groups.seat(db, circle.group.id, circle.awa.id)
    voicing.keep(db, circle.act(circle.awa), circle.group, seat, db.get_one(FundCall, fund.call.id), VOICE, ask.row_version)
    circle.make.commit()
    return circle.fresh(ask)


def test_with_a_voice_one_answer_is_enough_and_only_readers_of_the_application_hear_it(fund: Fund) -> None:
    circle, awa = fund.circle, fund.by(fund.circle.awa)
    assert "keep a draft first" in text_of(awa.get(fund.ask))
    assert awa.get(f"{fund.ask}/voice").status_code == 404
    awa.send(fund.ask, typed(**SPOKEN, step="keep"))
    assert "Say it instead" in text_of(awa.get(fund.ask))
    assert "Record your voice" in text_of(awa.post(f"{fund.ask}/voice", {"row_version": "1"}))
    bad = awa.post(f"{fund.ask}/voice", {"row_version": "1"}, files={"voice": ("a.ogg", b"<html>")})
    assert (bad.status_code, "We cannot open this as a recording" in text_of(bad)) == (422, True)
    assert awa.post(fund.ask, typed(**SPOKEN, row_version="1")).status_code == 422
    ask = speak(fund)
    awa.send(fund.ask, typed(**SPOKEN, row_version="2"))
    assert circle.fresh(ask).state == AskState.SENT
    assert awa.get(f"{fund.ask}/voice.opus").content == VOICE.opus
    panel = f"/panel/{fund.call.ref}/{ask.ref}"
    ada, ben, cle = (fund.by(one) for one in fund.panel)
    assert ada.get(f"{panel}/voice.opus").status_code == 403  # before the deadline
    kept = awa.post(f"{fund.ask}/silent", {"row_version": "3"})
    assert (kept.status_code, "each of the six questions first" in text_of(kept)) == (409, True)
    circle.make.seat(circle.group, fund.panel[2])
    circle.make.commit()
    fund.close()
    assert "Said in the voice above" in text_of(ada.get(panel))
    sound = ben.get(f"{panel}/voice.mp3")
    assert (sound.content, sound.headers["cache-control"]) == (VOICE.mp3, "private, no-store")
    for other in (cle, fund.by(circle.omar), fund.by(fund.sahr), fund.by(fund.nora)):
        assert other.get(f"{panel}/voice.opus").status_code == 404
        assert other.get(f"{fund.ask}/voice.opus").status_code in (403, 404)
    assert awa.get(f"{fund.ask}/voice").status_code == 403
    assert awa.get(f"{fund.ask}/voice.webp").status_code == 404


def test_the_other_group_says_yes_anew_and_the_voice_goes_with_the_words(fund: Fund) -> None:
    circle, db, awa = fund.circle, fund.circle.make.db, fund.by(fund.circle.awa)
    fund.sent(circle.group, with_group_id=fund.hidden.id, with_yes=True)
    circle.make.commit()
    ask = speak(fund)
    assert not ask.with_yes
    assert any("say yes again" in one.sentence for one in circle.all(select(Answer).where(Answer.member_id == fund.nora.id)))
    assert fund.by(fund.nora).get(f"/g/{fund.hidden.ref}/asks/{fund.call.ref}/voice.opus").content == VOICE.opus
    assert leftovers.wanted(db) == set(keeping.names(ask.voice or {})) <= leftovers.there(keeping.store())
    circle.make.commit()
    awa.send(f"{fund.ask}/silent", {"row_version": str(ask.row_version)})
    assert leftovers.there(keeping.store()) == set()
    speak(fund)
    awa.send(f"{fund.ask}/withdraw")
    assert leftovers.there(keeping.store()) == set()
    awa.send(fund.ask, typed(row_version=str(circle.fresh(ask).row_version)))
    speak(fund)
    call = db.get_one(FundCall, fund.call.id)
    call.decided_at, call.opens_at, call.closes_at = now().replace(year=2020), now().replace(year=2019), now().replace(year=2020)
    db.flush()
    standing.remove_old(db, now())
    circle.make.commit()
    assert leftovers.there(keeping.store()) == set()
