"""The spool: its files are encrypted on disk, are read back exactly, and are deleted."""

import errno
import io
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from evaluation.figures.intake import spool
from evaluation.figures.intake.imports import receive
from evaluation.figures.intake.spool import FRAME, TAG, Damaged, SpoolWriter, TooLarge
from evaluation.models import SpooledFile, StatisticsImport


def files() -> list[Path]:
    return sorted(spool.root().iterdir())


@pytest.mark.parametrize("size", [0, 1, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME + 77])
def test_what_goes_in_comes_out(size: int):
    content = os.urandom(size)
    kept = spool.spool(content[start : start + 70_000] for start in range(0, size, 70_000))
    with kept.open() as file:
        assert file.read() == content
        file.seek(0)
        assert b"".join(iter(lambda: file.read(33_333), b"")) == content
    assert kept.size == size


def test_it_can_be_read_from_anywhere_as_any_file_can():
    content = os.urandom(2 * FRAME + 500)
    kept = spool.spool([content])
    plain = io.BytesIO(content)

    @given(st.lists(st.tuples(st.integers(0, len(content) + 10), st.integers(0, 5000)), max_size=20))
    @hypothesis_settings(max_examples=30)
    def hold(reads: list[tuple[int, int]]) -> None:
        with kept.open() as file:
            for place, length in reads:
                assert file.seek(place) == plain.seek(place) == file.tell()
                assert file.read(length) == plain.read(length)

    hold()
    with kept.open() as file:
        assert file.seek(-7, os.SEEK_END) == len(content) - 7
        assert file.read() == content[-7:]


def test_nothing_of_it_can_be_read_on_disk_and_others_may_not_try():
    kept = spool.spool([b"item,value\n" * 200_000])
    (path,) = files()
    assert b"item" not in path.read_bytes()
    assert path.stat().st_size == kept.size + 3 * TAG
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_the_database_knows_does_not_open_a_file_alone(settings):
    kept = spool.spool([b"item,value\n"])
    with pytest.raises(InvalidTag):
        AESGCM(kept.key).decrypt(bytes(12), (spool.root() / kept.path).read_bytes(), None)
    settings.SECRET_KEY = "another"
    with kept.open() as file, pytest.raises(Damaged):
        file.read()


def test_what_is_deleted_from_sqlite_is_overwritten(db):
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA secure_delete").fetchone() == (1,)


def test_a_file_that_was_changed_cut_or_put_in_another_order_is_not_read():
    kept = spool.spool([bytes(2 * FRAME)])
    (path,) = files()
    sealed = path.read_bytes()
    first, second = sealed[: FRAME + TAG], sealed[FRAME + TAG :]
    for damaged in (b"\0" + sealed[1:] if sealed[0] else b"\1" + sealed[1:], sealed[:-1], first, second + first):
        path.write_bytes(damaged)
        with kept.open() as file, pytest.raises(Damaged):
            file.read()


def test_more_than_the_limit_leaves_nothing():
    with pytest.raises(TooLarge):
        spool.spool([bytes(10), bytes(10)], limit=19)
    assert files() == []
    assert spool.spool([bytes(10), bytes(9)], limit=19).size == 19


def test_a_file_and_its_folder_are_on_the_disk_before_anybody_hears_of_it(monkeypatch):
    written = []

    def note(descriptor: int) -> None:
        about = os.fstat(descriptor)
        written.append((about.st_ino, about.st_size))

    monkeypatch.setattr("evaluation.figures.intake.spool.os.fsync", note)
    spooled = spool.spool([b"figures"])
    (file, size), (folder, _) = written
    assert (file, size) == ((spool.root() / spooled.path).stat().st_ino, len(b"figures") + TAG)
    assert folder == spool.root().stat().st_ino


def test_a_disk_that_cannot_write_it_down_leaves_nothing(monkeypatch):
    def is_full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("evaluation.figures.intake.spool.os.fsync", is_full)
    with pytest.raises(OSError, match="No space"):
        spool.spool([b"figures"])
    assert list(spool.root().iterdir()) == []


def test_what_breaks_off_leaves_nothing():
    def broken():
        yield bytes(2 * FRAME)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        spool.spool(broken())
    with SpoolWriter() as writer:
        writer.write(b"begun")
    assert files() == []


def received(hotline, content: bytes = b"anything") -> StatisticsImport:
    statistics, is_new = receive(hotline, spool.spool([content]), "figures.csv", by=None, way="api")
    assert is_new
    return statistics


def test_what_waits_too_long_is_refused_and_removed(hotline, django_capture_on_commit_callbacks):
    waiting, fresh = received(hotline, b"one"), received(hotline, b"two")
    SpooledFile.objects.filter(statistics=waiting).update(expires_at=timezone.now() - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert spool.sweep() == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.problems) == ("refused", [{"code": "spool_expired", "params": {"minutes": 60}}])
    kept = SpooledFile.objects.get()
    assert kept.statistics == fresh
    assert [path.name for path in files()] == [kept.path]


def test_what_nobody_knows_goes_and_what_is_just_coming_stays(hotline):
    known = received(hotline)
    lost, coming = spool.spool([b"lost"]), spool.spool([b"coming"])
    an_hour_ago = timezone.now().timestamp() - 3600
    for path in (lost.path, known.spooled.path):
        os.utime(spool.root() / path, (an_hour_ago, an_hour_ago))
    assert spool.sweep() == 1
    assert {path.name for path in files()} == {known.spooled.path, coming.path}


def test_the_same_file_twice_is_spooled_once(hotline):
    first = received(hotline)
    again, is_new = receive(hotline, spool.spool([b"anything"]), "again.csv", by=None, way="api")
    assert (again, is_new) == (first, False)
    assert len(files()) == 1


def test_the_key_goes_with_the_row(hotline, django_capture_on_commit_callbacks):
    statistics = received(hotline)
    with django_capture_on_commit_callbacks(execute=True):
        spool.release_file(statistics)
    assert SpooledFile.objects.count() == 0
    assert files() == []
