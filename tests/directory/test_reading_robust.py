"""Whatever a file holds, only items, held rows or one clear "cannot be read" come out, in bounded memory."""

import json
import stat
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.directory.reading import KINDS, Held, Item, Unreadable, limits, open_source
from app.domain.directory.reading.cleaning import (
    country_of,
    date_of,
    email_of,
    number_of,
    text_of,
    time_of,
    url_of,
)

LIMITED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def no_nulls(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(k, str) and no_nulls(v) for k, v in value.items())
    if isinstance(value, list):
        return value != [] and all(no_nulls(v) for v in value)
    return value is not None and value != ""


def run(path: Path) -> list[Item | Held]:
    """Read everything; the promises about every item are checked on the way."""
    out: list[Item | Held] = []
    said = "read"
    try:
        with open_source(path) as source:
            out = list(source.items())
    except Unreadable as error:
        said = error.sentence
    assert said
    for one in out:
        assert isinstance(one, Item | Held)
        if isinstance(one, Item):
            assert one.kind in KINDS
            assert one.foreign_id == one.data["id"]
            assert one.foreign_id.strip()
            assert no_nulls(one.data)
            json.dumps(one.data, ensure_ascii=False).encode()
        else:
            assert one.reason
            assert one.line >= 0
    return out


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["s1", "active", "NULL", "<p>x"])
)
names = st.sampled_from(
    ["id", "name", "status", "organization", "phones", "number", "attributes", "taxonomy_term", "service_at_locations",
     "location", "latitude", "longitude", "locations", "services", "contents", "translations", "needs", "language"]
) | st.text(max_size=5)  # fmt: skip
values = st.recursive(scalars, lambda v: st.lists(v, max_size=4) | st.dictionaries(names, v, max_size=6), max_leaves=25)


@LIMITED
@given(values)
def test_any_json(value: object) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "services.json"
        path.write_text(json.dumps(value))
        run(path)


@LIMITED
@given(
    st.dictionaries(names, values, max_size=8), st.sampled_from(["services", "organizations", "locations", "taxonomy_terms", "x"])
)
def test_any_record_with_an_id(record: dict[str, object], stem: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{stem}.json"
        path.write_text(
            json.dumps([{"name": "n", "status": "active", "description": "d", "location_type": "postal", **record, "id": "1"}])
        )
        assert run(path) != []


@LIMITED
@given(st.binary(max_size=400), st.sampled_from(["services.csv", "services.json", "feed.zip", "phones.csv"]))
def test_any_bytes(content: bytes, name: str) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(content)
        run(Path(folder) / name)
        (Path(folder) / "services.csv").write_bytes(b"id,name,status\n" + content)
        run(Path(folder))


@LIMITED
@given(st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=8), st.sampled_from(",;\t|"))
def test_any_table(rows: list[list[str]], delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in [["id", "name", "status", "url", "phones"], *rows])
    with TemporaryDirectory() as folder:
        (Path(folder) / "services.csv").write_text(text, encoding="utf-8", errors="surrogatepass")
        run(Path(folder))


@LIMITED
@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(["<p>", "</p>", "<script", "<a href='http://x'>", "&amp;", "<li>", "text", "\n"])).map("".join)
)
def test_text_never_keeps_tags(text: str) -> None:
    found = text_of(text)
    assert found is None or ("<p>" not in found and "<li>" not in found and "\0" not in found)


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("<p>One</p><p>Two &amp; <b>three</b></p>", "One\n\nTwo & three"),
        ("<ul><li>a</li><li>b</li></ul>", "– a\n– b"),
        ('Go <a href="https://x.org/y">here</a>.', "Go here (https://x.org/y)."),
        ("&lt;p&gt;coded twice&lt;/p&gt;", "coded twice"),
        ("a<script>alert(1)</script>b", "ab"),
        ("x<br/>y", "x\ny"),
        ("income < 200 & age > 60", "income < 200 & age > 60"),
        ("mail <me@x.org>", "mail <me@x.org>"),
        (" NULL ", None), ("None", None), ("n/a", None), ("", None), (None, None), (float("nan"), None),
        (0, "0"), (True, "true"), ("a\0b\ud800", "ab"),
    ],
)  # fmt: skip
def test_texts(raw: object, plain: str | None) -> None:
    assert text_of(raw) == plain


def test_single_values() -> None:
    urls = ("www.x.org", "http://x.org/a?b", "X.ORG", "x.org:8080/a", "javascript:alert(1)", "N/A", "a b.org", "ftp://x.org")
    assert [url_of(u) for u in urls] == [
        "https://www.x.org", "http://x.org/a?b", "https://X.ORG", "https://x.org:8080/a", None, None, None, None,
    ]  # fmt: skip
    assert [email_of(e) for e in ("a@x.org", "mailto:a@x.org", "a@x", "a@x.org, b@x.org")] == ["a@x.org", "a@x.org", None, None]
    assert [number_of(n) for n in ("12", "12,5", " 7.0 ", "٣", True, "1e5", float("inf"), "12 years")] == [
        12,
        12.5,
        7,
        3,
        None,
        None,
        None,
        None,
    ]
    assert [date_of(d) for d in ("2026-01-31", "2026-01-31T10:00:00Z", "31/01/2026", "2026-02-30")] == [
        "2026-01-31",
        "2026-01-31",
        None,
        None,
    ]
    assert [time_of(t) for t in ("8:30am", "12:15 am", "13:00pm", "09:00Z", "9", "25:00", "09:00:30+01:00")] == [
        "08:30:00", "00:15:00", "13:00:00", "09:00:00Z", None, None, "09:00:30+01:00",
    ]  # fmt: skip
    assert [country_of(c) for c in ("sn", "Senegal", "Sénégal", "السنغال", "USA", "Nowhere")] == [
        "SN",
        "SN",
        "SN",
        "SN",
        "US",
        None,
    ]


