"""Tables for names: letters that look alike, words only the network may use, and what suggestions are made of."""

from typing import Final

# A real name is usually two words.
FIRST_LAST: Final = 2

# Written for Hearth: what a hurried reader takes for a Latin letter (after folding, so lower case without marks).
# Upper-case look-alikes count too (В, Н, Р, С …), since case is gone by then: в→b, н→h.
_PAIRS: Final = {
    "a": "аαɑ4@", "b": "вьβ8", "c": "сϲ", "d": "ԁ", "e": "еεєҽ3", "f": "ƒ", "g": "ɡ", "h": "һн", "i": "іιıl1|ӏɩ", "j": "јϳ",
    "k": "кκқ", "m": "м", "n": "пηո", "o": "оοσօ0ө", "p": "рρ", "q": "ԛ", "r": "гɾ", "s": "ѕ5$ʂ", "t": "тτ7", "u": "υսμ",
    "v": "ѵν", "w": "ѡωա", "x": "хχ", "y": "уүγ", "z": "ᴢζ",
}  # fmt: skip
# Arabic, Persian and Urdu letters that differ by a detail only; fold() has already joined alef, ya, kaf and ha forms.
_ARABIC: Final = {"ي": "یېےىۍ", "ك": "ګڪکگ", "ه": "ەۀۃهة", "و": "ۇۆۈۋ", "ب": "پ", "ج": "چ", "ف": "ڤ"}
FACES: Final = {face: letter for table in (_PAIRS, _ARABIC) for letter, faces in table.items() for face in faces}

# These are refused at the start of a word as well ("admin7"), these wherever they stand in one ("policewoman"), and these as the
# whole name: Onu is a family name.
RESERVED_STARTS: Final = ("admin",)
RESERVED_ALONE: Final = ("onu",)
RESERVED_ANYWHERE: Final = (
    "hearth", "coordinator", "coordinateur", "moderator", "administrat", "police", "polizei", "minister", "gendarme", "embassy",
    "ambassad", "consulat", "government", "gouvernement", "immigration", "interpol", "frontex", "unhcr",
)  # fmt: skip
# A network's own name is refused as whole words ("Home"), and inside longer ones from this many letters on ("DoorstepTeam").
LONG_NAME: Final = 6
# Words that would let somebody speak for the network, in the languages people meet here; a hyphen stands for a space. Arabic
# words are found with and without their article; those that have it here are a name without it (وزير, ناظم, نظام, سفير, رئيس).
# Left out is what is somebody's name or an everyday word too (قاضي, court, Mentor).
RESERVED: Final = tuple(
    """
    hearth admin administrator administrateur administratrice administrador administración moderator moderation
    modérateur modératrice modération moderador coordinator coordination coordinateur coordinatrice coordonnateur
    coordonnatrice coordinador coordinadora coordenador organiser organizer organisateur organisatrice the-mentor
    le-mentor la-mentor your-mentor mentors mentorship safeguarding analyst operator opérateur support helpdesk
    official officiel officielle oficial staff team équipe
    équipo system système webmaster security sécurité network réseau iom oim unhcr hcr frontex
    مشرف مشرفة المشرف المشرفة مدير مديرة المدير المديرة منسق منسقة المنسق المنسقة ادارة الإدارة مسؤول المسؤول منظم منظمة
    المنظم دعم الدعم رسمي النظام الناظم المفوضية
    администратор модератор координатор адміністратор координатор مدیر মডারেটর সমন্বয়কারী অ্যাডমিন verwalter
    verwaltung koordinator koordinatorin moderatorin mai-gudanarwa shugaba
    """.split()
)
# Words that would let somebody speak for an authority or an organisation that people trust with their papers.
AUTHORITY: Final = tuple(
    """
    police policeman policewoman officer judge prosecutor tribunal ministry minister government embassy consulate consul
    ambassador immigration customs prefecture mayor president chairman chairwoman chairperson director verified certified
    united-nations red-cross red-crescent
    policier policière gendarme gendarmerie officier juge procureur ministère ministre gouvernement ambassade ambassadeur consulat
    douane douanes douanier préfecture préfet mairie maire président présidente directeur directrice vérifié vérifiée certifié
    certifiée nations-unies croix-rouge croissant-rouge
    شرطة شرطي شرطية بوليس درك دركي ضابط وزارة الوزير وزيرة حكومة حكومي سفارة السفير قنصلية قنصل جمارك محافظة محافظ بلدية محكمة
    وزير-الداخلية وزير-الخارجية وزير-العدل وزير-العمل وزير-الهجرة رئيس-الجمهورية رئيس-الوزراء رئيس-البلدية رئيس-الحكومة
    نيابة هجرة جوازات الرئيس رئيسة موثق الأمن الأمم-المتحدة الصليب-الأحمر الهلال-الأحمر
    policía ministerio ministro gobierno embajada consulado inmigración alcalde alcaldía presidenta directora naciones-unidas
    polícia ministério governo embaixada prefeitura diretor diretora
    polizei polizist ministerium regierung konsulat behörde
    полиция полицейский министерство министр правительство посольство консульство поліція міністерство уряд
    پلیس وزارت سفارت دولت کنسولگری پولیس পুলিশ মন্ত্রণালয় দূতাবাস ፖሊስ ሚኒስቴር ኤምባሲ პოლიცია სამინისტრო საელჩო
    polisi serikali ubalozi gwamnati booliis dowladda
    """.split()
)

