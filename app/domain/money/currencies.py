"""Amounts: whole numbers of minor units with a currency (ISO 4217), read as people type them, shown as they write them."""

import re
from decimal import Decimal
from typing import Final

from babel.numbers import format_decimal, get_currency_name

from app.core import i18n
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.text import digits

# ISO 4217, list one: the currencies that people pay with (funds, metals and codes for testing are left out).
CODES: Final = tuple(
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC "
    "CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR "
    "ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK "
    "MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE "
    "SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER "
    "ZAR ZMW ZWG".split()
)
_DIGITS: Final = {  # after the point, where it is not two
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}
MOST: Final = 10**15  # minor units: above any budget here, below what a browser or a spreadsheet rounds
_SPACES = re.compile("[\\s\u00a0\u202f'\u2019\u066c]")  # between thousands; the Arabic mark too
_NUMBER = re.compile(r"([0-9]{1,19})(?:[.,]([0-9]{1,19}))?")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*(?:(?!\1)[.,][0-9]{1,3})?")


def digits_of(currency: str) -> int:
    """Return how many digits after the point a currency has."""
    return _DIGITS.get(currency, 2)


def check_currency(field: str, currency: str) -> None:
    """Raise Invalid for what is no currency: money without one is a number only."""
    if not currency:
        raise Invalid(field, _("Choose the currency: without it a sum says nothing."))
    if currency not in CODES:
        raise Invalid(field, _("Choose one of these."))


def read_amount(field: str, typed: str, currency: str) -> int:
    """Return the minor units that somebody meant with "12 500,50", in digits of any script; Invalid with a sentence for the rest.

    A point or comma before exactly three digits parts thousands, unless the number begins with 0; before fewer it begins the part
    of the whole, and so does the Arabic decimal mark always.
    """
    text = _SPACES.sub("", digits(typed)).replace("\u066b", ".")
    decimal = "\u066b" in typed and "," not in text
    if text.startswith(("-", "\u2212")):
        raise Invalid(field, _("A sum is more than nothing. What was wrong before is put right with a line of its own."))
    after = digits_of(currency)
    if not decimal and _THOUSANDS.fullmatch(text):
        if after == 3 and sum(text.count(mark) for mark in ".,") == 1:
            raise Invalid(field, _("This can be read in two ways. Write it without a mark between the thousands."))
        last = max(text.rfind("."), text.rfind(","))
        whole = last if text.count(text[last]) == 1 and len({c for c in text if c in ".,"}) == 2 else len(text)
        text = re.sub("[.,]", "", text[:whole]) + text[whole:]
    found = _NUMBER.fullmatch(text)
    if not found:
        raise Invalid(field, _("Write a sum in digits, such as 12 500."))
    part = (found[2] or "").rstrip("0")
    if len(part) > after:
        raise Invalid(field, _too_fine(after))
    amount: int = int(found[1]) * 10**after + int((part + "0" * after)[:after] or 0)
    if amount <= 0:
        raise Invalid(field, _("A sum is more than nothing. What was wrong before is put right with a line of its own."))
    if amount > MOST:
        raise Invalid(field, _("This sum is too large. Check the digits."))
    return amount


def _too_fine(after: int) -> str:
    if not after:
        return _("This currency has no smaller parts. Write a whole number.")
    return _("Write the sum with at most %(n)s digits after the mark: this currency has no smaller parts.", n=after)


def written(amount: int, currency: str) -> str:
    """Return a sum as people write it in the language of the moment, such as "12,500 EUR"; parts where there are some."""
    after = digits_of(currency)
    value = Decimal(amount).scaleb(-after)
    shape = "#,##0." + "0" * after if amount % 10**after else "#,##0"
    words = f"{format_decimal(value, format=shape, locale=i18n.current().replace('-', '_'))}\u00a0{currency}"
    return f"\u2066{words}\u2069" if i18n.direction(i18n.current()) == "rtl" else words  # else figures and letters change places


def typed(amount: int, currency: str) -> str:
    """Return a sum as it can be typed and read again: digits, and a point before the part of the whole."""
    after = digits_of(currency)
    if not amount % 10**after:
        return str(amount // 10**after)
    return f"{Decimal(amount).scaleb(-after):f}" + "0" * (after == 3)  # three digits after a point would be read as thousands


def options() -> list[tuple[str, str]]:
    """Return the currencies to choose from, with their names in the language of the moment; nothing is chosen beforehand."""
    locale = i18n.current().replace("-", "_")
    return [("", _("Choose")), *((code, f"{code} · {get_currency_name(code, locale=locale)}") for code in CODES)]
