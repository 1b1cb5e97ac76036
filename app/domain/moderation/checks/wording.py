"""What is said about each rule of the book: why it is pointed at, and what to do."""

from typing import Final

from app.core.i18n import N_, Sentence

_ASK: Final = N_("Ask us to look at the offer before you answer it or pass it on.")
_KEEP_PAPERS: Final = N_("Give no papers away. Show them, keep them, and ask us to look at the offer.")
_NO_MONEY: Final = N_("Send no money. Whoever hires pays these costs, and real help costs nothing.")
_NO_DETAILS: Final = N_("Give no codes, passwords or account numbers to anybody, whoever asks.")
_FALSE_PAPERS: Final = N_("False papers bring people to prison. Talk with us first.")
_PLACE: Final = N_("Offers have a place of their own. There somebody checks who stands behind them.")
_NOW: Final = N_("If it is about now, do not wait for an answer: see whom to call.")
_PLAIN: Final = N_("Write it in your own words, once, without advertising.")

_SAID: Final[dict[str, tuple[str, str]]] = {
    "fee_first": (N_("Money is asked for before anything is given. Scams work like this."), _NO_MONEY),
    "fee_named": (N_("A fee is named for a job, a visa or a journey. Who hires pays these costs."), _NO_MONEY),
    "passport_first": (N_("A passport or identity card is asked for before there is a contract."), _KEEP_PAPERS),
    "papers_kept": (N_("Somebody wants to keep other people's papers. Nobody may do that."), _KEEP_PAPERS),
    "tourist_visa": (N_("Work on a tourist visa: whoever does it has no contract and no protection."), _ASK),
    "tourist_visa_job": (N_("Work on a tourist visa: whoever does it has no contract and no protection."), _ASK),
    "hide_it": (N_("It says to hide something from the border, the police or the family."), _ASK),
    "debt_bond": (N_("Work is to pay off a debt: people who begin like this often cannot leave."), _ASK),
    "looks": (N_("It is about how women look, and not about what the work is."), _ASK),
    "far_above": (N_("The pay is far above what such work brings anywhere."), _ASK),
    "far_above_by_message": (N_("The pay is far above what such work brings anywhere."), _ASK),
    "sure_visa": (N_("A visa, a place or an arrival is promised as sure. Nobody can promise that."), _ASK),
    "several_signs": (N_("Several signs of a false offer stand together here."), _ASK),
    "priced_signs": (N_("Several signs of a false offer stand together here."), _ASK),
    "lax_offer": (N_("Several signs of a false offer stand together here."), _ASK),
    "pay_for_abroad": (N_("Money is asked for before anything is given. Scams work like this."), _NO_MONEY),
    "papers_given": (N_("A passport or identity card is asked for before there is a contract."), _KEEP_PAPERS),
    "papers_held": (N_("Somebody wants to keep other people's papers. Nobody may do that."), _KEEP_PAPERS),
    "papers_made": (N_("It offers false papers, or papers for money."), _FALSE_PAPERS),
    "women_abroad": (N_("It is about how women look, and not about what the work is."), _ASK),
    "inside_help": (N_("A visa, a place or an arrival is promised as sure. Nobody can promise that."), _ASK),
    "many_kinds": (N_("Several signs of a false offer stand together here."), _ASK),
    "three_kinds": (N_("Several signs of a false offer stand together here."), _ASK),
    "list_for_money": (N_("A place on a list is offered for money. Real lists cost nothing."), _NO_MONEY),
    "visa_inside": (N_("Money is asked for before anything is given. Scams work like this."), _NO_MONEY),
    "army": (N_("It wants people for a war."), N_("Sign nothing. Talk with us first.")),
    "carrying": (
        N_("It wants somebody to carry things or receive money for others."),
        N_("Whoever does it is blamed for it. Say no."),
    ),
    "messenger_only": (N_("The offer can be reached by messenger only: no office, no name."), _ASK),
    "leaves_soon": (N_("The departure is very soon: there is no time to check anything."), _ASK),
    "pays_too_much": (N_("The pay is far above what such work brings anywhere."), _ASK),
    "two_signs": (N_("Two signs of a false offer stand together here."), _ASK),
    "crossing": (N_("It offers to bring people over a border or the sea."), N_("Think of the danger. Talk with us first.")),
    "papers_for_sale": (
        N_("It offers false papers, or papers for money."),
        _FALSE_PAPERS,
    ),
    "marriage_for_papers": (N_("It offers a marriage for papers."), N_("Talk with us, or with a lawyer, first.")),
    "organs": (N_("It is about selling a part of the body."), N_("Answer nobody. Talk with us first.")),
    "loan_offer": (N_("It offers a loan to people who do not know each other."), _NO_MONEY),
    "prize": (N_("It promises a prize that nobody has played for."), _NO_MONEY),
    "fortune": (N_("It promises a share of somebody's fortune."), _NO_MONEY),
    "aid_for_details": (N_("It promises help in the name of an organisation, for a fee, a code or a click."), _NO_MONEY),
    "recruit_friends": (N_("It pays for bringing more people in. Those who come last lose."), _NO_MONEY),
    "money_for_details": (N_("It asks for a code, a password or an account."), _NO_DETAILS),
    "pawned_papers": (N_("Papers are to be left for a loan. Nobody may take them."), _KEEP_PAPERS),
    "quick_gain": (N_("It promises much money quickly."), _NO_MONEY),
    "easy_money": (N_("It promises easy money for little work."), _ASK),
    "secrets": (N_("It asks for a code, a password or an account."), _NO_DETAILS),
    "account_trick": (N_("It says that an account is in danger and wants a click."), _NO_DETAILS),
    "stuck": (
        N_("Somebody is said to be in trouble and wants money sent."),
        N_("Call the person on a number you know. Send no money."),
    ),
    "praised_lender": (N_("It praises somebody who lends or heals and says how to reach them."), _NO_MONEY),
    "healer": (N_("It sells spells, luck or cures."), _NO_MONEY),
    "rich_lover": (N_("It promises money for company."), _NO_MONEY),
    "blackmail": (
        N_("It threatens to show pictures or secrets."),
        N_("Do not pay and do not answer. Keep the message, and tell us."),
    ),
    "chain": (N_("It wants to be sent on and on."), N_("Do not pass it on.")),
    "premium": (N_("It wants a paid message to be sent."), _PLAIN),
    "dear_number": (N_("Calls to this number cost more than others."), _PLAIN),
    "shouting": (N_("Nearly all of it is in capitals. Many people read that as shouting."), N_("Write it in small letters.")),
    "many_links": (N_("It holds many links."), N_("Keep the links that matter most.")),
    "repeated": (N_("The same words stand here again and again, or were sent before."), N_("Once is enough.")),
    "offer_in_talk": (N_("This looks like an offer of work, a loan, a journey or studies."), _PLACE),
    "journey_in_talk": (N_("This looks like an offer of work, a loan, a journey or studies."), _PLACE),
    "wants_to_die": (N_("It says that somebody wants to die, or to hurt themselves."), _NOW),
    "is_hurt": (N_("It says that somebody is hurt, held or threatened."), _NOW),
    "offer_in_message": (N_("This looks like an offer of work, a loan, a journey or studies."), _PLACE),
}
_ADVERTISING: Final = (N_("It reads like advertising."), _PLAIN)


def said(rule: str) -> tuple[Sentence, Sentence]:
    """Return why a rule points at a text, and what to do."""
    why, advice = _SAID.get(rule, _ADVERTISING)
    return Sentence(why), Sentence(advice)
