"""The README's instructions for an installation, followed on PostgreSQL with both roles."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import psycopg
import pytest

from standards.frozen import REGISTRY
from tests.cluster import QUICK, Cluster, running_cluster

ROOT = Path(__file__).resolve().parents[3]
SECTION = (ROOT / "README.md").read_text().partition("## Running it for real")[2].partition("\n## ")[0]
LEFT_OUT = "collectstatic"
"""It compresses every file of the CMS, which takes longer than all others; `./go` and every image build run it."""

COMMAND = re.compile(r"(?P<variables>(?:\w+=\S+ )*)\.venv/bin/python manage\.py (?P<arguments>.+)")
RUN = """
import shlex
import sys
from django.core.management import execute_from_command_line
for arguments in sys.argv[1:]:
    execute_from_command_line(["manage.py", *shlex.split(arguments, comments=True)])
"""

OPEN_PAGES = """
import sys
import django
from django.conf import settings
from django.test import Client
# Before the applications are loaded, which copies these settings.
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
django.setup()
client = Client(headers={"host": "quality.example.org", "x-forwarded-proto": "https"})
health = client.get("/healthz")
print(health.json()["database"], health.json()["triggers"], health.json()["migrations"])
print(client.get(sys.argv[1].partition("example.org")[2]).status_code, client.get("/en/register/").status_code)
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", SECTION, re.DOTALL)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("postgresql"), QUICK) as running:
        yield running


@pytest.fixture(scope="module")
def environment(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the variables of /etc/quality.env."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    place = f"127.0.0.1:{cluster.port}/quality"
    return inherited | {
        "DJANGO_SETTINGS_MODULE": "portal.settings.production",
        "SECRET_KEY": "k" * 60,
        "ALLOWED_HOSTS": "quality.example.org",
        "BASE_URL": "https://quality.example.org",
        "EMAIL_URL": "smtp://127.0.0.1:2525",
        "VAR_DIR": str(tmp_path_factory.mktemp("var")),
        "DATABASE_URL": f"postgres://web:another@{place}",
        "OWNER_DATABASE_URL": f"postgres://owner:one%20of%20its%20own@{place}",
    }


def run_sql(cluster: Cluster, script: str) -> None:
    """Execute a script as psql does: one statement after the other, and `connect` to another database."""
    connection = psycopg.connect(cluster.url("postgres"), autocommit=True)
    for line in script.strip().splitlines():
        if line.startswith("\\connect"):
            connection.close()
            connection = psycopg.connect(cluster.url(line.split()[1]), autocommit=True)
        else:
            connection.execute(line)
    connection.close()


def run_commands(lines: list[str], environment: dict[str, str]) -> list[str]:
    """Run the lines in a shell; consecutive ones with the same variables in one process, to save time."""
    found = [COMMAND.fullmatch(line) for line in lines]
    assert all(found), lines
    printed = ""
    for variables, commands in groupby(found, key=itemgetter("variables")):
        program = shlex.join([sys.executable, "-c", RUN, *(command["arguments"] for command in commands)])
        done = subprocess.run(
            ["sh", "-c", variables + program],
            check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, f"{lines}\n{done.stdout}\n{done.stderr}"
        printed += done.stdout
    return printed.splitlines()


@pytest.mark.long
def test_the_way_of_the_readme_leads_to_an_installation(cluster: Cluster, environment: dict[str, str], tmp_path: Path):
    [roles] = blocks("sql")
    run_sql(cluster, roles)
    update, begin, serve, *_ways_in, keep = blocks("sh")
    lines = [line for line in (update + begin).splitlines() if "quality.env" not in line and LEFT_OUT not in line]
    printed = run_commands(lines, environment)
    assert any("hotlines, and edition 2026 is released" in line for line in printed)
    link = printed[-1].split()[-1]
    assert link.startswith("https://quality.example.org/accounts/invitation/")

    pages = subprocess.run(
        [sys.executable, "-c", OPEN_PAGES, link],
        check=False, cwd=ROOT, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert pages.stdout.split() == ["ok", "ok", "ok", "200", "200"], pages.stderr

    with psycopg.connect(environment["DATABASE_URL"]) as web:
        for forbidden in (
            "ALTER TABLE evaluation_step DISABLE TRIGGER chain_of_steps",
            "DROP TRIGGER chain_of_steps ON evaluation_step",
            "CREATE TABLE mine (id int)",
            "DROP FUNCTION refuse_change CASCADE",
            "ALTER FUNCTION refuse_change RENAME TO refuse_nothing",
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "SET session_replication_role = replica",
            "SET ROLE owner",
            *(f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in REGISTRY),
            *(f"DROP TRIGGER frozen_{table}_row ON {table}" for table in REGISTRY),
            *(f"TRUNCATE {table} CASCADE" for table in REGISTRY),
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), web.transaction():
                web.execute(forbidden)
        for table in ("standards_edition", "standards_editionwording"):
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="is frozen"), web.transaction():
                web.execute(f"UPDATE {table} SET sha256 = ''")

    runs_once = [line for line in serve.splitlines() if "keep_dates" in line]
    archive = tmp_path / "backup.tar"
    kept = [line.replace("/backups/2027-03-01.tar", str(archive)) for line in keep.splitlines()[:2]]
    run_commands([*runs_once, *kept], environment)
