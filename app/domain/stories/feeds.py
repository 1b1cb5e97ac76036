"""Public stories as an Atom feed and their voices as a podcast: days not minutes, names as the teller chose."""

from collections.abc import Sequence
from datetime import date
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from app.core.clock import now
from app.core.text import shorten
from app.domain.media.shown import length_text
from app.domain.stories.reading import Row
from app.domain.stories.shown import teller

ATOM = "http://www.w3.org/2005/Atom"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
_EXCERPT = 300
ET.register_namespace("itunes", ITUNES)


def _moment(day: date) -> str:
    """Return a day as the format wants it: always midnight, so that nothing finer can be read from it."""
    return f"{day.isoformat()}T00:00:00Z"


def _about(row: Row) -> str:
    """Return a few words of the story; of a heavy one only the line that stands before it."""
    if row.heavy or row.content_note:
        return str(row.content_note)
    return shorten(row.body or row.hard or row.helped or row.summary, _EXCERPT)


def atom(rows: Sequence[Row], base_url: str, title: str) -> bytes:
    """Return RFC 4287 XML of these rows of queries.feed()."""
    ET.register_namespace("", ATOM)
    top = ET.Element(f"{{{ATOM}}}feed")
    newest = max((r.published_on for r in rows), default=now().date())
    for name, text in (("id", f"{base_url}/stories.atom"), ("title", title), ("updated", _moment(newest))):
        ET.SubElement(top, f"{{{ATOM}}}{name}").text = text
    ET.SubElement(top, f"{{{ATOM}}}link", {"rel": "self", "href": f"{base_url}/stories.atom"})
    for row in rows:
        _entry(top, row, base_url)
    return _bytes(top)


def _entry(top: ET.Element, row: Row, base_url: str) -> None:
    entry = ET.SubElement(top, f"{{{ATOM}}}entry", {"{http://www.w3.org/XML/1998/namespace}lang": row.language})
    address = f"{base_url}/stories/{row.ref}"
    for name, text in (("id", address), ("title", row.title), ("updated", _moment(row.published_on)), ("summary", _about(row))):
        ET.SubElement(entry, f"{{{ATOM}}}{name}").text = text
    author = ET.SubElement(entry, f"{{{ATOM}}}author")
    ET.SubElement(author, f"{{{ATOM}}}name").text = teller(row.teller, row.name_form)
    ET.SubElement(entry, f"{{{ATOM}}}link", {"rel": "alternate", "type": "text/html", "href": address})


def podcast(rows: Sequence[Row], base_url: str, title: str) -> bytes:
    """Return RSS 2.0 with one MP3 per story that has a voice."""
    top = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(top, "channel")
    for name, text in (("title", title), ("link", f"{base_url}/stories"), ("description", title)):
        ET.SubElement(channel, name).text = text
    for row in rows:
        _item(channel, row, base_url)
    return _bytes(top)


def _item(channel: ET.Element, row: Row, base_url: str) -> None:
    item = ET.SubElement(channel, "item")
    address = f"{base_url}/stories/{row.ref}"
    day = now().replace(year=row.published_on.year, month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    day = day.replace(month=row.published_on.month, day=row.published_on.day)
    about = row.content_note or shorten(row.summary, _EXCERPT)
    for name, text in (("title", row.title), ("link", address), ("guid", address), ("description", about)):
        ET.SubElement(item, name).text = text
    ET.SubElement(item, "pubDate").text = format_datetime(day)
    ET.SubElement(item, f"{{{ITUNES}}}author").text = teller(row.teller, row.name_form)
    ET.SubElement(item, f"{{{ITUNES}}}duration").text = length_text(row.seconds)
    mp3 = {"url": f"{address}/media/{row.file}.mp3", "length": str(row.files["mp3"]["bytes"]), "type": "audio/mpeg"}
    ET.SubElement(item, "enclosure", mp3)


def _bytes(top: ET.Element) -> bytes:
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(top, encoding="unicode").encode()
