"""A partner's program that is told something: a small TLS server on this machine that keeps what arrives."""

import datetime as dt
import http.server
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.jobs.egress import Way


def certificate(folder: Path) -> Path:
    """Write a certificate of its own for 127.0.0.1, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, folder.name[-40:])])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "receiver.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


class Receiver:
    """``answers`` are the statuses to answer with, the last one for good; "hang" and "drip" never come to an end.

    Where something is fetched (GET) they are functions of the handler and of what says that the block is over.
    """

    def __init__(self, answers: tuple[Any, ...]) -> None:
        self.answers = list(answers)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.address = ""

    def next(self) -> Any:
        """Return how to answer now."""
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def _handler(receiver: Receiver, stop: threading.Event) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append((dict(self.headers), body))
            status = receiver.next()
            if status == "hang":
                stop.wait(30)
            elif isinstance(status, str):
                self.go_on(status)
            else:
                self.send_response(status)
                self.send_header("Location", f"{receiver.address}/elsewhere")
                self.end_headers()

        def do_GET(self) -> None:
            receiver.got.append((dict(self.headers), self.path.encode()))
            receiver.next()(self, stop)

        def go_on(self, where: str) -> None:
            """Send bit by bit, without an end: nothing that can be read, headers, or a body."""
            begun = {"drip": b"X", "headers": b"HTTP/1.1 200 OK\r\n", "body": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"}
            self.wfile.write(begun[where])
            while not stop.wait(0.05):
                self.wfile.write(b"X" if where == "drip" else b"X-More: a\r\n")
                self.wfile.flush()

        def log_message(self, *_args: Any) -> None:
            pass

    return Handler


class _Quiet(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_args: Any) -> None:
        """The other side is meant to hang up."""


@contextmanager
def receiving(folder: Path, *answers: Any) -> Iterator[Receiver]:
    """Listen on a free port until the end of the block."""
    receiver, stop, made = Receiver(answers or (200,)), threading.Event(), certificate(folder)
    server = _Quiet(("127.0.0.1", 0), _handler(receiver, stop))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver.address = f"https://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        stop.set()
        server.shutdown()
        thread.join(10)
        server.server_close()


def way_to(folder: Path, seconds: float = 10.0) -> Way:
    """Return a way out on which this machine may be reached, and its own certificate counts."""
    return Way(lambda address: address.is_loopback, ssl.create_default_context(cafile=str(folder / "receiver.pem")), seconds)


def closed_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
