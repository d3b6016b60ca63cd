"""The installation of docs/operations.md, walked below another root: `./go prove install` runs the long ones alone."""

import http.client
import json
import os
import pwd
import re
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management.utils import get_random_secret_key

from portal.requests import bodies
from standards.frozen import REGISTRY
from tests.cluster import QUICK, Cluster, running_cluster
from tests.faults.site import children_of, free_port

ROOT = Path(__file__).resolve().parents[3]
BLOCKS = re.findall(r"```sh\n(.*?)```", (ROOT / "docs/operations.md").read_text(), re.DOTALL)
UNITS = sorted((ROOT / "docs" / "systemd").glob("*.service"))
IS_ROOT = os.geteuid() == 0
OTHER = "nobody" if IS_ROOT else pwd.getpwuid(os.geteuid()).pw_name
"""The user of the service, whom the machine has already."""
HOST = "quality.example.org"
LEFT_BEHIND = shutil.ignore_patterns(".git", ".venv", ".tools", "var", "*_cache", "__pycache__", "*.mo", "node_modules")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("postgresql"), QUICK) as running:
        yield running


@dataclass(frozen=True)
class Machine:
    """A copy of the code without anything made from it, and a root folder for what an installation writes."""

    code: Path
    root: Path
    answers: dict[str, str]

    @property
    def settings(self) -> Path:
        return self.root / "etc/quality/site.env"

    def run(self, line: str, *, fails: bool = False, user: str | None = None, **answers: str) -> str:
        """Run a line of docs/operations.md in the folder of the code; return all that it printed."""
        lost = ("DJANGO_", "VAR_DIR", "DATABASE_URL", "PYTHON", "TEMPLATES_", "COPIES_")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(lost)}
        environment |= {"INSTALL_ROOT": str(self.root), "INSTALL_USER": OTHER} | self.answers | answers
        environment["PATH"] += f":{ROOT}/.tools/bin"
        done = subprocess.run(
            ["sh", "-c", line],
            check=False, cwd=self.code, env=environment, capture_output=True, text=True, timeout=3600,
            stdin=subprocess.DEVNULL, user=user,
        )  # fmt: skip
        assert (done.returncode != 0) is fails, f"{line}\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
        return done.stdout + done.stderr

    def setting(self, name: str) -> str:
        return self.run(f'. "{self.settings}" && printf %s "${name}"')

    def kept(self) -> dict[str, tuple[int, int]]:
        """Return size and time of each file below the root."""
        return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in self.root.rglob("*")}


@pytest.fixture(scope="module")
def code() -> Iterator[Path]:
    """Return a copy of the code that other users can reach; its .venv is made by the first installation."""
    with tempfile.TemporaryDirectory(prefix="quality-install-") as folder:
        Path(folder).chmod(0o755)
        yield Path(shutil.copytree(ROOT, f"{folder}/quality", ignore=LEFT_BEHIND))


@pytest.fixture
def machine(code: Path) -> Iterator[Machine]:
    said = {"HOST": HOST, "MAIL": "smtp+tls://quality:p%40ss@127.0.0.1:2525", "CONTACT": "quality@mce.example"}
    with tempfile.TemporaryDirectory(prefix="quality-root-") as root:
        Path(root).chmod(0o755)
        yield Machine(code, Path(root), {f"INSTALL_{name}": value for name, value in said.items()})


# --- What every run of the tests reads ---------------------------------------------------------------------------


def test_every_process_of_the_service_loads_the_settings_without_the_owner():
    assert len(UNITS) == 4
    for unit in UNITS:
        assert re.findall(r"^EnvironmentFile=(.+)$", unit.read_text(), re.MULTILINE) == ["/etc/quality/site.env"]


