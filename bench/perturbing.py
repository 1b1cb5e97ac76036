"""What partners do to a listing when they copy it: small changes, and listings that look alike but are others. All seeded.

These are the changes that the weights were chosen with; ``bench/held_out.py`` has others, written after the weights.
"""

import random
import re
from collections.abc import Callable

from bench.listings import Real, Record

Change = Callable[[random.Random, Record, Real], None]
_SHORT = {
    "Street": "St", "Avenue": "Ave.", "Road": "Rd", "Services": "Svcs", "Center": "Ctr", "Assistance": "Asst",
    "Association": "Assoc.", "Community": "Cmty", "Program": "Prog.", "Department": "Dept", "County": "Cnty",
    "Governorate": "Gov.", "Suite": "Ste",
    "Education": "Edu.", "Financial": "Fin.", "Information": "Info", "Domestic Violence": "DV", "ul. ": "", "al. ": "aleja ",
}  # fmt: skip
_FORMS = ("Inc.", "LLC", "Ltd", "Sp. z o.o.", "Foundation", "e.V.", "S.A.", "NGO")
_OPTIONAL = ("phone", "email", "url", "description", "address", "postcode", "categories", "organization", "language", "lat", "city")
_DIAL = {"US": "1", "JO": "962", "PL": "48", "RO": "40", "HU": "36", "SK": "421", "MD": "373"}
_TOWNS = {
    "Warszawa": "Warsaw", "Kraków": "Cracow", "Gdańsk": "Gdansk", "Bucureşti": "Bucharest", "Mafraq Governorate": "Mafraq",
    "Irbid Governorate": "Irbid", "Amman Governorate": "Amman", "Zarqa Governorate": "Az Zarqa", "Tampa": "Tampa, FL",
}  # fmt: skip
_SYNONYMS = {"Assistance": "Help", "assistance": "help", "Support": "Assistance", "Services": "Service", "Project": "Program",
             "Program": "Project", "&": "and", "Legal Aid": "Legal Assistance", "Clinic": "Clinics"}  # fmt: skip


def typing_error(rng: random.Random, text: str) -> str:
    """Return a text with two letters swapped, one lost, one doubled or one wrong."""
    inner = [m.start() for m in re.finditer(r"(?<=\w)[^\W\d_](?=[^\W\d_])", text)]
    if not inner:
        return text
    at = rng.choice(inner)
    kind = rng.randrange(4)
    changed = (text[at + 1] + text[at], text[at + 1], text[at] + text[at] + text[at + 1], rng.choice("aeinorst") + text[at + 1])[
        kind
    ]
    return text[:at] + changed + text[at + 2 :]


def mistyped_name(rng: random.Random, r: Record, _real: Real) -> None:
    for _ in range(1 if len(r["name"]) < 16 else rng.randint(1, 2)):
        r["name"] = typing_error(rng, r["name"])


def shortened_words(rng: random.Random, r: Record, _real: Real) -> None:
    for field in ("name", "address", "organization"):
        for long, short in _SHORT.items():
            if r[field] and rng.random() < 0.7:
                r[field] = r[field].replace(long, short)


def other_phone_format(rng: random.Random, r: Record, _real: Real) -> None:
    if not r["phone"]:
        return
    first, dial = r["phone"].split("\n")[0], _DIAL.get(r["country"], "")
    number = re.sub(r"\D", "", first)
    number = number.removeprefix(dial) if first.startswith("+") else number
    r["phone"] = rng.choice((
        f"+{dial} {number[:3]} {number[3:6]} {number[6:]}", f"00{dial}{number}", f"({number[:3]}) {number[3:6]}-{number[6:]}",
        f"tel. {number[:2]} {number[2:]}", f"{number[:3]}.{number[3:6]}.{number[6:]}",
    ))  # fmt: skip


def missing_fields(rng: random.Random, r: Record, _real: Real) -> None:
    for field in rng.sample(_OPTIONAL, k=rng.randint(1, 4)):
        r[field] = None
    if r["lat"] is None:
        r["lon"] = None


