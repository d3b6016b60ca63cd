"""The worker that reads files of figures: once each, again after its worker was lost, without a trace of the file."""

import json
import logging
import threading
from datetime import timedelta
from functools import partial

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.models import F
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from evaluation.figures.intake import spool
from evaluation.figures.intake.imports import examine_spooled, open_unmatched, receive, source_of_unmatched
from evaluation.figures.intake.worker import LOST_AFTER, Unread, queue_file, read_statistics, recover_and_clean_up
from evaluation.figures.mapping import suggest_mapping
from evaluation.figures.mapping.saved_mappings import mapping_of
from evaluation.models import Figure, Hotline, Matching, Role, SpooledFile, StatisticsImport, User
from evaluation.workflow import perform
from tests.bystander import new
from tests.evaluation.figures.record_files import case, contact, write_records
from tests.evaluation.figures.sheet import Sheet
from tests.evaluation.figures.traces import NAME, assert_nowhere, files_with
from tests.evaluation.workflow.racing import at_once
from tests.factories import HotlineFactory, confirmed, person

MARK = "jane.doe.marked@example.org"
"""A text in a cell that must not be stored anywhere."""
MARKED_KEY = "marked-key-of-nobody-47"
"""The key of a contact or a case. It may be in the file and must not be stored anywhere."""
OWN_EXPORT = (
    "Datum;Kanal;Richtung;Ergebnis;Rolle;Kontaktart;Kategorie;Zu Fall;Schlüssel\n"
    + "".join(
        f"{day:02}.03.2025;Chat;eingehend;angenommen;Polizei;information;Ausreißer;none;{MARKED_KEY}{day:02}\n"
        for day in range(1, 29)
    )
).encode()


