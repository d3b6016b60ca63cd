"""The worker: it survives a transient failure, and runs the tasks of dead workers, a limited number of times."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from evaluation.figures.intake.worker import sweep_spool
from portal.letters import outbox
from portal.letters.models import Letter
from portal.operations import worker
from portal.operations.models import RunningWorker
from reports.models import Printing
from reports.printing import print_report
from tests.bystander import new
from tests.evaluation.figures.accepted_years import coordinator_of_mce, three
from tests.factories import UserFactory
from tests.stage import Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.everywhere]


@pytest.fixture(autouse=True)
def queue(settings: Any) -> None:
    """Queue tasks in the database for a worker, as on a server."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "letters"]}}


def work() -> None:
    call_command("run_worker", "--batch", "--interval", "0")


def letter() -> Letter:
    return outbox.write_letter("password_reset_key", {"link": "https://quality.example.org/"}, to=UserFactory())


def lose_worker_of(task: DBTaskResult, *, times: int = 1) -> None:
    """Change a task as if its worker had been killed two minutes ago, for the `times`-th time."""
    task.status, task.started_at = "RUNNING", timezone.now() - timedelta(minutes=2)
    task.worker_ids = [f"gone-{number}" for number in range(times)]
    task.save()


def test_a_letter_and_its_task_are_written_together_or_not_at_all():
    with transaction.atomic():
        letter()
        transaction.set_rollback(True)
    assert (new(Letter).count(), DBTaskResult.objects.count()) == (0, 0)
    letter()
    assert (new(Letter).count(), DBTaskResult.objects.count()) == (1, 1)


def tasks_run() -> list[str]:
    """Return the tasks that a worker ran, in order; letters by their subject."""
    subjects = {str(written.uid): written.subject for written in Letter.objects.all()}
    ran = DBTaskResult.objects.exclude(started_at=None).order_by("started_at")
    names = [(task.task_path.rpartition(".")[2], task.args_kwargs["args"]) for task in ran]
    return [subjects[args[0]] if name == "send_letter" else name for name, args in names]


def test_a_worker_takes_first_what_the_sign_in_waits_for_and_the_others_in_their_turn(client):
    """The new password is requested last, after figures, other letters and a letter that failed before."""
    failed = letter()
    DBTaskResult.objects.all().delete()
    outbox.send_letter.using(priority=outbox.AGAIN).enqueue(str(failed.uid), False)
    sweep_spool.enqueue()
    ordinary = letter()
    sweep_spool.enqueue()
    user = UserFactory()
    client.post(reverse("account_reset_password"), {"email": user.email})
    work()
    reset = Letter.objects.get(to_user=user)
    assert tasks_run() == [
        "write_reset_letter",
        reset.subject,
        "sweep_spool",
        ordinary.subject,
        "sweep_spool",
        failed.subject,
    ]
    assert [sent.to for sent in mail.outbox] == [[user.email], [ordinary.to_address], [failed.to_address]]


def test_a_worker_for_letters_leaves_reports_and_figures_to_the_others(client):
    sweep_spool.enqueue()
    letter()
    user = UserFactory()
    client.post(reverse("account_reset_password"), {"email": user.email})
    call_command("run_worker", "--letters", "--batch", "--interval", "0")
    assert [len(mail.outbox), DBTaskResult.objects.ready().get().task_path.rpartition(".")[2]] == [2, "sweep_spool"]


def test_a_mail_server_that_hangs_stops_no_worker_without_letters():
    letter()
    sweep_spool.enqueue()
    call_command("run_worker", "--no-letters", "--batch", "--interval", "0")
    assert [mail.outbox, DBTaskResult.objects.ready().get().queue_name] == [[], "letters"]


@pytest.mark.parametrize(("is_urgent", "priority"), [(True, outbox.URGENT), (False, outbox.AGAIN)])
def test_what_failed_is_tried_again_behind_the_others_but_for_the_sign_in(monkeypatch, is_urgent: bool, priority: int):
    def is_away(*_args: object, **_names: object) -> None:
        raise TimeoutError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", is_away)
    values = {"link": "https://quality.example.org/"}
    outbox.write_letter("password_reset_key", values, to=UserFactory(), is_urgent=is_urgent)
    work()
    assert [task.priority for task in DBTaskResult.objects.ready()] == []
    assert DBTaskResult.objects.get(status="READY").priority == priority


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


