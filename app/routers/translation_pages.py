"""What the pages of translating share: which language, the original beside the fields, and a refusal that loses no word."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core import i18n
from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.domain.actor import Actor
from app.domain.stories import drafts, rules, telling, translations
from app.domain.stories.rules import Way
from app.domain.stories.wording import STANDINGS
from app.models.stories import Story
from app.schemas.stories import Translate
from app.web.forms import Form, filled, form_of, read_values
from app.web.pages import Page

TranslateForm = Annotated[Form[Translate], form_of(Translate)]
Language = Annotated[str, Query(pattern=r"^[A-Za-z0-9-]{0,12}$")]


@dataclass(frozen=True, slots=True)
class Translating:
    """Somebody at the pages of translating: who, which story, the address of these pages, and where they came from."""

    db: Session
    page: Page
    actor: Actor
    story: Story
    at: str
    back: str
    back_to: str  # its words
    here: str
    open: bool = True  # else nothing but the translator's own words is shown

    def choose(self, form: Form[Any] | None = None, status: int = 200, taken: bool = False) -> Response:
        """Ask for the language, with how each one stands."""
        found = translations.choices(self.db, self.story)
        there = [(code, name, _(STANDINGS[standing])) for code, name, standing in found if standing != rules.Standing.MISSING]
        free = [(code, name) for code, name, standing in found if standing == rules.Standing.MISSING]
        return self._page("stories/translate.html", status, form=form, there=there, free=free, taken=taken)

    def begin(self, language: str) -> Response:
        """Show the original beside the fields, filled with what stands in this language or was typed before."""
        try:
            translations.fits(language, self.story.language)
        except Invalid as problem:
            return self.choose(Form[Any]({"language": language}).refuse(problem), 422)
        text = translations.text_in(self.db, self.story, language)
        proposal = translations.proposal_in(self.db, self.story, language)
        if rules.way_of(self.actor, self.story, text, proposal.made_by if proposal else None) == Way.TAKEN:
            return self.choose(taken=True)
        there = translations.present(self.actor, self.story, text, proposal)
        version = telling.original(self.db, self.story).version
        fresh = {"language": language, "source_version": version, "seen": there.mark if there else ""}
        kept = drafts.kept(self.db, self.actor, self.story, drafts.TRANSLATE + language)
        if kept:  # a tick that was taken off is not among what was kept
            typed = filled(**fresh).values | kept[0]
            old = typed["source_version"] != str(version)
            return self.write(Form(typed), typed_on=kept[1].date().isoformat(), old=old)
        ticks = {"named": "1" if there and there.named else "", "machine": "1" if there and there.machine else ""}
        return self.write(filled(**fresh, **ticks, **(there.words if there else {})))

    def write(self, form: Form[Any], status: int = 200, **more: Any) -> Response:
        """Show the fields with what was typed."""
        language = str(form.values.get("language", ""))
        original = telling.original(self.db, self.story)
        there: dict[str, str] = more.get("there") or {}
        shown = translations.parts(original, there | {k: v for k, v in form.values.items() if v})
        return self._page(
            "stories/translate_words.html", status, form=form, language=language, parts=shown if self.open else _bare(shown),
            languages=[(code, name) for code, name, _standing in translations.choices(self.db, self.story)],
            original=original, **more,
        )  # fmt: skip

    def saved_or_shown(self, form: Form[Translate], save: Callable[[Translate], object]) -> Response | None:
        """Run ``save``; on a refusal or a conflict return the page with everything that was typed, else None."""
        if form.data is None:
            return self.write(form, 422)
        try:
            save(form.data)
        except Invalid as problem:
            return self.write(form.refuse(problem), 422)
        except Conflict as problem:
            return self._both(form, problem)
        return None

    def _both(self, form: Form[Translate], problem: Conflict) -> Response:
        """Show what stands there now and what was typed; sent again, what was typed counts."""
        language = str(form.values.get("language", ""))
        text = translations.text_in(self.db, self.story, language)
        proposal = translations.proposal_in(self.db, self.story, language)
        there = translations.present(self.actor, self.story, text, proposal)
        changed = there is not None and there.mark != form.values.get("seen", "")
        form.refuse(Invalid("", problem.sentence)).values |= {
            "source_version": str(telling.original(self.db, self.story).version), "seen": there.mark if there else "",
        }  # fmt: skip
        return self.write(form, 409, there=there.words if there and changed and self.open else None)

    def keep(self, request: Request) -> Response:
        """Keep what is typed at this moment, without sending it to anybody."""
        values = read_values(request.state.posted, Translate)
        language = str(values.get("language", ""))
        try:
            translations.fits(language, self.story.language)
        except Invalid:
            return Response(status_code=422)
        kept = drafts.keep(self.db, self.actor, self.story, drafts.TRANSLATE + language, values)
        return Response(status_code=204 if kept else 413)

    def _page(self, template: str, status: int, **context: Any) -> Response:
        return self.page(
            template, status=status, here=self.here, story=self.story, at=self.at, back=self.back, back_to=self.back_to,
            own=rules.owns(self.actor, self.story), told_in=i18n.language_name(self.story.language, i18n.current()), **context,
        )  # fmt: skip


def _bare(shown: list[translations.Part]) -> list[translations.Part]:
    """Return the fields without a word of the story."""
    return [translations.Part(p.key, p.label, "", "", p.rows, p.most) for p in shown if p.words or p.key == "title"]
