"""The one way out to addresses that others chose: https only, never into private networks, bounded in time and size."""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

MOST_SECONDS: Final = 10.0
MOST_ANSWER: Final = 4_096  # bytes of an answer that are read; what it says is not kept
_CONNECT_SECONDS: Final = 5.0
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_NETS4: Final = tuple(ipaddress.ip_network(one) for one in ("192.88.99.0/24", "192.0.0.0/24"))
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
        return address.is_global and not address.is_multicast and not address.is_site_local
    return address.is_global and not address.is_multicast and not any(address in net for net in _NETS4)


@dataclass(frozen=True, slots=True)
class Way:
    """How the outside is reached; tests put a small network of their own in its place."""

    may_reach: Callable[[Address], bool] = is_public
    tls: ssl.SSLContext | None = None
    seconds: float = MOST_SECONDS


PUBLIC: Final = Way()


class _Connection(http.client.HTTPSConnection):
    """Connects to the address that was looked at, so that a name cannot lead elsewhere the second time it is asked."""

    def __init__(self, host: str, port: int, way: Way) -> None:
        self._tls = way.tls or ssl.create_default_context()
        super().__init__(host, port, timeout=min(_CONNECT_SECONDS, way.seconds), context=self._tls)
        self._way = way

    def connect(self) -> None:
        """Resolve once, look at every address, connect to the first."""
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
        if not addresses or not all(self._way.may_reach(address) for address in addresses):
            raise Forbidden("a private network")
        plain = socket.create_connection((str(addresses[0]), self.port), self.timeout)
        try:
            self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def post(address: str, body: bytes, headers: dict[str, str], way: Way = PUBLIC) -> int:
    """Send a body and return the status of the answer; redirects are not followed. Raises OSError, Forbidden for where none may go.

    The whole takes ``way.seconds`` at most, however slowly the other side sends.
    """
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or parts.username is not None:
        raise Forbidden("not https")
    connection = _Connection(parts.hostname, parts.port or 443, way)
    end = threading.Timer(way.seconds, _cut, (connection,))
    end.daemon = True
    end.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, headers)
        answer = connection.getresponse()
        answer.read(MOST_ANSWER)
        return answer.status
    except ssl.SSLError:  # one of them is a ValueError too
        raise
    except (http.client.HTTPException, ValueError) as error:
        raise OSError("no answer that can be read") from error
    finally:
        end.cancel()
        connection.close()


def _cut(connection: http.client.HTTPSConnection) -> None:
    """End a connection from outside: whoever reads from it is woken by an error."""
    sock = connection.sock
    if sock is not None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
