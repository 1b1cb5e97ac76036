"""Sealed columns (AES-256-GCM with rotating keys) and keyed hashes, each for one purpose only."""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
SEAL_BYTES = 4 + _NONCE + 16  # key id, nonce and tag: so much longer than the plain bytes a sealed value is


class SealBroken(Exception):
    """No key of the ring opens this value: it was altered, or its key is gone."""


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"hearth key id" + key).digest()[:4]


class SealRing:
    """Seals with the first key, opens with any; a value carries the id of its key."""

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        self._first = keys[0]
        self._keys = {_key_id(k): k for k in keys}

    def seal(self, plain: bytes, context: str) -> bytes:
        """Return key id, nonce and ciphertext; ``context`` (table.column) must be the same when opened."""
        nonce = os.urandom(_NONCE)
        return _key_id(self._first) + nonce + AESGCM(self._first).encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """Return the plain bytes or raise SealBroken."""
        key = self._keys.get(sealed[:4])
        if key is None:
            raise SealBroken("unknown key")
        try:
            return AESGCM(key).decrypt(sealed[4 : 4 + _NONCE], sealed[4 + _NONCE :], context.encode())
        except InvalidTag as error:
            raise SealBroken("altered") from error

    def is_current(self, sealed: bytes) -> bool:
        """Say whether the value is sealed with the first key (else rotation has to seal it anew)."""
        return sealed[:4] == _key_id(self._first)


_ring: list[SealRing] = []


def set_seal_keys(keys: tuple[bytes, ...]) -> None:
    """Choose the keys for this process; the settings call this once."""
    _ring[:] = [SealRing(keys)]


def ring() -> SealRing:
    """Return the ring of this process."""
    return _ring[0]


def parse_key(text: str) -> bytes:
    """Return 32 bytes from base64 text; ValueError says what is wrong."""
    try:
        key = base64.urlsafe_b64decode(text.strip() + "=" * (-len(text.strip()) % 4))
    except ValueError as error:
        raise ValueError("a seal key is 32 bytes in base64 (make one with: hearth doctor --new-key)") from error
    if len(key) != 32:
        raise ValueError("a seal key is 32 bytes in base64 (make one with: hearth doctor --new-key)")
    return key


def new_key() -> str:
    """Return a fresh seal key as text."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")


@lru_cache(maxsize=256)  # some purposes carry a time window: they must not pile up
def _purpose_key(secret: bytes, purpose: str) -> bytes:
    return hmac.new(secret, b"hearth/" + purpose.encode(), hashlib.sha256).digest()


def keyed_hash(secret: bytes, purpose: str, value: str) -> str:
    """Return HMAC-SHA256 hex of ``value`` under a key derived from ``secret`` for one purpose."""
    return hmac.digest(_purpose_key(secret, purpose), value.encode(), "sha256").hex()


def same(a: str, b: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(a.encode(), b.encode())


def token_hash(token: str) -> str:
    """Return the form in which a 256-bit random token is stored (no key needed: it cannot be guessed)."""
    return hashlib.sha256(token.encode()).hexdigest()
