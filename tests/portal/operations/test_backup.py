"""A backup taken during use is complete: it has every row acknowledged before it, and can be restored."""

import os
import sqlite3
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection

from evaluation.models import Hotline, Step
from portal.letters.models import Letter
from portal.operations import backup, verification
from tests.bystander import new
from tests.factories import HotlineFactory
from tests.stage import Stage
from tests.template_database import address_of_database

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.everywhere]
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Return the environment of another installation with an empty database."""
    place = {"VAR_DIR": str(tmp_path / "elsewhere"), "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    (tmp_path / "elsewhere").mkdir()
    if connection.vendor == "sqlite":
        address = address_of_database(f"{tmp_path}/elsewhere/quality.sqlite3")
        yield {**os.environ, **place, "DATABASE_URL": address}
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE restored")
    yield {**os.environ, **place, "DATABASE_URL": address_of_database("restored")}
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE restored WITH (FORCE)")


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.mark.long
def test_a_backup_under_load_holds_every_row_that_was_acknowledged_before_it(tmp_path: Path, elsewhere: dict[str, str]):
    Stage.minimal("decision")
    name = storages["private"].save("evidence/rota.pdf", ContentFile(b"%PDF-1.7"))
    picture = storages["default"].save("images/telephone.png", ContentFile(b"of the CMS"))
    has_ended, written = threading.Event(), []

    def write() -> None:
        while not has_ended.is_set():
            letter = Letter.objects.create(to_address="somebody@example.org", language="en", subject="A letter")
            written.append(letter.pk)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    while len(written) < 5:
        has_ended.wait(0.01)
    before = len(written)
    archive = tmp_path / "whole.tar"
    try:
        manifest = backup.back_up(archive)
    finally:
        has_ended.set()
        writer.join()
    assert manifest.rows["portal_letter"] >= before
    assert manifest.rows["evaluation_step"] == Step.objects.count()
    assert f"private/{name}" in manifest.sha256
    done = manage(elsewhere, "restore", str(archive))
    assert (done.returncode, done.stderr) == (0, "")
    assert "as they were" in done.stdout
    restored = Path(elsewhere["VAR_DIR"]) / "private" / name
    assert restored.read_bytes() == b"%PDF-1.7"
    assert (Path(elsewhere["VAR_DIR"]) / "private" / "cms" / picture).read_bytes() == b"of the CMS"
    again = manage(elsewhere, "restore", str(archive))
    assert (again.returncode, "The database is not empty" in again.stderr) == (1, True)


FILL = """
from django.core.management import call_command
from tests.stage import Stage
Stage("published")
call_command("keep_dates")
call_command("verify_log")
"""
SHOW_ROWS = """
import json
from django.apps import apps
from django.core import serializers
from portal.operations.backup import MADE_ANEW
for model in apps.get_models(include_auto_created=True):
    if model._meta.managed and model._meta.db_table not in MADE_ANEW:
        for row in serializers.serialize("python", model._base_manager.order_by("pk")):
            print(json.dumps(row, default=str, sort_keys=True))
