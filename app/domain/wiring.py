"""Features that do not know each other are connected here, once per process."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import sqlalchemy as sa

from app.domain.accounts import hooks as accounts
from app.domain.accounts import measures as of_accounts
from app.domain.asking import ending as asking_ends
from app.domain.asking import hooks as asking
from app.domain.asking import measures as of_questions
from app.domain.between import hooks as between
from app.domain.between import standing as private
from app.domain.board import ending as board_ends
from app.domain.board import hooks as board
from app.domain.board import measures as of_boards
from app.domain.board import standing as boards
from app.domain.directory import hooks as directory
from app.domain.directory import lexicon
from app.domain.directory import measures as of_listings
from app.domain.groups import hooks as groups
from app.domain.groups import measures as of_groups
from app.domain.groups import standing
from app.domain.groups.electing import ending as elections
from app.domain.meetings import coming
from app.domain.meetings import hooks as meetings
from app.domain.meetings import measures as of_attendance
from app.domain.meetings import standing as of_meetings
from app.domain.mentoring import measures as of_mentoring
from app.domain.mentoring.circles import ending as of_circles
from app.domain.mentoring.circles import standing as circles
from app.domain.mentoring.joining import standing as mentoring
from app.domain.mentoring.rounds import moving
from app.domain.mentoring.together import hooks as together
from app.domain.mentoring.together import standing as talks
from app.domain.mentoring.together import voices
from app.domain.moderation import (
    apart,
    ask_words,
    asked_words,
    board_words,
    following,
    group_words,
    looking_after,
    meeting_words,
    messages,
    posts,
    timed,
)
from app.domain.moderation import measures as of_cases
from app.domain.money import measures as of_money
from app.domain.money import standing as money
from app.domain.money.granting import standing as granting
from app.domain.money.granting import tying
from app.domain.network import absence
from app.domain.orders import actions as orders
from app.domain.partners import of_groups as offering
from app.domain.partners import own_ties, webhooks
from app.domain.reporting.deciding import standing as deciding
from app.domain.reporting.measuring import marks
from app.domain.reporting.measuring.registry import register_facts, register_groups, register_step, register_table
from app.domain.reporting.protecting import few
from app.domain.reporting.question import answers
from app.domain.search import terms
from app.domain.stories import actions as stories
from app.domain.stories import measures as of_stories
from app.domain.stories import own_copy

Hook = TypeVar("Hook", bound=Callable[..., object])


def connect() -> None:
    """Tell search what words stand for in any language, and features who wants to hear of what; safe to repeat."""
    terms.register(terms.Lexicon(
        concepts=lexicon.concepts, needs=lexicon.needs_named, listed=lexicon.needs_meant, manner=lexicon.is_manner,
        within=lexicon.concepts_in, fillers=lexicon.fillers(), silent=lexicon.silent, known=lexicon.known_words(),
        words=lexicon.meaningful_words(), longest=lexicon.LONGEST,
    ))  # fmt: skip
    _add(stories.on_submitted, following.story_sent)
    _add(stories.may_rework, timed.may_rework)
    _add(stories.on_withdrawn, following.story_withdrawn)
    _add(stories.on_expired, following.story_over)
    _add(stories.on_erased, following.story_erased)
    _add(stories.on_translation, following.translation_moved)
    _add(accounts.on_applied, following.applied)
    _add(accounts.on_named, apart.compare)
    _add(accounts.on_standing, following.standing_changed)
    _add(accounts.on_purge, following.purge)
    _add(accounts.on_purge, looking_after.purge)
    _add(accounts.on_export, looking_after.export)
    _add(accounts.on_role_ended, looking_after.role_ended)
    _add(directory.on_wrong, webhooks.said_wrong)
    _add(accounts.on_purge, own_ties.forget)
    _add(accounts.on_export, own_ties.export)
    _add(accounts.on_export, own_copy.export)
    _add(accounts.on_export, following.export)
    _add(accounts.on_purge, orders.purge)
    _add(accounts.on_export, orders.export)
    _add(accounts.on_purge, answers.purge)
    _add(accounts.on_purge, marks.purge)
    _add(accounts.on_export, answers.export)
    _add(accounts.on_purge, deciding.purge)
    _add(accounts.on_export, deciding.export)
    _connect_groups()
    _add(accounts.on_purge, standing.purge)  # after what hangs on groups
    _add(accounts.on_export, standing.export)
    _add(accounts.on_purge, money.purge)
    _add(accounts.on_export, money.export)
    _connect_talks()
    _connect_mentoring()
    _register_measures()


def _connect_groups() -> None:
    """Let moderation hear what is said in groups, and meetings and help boards who left one."""
    for feature in (of_meetings, asking_ends, boards):
        _add(accounts.on_purge, feature.purge)
        _add(accounts.on_export, feature.export)
    _add(groups.on_look, posts.look)
    _add(groups.on_held, posts.held)
    _add(groups.on_waits, posts.waits)
    _add(groups.on_words_written, group_words.written)
    _add(groups.on_words_held, group_words.held)
    _add(groups.on_gone, posts.gone)
    _add(groups.on_taken_out, coming.left)
    _add(groups.on_taken_out, elections.left)
    _add(groups.on_protect, few.told)
    _add(groups.on_taken_out, board_ends.left)
    _add(groups.on_look_closely, board_words.look)
    _add(groups.on_taken_out, asking_ends.left)
    _add(groups.on_words_go, asking_ends.words_go)
    _add(asking.on_gone, asked_words.gone)
    _add(board.on_held, board_words.held)
    _add(board.on_gone, board_words.gone)
    _add(groups.on_moved, offering.follow)
    _add(groups.on_place_moves, tying.place_moves)
    _add(groups.on_moved, granting.group_moved)
    _add(meetings.on_words_written, meeting_words.written)
    _add(meetings.on_words_held, meeting_words.held)


def _connect_mentoring() -> None:
    _add(accounts.on_purge, circles.purge)
    _add(accounts.on_standing, circles.standing_changed)
    _add(accounts.on_stopped, circles.stopped)
    _add(accounts.on_role_ended, circles.role_ended)
    _add(accounts.on_export, circles.export)
    _add(groups.on_taken_out, of_circles.left_group)
    _add(accounts.on_purge, talks.purge)  # before the pairs on which they hang
    _add(accounts.on_purge, mentoring.purge)
    _add(accounts.on_standing, moving.standing_changed)
    _add(accounts.on_stopped, moving.stopped)
    _add(accounts.on_role_ended, mentoring.role_ended)
    _add(accounts.on_export, mentoring.export)
    _add(accounts.on_export, talks.export)
    _add(accounts.on_export_files, voices.copies)
    _add(together.on_look, messages.look)
    _add(together.on_held, messages.IN_MENTORING.held)
    _add(together.on_gone, messages.IN_MENTORING.gone)


def _connect_talks() -> None:
    """Let talks between two end with what brought the two together, and moderation hear of their words."""
    _add(accounts.on_purge, private.purge)
    _add(accounts.on_standing, private.standing_changed)
    _add(accounts.on_stopped, private.stopped)
    _add(accounts.on_export, private.export)
    _add(groups.on_taken_out, private.left)
    _add(between.on_look, messages.look_first)
    _add(between.on_held, messages.IN_GROUPS.held)
    _add(between.on_gone, messages.IN_GROUPS.gone)
    _add(between.on_asks_gone, ask_words.gone)


def _register_measures() -> None:
    """Let features say what the numbers count; a feature that is not here is missing there, and that is said."""
    for key, people in (
        ("joined", of_accounts.joined), ("active", of_accounts.active), ("spoke", of_stories.spoke), ("shown", of_stories.shown),
        ("mentored", of_mentoring.mentored),
        ("mentors", of_accounts.mentors), ("moderates", of_accounts.moderators), ("leads", _leads),
    ):  # fmt: skip
        register_step(key, people)
    for key, table in (
        ("listings", of_listings.checked), ("doubles", of_listings.doubles), ("meetings", of_attendance.outward),
        ("answers", of_cases.answered), ("decisions", of_cases.decided), ("leaving", of_groups.left),
        ("absent", absence.counted), ("questions", of_questions.answered),
        ("help", of_boards.helped), ("attendance", of_attendance.attended), ("wishes", of_mentoring.waiting),
    ):  # fmt: skip
        register_table(key, table)
    register_step("decides", granting.decides)
    register_facts("funds", of_money.spread)
    register_facts("groups", of_groups.comes_in)
    register_groups(of_groups.belonging)


def _leads(on: date) -> sa.Select[Any]:
    """Return who leads: those with the role in the network, and those who care for a group that everybody sees."""
    return sa.select(sa.union(of_accounts.organisers(on), of_groups.organisers(on)).subquery())


def _add(hooks: list[Hook], hook: Hook) -> None:
    if hook not in hooks:
        hooks.append(hook)
