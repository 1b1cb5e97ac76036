"""What is held, hinted and left alone, by table and language; how the rules weigh warnings, stories, questions; where offers go."""

import pytest

from app.core import i18n
from app.domain.moderation.checks import rulebook, wording
from app.domain.moderation.checks.checking import beside_personal, check
from app.domain.moderation.checks.shapes import Check, Context, Level, Subject, level_of
from tests.architecture.catalogues import catalogue


def level(text: str, **context: object) -> Level | None:
    return level_of(check(text, Context(**context)))  # type: ignore[arg-type]


def rules(text: str, subject: Subject = Subject.ANY) -> dict[str, str]:
    return {f.rule: f.level.value for f in beside_personal(text, Context(subject=subject))}


HELD = [
    ("fee_first", "Work in Poland, salary 1,200 euros. Pay only 150 dollars registration fee before the interview."),
    ("fee_first", "Travail en Pologne, salaire 1 200 euros. Il suffit de payer 150 dollars de frais de dossier."),
    ("fee_first", "عمل في بولندا، الراتب 1200 يورو. ادفع فقط 150 دولار رسوم تسجيل."),
    ("fee_first", "Trabajo en Polonia, sueldo 1.200 euros. Solo pague 150 dólares de inscripción."),
    ("fee_first", "Trabalho na Polónia, salário 1.200 euros. Basta pagar 150 dólares de taxa de inscrição."),
    ("fee_first", "Arbeit in Polen, zahlen Sie nur 150 Euro Anmeldegebühr."),
    ("fee_first", "ইতালি ভিসা, ৫০০০০ টাকা অগ্রিম বিকাশ করুন"),
    ("fee_first", "Աշխատանք Գերմանիայում, վճարեք 200 դոլար գրանցման համար"),
    ("passport_first", "Housemaids needed in Oman. Send your passport on WhatsApp."),
    ("passport_first", "On cherche des femmes de ménage pour Oman. Envoyez votre passeport sur WhatsApp."),
    ("passport_first", "مطلوب عاملات في عمان. أرسلي جواز سفرك على الواتساب."),
    ("passport_first", "Se buscan empleadas para Omán. Mande su pasaporte por WhatsApp."),
    ("passport_first", "Precisa-se de empregadas para Omã. Mande o seu passaporte no WhatsApp."),
    ("passport_first", "Dañu soxla ay jigéen ngir liggéey Dubai, yonnee ma sa passeport ci whatsapp"),
    ("passport_first", "Требуются девушки в Дубай, пришлите фото паспорта"),
    ("papers_kept", "The employer keeps your passport until the end."),
    ("papers_kept", "Le patron garde votre passeport jusqu'à la fin."),
    ("papers_kept", "صاحب العمل يحتفظ بجواز سفرك حتى النهاية."),
    ("papers_kept", "El patrón guarda su pasaporte hasta el final."),
    ("papers_kept", "O patrão guarda o seu passaporte até ao fim."),
    ("tourist_visa", "You enter on a tourist visa and start to work."),
    ("tourist_visa", "Le visa touriste suffit pour travailler."),
    ("tourist_visa", "تأشيرة سياحية تكفي للعمل."),
    ("tourist_visa", "Con visa de turista basta para trabajar."),
    ("tourist_visa", "Visto de turista chega para trabalhar."),
    ("far_above", "Cleaners, 7,000 euros per month, no experience needed, call +352 691 000 000"),
    ("debt_bond", "Travel now, pay later: we take it from your salary every month. Work in Dubai."),
    ("crossing", "Safe boat to Italy, good captain. Contact me on Telegram."),
    ("papers_for_sale", "Buy a real driving licence without exam."),
    ("loan_offer", "Do you need a loan? No collateral. Email us: a@example.com"),
    ("prize", "Congratulations, your number has won. To claim your prize call 0700 123 456."),
    ("quick_gain", "Invest 100 dollars and receive 900 dollars in 3 days."),
    ("secrets", "Send me the OTP code you received."),
    ("account_trick", "Your account will be blocked. Click here."),
    ("chain", "Forward this message to 15 people."),
    ("carrying", "Carry a small bag on your trip, we pay 500 and the ticket."),
    ("army", "Join the army for one year: citizenship and 2,000 dollars a month."),
    ("blackmail", "I have recorded a video of you. Pay or I send it to your friends."),
    ("healer", "Spell caster brings back lost lovers, call now +233 24 000 0000"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "text"), HELD)
def test_what_is_held_and_by_which_rule(rule: str, text: str) -> None:
    assert rules(text).get(rule) == "hold", rules(text)