_EN_FIRST = """Quiet Amber Bright Calm Clear Early Gentle Golden Green Honest Kind Light Little Long Merry Morning Open
    Patient Quick Rain Red River Silver Soft Steady Summer Sunny Swift Warm Wide Wise Blue Evening Hidden Copper
    Velvet Salt Cedar""".split()
_EN_SECOND = """River Baobab Acacia Bridge Candle Cloud Door Drum Field Garden Harbour Hill Island Kite Lantern Mango
    Mountain Ocean Orchard Palm Path Pebble Rainbow Sail Sparrow Spring Star Stone Swallow Tamarind Teapot Thread
    Valley Wave Well Willow Wind Window""".split()
# French: nouns that go with a phrase, so that no adjective has to agree.
_FR_FIRST = """Baobab Rivière Jardin Lampe Colline Nuage Étoile Fenêtre Galet Vallée Tambour Manguier Voile Sentier
    Source Verger Vague Lanterne Acacia Pont Prairie Plume Hirondelle Horizon Cerf-volant Rosée Écho Palmier Cascade
    Soleil Lune Brise Dune Forêt Île Théière""".split()
_FR_SECOND = """matin soir sud nord printemps large village lac port jour pays silence voyage hasard marché moulin
    rivage fleuve lagon plateau littoral bocage potager quai phare sommet vallon grenier balcon""".split()
# Arabic: a noun and a noun (idafa), so that nothing has to agree.
_AR_FIRST = """نهر نجمة شجرة وردة غيمة موجة نسيم ضوء ظل صدى قمر شمس واحة حديقة نافذة جسر مرفأ شراع فانوس قنديل غصن
    زهرة سنبلة طريق ربيع عصفور فراشة لؤلؤة جزيرة ساقية""".split()
_AR_SECOND = """الصباح المساء البحر الجبل الوادي السهل الربيع الصيف الفجر الشاطئ البستان النخيل الزيتون الياسمين
    الريحان الغابة النهر الجنوب الشمال الغرب الشرق الرمان اللوز النعناع العنبر القمح المطر الندى الضفة الأفق
    الهضبة الواحة الخليج النارنج""".split()

# language -> (pattern, first words, second words)
WORDS: Final = {
    "en": ("%(thing)s %(like)s", _EN_FIRST, _EN_SECOND),
    "fr": ("%(thing)s du %(like)s", _FR_FIRST, _FR_SECOND),
    "ar": ("%(thing)s %(like)s", _AR_FIRST, _AR_SECOND),
}
