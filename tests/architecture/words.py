"""Words that never stand on a screen (product.md, the style table): they label people, or promise and judge."""

import re

# Any form of these words, in the languages of the interface. Arabic without vowels; "w"/"al" may stand before a word.
NEVER = {
    "en": (
        r"illegal\w*", r"deport\w*", r"failed (?:asylum|migrant\w*)", r"asylum seeker\w*", r"beneficiar\w+", r"victims?",
        r"users?",
        r"success stor\w+", r"testimon\w+", r"best practice\w*", r"traffick\w+", r"prostitut\w+", r"vulnerable",
        r"target group\w*",
        r"returnees?", r"repatriat\w+", r"reintegrat\w+", r"credentials?", r"authenticat(?:e|ed|es|ion|ing)",
        r"revoke\w*", r"moderation queue",
        r"violations?", r"banned", r"invalid", r"forbidden", r"oops", r"please enter",
    ),
    "fr": (
        r"illégal\w*", r"illéga\w+", r"clandestin\w*", r"déport\w+", r"expuls\w+", r"débouté\w*", r"demandeu\w+ d.asile",
        r"bénéficiaires?",
        r"victimes?", r"utilisat(?:eur|rice)s?", r"usagers?", r"histoires? de réussite", r"témoignages?",
        r"bonnes pratiques", r"trafic\w*",
        r"vulnérables?", r"groupes? cibles?", r"rapatri\w+", r"réintégr\w+", r"réinsertion", r"retourné(?:e|es|s)",
        r"authentif\w+", r"révoqu\w+", r"infractions?", r"interdit\w*", r"invalides?", r"mot de passe",
    ),
    "ar": (
        r"غير شرعي\w*", r"غير قانوني\w*", r"مرحّ?ل(?:ون|ين|ة)?", r"ترحيل", r"طالب(?:و|ي)? (?:ال)?لجوء", r"مستفيد\w*",
        r"ضحي[ةه]", r"ضحايا",
        r"مستخدم\w*", r"قص[ةص] نجاح", r"قصص نجاح", r"(?:ال)?اتجار", r"عائد(?:ون|ين)", r"إعادة الإدماج", r"محظور",
        r"كلمة المرور", r"مصادقة",
    ),
}  # fmt: skip
# In titles, addresses and notifications nothing may point at returning at all: they are seen over a shoulder.
IN_TITLES = {
    "en": (
        r"return\w*",
        r"com(?:e|ing) back",
        r"came back",
        r"migra\w+",
        r"refugee\w*",
        r"asylum",
        r"police",
        r"detention",
        r"papers",
    ),
    "fr": (r"retour\w*", r"rentr\w+", r"reven\w+", r"migra\w+", r"réfugié\w*", r"asile", r"police", r"détention", r"papiers"),
    "ar": (r"عودة", r"العودة", r"عاد", r"رجوع", r"هجرة", r"الهجرة", r"مهاجر\w*", r"لاجئ\w*", r"لجوء", r"شرطة", r"احتجاز"),
}
IN_ADDRESSES = re.compile(
    r"return|migra|refuge|asylum|deport|illegal|traffick|detention|victim|health|hiv|religio|"
    r"politic|survivor|abuse|queue|moderation",
    re.IGNORECASE,
)


def _one(parts: tuple[str, ...], language: str) -> re.Pattern[str]:
    before = r"(?<!\w)(?:[وفبكل]?(?:ال|لل)?)?" if language == "ar" else r"(?<!\w)"
    return re.compile(before + "(?:" + "|".join(parts) + r")(?!\w)", re.IGNORECASE)


_NEVER = {language: _one(parts, language) for language, parts in NEVER.items()}
_TITLES = {language: _one(parts, language) for language, parts in IN_TITLES.items()}


def never(text: str, language: str) -> list[str]:
    """Return the words in a text that must not stand on a screen."""
    return [m[0] for m in _NEVER[language].finditer(text)]


def telling(title: str, language: str) -> list[str]:
    """Return the words in a title that tell a bystander what the page is about."""
    return [m[0] for m in _TITLES[language].finditer(title)] + never(title, language)


def sentences(text: str) -> list[list[str]]:
    """Return the words of each sentence."""
    parts = re.split(r"(?<=[.!?؟…:])\s+|\n+|;|؛| · ", re.sub(r"%\(\w+\)[sd]", "X", text))
    return [re.findall(r"\w[\w'’.-]*", part) for part in parts if part.strip()]
