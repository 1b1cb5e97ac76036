"""All settings: read once from the environment (prefix HEARTH_), frozen afterwards."""

import re
import secrets
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from app.core.crypto import parse_key

DEVELOPMENT_SECRET = "development-only-secret-do-not-use-for-people"  # noqa: S105 - refused in production below
DEVELOPMENT_SEAL = "ZGV2ZWxvcG1lbnQtb25seS1zZWFsLWtleS0wMDAwMDA"  # 32 bytes, refused in production


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


class Settings(BaseSettings):
    """What an operator decides; `.env.example` explains each in one line."""

    model_config = SettingsConfigDict(env_prefix="HEARTH_", frozen=True, extra="ignore", env_ignore_empty=True)

    mode: Literal["production", "development", "demo"] = "production"
    data_dir: Path = Path("var")
    database_url: str = ""
    base_url: str = "http://127.0.0.1:8000"
    secret_key: str = Field(default=DEVELOPMENT_SECRET, repr=False)
    seal_keys: str = Field(default=DEVELOPMENT_SEAL, repr=False)
    media_url: str = ""
    mail_url: str = Field(default="console:", repr=False)
    sms_url: str = ""
    site_name: str = "Hearth"
    languages: str = "en,fr,ar"
    countries: str = ""
    leave_urls: str = "https://www.wikipedia.org/"
    registration: Literal["open", "apply", "invite", "closed"] = "open"
    disclosure_threshold: int = Field(default=10, ge=5, le=50)
    story_wait_hours: int = Field(default=24, ge=0, le=336)
    appeal_days: int = Field(default=30, ge=30, le=365)
    heavy_a_day: int = Field(default=5, ge=1, le=50)
    index_stories: bool = False
    contact: str = ""
    escalation_contact: str = ""
    metrics_token: str = Field(default="", repr=False)
    trusted_proxies: str = ""
    workers: int = Field(default=1, ge=1, le=16)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("base_url")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("HEARTH_BASE_URL must be an address such as https://network.example")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("HEARTH_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg:// (or be empty)")
        try:
            make_url(value or "sqlite://")
        except ArgumentError:
            raise ValueError("HEARTH_DATABASE_URL cannot be read; write signs such as @ or / in a password as %40, %2F") from None
        return value

    @field_validator("mail_url")
    @classmethod
    def _known_mail(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme != "console" and (parts.scheme not in ("smtp", "smtps") or not parts.hostname):
            raise ValueError("HEARTH_MAIL_URL must be console: or smtp://… or smtps://…")
        if "tls=off" in parts.query and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
            raise ValueError("HEARTH_MAIL_URL: tls=off is only for a mail server on the same machine")
        return value

    @field_validator("escalation_contact")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"[^@\s]+@[^@\s]+", value):
            raise ValueError("HEARTH_ESCALATION_CONTACT must be an e-mail address (or be empty)")
        return value

    @field_validator("languages")
    @classmethod
    def _language_codes(cls, value: str) -> str:
        if not _split(value) or not all(re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", code) for code in _split(value)):
            raise ValueError("HEARTH_LANGUAGES must be codes such as en,fr,ar; the first is the network's own")
        return value

    @field_validator("sms_url")
    @classmethod
    def _no_sms(cls, value: str) -> str:
        if value:
            raise ValueError("HEARTH_SMS_URL: this release sends no text messages; leave it empty")
        return value

    @model_validator(mode="after")
    def _safe_secrets(self) -> "Settings":
        if not _split(self.seal_keys):
            raise ValueError("HEARTH_SEAL_KEYS must hold a key (make one with: hearth doctor --new-key)")
        for key in _split(self.seal_keys):
            parse_key(key)
        if self.mode == "production" and self.secret_key == DEVELOPMENT_SECRET:
            raise ValueError("HEARTH_SECRET_KEY must be set to a secret of your own (make one with: hearth doctor --new-key)")
        if self.mode == "production" and DEVELOPMENT_SEAL in _split(self.seal_keys):
            raise ValueError("HEARTH_SEAL_KEYS must be set to a key of your own (make one with: hearth doctor --new-key)")
        if len(self.secret_key) < 32:
            raise ValueError("HEARTH_SECRET_KEY must have 32 characters or more")
        return self

    @cached_property
    def database(self) -> str:
        """Return the database address; without a setting, SQLite in the data folder."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'hearth.sqlite3').as_posix()}"

    @cached_property
    def media(self) -> str:
        """Return where media are kept; without a setting, a folder in the data folder."""
        return self.media_url or str(self.data_dir / "media")

    @cached_property
    def secret(self) -> bytes:
        """Return the server key as bytes."""
        return self.secret_key.encode()

    @cached_property
    def seals(self) -> tuple[bytes, ...]:
        """Return the seal keys, the one that seals first."""
        return tuple(parse_key(k) for k in _split(self.seal_keys))

    @cached_property
    def language_list(self) -> tuple[str, ...]:
        """Return the interface languages, the default first."""
        return _split(self.languages)

    @cached_property
    def country_list(self) -> tuple[str, ...]:
        """Return ISO 3166 codes of the countries people come back to."""
        return tuple(c.upper() for c in _split(self.countries))

    @cached_property
    def leave_list(self) -> tuple[str, ...]:
        """Return the neutral pages that Leave goes to."""
        return _split(self.leave_urls)

    @cached_property
    def secure(self) -> bool:
        """Say whether people come by https."""
        return self.base_url.startswith("https:")

    @cached_property
    def host(self) -> str:
        """Return the one public host name with its port."""
        return urlsplit(self.base_url).netloc

    @property
    def is_demo(self) -> bool:
        """Say whether every page is marked as demo."""
        return self.mode == "demo"


def new_secret() -> str:
    """Return a fresh value for HEARTH_SECRET_KEY."""
    return secrets.token_urlsafe(48)


_current: list[Settings] = []


def use(settings: Settings) -> None:
    """Make these the settings of this process."""
    _current[:] = [settings]


def current() -> Settings:
    """Return the settings of this process; for actions, queries and jobs, never for rules."""
    if not _current:
        use(Settings())
    return _current[0]
