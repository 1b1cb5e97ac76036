"""A call that the network decides, as the group that asks meets it: its form at every moment, and what a conflict shows."""

from sqlmodel import select

from app.models.money import FundAsk
from tests.browse import text_of
from tests.money.test_granting import Fund, typed


def test_the_form_opens_blank_keeps_every_word_and_can_always_be_saved(fund: Fund) -> None:
    circle, awa = fund.circle, fund.by(fund.circle.awa)
    assert "Send it" in text_of(awa.get(fund.ask))
    missing = awa.post(fund.ask, typed(q2="", q1="Typed first"))
    assert (missing.status_code, "Typed first" in missing.text) == (422, True)
    awa.send(fund.ask, typed())
    awa.send(f"{fund.ask}/withdraw")
    assert "Send it" in text_of(awa.get(fund.ask))
    old = awa.post(fund.ask, typed(row_version="1", q1="Typed before it was withdrawn"))
    assert (old.status_code, "Typed before it was withdrawn" in old.text) == (409, True)
    version = circle.one(select(FundAsk)).row_version
    assert f'name="row_version" value="{version}"' in old.text
    awa.send(fund.ask, typed(row_version=str(version), q1="Typed before it was withdrawn"))


def test_who_never_asked_and_comes_late_reads_that_it_has_closed(fund: Fund) -> None:
    awa = fund.by(fund.circle.awa)
    fund.close()
    assert awa.get(fund.ask).status_code == 200
    late = awa.post(fund.ask, typed(q1="Typed too late"))
    assert (late.status_code, "Typed too late" in late.text) == (422, True)
    assert "This call has closed" in text_of(late)