def test_the_proxy_takes_the_largest_upload():
    [size] = re.findall(r"^ *client_max_body_size (\d+)m;$", (ROOT / "docs/nginx.conf").read_text(), re.MULTILINE)
    longest = max(bodies.longest_figures(), bodies.longest_evidence(), bodies.longest_form(), bodies.longest_workbook())
    assert int(size) * 1024 * 1024 == longest


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("", "“” is no answer to: The name of the site"),
        ("--host 'a b'", "“a b” is no answer to: The name of the site"),
        ("--host q.example.org --mail localhost", "“localhost” is no answer to: The mail server"),
        ('--host q.example.org --mail "smtp://u:it\'s@h"', "is no answer to: The mail server"),
        ("--host q.example.org --mail smtp://h --contact a@b --database oracle", "is no answer to: The database"),
        ("--host", "--host needs a value."),
        ("--hots q.example.org", "There is no option “--hots”."),
    ],
)
def test_an_answer_that_does_not_fit_is_named_before_anything_is_written(tmp_path: Path, options: str, said: str):
    place = tmp_path / "root"
    refused = Machine(ROOT, place, {}).run(f"./go install {options}", fails=True)
    assert said in refused
    assert not place.exists()


# --- Whole installations -----------------------------------------------------------------------------------------


def _identity() -> dict[str, Any]:
    """Return who runs a unit; systemd reads its settings as root, and its group may read them, too."""
    known = pwd.getpwnam(OTHER)
    return {"user": known.pw_uid, "group": known.pw_gid, "extra_groups": []}


@contextmanager
def web(machine: Machine) -> Iterator[tuple[int, int]]:
    """Run the web processes as their unit says, on a port of their own; yield the process and the port."""
    unit = (machine.root / "etc/systemd/system/quality-web.service").read_text()
    found = dict(re.findall(r"^(User|EnvironmentFile|ExecStart|WorkingDirectory)=(.+)$", unit, re.MULTILINE))
    port = free_port()
    command = shlex.split(found["ExecStart"].replace(":8000", f":{port}"))
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            ["sh", "-c", 'set -a; . "$0"; exec "$@"', found["EnvironmentFile"], *command, "--no-control-socket"],
            cwd=found["WorkingDirectory"], env={"PATH": os.environ["PATH"]}, stdout=log, stderr=log,
            **(_identity() if IS_ROOT else {}),
        )  # fmt: skip
        try:
            deadline = time.monotonic() + 120
            while process.poll() is None and time.monotonic() < deadline:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except ConnectionRefusedError:
                    time.sleep(0.2)
            else:
                log.seek(0)
                pytest.fail(f"{command} does not answer: {log.read().decode()[-3000:]}")
            yield process.pid, port
        finally:
            process.terminate()
            process.wait(90)  # gunicorn gives its workers 30 s


def ask(port: int, path: str) -> tuple[int, str]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    line.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https"})
    answer = line.getresponse()
    text = answer.read().decode()
    line.close()
    return answer.status, text


def refuse_what_only_the_owner_may(address: str) -> None:
    with psycopg.connect(address) as connection:
        for forbidden in (
            "ALTER TABLE evaluation_step DISABLE TRIGGER chain_of_steps",
            "DROP TRIGGER chain_of_steps ON evaluation_step",
            "CREATE TABLE mine (id int)",
            "DROP FUNCTION refuse_change CASCADE",
            "ALTER FUNCTION refuse_change RENAME TO refuse_nothing",
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "SET session_replication_role = replica",
            "SET ROLE quality_owner",
            *(f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in REGISTRY),
            *(f"DROP TRIGGER frozen_{table}_row ON {table}" for table in REGISTRY),
            *(f"TRUNCATE {table} CASCADE" for table in REGISTRY),
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(forbidden)
        for table in ("standards_edition", "standards_editionwording"):
            with (
                pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="is frozen"),
                connection.transaction(),
            ):
                connection.execute(f"UPDATE {table} SET sha256 = ''")


def owners(folder: Path) -> set[str]:
    return {pwd.getpwuid(path.lstat().st_uid).pw_name for path in [folder, *folder.rglob("*")]}