@pytest.fixture
def queue(settings):
    """Queue tasks in the database, as on a server."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "letters"]}}


def arrived(hotline: Hotline, content: bytes) -> StatisticsImport:
    return receive(hotline, spool.spool([content]), NAME, by=None, way="api")[0]


def work() -> None:
    call_command("run_worker", "--batch", "--interval", "0")


def reading_task() -> DBTaskResult:
    return DBTaskResult.objects.get(task_path__endswith="read_statistics")


@pytest.mark.django_db(transaction=True)
def test_a_reading_that_a_passing_failure_interrupts_is_queued_again(queue, monkeypatch):
    statistics, _is_new = queue_file(
        HotlineFactory(country="XA"), spool.spool([Sheet().content]), NAME, by=None, way="api"
    )

    def is_away(*_args: object) -> None:
        raise OperationalError("the database is away")

    with monkeypatch.context() as patched:
        patched.setattr("evaluation.figures.intake.worker.examine_spooled", is_away)
        work()
    assert reading_task().status == "READY"
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
    work()
    statistics.refresh_from_db()
    assert (statistics.state, reading_task().status) == ("checked", "SUCCESSFUL")


@pytest.mark.django_db(transaction=True)
def test_a_file_and_its_task_are_kept_together_or_not_at_all(queue, monkeypatch):
    def is_away(*_args: object) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr("django_tasks_db.backend.DatabaseBackend.enqueue", is_away)
    with pytest.raises(OperationalError):
        queue_file(HotlineFactory(country="XA"), spool.spool([Sheet().content]), NAME, by=None, way="api")
    assert (new(StatisticsImport).count(), SpooledFile.objects.count()) == (0, 0)


def read_by_the_worker(statistics: StatisticsImport) -> str:
    """Let the worker read the file. Return the resulting state."""
    read_statistics.enqueue(str(statistics.uid))
    work()
    statistics.refresh_from_db()
    return statistics.state


def confirm_and_accept(statistics: StatisticsImport, coordinator: User) -> None:
    perform(confirmed(statistics, coordinator), "accept", by=person(Role.MCE_COORDINATOR))
    assert statistics.state == "accepted"
    assert Figure.objects.filter(statistics=statistics, value__gt=0).exists()


@pytest.mark.django_db(transaction=True)
def test_a_file_is_read_by_the_worker_and_is_gone(queue):
    statistics = arrived(HotlineFactory(country="XA"), Sheet().content)
    read_statistics.enqueue(str(statistics.uid))
    work()
    statistics.refresh_from_db()
    assert (statistics.state, statistics.problems) == ("checked", [])
    assert (len(statistics.draft) > 100, new(Figure).count()) == (True, 0)
    assert (SpooledFile.objects.count(), list(spool.root().iterdir())) == (0, [])
    assert reading_task().status == "SUCCESSFUL"


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_refused_file_is_on_disk_in_the_database_or_in_the_log(queue, caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    sheet = Sheet().write("A03", value=MARK)
    statistics = arrived(HotlineFactory(country="XA"), sheet.content)
    assert files_with(MARK, tmp_path) == []
    read_statistics.enqueue(str(statistics.uid))
    work()
    statistics.refresh_from_db()
    assert statistics.state == "refused"
    assert {problem["row"] for problem in statistics.problems} == {sheet.row("A03")}
    assert_nowhere(MARK, caplog, tmp_path)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("level", ["contact", "case"])
def test_nothing_of_an_accepted_file_of_records_stays_but_its_totals(queue, caplog, tmp_path, level):
    caplog.set_level(logging.DEBUG)
    hotline = HotlineFactory(country="XA")
    record = contact(contact_key=MARKED_KEY) if level == "contact" else case(case_key=MARKED_KEY)
    content = write_records(level, [record])
    assert MARKED_KEY.encode() in content
    statistics = arrived(hotline, content)
    assert_nowhere(MARKED_KEY, caplog, tmp_path)
    assert read_by_the_worker(statistics) == "checked"
    confirm_and_accept(statistics, person(Role.COORDINATOR, hotline=hotline))
    assert_nowhere(MARKED_KEY, caplog, tmp_path)


@pytest.mark.django_db(transaction=True)
def test_nothing_of_an_accepted_own_export_stays_but_its_totals_and_the_meaning_of_its_columns(queue, caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    hotline = HotlineFactory(country="XA")
    coordinator = person(Role.COORDINATOR, hotline=hotline)
    statistics = arrived(hotline, OWN_EXPORT)
    assert read_by_the_worker(statistics) == "unmatched"
    assert_nowhere(MARKED_KEY, caplog, tmp_path)
    with spool.open_spooled(statistics) as file:
        opened = open_unmatched(source_of_unmatched(statistics, file))
        understood = suggest_mapping(opened)
    perform(
        statistics,
        "match_columns",
        by=coordinator,
        names=opened.names,
        mapping=understood.mapping,
        period=understood.period,
    )
    assert read_by_the_worker(statistics) == "checked"
    confirm_and_accept(statistics, coordinator)
    kept = Matching.objects.get()
    assert mapping_of(kept).use_of("Schlüssel") == "contact_key"
    assert "Schlüssel" not in json.dumps(kept.meaning, ensure_ascii=False)
    assert_nowhere(MARKED_KEY, caplog, tmp_path)


@pytest.mark.django_db(transaction=True)
def test_the_traceback_of_a_reading_that_breaks_off_is_cut_to_its_kind(queue, caplog, monkeypatch, tmp_path):
    """The worst case is a library whose errors quote what it reads."""
    caplog.set_level(logging.DEBUG)
    sheet = Sheet().write("A03", value=MARK)
    statistics = arrived(HotlineFactory(country="XA"), sheet.content)

    def quoting(text, *_args, **_kwargs):
        raise ValueError(f"cannot read {''.join(text)}")

    monkeypatch.setattr("csv.reader", quoting)
    read_statistics.enqueue(str(statistics.uid))
    work()
    monkeypatch.undo()
    result = reading_task()
    assert result.status == "FAILED"
    assert result.exception_class_path == "evaluation.figures.intake.worker.Unread"
    assert result.traceback.rstrip().endswith("Unread: ValueError")
    assert "direct cause" not in result.traceback
    assert "another exception" not in result.traceback
    assert "file of figures not read: ValueError" in caplog.text
    statistics.refresh_from_db()
    assert (statistics.state, statistics.problems) == ("refused", [{"code": "reading_broken"}])
    assert_nowhere(MARK, caplog, tmp_path)
    assert list(spool.root().iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_a_file_whose_worker_was_lost_is_read_by_the_next(queue):
    statistics = arrived(HotlineFactory(country="XA"), Sheet().content)
    SpooledFile.objects.update(phase="reading", changed_at=timezone.now() - LOST_AFTER - timedelta(seconds=1))
    assert recover_and_clean_up() == 1
    assert recover_and_clean_up() == 0
    work()
    statistics.refresh_from_db()
    assert statistics.state == "checked"


def lose_the_worker(statistics: StatisticsImport, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a worker claim the file and vanish, as when its machine is switched off."""
    with monkeypatch.context() as patched:
        patched.setattr("evaluation.figures.intake.worker.examine_spooled", _stop)
        with pytest.raises(Unread, match="SystemExit"):
            read_statistics.call(str(statistics.uid))
    SpooledFile.objects.filter(statistics=statistics).update(phase="opening")  # it had no time to release the file
    statistics.refresh_from_db()
    assert statistics.state == "uploaded"


