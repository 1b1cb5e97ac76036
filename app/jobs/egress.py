"""The one way out to addresses that others chose: https only, never into private networks, bounded in time and size."""

import contextlib
import http.client
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final
from urllib.parse import urljoin, urlsplit

MOST_SECONDS: Final = 10.0
_CONNECT_SECONDS: Final = 5.0
_RESOLVE_SECONDS: Final = 5.0
_MOST_RESOLVING: Final = 8  # names whose answer is awaited at a time; a thread that hangs in one cannot be ended from here
_MOST_HOPS: Final = 3
_MOVED: Final = (301, 302, 303, 307, 308)
_PIECE: Final = 64 * 1024
_LONGEST_MARK: Final = 300  # letters: a longer one is no mark
_resolving = threading.BoundedSemaphore(_MOST_RESOLVING)
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
# Beside what the standard library knows (IANA's special-purpose registries): relays, translators, research, AS112 and the like.
_NETS4: Final = tuple(
    map(ipaddress.IPv4Network, ("192.88.99.0/24", "192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.175.48.0/24"))
)
_PUBLIC6: Final = ipaddress.IPv6Network("2000::/3")  # all that is given out as global unicast
_NETS6: Final = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2620:4f:8000::/48", "3fff::/20")))
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Forbidden(OSError):
    """The address leads where nobody may be sent from here: no https, or a private network."""


def is_public(address: Address) -> bool:
    """Say whether an address belongs to the public internet, also the one that is wrapped in an IPv6 address."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(inner)
        return address.is_global and address in _PUBLIC6 and not any(address in net for net in _NETS6)
    return address.is_global and not address.is_multicast and not any(address in net for net in _NETS4)


@dataclass(frozen=True, slots=True)
class Way:
    """How the outside is reached; tests put a small network of their own in its place."""

    may_reach: Callable[[Address], bool] = is_public
    tls: ssl.SSLContext | None = None
    seconds: float = MOST_SECONDS


PUBLIC: Final = Way()


class End:
    """The moment at which a request is over, however far it came: its sockets are cut then, whoever holds them."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def left(self) -> float:
        """Return the seconds that are left. Raises TimeoutError once there are none."""
        seconds = self._at - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("too slow")
        return seconds

    def watch(self, made: socket.socket) -> None:
        """Cut this socket at the end; a connection that lets go of it (Connection: close) changes nothing."""
        with self._lock:
            self._socket = made
        self.left()

    def close(self) -> None:
        """Let go."""
        self._timer.cancel()
        with self._lock:
            self._socket = None

    def _cut(self) -> None:
        with self._lock:
            if self._socket is not None:
                with contextlib.suppress(OSError):  # the other side was quicker
                    # Of the plain socket below: shutting TLS down would wait for the other side.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def resolved(host: str, port: int, seconds: float) -> list[str]:
    """Return the addresses of a name; the system's resolver knows no limit of time, so that it is asked in a thread of its own.

    Raises OSError, TimeoutError for a name that is not answered in time.
    """
    if not _resolving.acquire(timeout=seconds):
        raise TimeoutError("too many names are waited for")
    found: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found.put([str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)])
        except (OSError, UnicodeError) as error:  # a name that cannot be a name is a UnicodeError
            found.put(error if isinstance(error, OSError) else OSError("no name"))
        finally:
            _resolving.release()

    threading.Thread(target=ask, daemon=True, name="resolving").start()
    try:
        answer = found.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError("no answer about the name") from None
    if isinstance(answer, OSError):
        raise answer
    return answer


