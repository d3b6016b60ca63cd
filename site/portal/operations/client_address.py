"""The client's address, also behind proxies. The setting `TRUSTED_PROXIES` defines which are trusted.

The middleware writes the address into `REMOTE_ADDR`, where django-axes, allauth, the logs and the access log of the
server read it. Without a trusted proxy the header X-Forwarded-For is ignored: any client can send one.
"""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase

UNKNOWN = "0.0.0.0"  # noqa: S104 - stands for a client, nothing is bound to it
"""The address of an unknown client: behind a unix socket whose proxy sends no X-Forwarded-For."""

UNIX_SOCKET = "unix"

_log = structlog.get_logger("portal.operations.client_address")


@dataclass(frozen=True)
class TrustedProxies:
    """Either the number of proxies in front of this server, or their networks."""

    count: int = 0
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()
    unix_socket: bool = False

    def include(self, address: str) -> bool:
        """Whether a peer at this address is a trusted proxy. The peer of a unix socket has no address."""
        if not address:
            return self.unix_socket
        return any(ipaddress.ip_address(address) in network for network in self.networks)


def parse_trusted_proxies(text: str) -> TrustedProxies:
    """Parse the setting: a number, or networks and the word `unix`, separated by spaces or commas."""
    words = text.replace(",", " ").split()
    if len(words) == 1 and words[0].isdecimal():
        return TrustedProxies(count=int(words[0]))
    try:
        networks = tuple(ipaddress.ip_network(word) for word in words if word != UNIX_SOCKET)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"TRUSTED_PROXIES: {error}. Write how many proxies stand before this server, such as 1, or their networks, "
            f"such as “127.0.0.1 10.0.0.0/8 {UNIX_SOCKET}”."
        ) from error
    return TrustedProxies(networks=networks, unix_socket=UNIX_SOCKET in words)


def find_client_address(peer: str, forwarded_for: str, trusted: TrustedProxies) -> str:
    """Return the client's address from the peer of the connection and the header; empty if unknown.

    Each proxy appends the address of its peer, so the header is read from its right end, as far as it comes from
    trusted proxies. Everything further left was sent by the client and is not trusted.
    """
    address = _as_address(peer)
    hops = [hop for part in forwarded_for.split(",") if (hop := part.strip())]
    if trusted.count:
        return _as_address(hops[-trusted.count]) if len(hops) >= trusted.count else address
    for hop in reversed(hops):
        if not trusted.include(address) or not (reported := _as_address(hop)):
            break
        address = reported
    return address


def _as_address(text: str) -> str:
    """Return a normalised IP address, without the port that some proxies write; empty for anything else."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)


def client_network(request: HttpRequest) -> str:
    """Return what counts as one client for rate limits: an IPv4 address, the /64 of an IPv6 address, or `UNKNOWN`."""
    address = _as_address(request.META.get("REMOTE_ADDR", ""))
    if ":" in address:
        return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
    return address or UNKNOWN


class ClientAddressMiddleware:
    """Writes the client's address into `REMOTE_ADDR`. Must be before all middleware that reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.trusted = parse_trusted_proxies(settings.TRUSTED_PROXIES)
        self.has_warned = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        peer = request.META.get("REMOTE_ADDR", "")
        forwarded_for = request.META.get("HTTP_X_FORWARDED_FOR", "")
        address = find_client_address(peer, forwarded_for, self.trusted)
        if not self.has_warned and (not address or (forwarded_for and address == _as_address(peer))):
            self.has_warned = True
            _log.warning("client address not known; set TRUSTED_PROXIES, and X-Forwarded-For in the proxy", peer=peer)
        request.META["REMOTE_ADDR"] = address
        return self.get_response(request)
