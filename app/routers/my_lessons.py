"""My mentoring, continued: the lessons of mentors, to read or to listen to, each with its check."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.responses import FileResponse, Response

from app.core import settings as core_settings
from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.domain.mentoring.joining import keeping
from app.domain.mentoring.training import learning, lessons, records, rules
from app.domain.mentoring.training.lessons import Lesson
from app.models.mentoring import Mentor
from app.routers.my_mentoring import Counted
from app.schemas.mentoring import CheckLesson
from app.web.days import day
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/my/mentoring/lessons")
Key = Annotated[str, Path(pattern="^[a-z_][a-z0-9_]{0,19}$")]
CheckForm = Annotated[Form[CheckLesson], form_of(CheckLesson)]


def _all() -> dict[str, Lesson]:
    return lessons.all_of(core_settings.current().data_dir)


def _one(key: str) -> Lesson:
    found = _all().get(key)
    if found is None:
        raise NotFound(_("This page is not here."))
    return found


@router.get("", name="my_lessons")
def everything(db: ReadDb, actor: SignedIn, page: Pages) -> Response:
    """Show the lessons, which of them I have gone through, and until when that holds."""
    row = keeping.own(db, Mentor, actor.me)
    learns = row if row is not None and row.state in rules.LEARNS else None
    return page(
        "mentoring/lessons.html", here="me", lessons=_all().values(), passed=records.passed(db, actor.me), row=learns, day=day,
        holds=learns is not None and rules.is_trained(learns.trained_until, now().date()),
    )  # fmt: skip


def _shown(
    page: Page, key: str, form: Form[Any] | None = None, done: learning.Checked | None = None, status: int = 200
) -> Response:
    found, keys = _one(key), list(_all())
    following = keys[keys.index(key) + 1] if key != keys[-1] else None
    sound = lessons.sound(core_settings.current().data_dir, found)
    return page(
        "mentoring/lesson.html", status=status, here="me", lesson=found, form=form, done=done, sound=sound, following=following
    )


@router.get("/{lesson}", name="my_lesson")
def one(lesson: Key, actor: SignedIn, page: Pages) -> Response:
    """Show one lesson with the questions of its check."""
    return _shown(page, lesson)


@router.post("/{lesson}", name="my_lesson_check", dependencies=[Counted])
def check(lesson: Key, db: Db, actor: SignedIn, page: Pages, form: CheckForm) -> Response:
    """Look at the answers, and show why each is right or not."""
    _one(lesson)
    if form.data is None:
        return _shown(page, lesson, form, status=422)
    try:
        return _shown(page, lesson, form, learning.check(db, actor, _all(), lesson, form.data))
    except Invalid as problem:
        return _shown(page, lesson, form.refuse(problem), status=422)


@router.get("/{lesson}/voice", name="my_lesson_voice")
def voice(lesson: Key, actor: SignedIn) -> Response:
    """Play the recording that the network made of a lesson."""
    found = lessons.sound(core_settings.current().data_dir, _one(lesson))
    if found is None:
        raise NotFound(_("This page is not here."))
    return FileResponse(found.path, media_type=found.type)
