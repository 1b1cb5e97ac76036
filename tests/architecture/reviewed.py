"""Exceptions to what the tests of this folder hold, each with its reason; one that is no longer needed fails a test."""

# A member changes something of their own: no rule is needed beyond "it is yours".
NO_RULE = {
    "moderation.appeals.overturn": "part of deciding.decide, which asks rules.may_open; what it gives back asks its own rule",
    "moderation.appeals.uphold": "part of deciding.decide, which asks rules.may_open",
    "moderation.deciding.carry_out": "part of decide, settle and preview, which ask rules.may_open and second.may_decide first",
    "moderation.looking_after.decided": "part of decide: a colleague who may look at the same case reads that a word may do good",
    "moderation.second.keep": "part of deciding.propose, which asks rules.may_open and second.may_propose",
    "between.asking.take_back": "one's own ask; in every standing",
    "between.blocking.block": "one's own peace; in every standing, asks rules.may_block for the number only",
    "between.blocking.lift": "one's own block; in every standing",
    "between.talking.end": "one's own talk; whoever reads it may, in every standing",
    "accounts.changes.change_language": "one's own language; everybody may, in every standing",
    "accounts.changes.mark_read": "one's own answers",
    "accounts.entering.renew_session": "one's own session; follows a change that asked its rule",
    "accounts.entering.replace_key": "one's own key, shown a moment ago (Proven), or the end of the way back after 48 hours",
    "accounts.entering.new_codes": "one's own codes, the key shown a moment ago (Proven)",
    "accounts.exports.make": "one's own copy, the key shown a moment ago (Proven); everybody may, in every standing",
    "accounts.way_back.stop": "the owner says that somebody else asked for their account; in every standing",
    "groups.founding.say_beside": "part of money.received.write and put_right, which ask rules.may_write_money",
    "groups.belonging.withdraw": "one's own wish to come in; in every standing, also where the group is not shown any more",
    "moderation.undoing.undo": "each of them asks undoing.may_undo in a savepoint of its own: one refusal leaves the others",
    "stories.drafts.keep": "one's own words while typing; the route asks rules.may_write or may_translate first",
    "stories.drafts.drop": "part of the verbs that save a step",
    "stories.proposals.propose_translation": "part of the verb that sends a translation; that one asks rules.may_translate",
}
_said = "the trail would tell for ever who wrote when; what others decide about it is recorded"
_belongs = "the trail would tell for ever who belonged to which group"
_helps = "the trail would tell for ever who needed or gave what, and who took it; what others decide about it is recorded"
_comes = "the trail would tell for ever who was where"
_seeks = "the trail would tell for ever who looked for a mentor, or offered to be one and was not taken"
NO_RECORD = {
    **dict.fromkeys((f"mentoring.joining.asking.{verb}" for verb in ("save", "send", "still_right", "take_back")), _seeks),
    **dict.fromkeys((f"mentoring.joining.offering.{verb}" for verb in ("save", "send", "pause", "go_on")), _seeks),
    **dict.fromkeys((f"mentoring.supervision.actions.{verb}" for verb in ("would_like_to_talk", "no_need")), _seeks),
    "mentoring.training.learning.check": "what somebody learns is theirs; the desk sees until when the training holds",
    **dict.fromkeys((f"mentoring.rounds.answering.{verb}" for verb in ("say_yes", "say_no", "say_goodbye")), _seeks),
    **dict.fromkeys((f"mentoring.joining.words.{verb}" for verb in ("make_link", "end_links")), _seeks),
    **dict.fromkeys(
        (
            f"mentoring.together.{verb}"
            for verb in (
                "meeting.write_down",
                "meeting.change",
                "goals.set_goal",
                "goals.change",
                "reviews.answer",
                "reviews.take_back",
                "sharing.say",
                "outside.propose",
                "outside.answer",
                "forgetting.forget_mine",
            )
        ),
        _said,
    ),
    **dict.fromkeys((f"between.talking.{verb}" for verb in ("write", "delete", "delete_mine", "end")), _said),
    **dict.fromkeys((f"between.asking.{verb}" for verb in ("ask", "answer", "take_back")), _said),
    **dict.fromkeys(
        ("between.blocking.block", "between.blocking.lift", "between.talking.block"), "who blocked whom is nobody else's business"
    ),
    **dict.fromkeys((f"mentoring.together.talking.{verb}" for verb in ("write", "delete", "delete_mine")), _said),
    **dict.fromkeys(
        (
            *(f"mentoring.together.deciding.{verb}" for verb in ("release", "hide_line", "show_line")),
            "between.talking.release",
            *(f"two.deciding.{verb}" for verb in ("refuse", "hide", "unhide")),
            *(f"between.deciding.{verb}" for verb in ("hide", "unhide")),
            *(f"moderation.ask_words.{verb}" for verb in ("keep", "hide")),
        ),
        "part of deciding.decide, which leaves the event; one of its own would tell the reader of a message that it waited",
    ),
    **dict.fromkeys((f"mentoring.circles.forming.{verb}" for verb in ("lead", "ask", "take_back")), _seeks),
    "mentoring.circles.ending.step_back": _seeks,
    "mentoring.joining.words.confirm": "part of screening.confirm, which leaves the event",
    "mentoring.joining.words.say": "whoever has the link is not known, and must not be",
    "moderation.appeals.overturn": "part of deciding.decide, which leaves the event",
    "moderation.appeals.uphold": "part of deciding.decide, which leaves the event",
    "moderation.looking_after.decided": "part of decide, which leaves the event",
    "moderation.second.keep": "part of deciding.propose, which leaves the event",
    "reporting.question.answers.look": "leaves its line in the log of the answers, which the member sees",
    "reporting.question.answers.withdraw": "the trail would tell for ever that somebody had answered",
    "groups.roles.go_on": _belongs,
    "groups.belonging.join": _belongs,
    "groups.belonging.leave": _belongs,
    "groups.belonging.withdraw": "what somebody asked and took back leaves no trace",
    "groups.codes.use": _belongs,
    "groups.belonging.set_step": "private: not even that somebody said it is told",
    **dict.fromkeys(
        (f"groups.electing.actions.{verb}" for verb in ("stand", "withdraw", "vote")),
        "the trail would tell for ever who stood or voted",
    ),
    "groups.belonging.set_kind": "private: not even that somebody said it is told",
    "groups.founding.say_beside": "part of money.received.write and put_right, which leave the event",
    "groups.files.send_picture": _said,
    "groups.files.send_voice": _said,
    "groups.talking.accept": _said,
    "asking.answering.answer": "the trail would tell for ever who answered whom",
    "asking.answering.answer_as_teller": "the trail would tell for ever who answered whom",
    "asking.answering.answer_at_desk": "the trail would tell for ever who answered whom",
    "asking.answering.set_story_door": "the trail would tell who told a story",
    "asking.answering.take_back": "what is taken back leaves no trace",
    "board.offering.write": _helps,
    "board.offering.take_out": _helps,
    **dict.fromkeys(
        (f"board.taking.{verb}" for verb in ("take", "agree", "say", "refuse", "give_back", "finish", "say_helped")), _helps
    ),
    "meetings.coming.stay_away": _comes,
    "meetings.calendars.make": "whether somebody has a calendar is nobody's business",
    "meetings.calendars.end": "whether somebody has a calendar is nobody's business",
    "groups.talking.all_read": "what somebody reads is not recorded",
    "groups.taking_back.delete": _said,
    "groups.talking.edit": _said,
    "groups.talking.pin": "seen by the whole group, and taken back with one tap",
    "groups.talking.start_topic": _said,
    "groups.talking.thank": _said,
    "accounts.changes.change_language": "happens to nobody else",
    "accounts.changes.mark_read": "what somebody reads is not recorded",
    "accounts.entering.renew_session": "sessions are rows of their own",
    "directory.suggesting.suggest": _said,
    "stories.drafts.keep": "what somebody types is not recorded",
    "stories.drafts.drop": "what somebody types is not recorded",
    "stories.proposals.propose_translation": "part of the verb that sends a translation; that one leaves the event",
}
REWRITTEN = {"listing_pair.reasons": "by migration 0020: what a pair with a protected listing told"}
# Columns that a migration took away on purpose, with what was in them.
DROPPED = {
    "fund_call.took_no_part": "how many of a panel took no part: with the declared ties it told who",
    "story_text.translator_name": "a copy of a name: the name in the account stands on the page, so that an old one does not stay",
}
# Tables with room for one row of what the test of migrations writes, and why.
ONE_ROW = {
    "audit_event": "counted through",
    "listing_key": "keyed by numbers",
    "listing_print": "keyed by numbers",
    "rules_version": "counted through",
    "search_document": "keyed by numbers",
}
# Called by the edge without somebody who acts.
NOBODY_ACTS = {
    "asking.asking.ask": "asked without an account; limited, and rules.may_ask says which groups",
    "asking.asking.ask_more": "the number is the proof; limited, and rules.may_ask_more says how often",
    "asking.asking.end": "the number is the proof; limited",
    "accounts.entering.renew_hash": "after the right key was shown",
    "accounts.entering.use_code": "the code itself is the proof; limited",
    "accounts.entering.open_session": "after the right key or code was shown",
    "accounts.joining.join": "asks rules.may_join; there is no member yet",
    "accounts.second_step.use_totp": "the code itself is the proof; limited",
    "accounts.second_step.use_passkey": "the signature itself is the proof; limited",
    "accounts.telling.tell": "leaves an answer for the member whose key changed",
    "accounts.way_back.ask": "without a key nobody is known; limited, waits for two organisers and 48 hours",
    "accounts.way_back.finish": "the number is the proof, after two organisers and 48 hours",
    "between.talking.note_read": "how far the reader of a page has come; told to nobody",
    "directory.still_true.confirm": "the link itself is the proof: it is made at the desk, signed, and over after 14 days; limited",
    "partners.of_groups.begin_for": "makes the place where a group keeps its listings; whoever calls it has asked rules.may_offer",
    "partners.warning.already_here": "a partner's program with its key; only reads what everybody can find",
    "partners.answers.keep": "a partner's program with its key; keeps the answer that it got",
    "partners.batches.run": "a partner's program with its key: the edge asks rules.may_use; the event names the partner",
    "partners.listings.confirm": "a partner's program with its key: the edge asks rules.may_use; the event names the partner",
    "partners.listings.withdraw": "a partner's program with its key: the edge asks rules.may_use; the event names the partner",
    "partners.taking.put": "a partner's program with its key: the edge asks rules.may_use; the event names the partner",
    "directory.actions.say_helped": "feedback carries no person; limited",
}
# Long work of jobs and commands, in many transactions of its own.
COMMITS = {
    "directory.importing.import_directory": "an import of many thousand rows commits by batch and can be started again",
    "directory.importing.compile_all": "as the import",
    "directory.looking_again.look_again": "judges all listings anew, batch by batch, and can be started again",
    "directory.pairs.comparing_all.compare_all": "compares all listings, batch by batch, and can be started again",
    "directory.pairs.finding.compare_waiting": "as compare_all",
    "directory.restoring.restore_own": "part of the import",
    "mentoring.rounds.running.run_apart": "matching takes a while, and stands between short transactions",
    "mentoring.rounds.running.run_now": "as run_apart",
    "reporting.measuring.marks.replace": "opens every set once, a few in each transaction, and can be started again",
    "moderation.timed.run": "each decision comes to its end by itself, so that one that fails stops no other",
    "search.actions.rebuild": "makes the index anew, batch by batch",
    "upkeep.doctor.reseal": "seals anew after a change of keys, batch by batch",
}
# Places where text becomes markup: ours, escaped or drawn by us.
MARKUP = {
    "app/web/pages.py": "the style sheet, our own file",
    "app/routers/me_keys.py": "a QR picture drawn by us from our own secret",
}
# Statements put together from parts: names of tables and columns from our own constants, never what came in.
SQL_FROM_PARTS = {
    "app/core/db.py": "PRAGMA from a constant list",
    "app/core/migrate.py": "PRAGMA from a constant list",
    "app/domain/upkeep/doctor.py": "PRAGMA from a constant list",
}
# Templates that take a text as markup.
SAFE_FILTERS = {
    "components/icon.html": "the shapes of the icons stand in this very file",
}
LONG_MODULES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}
LONG_ENDPOINTS = {
    "help.find_help": "one address for needs, places and results; each branch is one answer",
    "join.take_name": "three refusals, each with its own page, before one way on",
    "join.finish": "the account begins here: what fails in the transaction is shown where it was typed",
    "stories.media": "bytes of a file: headers that forget nothing and tell nothing",
    "safety.leave": "nothing may stand in the way of leaving, whatever fails",
}
LONG_TEMPLATES = {
    "help/show.html": "everything that a service page may show, part by part, each in an if",
}
