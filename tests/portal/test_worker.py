"""The worker: it outlives a failure that passes, and takes up what a dead worker left, so many times."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from evaluation.crm.taking import sweep_spool
from portal import post
from portal.models import Letter, RunningWorker
from portal.operations import worker
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def queue(settings: Any) -> None:
    """Tasks wait in the database for a worker, as they do on a server."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}


def work() -> None:
    call_command("run_worker", "--batch", "--interval", "0")


def letter() -> Letter:
    return post.write_letter(
        to=UserFactory(), template="accounts/letters/invitation", context={"page": "https://quality.example.org/"}
    )


def lose_worker_of(task: DBTaskResult, *, times: int = 1) -> None:
    """The row of a task whose worker was killed two minutes ago, for the so-manieth time."""
    task.status, task.started_at = "RUNNING", timezone.now() - timedelta(minutes=2)
    task.worker_ids = [f"gone-{number}" for number in range(times)]
    task.save()


def test_a_letter_and_its_task_are_written_together_or_not_at_all():
    with transaction.atomic():
        letter()
        transaction.set_rollback(True)
    assert (Letter.objects.count(), DBTaskResult.objects.count()) == (0, 0)
    letter()
    assert (Letter.objects.count(), DBTaskResult.objects.count()) == (1, 1)


def test_what_somebody_waits_for_comes_before_letters():
    letter()
    sweep_spool.enqueue()
    assert [task.task_path.rpartition(".")[2] for task in DBTaskResult.objects.ready()] == [
        "sweep_spool",
        "send_letter",
    ]


def test_a_task_whose_worker_was_killed_is_taken_up_by_the_next():
    written = letter()
    lose_worker_of(DBTaskResult.objects.get())
    work()
    written.refresh_from_db()
    assert written.sent_at is not None
    [sent] = mail.outbox
    assert str(written.uid) in sent.extra_headers["Message-ID"]


def test_a_task_of_a_living_worker_is_left_to_it():
    letter()
    task = DBTaskResult.objects.get()
    lose_worker_of(task)
    RunningWorker.objects.create(name="gone-0", seen_at=timezone.now())
    assert (worker.lost_tasks(), worker.take_up_lost_tasks()) == ([], 0)
    work()
    assert mail.outbox == []


def test_a_task_that_kills_its_worker_again_and_again_is_given_up():
    letter()
    lose_worker_of(DBTaskResult.objects.get(), times=worker.MAX_ATTEMPTS)
    work()
    task = DBTaskResult.objects.get()
    assert (task.status, mail.outbox) == ("FAILED", [])


def test_a_task_that_a_failure_of_the_database_interrupted_is_run_again(monkeypatch):
    written = letter()

    def is_away(*_args: Any, **_names: Any) -> None:
        raise OperationalError("the connection is lost")

    with monkeypatch.context() as patched:
        patched.setattr("portal.post.EmailMessage", is_away)
        work()
    task = DBTaskResult.objects.get()
    assert (task.status, task.run_after > timezone.now()) == ("READY", True)
    DBTaskResult.objects.update(run_after=timezone.now())
    work()
    written.refresh_from_db()
    assert written.sent_at is not None


def test_a_worker_outlives_a_failure_of_the_database(monkeypatch):
    """The first look at the queue fails, the second ends the test."""
    looks = []

    def run(self: worker.Worker) -> None:
        looks.append(self.worker_id)
        if len(looks) == 1:
            raise OperationalError("the connection is lost")

    monkeypatch.setattr(worker.Worker, "run", run)
    monkeypatch.setattr(worker.Worker, "configure_signals", lambda _self: None)
    monkeypatch.setattr(worker.time, "sleep", lambda _seconds: None)
    worker.work(interval=0)
    assert len(set(looks)) == 2  # under a new name: what the old one left can be told from what runs


def test_a_worker_shows_that_it_is_alive_while_it_runs(monkeypatch):
    seen = []
    monkeypatch.setattr(worker.Worker, "run", lambda _self: seen.append(worker.is_a_worker_alive()))
    work()
    assert (seen, worker.is_a_worker_alive()) == ([True], False)


def test_a_worker_that_was_told_to_stop_stops_although_its_task_failed(monkeypatch):
    def run(self: worker.Worker) -> None:
        self.running = False  # as the signal does
        raise InterfaceError("the connection is closed")

    monkeypatch.setattr(worker.Worker, "run", run)
    monkeypatch.setattr(worker.Worker, "configure_signals", lambda _self: None)
    worker.work(interval=0)
    assert not worker.is_a_worker_alive()


def test_after_a_failure_nobody_is_taken_for_dead_at_once(monkeypatch):
    """All workers were silent while the database was away."""
    letter()
    lose_worker_of(DBTaskResult.objects.get())
    looks, states = [], []

    def run(self: worker.Worker) -> None:
        looks.append(self.worker_id)
        if len(looks) == 1:
            DBTaskResult.objects.update(status="RUNNING")  # taken up at the start
            raise OperationalError("the connection is lost")
        states.append(DBTaskResult.objects.get().status)

    monkeypatch.setattr(worker.Worker, "run", run)
    monkeypatch.setattr(worker.Worker, "configure_signals", lambda _self: None)
    monkeypatch.setattr(worker.time, "sleep", lambda _seconds: None)
    worker.work(interval=0)
    assert states == ["RUNNING"]