def _stop(*_args: object) -> None:
    raise SystemExit


def let_time_pass(minutes: int) -> None:
    """Make everything that waits older by `minutes`."""
    passed = timedelta(minutes=minutes)
    for row in SpooledFile.objects.all():
        times = {"changed_at": row.changed_at - passed, "expires_at": row.expires_at - passed}
        SpooledFile.objects.filter(pk=row.pk).update(**times)
        StatisticsImport.objects.filter(spooled=row).update(uploaded_at=F("uploaded_at") - passed)
    for task in DBTaskResult.objects.filter(status="READY"):
        DBTaskResult.objects.filter(pk=task.pk).update(run_after=task.run_after - passed)


@pytest.mark.django_db(transaction=True)
def test_a_lone_file_whose_worker_was_lost_is_read_by_the_next_without_anybody_asking(queue, monkeypatch):
    statistics = arrived(HotlineFactory(country="XA"), Sheet().content)
    lose_the_worker(statistics, monkeypatch)
    let_time_pass(1)
    work()
    statistics.refresh_from_db()
    assert statistics.state == "uploaded"
    let_time_pass(6)
    work()
    statistics.refresh_from_db()
    assert (statistics.state, SpooledFile.objects.count()) == ("checked", 0)


@pytest.mark.django_db(transaction=True)
def test_a_long_reading_is_looked_after_until_its_end(queue, monkeypatch):
    statistics = arrived(HotlineFactory(country="XA"), Sheet().content)
    lose_the_worker(statistics, monkeypatch)
    let_time_pass(11)
    SpooledFile.objects.update(changed_at=timezone.now())
    work()
    statistics.refresh_from_db()
    assert statistics.state == "uploaded", "somebody told a moment ago that it goes on"
    let_time_pass(11)
    work()
    statistics.refresh_from_db()
    assert statistics.state == "checked"
    let_time_pass(60)
    work()
    assert DBTaskResult.objects.filter(status="READY").count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_file_that_waited_for_a_lost_worker_beyond_its_time_is_read_and_not_refused(queue, monkeypatch):
    statistics = arrived(HotlineFactory(country="XA"), Sheet().content)
    lose_the_worker(statistics, monkeypatch)
    let_time_pass(70)
    work()
    statistics.refresh_from_db()
    assert (statistics.state, statistics.problems) == ("checked", [])


@pytest.mark.django_db(transaction=True)
def test_a_file_that_keeps_breaking_its_worker_expires_in_the_end(queue, monkeypatch):
    statistics = arrived(HotlineFactory(country="XA"), Sheet().content)
    tries = 0
    while statistics.state == "uploaded":
        lose_the_worker(statistics, monkeypatch)
        tries += 1
        let_time_pass(11)
        recover_and_clean_up()
        statistics.refresh_from_db()
    assert (statistics.state, statistics.problems[0]["code"]) == ("refused", "spool_expired")
    assert tries <= 12
    assert list(spool.root().iterdir()) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("level", ["contact", "own"])
def test_rows_and_share_are_told_soon_and_all_along(level):
    """Progress is also reported while the columns of an unknown export are inspected: it takes longer than reading."""
    hotline = HotlineFactory(country="XA")
    if level == "own":
        head, *rows = OWN_EXPORT.decode().splitlines()
        content = "\n".join([head, *rows * 1500]).replace(MARKED_KEY, "key").encode()
    else:
        content = write_records(level, (contact(number) for number in range(42_000)))
    statistics = arrived(hotline, content)
    if level == "own":
        remember(statistics, person(Role.COORDINATOR, hotline=hotline))
    progress: dict[str, list[tuple[int, int]]] = {"opening": [], "reading": []}

    def report_progress(phase, *, rows=None, share=None):
        if phase in progress and rows:
            progress[phase].append((rows, share))

    examine_spooled(statistics, report_progress)
    phases = [progress["reading"], progress["opening"]] if level == "own" else [progress["reading"]]
    for steps in phases:
        assert steps[0][0] < 10_000
        assert [rows for rows, _ in steps] == sorted({rows for rows, _ in steps})
        assert steps[-1][0] == 42_000
        assert 0 < steps[0][1] < 60