def moved_point(rng: random.Random, r: Record, _real: Real) -> None:
    if r["lat"] is not None:
        reach = rng.choice((0.0005, 0.0015, 0.004, 0.008))
        r["lat"], r["lon"] = r["lat"] + rng.uniform(-reach, reach), r["lon"] + rng.uniform(-reach, reach)


def translated_name(rng: random.Random, r: Record, real: Real) -> None:
    if not real.names:
        return
    language = rng.choice(sorted(real.names))
    r["name"], r["language"], r["description"] = real.names[language], language, None
    if language in real.towns and rng.random() < 0.5:
        r["city"] = real.towns[language]


def other_legal_form(rng: random.Random, r: Record, _real: Real) -> None:
    if r["organization"]:
        r["organization"] = re.sub(r",? (Inc|LLC|Ltd)\.?$", "", r["organization"]) + rng.choice((" ", ", ")) + rng.choice(_FORMS)


def swapped_words(rng: random.Random, r: Record, _real: Real) -> None:
    parts = r["name"].split()
    if len(parts) > 1:
        at = rng.randrange(len(parts) - 1)
        parts[at], parts[at + 1] = parts[at + 1], parts[at]
        r["name"] = " ".join(parts)


def cut_name(_rng: random.Random, r: Record, _real: Real) -> None:
    parts = r["name"].split()
    r["name"] = r["name"] if len(parts) < 5 else " ".join(parts[:4]) + "…"


def town_in_name(rng: random.Random, r: Record, _real: Real) -> None:
    if r["city"] and r["city"] not in r["name"]:
        r["name"] += rng.choice((f" – {r['city']}", f" ({r['city']})"))


def organization_in_name(_rng: random.Random, r: Record, _real: Real) -> None:
    if r["organization"]:
        r["name"] = f"{r['organization']}: {r['name']}"


def words_lost_from_text(rng: random.Random, r: Record, _real: Real) -> None:
    if r["description"]:
        r["description"] = " ".join(w for w in r["description"].split() if rng.random() > 0.3)


def other_categories(rng: random.Random, r: Record, _real: Real) -> None:
    r["categories"] = [rng.choice(("Social services", "Community", "Aid"))]


def town_written_otherwise(_rng: random.Random, r: Record, _real: Real) -> None:
    r["city"] = _TOWNS.get(r["city"], r["city"])


def rounded_point(rng: random.Random, r: Record, _real: Real) -> None:
    if r["lat"] is not None:
        digits = rng.choice((2, 3))
        r["lat"], r["lon"] = round(r["lat"], digits), round(r["lon"], digits)


def other_case(rng: random.Random, r: Record, _real: Real) -> None:
    r["name"] = rng.choice((r["name"].upper(), r["name"].lower(), f"„{r['name']}”", f"{r['name']}."))


def extension(rng: random.Random, r: Record, _real: Real) -> None:
    if r["phone"]:
        r["phone"] += rng.choice((" ext. 12", " wew. 3", " / +48 22 555 01 99"))


def address_rearranged(rng: random.Random, r: Record, _real: Real) -> None:
    if r["address"]:
        r["address"] = rng.choice((
            f"{r['address']}, {r['city'] or ''}", re.sub(r"^(\D+) (\d\S*)$", r"\2 \1", r["address"]),
            r["address"].replace("ul.", "ulica"),
        ))  # fmt: skip


def initials_of_organization(_rng: random.Random, r: Record, _real: Real) -> None:
    capitals = [w[0] for w in re.findall(r"\w+", r["organization"] or "") if w[0].isupper() and w not in ("Inc", "LLC", "Ltd")]
    if len(capitals) > 2:
        r["organization"] = "".join(capitals)


def synonym(rng: random.Random, r: Record, _real: Real) -> None:
    there = [word for word in _SYNONYMS if word in r["name"]]
    if there:
        word = rng.choice(there)
        r["name"] = r["name"].replace(word, _SYNONYMS[word])


CHOSEN_WITH: tuple[Change, ...] = (
    mistyped_name, shortened_words, other_phone_format, missing_fields, moved_point, translated_name, other_legal_form,
    swapped_words, cut_name, town_in_name, organization_in_name, words_lost_from_text, other_categories, town_written_otherwise,
    rounded_point, other_case, extension, address_rearranged, initials_of_organization, synonym,
)  # fmt: skip
