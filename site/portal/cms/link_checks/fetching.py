"""Checks whether an address of another site answers. Only the worker does this, never a request.

Default deny: only `http` and `https`, only public addresses unless `LINK_CHECK_NETWORKS` allows others, and each
redirect is checked too. The connection goes to the IP address that was checked, so that the name cannot resolve to
another one meanwhile. Of a response, only the status and the target of a redirect are read.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri, punycode

from portal.cms.link_checks.models import LinkCheck

Outcome = LinkCheck.Outcome
IPAddress: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

MOST_REDIRECTS = 5
SECONDS = 20.0
"""The time limit of one check, with its redirects."""
SECONDS_OF_A_STEP = 6.0
"""The time limit of connecting, and of waiting for the next part of a response."""
AGENT = "Mozilla/5.0 (compatible; quality-116000 link check)"

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_REDIRECTS = (301, 302, 303, 307, 308)
_CLOSED = (401, 402, 403, 405, 406, 407, 421, 429, 451, 999)
"""Statuses of sites that exist but refuse programs."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a check. `status` is the HTTP status, if there was a response."""

    outcome: LinkCheck.Outcome
    status: int | None = None


class _NoAnswer(Exception):
    def __init__(self, outcome: LinkCheck.Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


def ascii_address(address: str) -> str:
    """Return the address as it is requested: its host in Punycode, the rest escaped, without the fragment.

    Raises ValueError for a malformed address.
    """
    parts = urlsplit(address)
    host = punycode(parts.hostname or "")
    place = f"[{host}]" if ":" in host else host
    netloc = f"{place}:{parts.port}" if parts.port else place
    return iri_to_uri(urlunsplit((parts.scheme, netloc, parts.path, parts.query, "")))


def check_address(address: str) -> Answer:
    """Return the result of a HEAD request, or of a GET request if HEAD fails, after at most five redirects."""
    end = time.monotonic() + SECONDS
    try:
        for _redirect in range(MOST_REDIRECTS + 1):
            status, leads_to = _ask("HEAD", address, end)
            if status >= 400:
                status, leads_to = _ask("GET", address, end)
            if status not in _REDIRECTS or not leads_to:
                return Answer(_outcome_of(status), status)
            address = urljoin(address, leads_to)
    except _NoAnswer as failed:
        return Answer(failed.outcome)
    except (OSError, http.client.HTTPException, ValueError):  # ValueError: a malformed address or response
        return Answer(Outcome.SLOW if time.monotonic() >= end else Outcome.UNREACHABLE)
    return Answer(Outcome.ENDLESS)


def _outcome_of(status: int) -> LinkCheck.Outcome:
    if status < 400:
        return Outcome.ALIVE
    if status in (404, 410):
        return Outcome.GONE
    return Outcome.CLOSED if status in _CLOSED else Outcome.BROKEN


def _ask(method: str, address: str, end: float) -> tuple[int, str]:
    """Return the status of the response, and the address that it redirects to. Raises _NoAnswer."""
    parts = urlsplit(ascii_address(address))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _NoAnswer(Outcome.UNREACHABLE)
    connection = _Connection(parts, _public_address(parts), end)
    try:
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        connection.request(method, path, headers={"User-Agent": AGENT, "Accept": "*/*", "Connection": "close"})
        answer = connection.getresponse()
        if time.monotonic() >= end:  # the connection was cut while the headers arrived
            raise TimeoutError
        return answer.status, answer.headers.get("Location", "")
    except TimeoutError as slow:
        raise _NoAnswer(Outcome.SLOW) from slow
    finally:
        connection.stop()


def _public_address(parts: SplitResult) -> str:
    """Return the IP address to connect to. Raises _NoAnswer if the name has none, or any that is not allowed."""
    try:
        found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as unknown:
        raise _NoAnswer(Outcome.UNREACHABLE) from unknown
    addresses = [str(place[4][0]) for place in found]
    if not addresses or not all(is_allowed(address) for address in addresses):
        raise _NoAnswer(Outcome.PRIVATE)
    return addresses[0]


def is_allowed(address: str) -> bool:
    """Whether the worker may connect to an IP address: a public one, or one of the allowed networks."""
    found = _embedded(ipaddress.ip_address(address.partition("%")[0]))
    networks = (ipaddress.ip_network(network) for network in settings.LINK_CHECK_NETWORKS)
    if any(found in network for network in networks if network.version == found.version):
        return True
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _embedded(address: IPAddress) -> IPAddress:
    """Return the IPv4 address that an IPv6 address embeds for address translation, or else the address itself."""
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inside is None and address in _NAT64:
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        return inside or address
    return address


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


class _Connection(http.client.HTTPConnection):
    """A connection to a checked IP address, which is cut at a time limit, however slowly the response arrives."""

    def __init__(self, parts: SplitResult, address: str, end: float) -> None:
        super().__init__(parts.hostname or "", _port(parts))
        self.default_port = 443 if parts.scheme == "https" else 80  # left out of the Host header
        self._is_secure, self._address = parts.scheme == "https", address
        self._left = max(end - time.monotonic(), 0.0)
        self._watch = threading.Timer(self._left, self._cut)

    def connect(self) -> None:
        if not self._left:
            raise TimeoutError
        self._watch.daemon = True
        self._watch.start()
        self.sock = socket.create_connection((self._address, self.port), min(SECONDS_OF_A_STEP, self._left))
        if self._is_secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock.do_handshake()

    def _cut(self) -> None:
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:  # already closed
                return

    def stop(self) -> None:
        self._watch.cancel()
        self.close()
