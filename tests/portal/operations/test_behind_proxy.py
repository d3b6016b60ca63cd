"""nginx in front of gunicorn: each client is counted by its own address, whatever headers it sends."""

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from evaluation.models import Role
from tests.factories import PASSWORD, HotlineFactory, person
from tests.template_database import address_of_database

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[3]
NGINX = """
user root;  # asked only of a master that is root; its workers reach the socket
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    server {{ listen 127.0.0.1:{tcp}; location / {{ proxy_pass http://127.0.0.1:{gunicorn}; }} }}
    server {{ listen 127.0.0.1:{unix}; location / {{ proxy_pass http://unix:{folder}/gunicorn.sock; }} }}
}}
"""


def _find_nginx() -> str:
    unpacked = ROOT / ".tools" / "nginx" / "usr" / "sbin" / "nginx"  # by `./go test`
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or str(unpacked)


def _free_ports(count: int) -> list[int]:
    plugs = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [plug.getsockname()[1] for plug in plugs]
    for plug in plugs:
        plug.close()
    return ports


@contextmanager
def _running(*command: str, ports: list[int], output: Path, **environment: str) -> Iterator[None]:
    with output.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        for port in ports:
            _wait_for(port, process, output)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", output: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except ConnectionRefusedError:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
        else:
            return
    pytest.fail(f"{process.args} does not answer: {output.read_text('utf-8')[-2000:]}")


class Visitor:
    """A client at an address of the loopback network that sends a forged X-Forwarded-For."""

    def __init__(self, address: str, port: int) -> None:
        self.address, self.port, self.cookies = address, port, SimpleCookie()
        page = self.ask("GET", "/accounts/login/")[1]
        self.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)

    def ask(self, method: str, path: str, **fields: str) -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(self.address, 0))
        headers = {
            "Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items()),
            "X-Forwarded-For": "203.0.113.9",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        line.request(method, path, urlencode(fields), headers)
        answer = line.getresponse()
        text = answer.read().decode()
        for value in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(value)
        line.close()
        return answer.status, text

    def sign_in(self, address: str, password: str) -> int:
        fields = {"login": address, "password": password, "csrfmiddlewaretoken": self.token}
        return self.ask("POST", "/accounts/login/", **fields)[0]

    def ask_for_letter(self, address: str) -> int:
        return self.ask("POST", "/accounts/password/reset/", email=address, csrfmiddlewaretoken=self.token)[0]


@pytest.fixture
def site(tmp_path: Path, settings: Any) -> Iterator[Any]:
    """Return the ports of nginx (with TCP, with a unix socket) and of gunicorn, and the path of gunicorn's log."""
    tcp, unix, gunicorn = ports = _free_ports(3)
    configuration, log = tmp_path / "nginx.conf", tmp_path / "gunicorn.log"
    configuration.write_text(NGINX.format(folder=tmp_path, tcp=tcp, unix=unix, gunicorn=gunicorn), "utf-8")
    binds = ("--bind", f"127.0.0.1:{gunicorn}", "--bind", f"unix:{tmp_path}/gunicorn.sock")
    serve = (
        sys.executable,
        "-m",
        "gunicorn",
        "portal.wsgi",
        "--threads",
        "4",
        "--preload",
        "--no-control-socket",
        *binds,
    )
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.behind_proxy",
        "DATABASE_URL": address_of_database(),
        "TRUSTED_PROXIES": "127.0.0.1 unix",
    }
    proxy = (_find_nginx(), "-c", str(configuration), "-e", str(tmp_path / "start.log"))
    with (
        _running(*serve, ports=[gunicorn], output=log, **environment),
        _running(*proxy, ports=[tcp, unix], output=tmp_path / "nginx.out"),
    ):
        yield (*ports, log)


def test_each_client_behind_a_proxy_is_counted_by_its_own_address(site):
    tcp, unix, gunicorn, log = site
    user = person(Role.CONTRIBUTOR, hotline=HotlineFactory(), password=PASSWORD)
    guesser = Visitor("127.0.0.2", tcp)
    answers = [guesser.sign_in(f"somebody-{number}@example.org", "wrong") for number in range(30)]
    assert answers == [200] * 29 + [429]  # django-axes, by address
    answers = [guesser.ask_for_letter(f"somebody-{number}@example.org") for number in range(21)]
    assert answers == [302] * 20 + [429]  # allauth, by address

    assert Visitor("127.0.0.2", unix).ask_for_letter(user.email) == 429  # the same client through a unix socket
    assert (
        Visitor("127.0.0.2", gunicorn).ask_for_letter(user.email) == 429
    )  # and directly, without the proxy, where no header counts
    for number, port in enumerate((tcp, unix, gunicorn), start=3):
        assert Visitor(f"127.0.0.{number}", port).sign_in(user.email, PASSWORD) == 302

    records = [json.loads(line) for line in log.read_text("utf-8").splitlines() if line.startswith("{")]
    failed = [record["address"] for record in records if record["event"] == "sign-in failed"]
    assert failed == ["127.0.0.2"] * 30
