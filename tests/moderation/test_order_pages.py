"""The page of a legal order: whose account it is about, and what another person wrote meanwhile."""

from collections.abc import Callable

from sqlmodel import Session

from tests.browse import Browser
from tests.factories import Make
from tests.moderation.test_orders import DAY, NOTED, House


def test_the_second_person_reads_whose_account_it_is_and_nobodys_answer_is_lost_unseen(
    db: Session, make: Make, browse: Callable[..., Browser]
) -> None:  # fmt: skip
    house = House(db, make)
    make.commit()
    sira, omar = browse(house.sira), browse(house.omar)
    noted = sira.post("/desk/orders", {**NOTED, "came_on": DAY.isoformat(), "name": house.amina.name})
    way = noted.headers["location"].split("?")[0]
    assert house.amina.name not in omar.get(way).text, "before a tap that is recorded nothing stands there"
    assert house.amina.name in omar.post(f"{way}/open").text
    form = {"outcome": "nothing", "exists": "What Sira wrote.", "notice": "told", "row_version": "1"}
    assert sira.post(f"{way}/answer", form).status_code == 303
    late = omar.post(f"{way}/answer", {**form, "exists": "What Omar wrote."})
    assert late.status_code == 409
    assert "What Sira wrote." in late.text
    assert "What Omar wrote." in late.text
