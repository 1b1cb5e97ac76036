"""Invented organisations in seven countries whose branches share telephones, web sites and texts, and copies that are hard to know.

Harsher than partners are: a copy has one to three changes, and many of them are a translation, a paraphrase, another
address or another telephone. All names are invented, and all is seeded.
"""

import random
import re
from dataclasses import dataclass, field

from bench.listings import Record
from bench.perturbing import typing_error


@dataclass(frozen=True, slots=True)
class Land:
    """A country: dialling prefix, main language, towns (name, point, other name), streets, organisations, Latin names."""

    dial: str
    language: str
    towns: tuple[tuple[str, float, float, str], ...]
    streets: tuple[str, ...]
    organizations: tuple[str, ...]
    latin: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Branch:
    """What a change needs to know of a listing beside its record."""

    land: Land
    town: tuple[str, float, float, str]
    service: str
    people: int | None  # which of PEOPLE its name ends with


# One thing in several languages; two names in one language are a paraphrase.
SERVICES: dict[str, dict[str, tuple[str, ...]]] = {
    "papers": {
        "en": ("Legal advice", "Legal aid clinic"), "fr": ("Conseil juridique", "Aide juridique"), "ar": ("استشارة قانونية",
        "مساعدة قانونية"),
        "bn": ("আইনি পরামর্শ", "আইনি সহায়তা"), "es": ("Asesoría jurídica",), "uk": ("Юридична консультація",),
    },
    "housing": {
        "en": ("Night shelter", "Emergency accommodation"), "fr": ("Hébergement d'urgence",), "ar": ("مأوى ليلي", "إيواء طارئ"),
        "bn": ("রাত্রিকালীন আশ্রয়কেন্দ্র",), "es": ("Albergue nocturno",), "uk": ("Притулок на ніч",),
    },
    "food": {
        "en": ("Food bank", "Food parcels"), "fr": ("Banque alimentaire", "Colis alimentaires"), "ar": ("بنك الطعام",
        "طرود غذائية"),
        "bn": ("খাদ্য সহায়তা",), "es": ("Banco de alimentos",), "uk": ("Продуктові набори",),
    },
    "learning": {
        "en": ("Language course", "Language classes"), "fr": ("Cours de langue",), "ar": ("دورة لغة",),
        "bn": ("ভাষা শিক্ষা কোর্স",),
        "es": ("Curso de idiomas",), "uk": ("Мовні курси",),
    },
    "talk": {
        "en": ("Psychological support",), "fr": ("Soutien psychologique",), "ar": ("دعم نفسي",), "bn": ("মনোসামাজিক সহায়তা",),
        "es": ("Apoyo psicológico",), "uk": ("Психологічна допомога",),
    },
    "work": {
        "en": ("Job centre", "Employment office"), "fr": ("Aide à l'emploi",), "ar": ("دعم التوظيف",),
        "bn": ("কর্মসংস্থান সহায়তা",),
        "es": ("Orientación laboral",), "uk": ("Допомога з працевлаштуванням",),
    },
    "health": {
        "en": ("Primary health clinic", "Medical clinic"), "fr": ("Centre de santé",), "ar": ("عيادة صحية",),
        "bn": ("প্রাথমিক স্বাস্থ্য ক্লিনিক",), "es": ("Clínica médica",), "uk": ("Медична клініка",),
    },
    "children": {
        "en": ("Child friendly space", "Playgroup"), "fr": ("Espace enfants",), "ar": ("مساحة صديقة للأطفال",),
        "bn": ("শিশু বান্ধব স্থান",),
        "es": ("Espacio infantil",), "uk": ("Дитячий простір",),
    },
}  # fmt: skip
PEOPLE: dict[str, tuple[str, str]] = {
    "en": (" for women", " for men"), "fr": (" pour femmes", " pour hommes"), "ar": (" للنساء", " للرجال"), "bn": (" (নারী)",
    " (পুরুষ)"),
    "es": (" para mujeres", " para hombres"), "uk": (" для жінок", " для чоловіків"),
}  # fmt: skip
TEXTS = {
    "en": "{o} offers {s} in {t}, Monday to Friday. No appointment needed, please bring an identity document if you have one.",
    "fr": "{o} propose {s} aux personnes migrantes à {t}, du lundi au vendredi, sans rendez-vous.",
    "ar": "تقدم {o} خدمة {s} للاجئين والعائدين في {t} من الاثنين إلى الجمعة بدون موعد مسبق",
    "bn": "{o} {t} এলাকায় শরণার্থী ও ফেরত আসা মানুষদের জন্য {s} প্রদান করে। সোমবার থেকে শুক্রবার খোলা।",
    "es": "{o} ofrece {s} a personas migrantes en {t}, de lunes a viernes, sin cita previa.",
    "uk": "{o} надає {s} для переселенців у місті {t} з понеділка по п'ятницю без запису.",
}
LANDS: dict[str, Land] = {
    "GB": Land(
        "44", "en", (("Leeds", 53.8, -1.55, ""), ("Sheffield", 53.38, -1.47, ""), ("Richmond", 51.46, -0.3,
        "Richmond upon Thames")),
        ("High Street", "Station Road", "Victoria Avenue"), ("Open Harbour Trust", "Northern Lantern",
        "Bridge and Bread Society", "Kindred"),
    ),
    "US": Land(
        "1", "en", (("Springfield", 39.78, -89.65, "Springfield, IL"), ("Peoria", 40.69, -89.59, ""),
        ("Rockford", 42.27, -89.09, "")),
        ("N Main St", "W Adams Street", "S 5th Avenue"), ("Prairie Welcome Center", "Riverbend Family Services",
        "New Start Illinois"),
    ),
    "FR": Land(
        "33", "fr", (("Lyon", 45.76, 4.84, ""), ("Saint-Denis", 48.93, 2.36, "St-Denis (93)"), ("Marseille", 43.3, 5.37, "")),
        ("rue de la République", "avenue Jean Jaurès", "place du Marché"), ("Le Seuil", "Association Rives d'Asile",
        "Maison des Passerelles"),
    ),
    "CO": Land(
        "57", "es", (("Bogotá", 4.71, -74.07, "Bogota D.C."), ("Cúcuta", 7.89, -72.5, "San José de Cúcuta"),
        ("Cali", 3.45, -76.53, "")),
        ("Calle 45", "Carrera 7", "Avenida del Sol"), ("Fundación Camino Abierto", "Corporación Manos del Valle", "Casa Puente"),
    ),
    "UA": Land(
        "380", "uk", (("Львів", 49.84, 24.03, "Lviv"), ("Чернівці", 48.29, 25.93, "Chernivtsi"), ("Ужгород", 48.62, 22.29,
        "Uzhhorod")),
        ("вулиця Шевченка", "проспект Свободи", "вулиця Франка"), ("Нова Криниця", "Поруч", "Місток Надії"),
        {"Нова Криниця": "Nova Krynytsia", "Поруч": "Poruch", "Місток Надії": "Mistok Nadii",
        "вулиця Шевченка": "Shevchenka Street",
         "проспект Свободи": "Svobody Ave", "вулиця Франка": "Franka St"},
    ),
    "LB": Land(
        "961", "ar", (("بيروت", 33.89, 35.5, "Beirut"), ("طرابلس", 34.43, 35.84, "Tripoli"), ("زحلة", 33.85, 35.9, "Zahle")),
        ("شارع الحمرا", "شارع المتنبي", "شارع الاستقلال"), ("جمعية جسور المدينة", "بيت الزيتون", "مؤسسة ندى"),
        {"جمعية جسور المدينة": "Jusur al Madina Association", "بيت الزيتون": "Beit al Zaytoun", "مؤسسة ندى": "Nada Foundation",
         "شارع الحمرا": "Hamra Street", "شارع المتنبي": "Mutanabbi Street", "شارع الاستقلال": "Istiqlal St."},
    ),
    "BD": Land(
        "880", "bn", (("ঢাকা", 23.81, 90.41, "Dhaka"), ("চট্টগ্রাম", 22.36, 91.78, "Chittagong"), ("সিলেট", 24.9, 91.87, "Sylhet")),
        ("মিরপুর রোড", "স্টেশন রোড", "কলেজ রোড"), ("নতুন ভোর", "সেতু ফাউন্ডেশন", "মিলন কেন্দ্র"),
        {"নতুন ভোর": "Notun Bhor", "সেতু ফাউন্ডেশন": "Setu Foundation", "মিলন কেন্দ্র": "Milon Kendra", "মিরপুর রোড": "Mirpur Road",
         "স্টেশন রোড": "Station Road", "কলেজ রোড": "College Road"},
    ),
}  # fmt: skip