def test_long_lines_and_open_quotes_cost_only_themselves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.domain.directory.reading.decoding.MAX_LINE_CHARS", 1_000)
    monkeypatch.setattr("app.domain.directory.reading.decoding.MAX_CELL_CHARS", 300)
    lines = ["id,name,status", "s1,A,active", f"s2,{'x' * 5_000},active", "s3,C,active", f's4,"{"y" * 400},active', "s5,E,active"]
    (tmp_path / "services.csv").write_text("\n".join(lines) + "\n")
    out = run(tmp_path)
    assert [o.foreign_id for o in out if isinstance(o, Item)] == ["s1", "s3", "s5"]
    assert [o.line for o in out if isinstance(o, Held)] == [3, 5]


def test_a_record_without_end_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.domain.directory.reading.json_stream.MAX_RECORD_CHARS", 100_000)
    (tmp_path / "services.json").write_text('[{"id": "s1", "name": "A", "status": "active"}, {"id": "' + "x" * 900_000)
    out = run(tmp_path / "services.json")
    assert [type(o) for o in out] == [Item, Held]


def packed(path: Path, members: dict[str, bytes], mode: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = mode << 16
            archive.writestr(info, content)
    return path


ROWS = b"id,name,status\ns1,A,active\n"


@pytest.mark.parametrize(
    ("members", "mode", "says"),
    [
        ({"../services.csv": ROWS}, 0, "outside"),
        ({"/services.csv": ROWS}, 0, "outside"),
        ({"a\\..\\services.csv": ROWS}, 0, "outside"),
        ({"services.csv": ROWS}, stat.S_IFLNK | 0o777, "outside"),
        ({"services.csv": ROWS, "more.zip": b"PK"}, 0, "unpack it first"),
        ({"services.csv": b"0" * 5_000_000}, 0, "times larger"),
        ({"readme.md": b"x"}, 0, "nothing"),
    ],
)
def test_dangerous_archives_are_refused_before_unpacking(tmp_path: Path, members: dict[str, bytes], mode: int, says: str) -> None:
    path = packed(tmp_path / "feed.zip", members, mode)
    with pytest.raises(Unreadable, match=says):
        open_source(path)
    assert [p.name for p in tmp_path.iterdir()] == ["feed.zip"]


def test_too_many_or_too_large_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = packed(tmp_path / "feed.zip", {f"{n}.csv": ROWS for n in range(6)})
    monkeypatch.setattr("app.domain.directory.reading.archives.MAX_FILES", 5)
    with pytest.raises(Unreadable, match="more than 5 files"):
        open_source(path)
    monkeypatch.setattr("app.domain.directory.reading.archives.MAX_FILES", 9)
    monkeypatch.setattr("app.domain.directory.reading.archives.MAX_FILE_BYTES", 100)
    with pytest.raises(Unreadable, match="larger than"):
        open_source(path)


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_bytes(ROWS)
    folder = tmp_path / "feed"
    folder.mkdir()
    (folder / "services.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(Unreadable):
        open_source(folder)
    with pytest.raises(Unreadable):
        open_source(folder / "services.csv")


def test_every_limit_has_a_sentence() -> None:
    numbers = [name for name in vars(limits) if name.startswith("MAX_")]
    sentences = [
        value
        for name, value in vars(limits).items()
        if isinstance(value, str) and value.endswith(".") and not name.startswith("__")
    ]
    assert len(numbers) >= 12
    assert len(sentences) >= 12


MANY = 6_000


def big_service(n: int) -> dict[str, object]:
    organization = {"id": f"o{n % 50}", "name": "Org", "description": "d"}
    return {"id": f"s{n}", "name": f"Legal help {n}", "status": "active", "description": "text " * 80,
            "organization": organization, "phones": [{"id": f"p{n}", "number": "1"}]}  # fmt: skip


def count(path: Path) -> tuple[int, int]:
    """Return (services, peak of memory in bytes while streaming)."""
    tracemalloc.start()
    with open_source(path) as source:
        found = sum(1 for one in source.items() if isinstance(one, Item) and one.kind == "service")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found, peak


def lines() -> Iterator[str]:
    return (json.dumps(big_service(n)) for n in range(MANY))


# 6,000 services are about 3 MB of text here; what grows with them is two hashes per id, about 100 bytes.
MOST_BYTES = 12 * limits.MB


def test_json_streams_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "services.json"
    with path.open("w") as file:
        file.write('{"contents": [' + ",\n".join(lines()) + "]}")
    found, peak = count(path)
    assert found == MANY
    assert peak < MOST_BYTES


def test_tables_stream_in_bounded_memory(tmp_path: Path) -> None:
    with (tmp_path / "services.csv").open("w") as services, (tmp_path / "phones.csv").open("w") as phones:
        services.write("id,organization_id,name,status,description\n")
        phones.write("id,service_id,number\n")
        for n in range(MANY):
            services.write(f"s{n},o{n % 50},Legal help,active,{'text ' * 80}\n")
            phones.write(f"p{n},s{n},123\n")
    rows = "".join(f"o{n},Org,d\n" for n in range(50))
    (tmp_path / "organizations.csv").write_text("id,name,description\n" + rows)
    found, peak = count(tmp_path)
    assert found == MANY
    assert peak < MOST_BYTES
