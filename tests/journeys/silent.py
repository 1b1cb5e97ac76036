"""A line on which a browser says nothing about where a request comes from, as KaiOS and Opera Mini do: a relay on this machine."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_OF_THE_LINE = {"connection", "keep-alive", "transfer-encoding", "content-length", "host", "date", "server"}


def _tells(name: str) -> bool:
    return name.lower().startswith("sec-fetch") or name.lower() in ("origin", "referer")


class _Relay(BaseHTTPRequestHandler):
    """Passes a request on without what tells its origin, and the answer back."""

    netloc = ""

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _OF_THE_LINE and not _tells(k)}
        connection = http.client.HTTPConnection(self.netloc, timeout=60)
        connection.request(self.command, self.path, body or None, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _OF_THE_LINE:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = _pass_on  # noqa: N815 - names of the library

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@contextmanager
def silent_line(base: str) -> Iterator[str]:
    """Return the address under which the house is reached by a browser that says nothing."""
    relay = type("Relay", (_Relay,), {"netloc": urlsplit(base).netloc})
    server = ThreadingHTTPServer(("127.0.0.1", 0), relay)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