class _Connection(http.client.HTTPSConnection):
    """Connects to the address that was looked at, so that a name cannot lead elsewhere the second time it is asked."""

    def __init__(self, host: str, port: int, way: Way, end: End) -> None:
        self._tls = way.tls or ssl.create_default_context()
        super().__init__(host, port, timeout=min(_CONNECT_SECONDS, way.seconds), context=self._tls)
        self._way, self._end = way, end

    def connect(self) -> None:
        """Resolve once, look at every address, connect to the first."""
        found = resolved(self.host, self.port, min(_RESOLVE_SECONDS, self._end.left()))
        addresses = [ipaddress.ip_address(one.partition("%")[0]) for one in found]
        if not addresses or not all(self._way.may_reach(address) for address in addresses):
            raise Forbidden("a private network")
        plain = socket.create_connection((str(addresses[0]), self.port), min(_CONNECT_SECONDS, self._end.left()))
        self._end.watch(plain)
        plain.settimeout(self._end.left())
        try:
            self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise
        self._end.watch(self.sock)
        self.sock.settimeout(self._end.left())


def _to(address: str, way: Way, end: End) -> tuple[_Connection, str]:
    """Return a connection that is not open yet, and what is asked for there. Raises Forbidden."""
    try:
        parts = urlsplit(address)
        port = parts.port or 443
    except ValueError:
        raise Forbidden("no address") from None
    if parts.scheme != "https" or not parts.hostname or parts.username is not None:
        raise Forbidden("not https")
    return _Connection(parts.hostname, port, way, end), (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: the status of the last answer, the marks of what was fetched (ETag, Last-Modified), where it stood."""

    status: int
    etag: str
    changed: str
    address: str


def get(address: str, headers: dict[str, str], into: BinaryIO, most: int, way: Way = PUBLIC) -> Fetched:
    """Fetch what stands at an address into a file, at most ``most`` bytes; every hop of a redirect is looked at anew.

    The whole takes ``way.seconds`` at most. What says no length and is not sent in pieces, is shorter than it says, longer than
    ``most``, or packed, is refused: half a list must not look like a whole one. Raises OSError, Forbidden.
    """
    end = End(way.seconds)
    try:
        for _hop in range(_MOST_HOPS + 1):
            connection, target = _to(address, way, end)
            with contextlib.closing(connection):
                connection.request("GET", target, headers=headers)
                answer = connection.getresponse()
                if answer.status in _MOVED and (leads := answer.getheader("Location")):
                    address = urljoin(address, leads)
                    continue
                if answer.status == http.HTTPStatus.OK:
                    _read(answer, into, most, end)
                end.left()
                marks = (answer.getheader(name) or "" for name in ("ETag", "Last-Modified"))
                etag, changed = (text if len(text) <= _LONGEST_MARK and text.isprintable() else "" for text in marks)
                return Fetched(answer.status, etag, changed, address)
        raise OSError("it leads from one address to the next")
    except (http.client.HTTPException, ValueError) as error:
        end.left()
        if isinstance(error, OSError):  # a mistake of TLS is a ValueError too
            raise
        raise OSError("no answer that can be read") from error
    except OSError:
        end.left()
        raise
    finally:
        end.close()


def _read(answer: http.client.HTTPResponse, into: BinaryIO, most: int, end: End) -> None:
    if answer.getheader("Content-Encoding", "identity").strip().lower() != "identity":
        raise OSError("it is packed")
    if answer.length is None and not answer.chunked:
        raise OSError("it does not say how long it is")
    size = 0
    while part := answer.read(_PIECE):
        end.left()
        size += len(part)
        if size > most:
            raise OSError("it is too long")
        into.write(part)
    if answer.length:
        raise OSError("it is shorter than it says")


def post(address: str, body: bytes, headers: dict[str, str], way: Way = PUBLIC) -> int:
    """Send a body and return the status of the answer; redirects are not followed. Raises OSError, Forbidden for where none may go.

    The whole takes ``way.seconds`` at most, however slowly the other side sends.
    """
    end = End(way.seconds)
    try:
        connection, target = _to(address, way, end)
    except BaseException:
        end.close()
        raise
    try:
        connection.request("POST", target, body, headers)
        status = connection.getresponse().status  # what it says beside that is not read
        end.left()  # a connection that was cut looks like an answer that ended
        return status
    except ssl.SSLError:  # one of them is a ValueError too
        raise
    except (http.client.HTTPException, ValueError) as error:
        end.left()
        raise OSError("no answer that can be read") from error
    except OSError:
        end.left()
        raise
    finally:
        end.close()
        connection.close()
