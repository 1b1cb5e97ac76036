"""A walk over every page that can be reached by links, and what is read off each page."""

import re
from collections import deque
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urldefrag, urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import httpx2 as httpx

from tests.browse import Browser

SPACE = "{http://www.w3.org/1999/xhtml}"
FIELDS = ("input", "select", "textarea")
# Pages of one kind look alike: two of each are enough (the longest lists would make thousands).
OF_A_KIND = 2
REF = re.compile(r"(?<=/)[2-9a-z]{12}(?=/|$)")
# Addresses that end the visit or are files.
NOT_FOLLOWED = ("/static/",)


@dataclass
class Page:
    """One answer and its parsed page."""

    address: str
    found_on: str
    answer: httpx.Response
    problems: list[str] = field(default_factory=list)

    @cached_property
    def tree(self) -> Element:
        """Return the parsed page; what the parser stumbles over is kept in ``problems``."""
        parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=True)
        tree: Element = parser.parse(self.answer.text)
        self.problems += [f"{line}: {code} {data}" for (line, _column), code, data in parser.errors]
        return tree

    def all(self, *tags: str) -> list[Element]:
        """Return the elements with these tags, in order; what scripts fill in first (template) is left out."""
        wanted = {SPACE + tag for tag in tags}
        later = {id(inner) for e in self.tree.iter(f"{SPACE}template") for inner in e.iter()}
        return [e for e in self.tree.iter() if e.tag in wanted and id(e) not in later]

    @property
    def title(self) -> str:
        """Return the words of the title."""
        return words_of(self.all("title")[0]) if self.all("title") else ""

    @property
    def is_page(self) -> bool:
        """Say whether this is a page for people."""
        return self.answer.headers.get("content-type", "").startswith("text/html")


def words_of(element: Element) -> str:
    """Return all text inside an element, white space folded."""
    return " ".join("".join(element.itertext()).split())


def kind_of(address: str) -> str:
    """Return an address without what differs from one thing to the next."""
    parts = urlsplit(address)
    keys = sorted(p.partition("=")[0] for p in parts.query.split("&") if p)
    return f"{REF.sub('{ref}', parts.path)}?{','.join(keys)}"


def links(page: Page) -> list[str]:
    """Return the addresses of ours that a page leads to, without anchors."""
    found = [e.get("href", "") for e in page.all("a", "link")]
    found += [e.get("src", "") for e in page.all("img", "source", "audio", "script")]
    found += [e.get("action", "") for e in page.all("form") if e.get("method", "get").lower() == "get"]
    here = [
        urldefrag(urljoin(page.address, h)).url
        for h in found
        if h and not h.startswith(("http:", "https:", "tel:", "mailto:", "geo:", "sms:"))
    ]
    return list(dict.fromkeys(here))


def other_sites(page: Page) -> list[str]:
    """Return the addresses elsewhere that a browser would load by itself."""
    loaded = [e.get("src", "") for e in page.all("img", "source", "audio", "script", "iframe", "video", "embed")]
    loaded += [e.get("href", "") for e in page.all("link")]
    return [a for a in loaded if a.startswith(("http:", "https:", "//"))]


def crawl(browser: Browser, start: tuple[str, ...] = ("/",), most: int = 400) -> list[Page]:
    """Open every page that links lead to, breadth first, at most two of a kind; redirects are answers of their own."""
    ahead = deque((address, "") for address in start)
    seen, kinds, pages = set(start), dict[str, int](), []
    while ahead and len(pages) < most:
        address, found_on = ahead.popleft()
        page = Page(address, found_on, browser.get(address))
        pages.append(page)
        to = [page.answer.headers["location"]] if page.answer.status_code == 303 else links(page) if page.is_page else []
        for link in to:
            kind = kind_of(link)
            if link not in seen and link.startswith("/") and not link.startswith(NOT_FOLLOWED) and kinds.get(kind, 0) < OF_A_KIND:
                seen.add(link)
                kinds[kind] = kinds.get(kind, 0) + 1
                ahead.append((link, address))
    return pages


def unlabelled(page: Page) -> list[str]:
    """Return the fields of a page that nothing names."""
    labelled = {e.get("for") for e in page.all("label")}
    inside = {id(inner) for label in page.all("label") for inner in label.iter()}
    found = []
    for element in page.all(*FIELDS):
        if element.get("type") in ("hidden", "submit"):
            continue
        named = (
            element.get("id") in labelled or id(element) in inside or element.get("aria-label") or element.get("aria-labelledby")
        )
        if not named:
            found.append(f"{element.tag.removeprefix(SPACE)} {element.get('name')}")
    return found


def inline_code(page: Page, style: str) -> list[str]:
    """Return code that stands in a page; ``style`` is the one style sheet that may."""
    found = [
        f"{e.tag} {k}" for e in page.tree.iter() if isinstance(e.tag, str) for k in e.attrib if k.startswith("on") or k == "style"
    ]
    scripts = [e for e in page.all("script") if not e.get("src") and e.get("type") != "application/json"]
    found += [f"script {words_of(e)[:40]}" for e in scripts]
    found += [f"style {words_of(e)[:40]}" for e in page.all("style") if "".join(e.itertext()) != style]
    return found


def ids_twice(page: Page) -> list[str]:
    """Return ids that stand on a page more than once."""
    ids = [e.get("id") for e in page.tree.iter() if isinstance(e.tag, str) and e.get("id")]
    return sorted({i for i in ids if i and ids.count(i) > 1})


def broken_pointers(page: Page) -> list[str]:
    """Return pointers of labels, descriptions and anchors that lead to no id of the page."""
    ids = {e.get("id") for e in page.tree.iter() if isinstance(e.tag, str)}
    wanted = [e.get("for", "") for e in page.all("label") if e.get("for")]
    for element in page.tree.iter():
        for name in ("aria-describedby", "aria-labelledby", "aria-controls"):
            wanted += element.get(name, "").split() if isinstance(element.tag, str) else []
    wanted += [h[1:] for e in page.all("a") if (h := e.get("href", "")).startswith("#") and len(h) > 1]
    return [w for w in wanted if w not in ids]