LEFT_ALONE = [
    "Never pay a recruiter for a job.",
    "They took my passport the day I arrived.",
    "Is it normal that an agency asks for a registration fee?",
    "The school fee is 2,000 francs for the year.",
    "My brother sends money by Western Union.",
    "The embassy says the visa costs 80 dollars.",
    "Ne payez jamais un recruteur pour un emploi.",
    "Ils ont pris mon passeport le jour de mon arrivée.",
    "Est-ce normal qu'une agence demande des frais d'inscription ?",
    "لا تدفع أبدا لمن يعدك بعمل.",
    "أخذوا جواز سفري يوم وصولي.",
    "هل من الطبيعي أن يطلب المكتب رسوم تسجيل؟",
    "Nunca pague a un reclutador por un empleo.",
    "Me quitaron el pasaporte el día que llegué.",
    "¿Es normal que una agencia pida una cuota de inscripción?",
    "Nunca pague a um recrutador por um emprego.",
    "Tiraram-me o passaporte no dia em que cheguei.",
    "É normal uma agência pedir taxa de inscrição?",
    "No problem, see you at the station.",
    "U.S.A. and U.K. are abbreviations. E. T. A. Hoffmann was a writer.",
    "B2B, 4x4, mp3, H2O, CO2 and 2nd are words with numbers.",
    "",
    "   ",
    "🙂🙂🙂",
]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_is_not_held(text: str) -> None:
    assert level(text) is not Level.HOLD, rules(text)


@pytest.mark.parametrize("text", [
    "p a y  r e g i s t r a t i o n  f e e of 100 dollars for work in Dubai",
    "p.a.y 100 dollars r.e.g.i.s.t.r.a.t.i.o.n fee for work in Dubai",
    "P4y 100 dollars r3gistration fee for w0rk in Dub4i",
    "P@y 100 dollars regi$tration fee for work in Dubai",
    "Рay 100 dollars rеgistration fее for work in Dubai",
    "P\u200bay 100 dollars regis\u00adtration f\u200cee for work in Dubai",
    "𝐏𝐚𝐲 100 dollars 𝓻𝓮𝓰𝓲𝓼𝓽𝓻𝓪𝓽𝓲𝓸𝓷 ｆｅｅ for work in Dubai",
    "PAAAAY 100 dollars registration feeeee for work in Dubai",
    "Pay ١٠٠ dollars registration fee for work in Dubai",
    "ادفـــع ١٠٠ دولار رُسُوم تَسجيل للعمل في دبي",
    "ا د ف ع 100 دولار رسوم تسجيل للعمل في دبي",
    "Pa\u0301y 100 dollars regístration fée for work in Dubai",
])  # fmt: skip
def test_tricks_of_writing_hide_nothing(text: str) -> None:
    assert rules(text).get("fee_first") == "hold", rules(text)


def test_a_warning_makes_a_hint_of_it_and_a_false_warning_does_not() -> None:
    offer = "Work in Dubai, pay only 100 dollars registration fee."
    assert rules(offer)["fee_first"] == "hold"
    assert level(f"Warning, this is a scam: {offer}") is Level.HINT
    assert level(f"No scam! {offer}") is Level.HOLD


def test_a_phrase_does_not_go_on_over_the_end_of_a_sentence() -> None:
    assert "secrets" in rules("Send me the code you received")
    assert "secrets" not in rules("Send me your. PIN")


def test_words_far_apart_do_not_make_an_offer_of_a_long_story() -> None:
    between = "We walked for a long time and talked about the village. " * 20
    assert "fee_first" not in rules(f"I looked for work in Dubai. {between} Pay only 10 dollars for the bus.")


@pytest.mark.parametrize("text", [
    "We are hiring drivers.", "Nous recrutons des chauffeurs.", "مطلوب سائقين", "Buscamos choferes.", "Procuramos motoristas.",
])  # fmt: skip
def test_offers_are_held_where_people_talk_and_free_in_their_own_place(text: str) -> None:
    assert level(text, subject=Subject.POST) is Level.HOLD
    assert level(text, subject=Subject.MESSAGE) is Level.HOLD
    assert level(text, subject=Subject.LISTING) is None
    assert level(text) is None


@pytest.mark.parametrize("text", [
    "I can lend you 500 euros.", "Lend me some money until Friday.", "I can buy you a ticket to Spain.",
    "Je peux te prêter 200 euros.", "Prête-moi 20 000 CFA.", "أستطيع أن أقرضك 500 يورو", "Puedo prestarte 200 euros.",
    "Posso te emprestar 200 reais.",
])  # fmt: skip
def test_money_between_two_who_go_together_is_held_there_only(text: str) -> None:
    assert rules(text, Subject.MESSAGE) == {"offer_in_message": "hold"}
    assert level(text) is None


