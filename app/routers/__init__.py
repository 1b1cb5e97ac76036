"""One file per feature: URL to action or query to page."""

import importlib

from fastapi import APIRouter

# In the order in which they are tried, the most read first; the names are the features'.
NAMES = (
    "stories", "group_joining", "groups", "group_care", "group_elections", "group_passport", "group_services", "group_files",
    "group_talk",
    "group_meetings", "meeting_care", "board", "asking", "answering", "translations", "help_print", "help_choosing", "help",
    "help_correcting",
    "help_near",
    "api.hsds", "api.partner", "home",
    "join", "absence", "enter", "me", "safety", "my_stories", "my_mentor_pairs", "my_talks", "my_talk_voices", "my_outside",
    "my_circles", "my_calendar",
    "my_mentor_way", "my_mentor_reviews", "between", "between_ask",
    "my_lessons", "my_wellbeing", "my_mentoring", "complaints", "flags", "money", "desk_money",
    "group_ask_voice", "group_asks", "money_panel",
    "desk_panel",
    "numbers", "deciding", "about",
    "listing_pairs", "listings", "desk_pause", "desk_orders", "desk_evidence", "desk", "desk_numbers", "desk_mentoring",
    "desk_supervision", "desk_quiet", "desk_help", "desk_circles", "desk_pairs", "people", "partners",
    "partner_page", "partner_sheet", "partner_new", "partner_hooks", "word", "still", "ops", "machines", "api.health",
)  # fmt: skip

ROUTERS: list[APIRouter] = [importlib.import_module(f"app.routers.{name}").router for name in NAMES]
