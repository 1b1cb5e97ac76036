"""docs/permissions.md says what the rules say."""

from app.models.moderation import CaseKind
from scripts import matrix


def test_the_page_is_current() -> None:
    assert matrix.TARGET.read_text(encoding="utf-8") == matrix.page(), "write it again: python scripts/matrix.py"


def test_nobody_decides_their_own_matter_and_complaints_are_for_safeguarding() -> None:
    for who, actor in matrix.PEOPLE.items():
        for kind in CaseKind:
            if "whom it is about" in who:
                assert matrix.decides(actor, kind) == "-"
            if "before" in who or "told us" in who:
                assert matrix.decides(actor, kind) != "yes"
        assert (matrix.decides(actor, CaseKind.COMPLAINT) == "yes") == (who == "safeguarding")