def branches(rng: random.Random) -> list[tuple[Record, Branch]]:
    """Return the listings of all branches: those of one organisation share a web site, many a telephone; one door has several."""
    found = []
    for code, land in LANDS.items():
        for organization in land.organizations:
            shared, site = _number(rng, land), f"{rng.randrange(10**6)}.example"
            for town in land.towns:
                own = rng.choice((shared, _number(rng, land)))
                door = _door(rng, code, land, town) | {"organization": organization, "phone": own, "url": f"https://www.{site}"}
                door["email"] = f"info@{site}" if rng.random() < 0.6 else None
                for service in rng.sample(sorted(SERVICES), k=rng.randint(1, 4)):
                    found += _offered(rng, land, town, service, door)
    return found


def _number(rng: random.Random, land: Land) -> str:
    return f"+{land.dial} {rng.randrange(200, 999)} {rng.randrange(100, 999)} {rng.randrange(100, 999)}"


def _door(rng: random.Random, code: str, land: Land, town: tuple[str, float, float, str]) -> Record:
    known = rng.random() < 0.8
    return {
        "address": f"{rng.randint(1, 180)} {rng.choice(land.streets)}", "city": town[0], "country": code,
        "postcode": str(rng.randrange(10_000, 99_999)) if rng.random() < 0.6 else None,
        "lat": town[1] + rng.uniform(-0.02, 0.02) if known else None, "lon": town[2] + rng.uniform(-0.02, 0.02) if known else None,
    }  # fmt: skip


