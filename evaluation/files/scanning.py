"""Scan files with clamd (INSTREAM command), if it is configured."""

import socket
import struct

from django.conf import settings

_CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096


def refusal(content: bytes) -> str:
    """Return `infected`, or `not_scanned` if the scanner does not answer.

    Empty if nothing was found, or no scanner is configured.
    """
    if not settings.CLAMD_ADDRESS:
        return ""
    try:
        answer = _ask(settings.CLAMD_ADDRESS, content)
    except (OSError, ValueError):
        return "not_scanned"
    if answer.endswith("FOUND"):
        return "infected"
    return "" if answer == "stream: OK" else "not_scanned"


def _ask(address: str, content: bytes) -> str:
    with _connect(address) as connection:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), _CHUNK):
            chunk = content[start : start + _CHUNK]
            connection.sendall(struct.pack("!I", len(chunk)) + chunk)
        connection.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
            received = connection.recv(_LONGEST_ANSWER)
            if not received:
                break
            answer += received
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def _connect(address: str) -> socket.socket:
    """Connect to `unix:/run/clamav/clamd.ctl` or `tcp:HOST:PORT`."""
    scheme, _, place = address.partition(":")
    if scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(settings.CLAMD_TIMEOUT)
        try:
            connection.connect(place)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = place.strip("/").rpartition(":")
    return socket.create_connection((host, int(port)), timeout=settings.CLAMD_TIMEOUT)
