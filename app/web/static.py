"""Static files from memory: hashed addresses, immutable, compressed once."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import brotli
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

FOLDER = Path(__file__).parent.parent / "static"
_TEXT = {".css", ".js", ".svg", ".json", ".webmanifest", ".txt"}


@dataclass(frozen=True, slots=True)
class _File:
    plain: bytes
    br: bytes
    gz: bytes
    kind: str


class StaticFiles:
    """Every file below ``app/static``, read at start; only these can be asked for."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files: dict[str, _File] = {}
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            self._files[path.relative_to(folder).as_posix()] = _load(path)
        everything = b"".join(f.plain for f in self._files.values())
        self.version = hashlib.sha256(everything).hexdigest()[:10]

    def url(self, name: str) -> str:
        """Return the address of a file; KeyError when there is no such file."""
        self._files[name]
        return f"/static/{self.version}/{name}"

    def text(self, name: str) -> str:
        """Return a text file's content."""
        return self._files[name].plain.decode()

    def response(self, name: str, accept: str, *, immutable: bool = True) -> Response | None:
        """Return the file in the best encoding the browser takes, or None."""
        file = self._files.get(name)
        if file is None:
            return None
        headers = {"Cache-Control": "public, max-age=31536000, immutable" if immutable else "no-cache",
                   "Vary": "Accept-Encoding", "Cross-Origin-Resource-Policy": "same-origin"}  # fmt: skip
        body = file.plain
        if file.br and "br" in accept:
            body, headers["Content-Encoding"] = file.br, "br"
        elif file.gz and "gzip" in accept:
            body, headers["Content-Encoding"] = file.gz, "gzip"
        return Response(body, media_type=file.kind, headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer /static/{version}/{name}; an old version gets the file too, but uncached."""
        version, _, name = scope["path"].removeprefix(scope.get("root_path", "")).lstrip("/").partition("/")
        accept = Headers(scope=scope).get("accept-encoding", "")
        answer = self.response(name, accept, immutable=version == self.version)
        if answer is None or scope["method"] not in ("GET", "HEAD"):
            answer = Response("Not here.", 404, media_type="text/plain")
        await answer(scope, receive, send)


def _load(path: Path) -> _File:
    plain = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if path.suffix == ".webmanifest":
        kind = "application/manifest+json"
    if path.suffix not in _TEXT:
        return _File(plain, b"", b"", kind)
    text = f"{kind}; charset=utf-8" if not kind.startswith("image/") else kind
    return _File(plain, *_packed(plain), text)


@lru_cache(maxsize=64)
def _packed(plain: bytes) -> tuple[bytes, bytes]:
    """Return a file in both encodings; slow on purpose, so once a process."""
    return brotli.compress(plain, quality=11), gzip.compress(plain, 9, mtime=0)
