"""A proxy in front of the live server that hangs, cuts and loses, as the network in a basement does."""

import random
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal
from urllib.parse import urlsplit

Fault = Literal["none", "hang", "cut", "lose", "any"]
"""`hang` accepts and never responds, `cut` ends a response in the middle, `lose` delivers what is posted and drops the
response, and `any` does one of these or nothing with each connection."""


class LosingProxy:
    """Forwards bytes between browsers and the server; `fault` is what happens to connections from now on."""

    def __init__(self, address: str, seed: int) -> None:
        parts = urlsplit(address)
        self.upstream = (parts.hostname or "localhost", parts.port or 80)
        self.dice = random.Random(seed)
        self.counts = dict.fromkeys(("none", "hang", "cut", "lose"), 0)
        self.present: Fault = "none"
        self.connections: set[socket.socket] = set()
        self.listener = socket.create_server(("localhost", 0))
        self.url = f"http://localhost:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def become(self, fault: Fault) -> None:
        """Change the fault; connections that were opened before are cut, also those that hang."""
        self.present = fault
        self._close_all()

    def close(self) -> None:
        self.listener.close()
        self._close_all()

    def _close_all(self) -> None:
        for connection in list(self.connections):
            _close(connection)

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self.listener.accept()
            except OSError:  # closed
                return
            threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        fault = self.dice.choice(("none", "none", "cut", "lose", "hang")) if self.present == "any" else self.present
        self.counts[fault] += 1
        self.connections.add(client)
        if fault == "hang":
            if self.present == "any":  # not for ever: the fault does not change
                threading.Timer(1, _close, [client]).start()
            return
        with suppress(OSError), socket.create_connection(self.upstream) as server:
            self.connections.add(server)
            posted = threading.Event()
            threading.Thread(target=_forward_requests, args=[client, server, posted], daemon=True).start()
            most = self.dice.randrange(1, 3000) if fault == "cut" else None
            _forward_responses(server, client, most, posted if fault == "lose" else None)
            self.connections.discard(server)
        self.connections.discard(client)
        _close(client)


def _forward_requests(client: socket.socket, server: socket.socket, posted: threading.Event) -> None:
    with suppress(OSError):
        while data := client.recv(65536):
            if data.startswith(b"POST "):
                posted.set()
            server.sendall(data)


def _forward_responses(
    server: socket.socket, client: socket.socket, most: int | None, posted: threading.Event | None
) -> None:
    """Forward bytes until the server ends, `most` of them, or until the response to what was `posted` arrives."""
    left = most
    with suppress(OSError):
        while data := server.recv(65536):
            if posted and posted.is_set():
                return
            client.sendall(data if left is None else data[:left])
            if left is not None and (left := left - len(data)) <= 0:
                return


def _close(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


@contextmanager
def losing_proxy(address: str, seed: int = 0) -> Iterator[LosingProxy]:
    proxy = LosingProxy(address, seed)
    try:
        yield proxy
    finally:
        proxy.close()