def _offered(
    rng: random.Random, land: Land, town: tuple[str, float, float, str], service: str, door: Record
) -> list[tuple[Record, Branch]]:
    """Return one listing, or sometimes one for women and one for men."""
    name, body = rng.choice(SERVICES[service][land.language]), door["organization"]
    text = TEXTS[land.language].format(o=body, s=name, t=town[0]) if rng.random() < 0.8 else None
    called = rng.choice((name, f"{body} – {name}", f"{name} {town[0]}"))
    record = door | {"description": text, "categories": [service], "language": land.language}
    people = (0, 1) if rng.random() < 0.1 else (None,)
    return [
        (record | {"name": called + (PEOPLE[land.language][n] if n is not None else "")}, Branch(land, town, service, n))
        for n in people
    ]


def copied(rng: random.Random, record: Record, branch: Branch) -> Record:
    """Return a copy with one to three changes."""
    record = dict(record)
    for change in rng.sample(CHANGES, k=rng.randint(1, 3)):
        change(rng, record, branch)
    return record


def _translated(rng: random.Random, r: Record, b: Branch) -> None:
    language = rng.choice([x for x in TEXTS if x != b.land.language])
    name, body = rng.choice(SERVICES[b.service][language]), b.land.latin.get(r["organization"] or "", r["organization"])
    people = PEOPLE[language][b.people] if b.people is not None else ""
    r |= {"name": name + people, "language": language, "organization": body, "city": r["city"] and (b.town[3] or b.town[0])}
    r["description"] = rng.choice((None, TEXTS[language].format(o=body, s=name, t=b.town[0])))
    for street, latin in b.land.latin.items():
        r["address"] = r["address"] and r["address"].replace(street, latin)


def _paraphrased(rng: random.Random, r: Record, b: Branch) -> None:
    people = PEOPLE[b.land.language][b.people] if b.people is not None else ""
    r |= {"name": rng.choice(SERVICES[b.service][b.land.language]) + people, "description": None}


def _moved(rng: random.Random, r: Record, b: Branch) -> None:
    r |= {"address": f"{rng.randint(1, 180)} {rng.choice(b.land.streets)}", "postcode": None}


def _other_number(rng: random.Random, r: Record, b: Branch) -> None:
    r["phone"] = _number(rng, b.land)


def _one_more_number(rng: random.Random, r: Record, b: Branch) -> None:
    r["phone"] = "; ".join(filter(None, (r["phone"], _number(rng, b.land))))


def _number_as_dialled(rng: random.Random, r: Record, b: Branch) -> None:
    if r["phone"]:
        plain = re.sub(r"\D", "", r["phone"].split(";")[0]).removeprefix(b.land.dial)
        eastern = "".join(chr(0x0660 + int(digit)) for digit in plain)
        r["phone"] = rng.choice((f"0{plain}", f"00{b.land.dial}{plain}", f"{plain[:3]}-{plain[3:6]}-{plain[6:]}", eastern))


def _mistyped(rng: random.Random, r: Record, _b: Branch) -> None:
    for field_ in ("name", "organization"):
        r[field_] = r[field_] and typing_error(rng, r[field_])


def _poorer(rng: random.Random, r: Record, _b: Branch) -> None:
    for missing in rng.sample(("phone", "email", "url", "description", "address", "postcode", "organization", "lat", "city"), k=3):
        r[missing] = None
    r["lon"] = r["lat"] and r["lon"]


def _organization_in_name(rng: random.Random, r: Record, _b: Branch) -> None:
    if r["organization"] and r["organization"] not in r["name"]:
        r |= {"name": f"{r['name']} ({r['organization']})", "organization": rng.choice((r["organization"], None))}


def _branch_of(_rng: random.Random, r: Record, _b: Branch) -> None:
    r["organization"] = r["organization"] and r["city"] and f"{r['organization']} {r['city']}"


def _other_town_name(_rng: random.Random, r: Record, b: Branch) -> None:
    r["city"] = r["city"] and (b.town[3] or r["city"])


def _point_nearby(rng: random.Random, r: Record, _b: Branch) -> None:
    if r["lat"] is not None:
        r |= {"lat": r["lat"] + rng.uniform(-0.006, 0.006), "lon": r["lon"] + rng.uniform(-0.006, 0.006)}


def _private_mailbox(rng: random.Random, r: Record, _b: Branch) -> None:
    r |= {"email": f"hello.{rng.randrange(1000)}@gmail.com", "url": None}


CHANGES = (
    _translated, _paraphrased, _moved, _other_number, _one_more_number, _number_as_dialled, _mistyped, _poorer,
    _organization_in_name, _branch_of, _other_town_name, _point_nearby, _private_mailbox,
)  # fmt: skip
