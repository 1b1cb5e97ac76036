"""Settings: refused where they would hurt, explained one by one in .env.example."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.core.settings import DEVELOPMENT_SEAL, DEVELOPMENT_SECRET, Settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"
OWN = {"secret_key": "s" * 40, "seal_keys": "A" * 43}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    """Nothing of the machine's own settings."""
    import os

    for name in list(os.environ):
        if name.startswith("HEARTH_"):
            monkeypatch.delenv(name)


def test_the_example_names_every_setting_once_with_a_line_of_explanation():
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    names = [(m[1], lines[n - 1]) for n, line in enumerate(lines) if (m := re.match(r"HEARTH_([A-Z_]+)=", line))]
    assert sorted(name.lower() for name, _ in names) == sorted(Settings.model_fields)
    assert all(above.startswith("# ") and len(above) > 20 for _, above in names)


def test_the_example_holds_for_development_as_it_is(monkeypatch):
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("HEARTH_"):
            name, _, value = line.partition("=")
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("HEARTH_MODE", "development")
    assert Settings().model_dump() == Settings(mode="development", languages="en,fr,ar").model_dump()


@pytest.mark.parametrize(
    "wrong",
    [
        {}, {"secret_key": "s" * 40}, {"seal_keys": "A" * 43}, {**OWN, "seal_keys": f"{'A' * 43},{DEVELOPMENT_SEAL}"},
        {**OWN, "secret_key": DEVELOPMENT_SECRET}, {**OWN, "secret_key": "short"}, {**OWN, "seal_keys": "x"},
        {**OWN, "seal_keys": ","},
        {**OWN, "database_url": "mysql://x"}, {**OWN, "database_url": "postgresql+psycopg://a:b@c:port/d"},
        {**OWN, "base_url": "network.example"}, {**OWN, "mail_url": "mailto:x"}, {**OWN, "mail_url": "smtp://mail.example?tls=off"},
        {**OWN, "sms_url": "x"}, {**OWN, "languages": ""}, {**OWN, "languages": "english"}, {**OWN, "disclosure_threshold": 4},
        {**OWN, "workers": 0}, {**OWN, "mode": "prod"},
    ],
)  # fmt: skip
def test_production_refuses(wrong):
    with pytest.raises(ValidationError):
        Settings(**wrong)


def test_production_starts_with_secrets_of_its_own_and_shows_none():
    settings = Settings(**OWN, mail_url="smtp://name:mailword@127.0.0.1?tls=off", metrics_token="token-word")
    assert settings.mode == "production"
    assert not [secret for secret in ("s" * 40, "A" * 43, "mailword", "token-word") if secret in repr(settings)]