def remember(statistics: StatisticsImport, coordinator: User) -> None:
    """Save a mapping of the columns, so that the file is read by it."""
    examine_spooled(statistics)
    statistics.refresh_from_db()
    assert statistics.state == "unmatched"
    with spool.open_spooled(statistics) as file:
        opened = open_unmatched(source_of_unmatched(statistics, file))
        understood = suggest_mapping(opened)
    perform(
        statistics,
        "match_columns",
        by=coordinator,
        names=opened.names,
        mapping=understood.mapping,
        period=understood.period,
    )
    statistics.refresh_from_db()


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_being_read_is_left_to_its_worker():
    statistics = arrived(HotlineFactory(country="XA"), Sheet().content)
    SpooledFile.objects.update(phase="reading")
    read_statistics.call(str(statistics.uid))
    statistics.refresh_from_db()
    assert (statistics.state, SpooledFile.objects.count()) == ("uploaded", 1)


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_gone_from_disk_is_refused():
    statistics = arrived(HotlineFactory(country="XA"), Sheet().content)
    (spool.root() / statistics.spooled.path).unlink()
    with pytest.raises(Unread, match="FileNotFoundError"):
        read_statistics.call(str(statistics.uid))
    statistics.refresh_from_db()
    assert (statistics.state, statistics.problems) == ("refused", [{"code": "reading_broken"}])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at", ["opening", "reading", "checking"])
def test_a_worker_told_to_stop_in_the_middle_leaves_all_or_nothing(at):
    """The reader reports its progress through a callback, in which it is killed."""
    statistics = arrived(HotlineFactory(country="XA"), Sheet().content)

    def stop(phase, **_):
        if phase == at:
            raise SystemExit

    with pytest.raises(SystemExit):
        examine_spooled(statistics, stop)
    statistics.refresh_from_db()
    assert (statistics.state, statistics.draft, new(Figure).count()) == ("uploaded", [], 0)
    read_statistics.call(str(statistics.uid))
    statistics.refresh_from_db()
    assert statistics.state == "checked"


@pytest.mark.django_db(transaction=True)
def test_several_workers_read_different_files_at_once():
    hotlines = [HotlineFactory(country=country) for country in ("XA", "XB", "XC", "XD")]
    waiting = [arrived(hotline, Sheet(hotline_code=hotline.code).content) for hotline in hotlines]
    # each twice, as when a lost one is queued again
    tasks = [partial(read_statistics.call, str(statistics.uid)) for statistics in (*waiting, *waiting)]
    assert at_once(*tasks) == [None] * 8
    assert list(new(StatisticsImport).values_list("state", flat=True)) == ["checked"] * 4
    assert SpooledFile.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_at_the_same_moment_is_one_import():
    hotline = HotlineFactory(country="XA")
    content = Sheet().content
    sent = [spool.spool([content]) for _ in range(4)]
    found = at_once(*(partial(receive, hotline, each, "figures.csv", by=None, way="api") for each in sent))
    assert sorted(is_new for _statistics, is_new in found) == [False, False, False, True]
    assert new(StatisticsImport).count() == 1
    assert len(list(spool.root().iterdir())) == 1


@pytest.mark.django_db(transaction=True)
def test_other_people_save_while_a_file_is_read():
    """Reading holds no transaction, so that a concurrent save does not wait for its end."""
    statistics = arrived(HotlineFactory(country="XA"), Sheet().content)
    saved = []

    def save() -> None:
        saved.append(Hotline.objects.filter(country="XA").update(recorded_name="Saved meanwhile"))
        connection.close()

    def report_progress(phase, **_):
        thread = threading.Thread(target=save)
        thread.start()
        thread.join(15)
        assert not thread.is_alive(), phase

    examine_spooled(statistics, report_progress)
    assert saved == [1] * len(saved)
    assert len(saved) >= 3