@pytest.mark.parametrize("text", [
    "You can work with me on your letter on Tuesday.", "I can offer you a contract template to practise.",
    "We could also find you a better position for the chair.", "Ça ne vous engage à rien.", "Cela ne t'engage à rien.",
    "Venez travailler avec moi votre CV.", "اعرف أن العمل مهم لك", "هناك فرصة لك لتتعلم", "عندي عمل اليوم، أكتب لك غدا",
    "Te doy consejos para buscar trabajo", "Un trabajo para ti sería bueno", "Ven a trabajar conmigo tu carta.",
    "Vente a trabajar con nosotros en tu entrevista.", "Venga a trabajar conmigo su solicitud el martes.",
    "Vem trabalhar comigo na tua carta.", "Venez travailler avec nous votre lettre.", "تعال اعمل معي على رسالتك",
])  # fmt: skip
def test_the_everyday_of_mentoring_is_not_held(text: str) -> None:
    assert level(text, subject=Subject.MESSAGE) is None


@pytest.mark.parametrize("text", [
    "I can find you a good job there.", "You can work for me.", "Je vous engage lundi.", "Viens travailler chez moi.",
    "Je te trouve un travail.", "عندي عمل لك", "هناك وظيفة جيدة لك", "Te doy trabajo", "Tengo un trabajo para ti",
    "Ven a trabajar conmigo y tráeme tu carta.", "Vente a trabajar con nosotros.", "Vem trabalhar comigo.",
    "Ven a trabajar conmigo tu carta, que te contrato.", "تعال اعمل معي",
])  # fmt: skip
def test_work_that_one_of_the_two_offers_the_other_is_held(text: str) -> None:
    assert level(text, subject=Subject.MESSAGE) is Level.HOLD


def test_every_rule_has_its_words_in_every_language() -> None:
    said = {rule.name: wording.said(rule.name) for rule in rulebook.book().rules}
    for language in ("fr", "ar"):
        kept = {m.id for m in catalogue(language)}
        assert [(name, s.says) for name, pair in said.items() for s in pair if s.says not in kept] == []
    assert i18n.available() == ["en", "ar", "fr"]
    unnamed = {rule.name for rule in rulebook.book().rules} - set(wording._SAID)
    assert unnamed == {"advertising", "advert_with_contact", "adult_contact", "free_call", "gambling"}
    assert set(wording._SAID) <= {rule.name for rule in rulebook.book().rules}


def test_the_book_reads_thirteen_languages_and_all_groups_are_used() -> None:
    book = rulebook.book()
    assert len(book.languages) >= 13
    used = (
        {g for rule in book.rules for g in rule.groups}
        | {g for inside in book.kinds.values() for g in inside}
        | book.guards
        | book.flags
        | book.denied
        | set(book.hides)
    )
    unused = {g for g in book.groups - used if not g.startswith("pay_")} - {"no"}
    assert unused == set()


@pytest.mark.parametrize(("cues", "told"), [
    ({"en": {"cues": {"fee": "pay ~"}, "small": "the"}}, "ends with ~"),
    ({"en": {"cues": {"fee": "[pay]"}, "small": "the"}}, "must be there"),
    ({"en": {"cues": {"fee": "pay {x}"}, "small": "the"}}, "no set {x}"),
    ({"en": {"cues": {"fee": "p*"}, "small": "the"}}, "is no word"),
    ({"en": {"cues": {"fee": "pay"}}}, "small"),
    ({"en": {"small": "the"}}, "cues"),
])  # fmt: skip
def test_a_wrong_cue_is_told_when_the_book_is_read(cues: dict[str, object], told: str) -> None:
    rules_of = {
        "rules": {},
        "kinds": {},
        "hides": {},
        "denied": "",
        "guards": "",
        "flags": "",
        "despite": 5,
        "money": {},
        "dear_numbers": [],
    }
    with pytest.raises(rulebook.BadRules, match=told):
        rulebook.made(rules_of, cues)  # type: ignore[arg-type]


def test_a_group_without_phrases_is_told() -> None:
    rules_of = {
        "rules": {"one": {"check": "spam", "level": "hold", "every": ["nowhere"]}},
        "kinds": {}, "hides": {}, "denied": "", "guards": "",
        "flags": "", "despite": 5, "money": {}, "dear_numbers": [],
    }  # fmt: skip
    with pytest.raises(rulebook.BadRules, match="nowhere"):
        rulebook.made(rules_of, {"en": {"cues": {"fee": "pay"}, "small": "the"}})


@pytest.mark.parametrize(("text", "rule"), [
    ("This sentence is sent again. " * 5, "repeated"),
    (" ".join(f"https://a{n}.example/x" for n in range(6)), "many_links"),
    ("COME ALL OF YOU TO THE GREAT MEETING IN THE VILLAGE ON SATURDAY MORNING", "shouting"),
])  # fmt: skip
def test_spam_without_words(text: str, rule: str) -> None:
    assert rule in rules(text)


def test_what_was_sent_before_is_noticed_also_when_its_end_is_changed() -> None:
    text = "Come and look at my new shop in the market street"
    context = Context(earlier=[f"{text}!! 4711"])
    assert [f.rule for f in check(text, context) if f.check is Check.SPAM] == ["repeated"]
    assert not [f for f in check("Good morning", Context(earlier=["Good morning"])) if f.check is Check.SPAM]
