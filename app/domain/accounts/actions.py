"""What other features and the command line do with accounts; the verbs themselves stand in the files beside this one."""

from app.domain.accounts.by_operator import create_coordinator, end_role, grant_role, reset_second_step
from app.domain.accounts.changes import due_for_purge, purge_member
from app.domain.accounts.copies import remove_copies
from app.domain.accounts.entering import clear_sessions
from app.domain.accounts.exports import clear_exports
from app.domain.accounts.hooks import on_applied, on_export, on_purge, on_standing, on_stopped
from app.domain.accounts.joining import create_member, fresh_key, on_application, suggest
from app.domain.accounts.power import decide_application, let_in_after_all, wait_for_appeal
from app.domain.accounts.telling import concerning, forget_notes, tell, tell_all, told_of

__all__ = [
    "clear_exports",
    "clear_sessions",
    "concerning",
    "create_coordinator",
    "create_member",
    "decide_application",
    "due_for_purge",
    "end_role",
    "forget_notes",
    "fresh_key",
    "grant_role",
    "let_in_after_all",
    "on_application",
    "on_applied",
    "on_export",
    "on_purge",
    "on_standing",
    "on_stopped",
    "purge_member",
    "remove_copies",
    "reset_second_step",
    "suggest",
    "tell",
    "tell_all",
    "told_of",
    "wait_for_appeal",
]