@pytest.mark.long
def test_the_way_of_the_operations_page_leads_to_an_installation_on_postgresql(cluster: Cluster, machine: Machine):
    install, begin, *others = BLOCKS
    [keep] = [block for block in others if block.startswith("./go site backup")]
    psql = {"INSTALL_DATABASE": "local", "INSTALL_PSQL": f"psql {cluster.url('postgres')}"}
    assert "Invite the first two coordinators" in machine.run(install, **psql)
    printed = machine.run(begin)
    assert "hotlines, and edition 2026 is released" in printed
    link = re.findall(rf"https://{HOST}(/accounts/invitation/\S+)", printed)[-1]

    var = machine.root / "var/lib/quality"
    assert owners(var) == {OTHER}
    assert owners(machine.root / "etc") == {pwd.getpwuid(os.geteuid()).pw_name}
    secrets = machine.root / "etc/quality/owner.env"
    assert [path.stat().st_mode & 0o777 for path in (secrets, machine.settings)] == [0o600, 0o640]
    [password] = re.findall(r"quality_owner:([\w-]+)@", secrets.read_text())
    assert not list((machine.code / ".venv").glob("lib/*/site-packages/pytest"))

    with web(machine) as (master, port):
        health = json.loads(ask(port, "/healthz")[1])
        assert {name: health[name] for name in ("database", "disk", "migrations", "triggers")} == dict.fromkeys(
            ("database", "disk", "migrations", "triggers"), "ok"
        )
        assert [ask(port, path)[0] for path in (link, "/en/register/")] == [200, 200]
        workers = children_of(master)
        assert len(workers) == 4
        for process in (master, *workers):
            environment = Path(f"/proc/{process}/environ").read_text()
            assert "quality_web:" in environment
            assert password not in environment
            assert "quality_owner" not in environment

    refuse_what_only_the_owner_may(machine.setting("DATABASE_URL"))
    needs = "This needs the role that owns the tables of the database. Run it as root: ./go owner migrate portal zero"
    assert machine.run("./go site migrate portal zero", fails=True).strip().endswith(needs)
    if IS_ROOT:
        assert "Become root" in machine.run("./go owner migrate", fails=True, user=OTHER)

    machine.run("./go site keep_dates")
    archive = "/var/backups/quality/2027-03-01.tar"
    for line in keep.splitlines()[:2]:
        machine.run(line.replace(archive, f"{machine.root}{archive}"))

    before = machine.kept()
    assert "nothing was changed" in machine.run(install)
    assert machine.kept() == before

    # A new machine begins with the backup.
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as superuser:
        superuser.execute("DROP DATABASE quality WITH (FORCE)")
    backup = machine.root.parent / f"{machine.root.name}.tar"
    shutil.move(f"{machine.root}{archive}", backup)
    shutil.rmtree(machine.root / "etc")
    shutil.rmtree(machine.root / "var")
    printed = machine.run(f"{keep.splitlines()[-1].split('#')[0].replace(archive, str(backup))}", **psql)
    backup.unlink()
    assert "Restored: the rows, the files" in printed
    assert owners(var) == {OTHER}
    with psycopg.connect(machine.setting("DATABASE_URL")) as restored:
        assert restored.execute("SELECT count(*) FROM evaluation_invitation").fetchone() == (2,)


@pytest.mark.long
def test_an_installation_on_sqlite_has_one_file_of_settings_and_keeps_what_is_edited(machine: Machine):
    install = BLOCKS[0]
    machine.run(install, INSTALL_DATABASE="sqlite")
    assert not (machine.root / "etc/quality/owner.env").exists()
    assert owners(machine.root / "var") <= {OTHER, pwd.getpwuid(os.geteuid()).pw_name}
    assert (machine.root / "var/lib/quality/quality.sqlite3").is_file()

    # An own key: every sign of Django's. Both readers take what stands between apostrophes as it is.
    key = '$&(#`\\"!*%=' + get_random_secret_key()
    lines = machine.settings.read_text().splitlines()
    assert all(line.startswith("#") or re.fullmatch(r"\w+='[^']*'", line) for line in lines)
    written = [f"SECRET_KEY='{key}'" if line.startswith("SECRET_KEY=") else line for line in lines]
    machine.settings.write_text("\n".join(written) + "\n")
    assert machine.setting("SECRET_KEY") == key
    shown = machine.run("./go site shell -v0 -c 'from django.conf import settings; print(settings.SECRET_KEY)'")
    assert shown.strip() == key
    machine.run(install)
    assert machine.setting("SECRET_KEY") == key
    assert "nothing was changed" in machine.run(install)
