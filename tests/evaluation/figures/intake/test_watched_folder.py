"""The watched folder: complete files are imported, answered next to the original, and removed."""

import os
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate, now

from evaluation.figures.intake import spool
from evaluation.figures.intake.imports import MAX_WAITING
from evaluation.figures.intake.watched_folders import Watch
from evaluation.models import SpooledFile, StatisticsImport
from portal.demonstration.exports import generate
from tests.bystander import new
from tests.evaluation.figures.sheet import Sheet
from tests.factories import HotlineFactory, StatisticsImportFactory


@pytest.fixture
def drop(tmp_path, hotline) -> Path:
    place = tmp_path / "drops" / hotline.code
    place.mkdir(parents=True)
    return place


def poll_twice(drop: Path):
    watch = Watch(drop.parent)
    assert watch.poll() == []
    return watch.poll()


def names(place: Path) -> set[str]:
    return {path.name for path in place.iterdir()}


def test_a_file_that_stands_still_is_read_answered_and_removed(hotline, drop):
    (drop / "2025.csv").write_bytes(Sheet().content)
    (taken,) = poll_twice(drop)
    statistics = new(StatisticsImport).get()
    assert (statistics.hotline, statistics.state, statistics.way) == (hotline, "checked", "folder")
    assert names(drop) == {"2025.csv.result.txt"}
    result = (drop / "2025.csv.result.txt").read_text()
    assert result.startswith(
        "The file is read, for 2025-01-01 to 2025-12-31. It counts once it is confirmed on the site.\n"
    )
    assert not taken.is_refused


def test_a_file_that_still_grows_waits(hotline, drop):
    path = drop / "2025.csv"
    content = Sheet().content
    path.write_bytes(content[:500])
    watch = Watch(drop.parent)
    assert watch.poll() == []
    path.write_bytes(content)
    assert watch.poll() == []
    assert [taken.answer for taken in watch.poll()] == [drop / "2025.csv.result.txt"]


@pytest.mark.parametrize("name", ["2025.csv.part", "2025.csv.tmp", ".2025.csv", "2025.csv.filepart"])
def test_what_is_on_its_way_is_left_alone(hotline, drop, name):
    (drop / name).write_bytes(Sheet().content)
    assert poll_twice(drop) == []
    assert names(drop) == {name}


def test_a_refused_file_is_removed_and_its_answer_holds_nothing_of_it(hotline, drop):
    sheet = Sheet().write("A03", value="jane.doe@example.org")
    (drop / "2025.csv").write_bytes(sheet.content)
    (taken,) = poll_twice(drop)
    result = (drop / "2025.csv.result.txt").read_text()
    assert taken.is_refused
    assert result.startswith("The file is refused, and nothing of it was kept.\n")
    assert f"Row {sheet.row('A03')}, column value, looks like an e-mail address" in result
    assert "jane" not in result
    assert names(drop) == {"2025.csv.result.txt"}
    assert not new(StatisticsImport).exclude(state="refused").exists()


def test_the_same_file_again_is_one_import_and_says_so(hotline, drop):
    (drop / "2025.csv").write_bytes(Sheet().content)
    poll_twice(drop)
    (drop / "again.csv").write_bytes(Sheet().content)
    poll_twice(drop)
    assert new(StatisticsImport).count() == 1
    assert (drop / "again.csv.result.txt").read_text() == (
        "This file is here already: checked, waiting for the hotline.\n"
    )


def test_a_file_that_is_too_large_is_removed(hotline, drop, settings):
    settings.STATISTICS_MAX_BYTES = 2000
    (drop / "2025.csv").write_bytes(Sheet().content)
    (taken,) = poll_twice(drop)
    assert taken.is_refused
    assert "larger than 1 MB" in taken.sentences[0]
    assert names(drop) == {"2025.csv.result.txt"}
    assert new(StatisticsImport).count() == 0


def test_a_link_leads_nowhere(hotline, drop, tmp_path):
    elsewhere = tmp_path / "elsewhere.csv"
    elsewhere.write_bytes(Sheet().content)
    (drop / "2025.csv").symlink_to(elsewhere)
    (taken,) = Watch(drop.parent).poll()
    assert taken.is_refused
    assert elsewhere.exists()
    assert new(StatisticsImport).count() == 0
    assert names(drop) == {"2025.csv.result.txt"}