"""
OTHER_VERSIONS = (
    "DELETE FROM django_migrations WHERE app = 'portal' AND name LIKE '0005%'",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('portal', '0099_later', '2030-01-01 00:00:00')",
)
CHANGE = "DROP TRIGGER frozen_evaluation_vote_update; UPDATE evaluation_vote SET words = 'Never said.'"


def run(environment: dict[str, str], code: str) -> str:
    """Run Python code in an installation; return what it printed."""
    command = [sys.executable, "-c", f"import django\ndjango.setup()\n{code}"]
    done = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.long
def test_a_backup_of_sqlite_is_restored_on_either_database_and_the_site_goes_on(
    tmp_path: Path, elsewhere: dict[str, str]
):
    small = {**elsewhere, "VAR_DIR": str(tmp_path / "small"), "DATABASE_URL": f"sqlite:///{tmp_path}/small.sqlite3"}
    (tmp_path / "small").mkdir()
    assert manage(small, "migrate", "-v0").stderr == ""
    run(small, FILL)
    assert manage(small, "backup", f"{tmp_path}/small.tar").returncode == 0
    rows = run(small, SHOW_ROWS)
    if connection.vendor == "postgresql":
        original = (tmp_path / "small.sqlite3").read_bytes()
        changes = [(CHANGE, "not as recorded: evaluation_vote"), *((one, "another version") for one in OTHER_VERSIONS)]
        for number, (change, said) in enumerate(changes):
            (tmp_path / "small.sqlite3").write_bytes(original)
            with closing(sqlite3.connect(tmp_path / "small.sqlite3")) as database:
                database.executescript(change)
            assert manage(small, "backup", f"{tmp_path}/{number}.tar").returncode == 0
            refused = manage(elsewhere, "restore", f"{tmp_path}/{number}.tar")
            assert (refused.returncode, said in refused.stderr) == (1, True), refused.stderr
    done = manage(elsewhere, "restore", f"{tmp_path}/small.tar")
    assert (done.returncode, done.stderr) == (0, "")
    assert rows == run(elsewhere, SHOW_ROWS) != ""
    for command in ("keep_dates", "verify_log", "keep_dates"):
        assert manage(elsewhere, command).returncode == 0
    run(elsewhere, 'from tests.factories import HotlineFactory\nHotlineFactory(country="XC")')  # its key is new


def test_an_archive_is_checked_without_restoring_it(tmp_path: Path, capsys: Any):
    HotlineFactory()
    storages["private"].save("evidence/rota.pdf", ContentFile(b"%PDF-1.7"))
    archive = tmp_path / "whole.tar"
    call_command("backup", archive)
    call_command("restore", archive, verify=True)
    assert "all as written" in capsys.readouterr().out
    assert new(Hotline).count() == 1


def test_a_folder_is_no_archive(tmp_path: Path):
    with pytest.raises(CommandError, match=r"cannot be read: Is a directory\. Name the archive\."):
        call_command("restore", tmp_path, verify=True)


@pytest.mark.parametrize("damage", ["cut", "changed", "no archive", "not there"])
def test_a_damaged_archive_is_refused(tmp_path: Path, damage: str):
    HotlineFactory()
    archive = tmp_path / "damaged.tar"
    storages["private"].save("evidence/rota.pdf", ContentFile(b"the rota of the hotline"))
    if damage != "not there":
        backup.back_up(archive)
        content = archive.read_bytes()
        archive.write_bytes(
            {
                "cut": content[: len(content) // 2],
                "changed": content.replace(b"the rota of the hotline", b"the rota of somebody   "),
                "no archive": b"PK\x03\x04",
            }[damage]
        )
    with pytest.raises(CommandError):
        call_command("restore", archive, verify=True)


@pytest.fixture
def without_disk(settings: Any) -> None:
    bucket = {"BACKEND": "tests.bucket.Bucket"}
    settings.STORAGES = settings.STORAGES | {"private": bucket, "default": bucket}


def test_files_in_a_bucket_are_not_in_the_archive_which_says_so(tmp_path: Path, capsys: Any, without_disk: None):
    HotlineFactory()
    storages["private"].save("evidence/rota.pdf", ContentFile(b"%PDF-1.7"))
    archive = tmp_path / "rows.tar"
    call_command("backup", archive)
    assert "Files in a bucket are not in it: the bucket has to keep copies of its own." in capsys.readouterr().out
    call_command("restore", archive, verify=True)
    assert "0 files, all as written" in capsys.readouterr().out
    with tarfile.open(archive) as opened:
        assert opened.getnames() == ["database", "manifest.json"]


def test_nothing_is_unpacked_into_the_working_folder_where_the_files_are_in_a_bucket(
    tmp_path: Path, without_disk: None
):
    place = backup._place_to_unpack(str(tmp_path / "new" / "quality.sqlite3"))
    assert place == (tmp_path / "new" if connection.vendor == "sqlite" else None)


def test_nothing_is_overwritten(tmp_path: Path):
    (tmp_path / "whole.tar").write_text("an older backup")
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", tmp_path / "whole.tar")
    with pytest.raises(CommandError, match="The database is not empty"):
        call_command("restore", tmp_path / "whole.tar")
    with pytest.raises(CommandError, match="Make it first"):
        call_command("backup", tmp_path / "nowhere" / "whole.tar")
    assert [path.name for path in tmp_path.glob("*.tar")] == ["whole.tar"]


def test_an_archive_cannot_write_outside_its_folder(tmp_path: Path):
    archive = tmp_path / "outside.tar"
    (tmp_path / "secret").write_text("x")
    with tarfile.open(archive, "w") as file:
        file.add(tmp_path / "secret", arcname="../escaped")
    with pytest.raises(CommandError):
        call_command("restore", archive, verify=True)
    assert not (tmp_path.parent / "escaped").exists()


def test_a_file_that_a_row_names_and_a_trigger_that_is_gone_are_faults():
    assert list(verification.find_problems()) == []
    table = " ON evaluation_step" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER chain_of_steps{table}")
    [fault] = verification.find_problems()
    assert "chain_of_steps" in fault


def test_a_stored_file_is_on_the_disk_before_its_name_is_known(monkeypatch: pytest.MonkeyPatch):
    synced = []
    monkeypatch.setattr("portal.operations.storage.os.fsync", synced.append)
    storages["private"].save("evidence/rota.pdf", ContentFile(b"%PDF-1.7"))
    assert len(synced) == 2  # the file and its folder


def test_a_file_that_grows_while_it_is_read_is_kept_as_far_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    name = storages["private"].save("evidence/rota.pdf", ContentFile(b"%PDF-1.7"))
    look = tarfile.TarFile.gettarinfo

    def look_and_grow(self: tarfile.TarFile, path: Path, **names: Any) -> tarfile.TarInfo:
        about = look(self, path, **names)
        if path.name == "rota.pdf":
            with path.open("ab") as file:
                file.write(b" and more")
        return about

    monkeypatch.setattr(tarfile.TarFile, "gettarinfo", look_and_grow)
    archive = tmp_path / "whole.tar"
    backup.back_up(archive)
    assert f"private/{name}" in backup.verify(archive).sha256
    assert archive.stat().st_mode & 0o777 == 0o600
