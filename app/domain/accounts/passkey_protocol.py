"""Passkeys as WebAuthn asks for them. Imported only where one is used: the library takes 7 MB that other requests do without."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.core import settings as core_settings

_WRONG = (WebAuthnException, ValueError, KeyError, TypeError)


class NotFitting(Exception):
    """The browser's answer does not fit the question."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the browser is asked (JSON) and what its answer has to contain (base64url)."""

    options: str
    expected: str


@dataclass(frozen=True, slots=True)
class NewKey:
    """What is kept of a new passkey; ``credential_id`` is base64url, ``public_key`` COSE."""

    credential_id: str
    public_key: bytes
    sign_count: int


def _host() -> str:
    return urlsplit(core_settings.current().base_url).hostname or ""


def _known(credential_ids: Sequence[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in credential_ids]


def ask_for_new(user_id: UUID, credential_ids: Sequence[str]) -> Challenge:
    """Ask for a passkey that is none of these; the name in it stays on the phone, so it is a neutral word."""
    options = webauthn.generate_registration_options(
        rp_id=_host(), rp_name="Key", user_name="key", user_id=user_id.bytes, exclude_credentials=_known(credential_ids),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )  # fmt: skip
    return Challenge(webauthn.options_to_json(options), bytes_to_base64url(options.challenge))


def check_new(answer: str, expected: str) -> NewKey:
    """Return the passkey that the browser made; NotFitting for anything else."""
    try:
        checked = webauthn.verify_registration_response(
            credential=_sent(answer), expected_challenge=base64url_to_bytes(expected), expected_rp_id=_host(),
            expected_origin=core_settings.current().base_url,
        )  # fmt: skip
    except _WRONG as problem:
        raise NotFitting from problem
    return NewKey(bytes_to_base64url(checked.credential_id), checked.credential_public_key, checked.sign_count)


def ask(credential_ids: Sequence[str]) -> Challenge:
    """Ask for one of these passkeys."""
    options = webauthn.generate_authentication_options(rp_id=_host(), allow_credentials=_known(credential_ids))
    return Challenge(webauthn.options_to_json(options), bytes_to_base64url(options.challenge))


def named(answer: str) -> str:
    """Return the credential id that an answer names; NotFitting when it names none."""
    try:
        return str(_sent(answer)["id"])
    except _WRONG as problem:
        raise NotFitting from problem


def check(answer: str, expected: str, public_key: bytes, sign_count: int) -> int:
    """Return the new sign count of a passkey that was shown; NotFitting when it is another one, or an old answer."""
    try:
        checked = webauthn.verify_authentication_response(
            credential=_sent(answer), expected_challenge=base64url_to_bytes(expected), expected_rp_id=_host(),
            expected_origin=core_settings.current().base_url, credential_public_key=public_key,
            credential_current_sign_count=sign_count,
        )  # fmt: skip
    except _WRONG as problem:
        raise NotFitting from problem
    return checked.new_sign_count


def _sent(text: str) -> dict[str, Any]:
    sent = json.loads(text)
    if not isinstance(sent, dict) or not isinstance(sent.get("id"), str):
        raise ValueError("not an answer of a browser")
    return sent
