"""The living page of components is there while developing and nowhere else."""

from app.core.settings import Settings
from app.main import create_app
from tests.browse import Browser


def test_the_living_page_shows_every_component_while_developing(browse):
    answer = browse().get("/about/components")
    assert answer.status_code == 200
    assert "Story waits for a second look" in answer.text


def test_the_living_page_is_not_part_of_a_network(settings: Settings):
    app = create_app(settings.model_copy(update={"mode": "demo"}))
    try:
        assert Browser(app).get("/about/components").status_code == 404
    finally:
        app.state.house.database.dispose()