@pytest.mark.parametrize("state", ["waiting", "composing"])
def test_a_printing_whose_task_is_given_up_says_so_and_can_be_asked_for_again(state, client, sign_in):
    stage = Stage.minimal("decided")
    sign_in(client, stage.people.mce)
    page = reverse("workspace:report", args=[stage.evaluation.uid])
    client.post(page, {"language": "en"})
    new(Printing).update(state=state)
    lose_worker_of(DBTaskResult.objects.get(), times=worker.MAX_ATTEMPTS)
    worker.take_up_lost_tasks()
    text = client.get(page).content.decode()
    assert "It was not printed. Nothing is lost." in text
    assert "Print it again; if it fails twice, tell who runs this machine." in text
    client.post(page, {"language": "en"})
    assert [printing.state for printing in new(Printing)] == ["waiting", "failed"]
    assert DBTaskResult.objects.ready().count() == 1


def test_a_draft_whose_task_is_given_up_says_so_and_can_be_asked_for_again(client, sign_in):
    three()
    sign_in(client, coordinator_of_mce())
    page = reverse("workspace:network_release", args=[2025])
    assert "The draft of the next release is being computed" in client.get(page).content.decode()
    lose_worker_of(DBTaskResult.objects.get(), times=worker.MAX_ATTEMPTS)
    worker.take_up_lost_tasks()
    assert "The draft of the next release could not be computed" in client.get(page).content.decode()
    client.post(reverse("workspace:compute_network_year_again", args=[2025]), follow=True)
    work()
    assert "Make it public" in client.get(page).content.decode()


def test_a_given_up_task_of_a_printing_that_is_gone_is_no_trouble():
    print_report.enqueue(str(uuid4()))
    lose_worker_of(DBTaskResult.objects.get(), times=worker.MAX_ATTEMPTS)
    assert worker.take_up_lost_tasks() == 0
    assert DBTaskResult.objects.get().status == "FAILED"


def test_a_task_whose_worker_died_before_it_queued_it_again_is_taken_up():
    written = letter()
    task = DBTaskResult.objects.get()
    task.status, task.worker_ids = "FAILED", ["gone"]
    task.exception_class_path = "django.db.utils.OperationalError"
    task.finished_at = timezone.now()
    task.save()
    assert worker.take_up_lost_tasks() == 0  # its worker is about to do it
    DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(minutes=2))
    work()
    written.refresh_from_db()
    assert written.sent_at is not None


def test_a_task_that_stopped_with_its_worker_is_run_again(monkeypatch):
    """After a second request to stop, the worker exits in the middle of its task."""
    letter()

    def stop(*_args: Any, **_names: Any) -> None:
        raise SystemExit(1)

    monkeypatch.setattr("portal.letters.outbox.EmailMessage", stop)
    work()
    assert DBTaskResult.objects.get().status == "READY"


def test_a_task_that_a_failure_of_the_database_interrupted_is_run_again(monkeypatch):
    written = letter()

    def is_away(*_args: Any, **_names: Any) -> None:
        raise OperationalError("the connection is lost")

    with monkeypatch.context() as patched:
        patched.setattr("portal.letters.outbox.EmailMessage", is_away)
        work()
    task = DBTaskResult.objects.get()
    assert (task.status, task.run_after > timezone.now()) == ("READY", True)
    DBTaskResult.objects.update(run_after=timezone.now())
    work()
    written.refresh_from_db()
    assert written.sent_at is not None


def test_a_worker_outlives_a_failure_of_the_database(monkeypatch):
    """The first read of the queue fails, the second ends the test."""
    looks = []

    def run(self: worker.Worker) -> None:
        looks.append(self.worker_id)
        if len(looks) == 1:
            raise OperationalError("the connection is lost")

    monkeypatch.setattr(worker.Worker, "run", run)
    monkeypatch.setattr(worker.Worker, "configure_signals", lambda _self: None)
    monkeypatch.setattr(worker.time, "sleep", lambda _seconds: None)
    worker.work(interval=0)
    assert len(set(looks)) == 2  # a new name, which distinguishes the former one's tasks from running ones


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
    """No worker reported while the database was away."""
    letter()
    lose_worker_of(DBTaskResult.objects.get())
    looks, states = [], []

    def run(self: worker.Worker) -> None:
        looks.append(self.worker_id)
        if len(looks) == 1:
            DBTaskResult.objects.update(status="RUNNING")  # claimed at the start
            raise OperationalError("the connection is lost")
        states.append(DBTaskResult.objects.get().status)

    monkeypatch.setattr(worker.Worker, "run", run)
    monkeypatch.setattr(worker.Worker, "configure_signals", lambda _self: None)
    monkeypatch.setattr(worker.time, "sleep", lambda _seconds: None)
    worker.work(interval=0)
    assert states == ["RUNNING"]
