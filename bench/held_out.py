"""Changes of other kinds than those the weights of the duplicate finder were chosen with, written after the weights. All seeded."""

import html
import random
import re
import unicodedata

from bench.listings import Real, Record
from bench.perturbing import Change, missing_fields, translated_name

_NEIGHBOURS = {
    "a": "sq",
    "e": "wr",
    "i": "uo",
    "o": "ip",
    "n": "bm",
    "r": "et",
    "s": "ad",
    "t": "ry",
    "l": "k",
    "c": "xv",
    "d": "sf",
}
_MISREAD = (("rn", "m"), ("l", "1"), ("o", "0"), ("e", "c"), ("cl", "d"), ("i", "l"))
_COUNTRIES = {
    "PL": "Poland",
    "US": "United States",
    "JO": "الأردن",
    "RO": "Rumania",
    "HU": "Węgry",
    "SK": "Slovakia",
    "MD": "Moldova",
}
_REGIONS = {"PL": "woj. małopolskie", "US": "Florida", "JO": "Jordan"}
_DIAL = {"US": "1", "JO": "962", "PL": "48", "RO": "40", "HU": "36", "SK": "421", "MD": "373"}


def slip_of_a_key(rng: random.Random, r: Record, _real: Real) -> None:
    at = [n for n, char in enumerate(r["name"]) if char.lower() in _NEIGHBOURS]
    if at:
        n = rng.choice(at)
        r["name"] = r["name"][:n] + rng.choice(_NEIGHBOURS[r["name"][n].lower()]) + r["name"][n + 1 :]


def misread_letters(rng: random.Random, r: Record, _real: Real) -> None:
    for field in ("name", "organization", "address"):
        there = [pair for pair in _MISREAD if r[field] and pair[0] in r[field][1:]]
        if there and rng.random() < 0.6:
            right, wrong = rng.choice(there)
            r[field] = r[field][0] + r[field][1:].replace(right, wrong, 1)


def accents_lost(_rng: random.Random, r: Record, _real: Real) -> None:
    for field in ("name", "organization", "address", "city"):
        if r[field]:
            plain = unicodedata.normalize("NFKD", r[field].replace("ł", "l").replace("Ł", "L"))
            r[field] = "".join(char for char in plain if not unicodedata.combining(char))


def markup_left(_rng: random.Random, r: Record, _real: Real) -> None:
    for field in ("name", "organization", "description"):
        if r[field]:
            r[field] = html.escape(r[field]).replace(" ", "  ", 1)


def words_joined(rng: random.Random, r: Record, _real: Real) -> None:
    r["name"] = r["name"].replace(" ", rng.choice(("-", "")), 1)


def point_of_the_town(rng: random.Random, r: Record, _real: Real) -> None:
    if r["lat"] is not None:
        r["lat"], r["lon"] = r["lat"] + rng.uniform(-0.02, 0.02), r["lon"] + rng.uniform(-0.02, 0.02)


def house_number_missing(_rng: random.Random, r: Record, _real: Real) -> None:
    if r["address"]:
        r["address"] = re.sub(r"\s*\d\S*", "", r["address"]).strip(" ,") or None


def country_by_name(_rng: random.Random, r: Record, _real: Real) -> None:
    r["country"] = _COUNTRIES.get(r["country"], r["country"])


def region_with_town(_rng: random.Random, r: Record, _real: Real) -> None:
    if r["city"] and r["country"] in _REGIONS:
        r["city"] = f"{r['city'].upper()}, {_REGIONS[r['country']]}"


def postcode_pressed(_rng: random.Random, r: Record, _real: Real) -> None:
    r["postcode"] = r["postcode"] and re.sub(r"\W", "", r["postcode"])


def first_sentence(_rng: random.Random, r: Record, _real: Real) -> None:
    r["description"] = r["description"] and re.split(r"(?<=[.!?])\s", r["description"])[0]


def sentences_shuffled(rng: random.Random, r: Record, _real: Real) -> None:
    if r["description"]:
        parts = re.split(r"(?<=[.!?;])\s+", r["description"])
        rng.shuffle(parts)
        r["description"] = " ".join(parts)


def initials_in_brackets(_rng: random.Random, r: Record, _real: Real) -> None:
    capitals = re.findall(r"\b[A-Z]", r["organization"] or "")
    if len(capitals) > 2:
        r["organization"] += f" ({''.join(capitals)})"


def member_of(rng: random.Random, r: Record, _real: Real) -> None:
    if r["organization"]:
        r["organization"] += rng.choice((" – Jordan office", ", member of Caritas", " (partner organisation)"))


def note_in_name(rng: random.Random, r: Record, _real: Real) -> None:
    r["name"] += rng.choice((" – NEW", " *", " (closed on Fridays)", " [verified]", " – by appointment only"))


def digits_in_pairs(_rng: random.Random, r: Record, _real: Real) -> None:
    if r["phone"]:
        dial, number = _DIAL.get(r["country"], ""), re.sub(r"\D", "", r["phone"].split("\n")[0])
        number = number.removeprefix(dial) if r["phone"].startswith("+") else number
        r["phone"] = f"+{dial} (0)" + " ".join(re.findall("..?", number))


def other_mailbox(_rng: random.Random, r: Record, _real: Real) -> None:
    r["email"] = r["email"] and f"office@{r['email'].rpartition('@')[2]}"


def deeper_page(_rng: random.Random, r: Record, _real: Real) -> None:
    r["url"] = r["url"] and f"{r['url'].rstrip('/')}/contact"


HELD_OUT: tuple[Change, ...] = (
    slip_of_a_key, misread_letters, accents_lost, markup_left, words_joined, point_of_the_town, house_number_missing,
    country_by_name, region_with_town, postcode_pressed, first_sentence, sentences_shuffled, initials_in_brackets, member_of,
    note_in_name, digits_in_pairs, other_mailbox, deeper_page, missing_fields, translated_name,
)  # fmt: skip