def test_a_folder_that_is_a_link_is_not_looked_into(hotline, drop, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    drop.rename(elsewhere)
    (elsewhere / "2025.csv").write_bytes(Sheet().content)
    drop.symlink_to(elsewhere)
    assert poll_twice(drop) == []
    assert names(elsewhere) == {"2025.csv"}


def test_a_pipe_or_a_folder_inside_stops_nobody(hotline, drop):
    os.mkfifo(drop / "pipe.csv")
    (drop / "inner").mkdir()
    assert poll_twice(drop) == []


def test_a_file_of_another_hotline_is_refused(hotline, drop):
    HotlineFactory(country="XB")
    (drop / "2025.csv").write_bytes(Sheet(hotline_code="116000-XB").content)
    (taken,) = poll_twice(drop)
    assert taken.is_refused
    assert "another hotline" in taken.sentences[1]


def test_the_command_takes_what_is_there_and_ends(hotline, drop):
    (drop / "2025.csv").write_bytes(Sheet().content)
    (drop.parent / "unknown").mkdir()
    out, err = StringIO(), StringIO()
    call_command("watch_statistics", drop.parent, "--once", "--every", "0", stdout=out, stderr=err)
    assert out.getvalue().startswith(f"{drop / '2025.csv.result.txt'}: The file is read, for 2025-01-01 to 2025-12-31.")
    assert err.getvalue() == "unknown: no hotline has this code; nothing is taken from here.\n"
    with pytest.raises(CommandError) as raised:
        call_command("watch_statistics", drop.parent / "none", "--once")
    assert raised.value.returncode == 2


def test_what_one_hotline_does_in_its_folder_stops_no_other(hotline, drop):
    other = HotlineFactory(country="XB")
    theirs = drop.parent / other.code
    theirs.mkdir()
    (drop / "q1.csv").write_bytes(Sheet().content)
    (drop / ".q1.csv.result.txt.new").mkdir()  # where the answer would be written
    (theirs / ("ж" * 120 + ".csv")).write_bytes(generate(other.code, 2025, seed=1))
    poll_twice(drop)
    assert set(new(StatisticsImport).values_list("hotline", "state")) == {
        (hotline.pk, "checked"),
        (other.pk, "checked"),
    }
    assert [name.endswith(".result.txt") for name in names(theirs)] == [True]


def test_a_file_too_many_stays_in_its_folder_until_there_is_room(hotline, drop):
    for number in range(MAX_WAITING):
        waiting = StatisticsImportFactory(hotline=hotline, state="unmatched")
        SpooledFile.objects.create(statistics=waiting, path=f"{number}", key=b"k", size=1, expires_at=now())
    (drop / "q1.csv").write_bytes(Sheet().content)
    poll_twice(drop)
    assert names(drop) == {"q1.csv"}
    assert list(spool.root().iterdir()) == []
    SpooledFile.objects.all().delete()
    poll_twice(drop)
    assert new(StatisticsImport).filter(state="checked").count() == 1


def test_a_name_that_may_be_a_child_s_is_neither_kept_nor_told(hotline, drop, caplog):
    (drop / "Anna Kowalska 12.03.2011.csv").write_bytes(Sheet().content)
    (drop / "Jan Kowalski.csv").symlink_to(drop)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("watch_statistics", drop.parent, "--once", "--every", "0", stdout=out)
    statistics = new(StatisticsImport).get()
    assert statistics.file_name == "116000-XA 2025 aggregate"
    mark = f"116000-XA {localdate()} {statistics.file_digest[:8]}.result.txt"
    assert mark in names(drop)
    assert [re.sub(r" [0-9]{8}\.", " 1.", name) for name in names(drop) - {mark}] == [
        f"116000-XA {localdate()} 1.result.txt"
    ]
    assert "The name of the file is not kept: it may say something about a person." in (drop / mark).read_text()
    for text in (out.getvalue(), caplog.text, *(path.read_text() for path in drop.iterdir())):
        assert "Kowalsk" not in text
