"""The requests of the worker to an address, against a server on this machine."""

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from portal.cms.link_checks import fetching
from portal.cms.link_checks.fetching import Answer, check_address, is_allowed
from portal.cms.link_checks.models import LinkCheck

Outcome = LinkCheck.Outcome


class Site(BaseHTTPRequestHandler):
    """A server: `/404` answers 404, `/no-head/200` refuses HEAD, `/to/PATH` redirects there, `/slow` sends slowly."""

    asked: list[tuple[str, str, str]] = []

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        if self.path.startswith("/no-head"):
            self._send(405)
        else:
            self._answer()

    def _answer(self) -> None:
        self.asked.append((self.command, self.path, self.headers["Host"]))
        kind, _slash, rest = self.path[1:].partition("/")
        if kind == "slow":
            self._drip()
        elif kind == "to":
            self._send(302, rest if rest.startswith("http") else f"/{rest}")
        elif kind == "round":
            self._send(301, f"/round/{int(rest or 0) + 1}")
        else:
            self._send(int(rest if kind == "no-head" else kind or 200))

    def _send(self, status: int, leads_to: str = "") -> None:
        self.send_response(status)
        if leads_to:
            self.send_header("Location", leads_to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _drip(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        try:
            for _ in range(100):
                self.wfile.write(b"X-Drip: 1\r\n")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:  # the worker has closed the connection
            return

    def log_request(self, *_args: Any) -> None:
        """Log nothing."""


@pytest.fixture
def site(settings: Any) -> Iterator[str]:
    settings.LINK_CHECK_NETWORKS = ["127.0.0.0/8"]
    Site.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/200", Answer(Outcome.ALIVE, 200)),
        ("/200/?a=b", Answer(Outcome.ALIVE, 200)),
        ("/404", Answer(Outcome.GONE, 404)),
        ("/410", Answer(Outcome.GONE, 410)),
        ("/403", Answer(Outcome.CLOSED, 403)),
        ("/500", Answer(Outcome.BROKEN, 500)),
        ("/no-head/200", Answer(Outcome.ALIVE, 200)),
        ("/no-head/404", Answer(Outcome.GONE, 404)),
        ("/to/200", Answer(Outcome.ALIVE, 200)),
        ("/to/to/to/404", Answer(Outcome.GONE, 404)),
        ("/round", Answer(Outcome.ENDLESS)),
        ("/to/http://10.0.0.1/", Answer(Outcome.PRIVATE)),
        ("/to/http:file", Answer(Outcome.UNREACHABLE)),
        ("/302", Answer(Outcome.ALIVE, 302)),
    ],
)
def test_what_an_address_answers(site: str, path: str, answer: Answer) -> None:
    assert check_address(site + path) == answer


def test_head_comes_first_and_the_name_of_the_site_is_sent(site: str) -> None:
    check_address(f"{site}/no-head/200")
    check_address(f"{site}/200/ü?a=ü#there")
    host = site.removeprefix("http://")
    assert Site.asked == [("GET", "/no-head/200", host), ("HEAD", "/200/%C3%BC?a=%C3%BC", host)]


def test_a_redirect_is_followed_five_times(site: str) -> None:
    check_address(f"{site}/round")
    assert len(Site.asked) == 6


def test_an_answer_that_drips_ends(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.3)
    began = time.monotonic()
    assert check_address(f"{site}/slow") == Answer(Outcome.SLOW)
    assert time.monotonic() - began < 3


def test_a_site_that_says_nothing_ends(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LINK_CHECK_NETWORKS = ["127.0.0.0/8"]
    monkeypatch.setattr(fetching, "SECONDS_OF_A_STEP", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert check_address(f"http://127.0.0.1:{silent.getsockname()[1]}/") == Answer(Outcome.SLOW)
        assert check_address(f"https://127.0.0.1:{silent.getsockname()[1]}/") == Answer(Outcome.SLOW)


def test_a_port_that_nobody_listens_to_cannot_be_reached(settings: Any) -> None:
    settings.LINK_CHECK_NETWORKS = ["127.0.0.0/8"]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert check_address(f"http://127.0.0.1:{port}/") == Answer(Outcome.UNREACHABLE)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest/", "http://10.1.2.3/"]
)
def test_what_is_not_public_is_not_asked(address: str) -> None:
    assert check_address(address) == Answer(Outcome.PRIVATE)


@pytest.mark.parametrize("address", ["ftp://example.org/", "http:///", "http://[::1", "https://a:b:c/", "mailto:a@b.c"])
def test_what_is_no_address_of_the_web_cannot_be_reached(address: str) -> None:
    assert check_address(address) == Answer(Outcome.UNREACHABLE)


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("10.0.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        (str(ipaddress.IPv4Address(0)), False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
    ],
)
def test_only_public_addresses_are_allowed(address: str, allowed: bool) -> None:
    assert is_allowed(address) is allowed


def test_an_installation_may_allow_a_network(settings: Any) -> None:
    settings.LINK_CHECK_NETWORKS = ["10.20.0.0/16", "fd00::/8"]
    assert [is_allowed(address) for address in ("10.20.3.4", "10.21.0.1", "fd00::7", "::ffff:10.20.0.1")] == [
        True,
        False,
        True,
        True,
    ]
