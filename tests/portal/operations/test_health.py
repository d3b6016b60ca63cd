"""Health checks, and the system checks against a demonstration on a server."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as installed
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal.letters.models import Letter
from portal.operations import checks, health
from portal.operations.models import CalendarRun, RunningWorker
from reports.models import TextVersion
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]


def _ids(messages) -> list[str]:
    return [message.id for message in messages]


@pytest.fixture
def on_a_server(settings):
    settings.DEBUG = False
    settings.SESSION_COOKIE_SECURE = True
    settings.SECRET_KEY = "k" * 50
    settings.ALLOWED_HOSTS = ["quality.example.org"]
    return settings


# --- /healthz --------------------------------------------------------------------------------------------------------


def test_a_well_installation_says_so(client, django_assert_max_num_queries):
    client.get("/healthz")
    with django_assert_max_num_queries(8):
        answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok", "database": "ok", "disk": "ok", "store_private": "ok", "store_cms": "ok",
        "store_spool": "ok", "store_var": "ok", "migrations": "ok", "triggers": "ok", "worker": "ok",
        "tasks": "ok", "calendar": "ok", "letters": "ok",
    }  # fmt: skip
    assert "no-store" in answer["Cache-Control"]


def test_a_migration_that_is_missing_is_named(client):
    MigrationRecorder.Migration.objects.filter(app="portal").latest("name").delete()
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "failing")


@pytest.mark.django_db(transaction=True)
def test_a_trigger_that_is_missing_is_named(client):
    table = " ON evaluation_step" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER chain_of_steps{table}")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["triggers"]) == (503, "failing")
    [found] = checks.every_trigger_is_in_place(databases=["default"])
    assert (found.id, "chain_of_steps" in found.msg) == ("portal.W004", True)


@pytest.mark.django_db(transaction=True)
def test_a_trigger_that_was_emptied_or_disabled_is_named(client):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE evaluation_step DISABLE TRIGGER chain_of_steps")
        else:
            cursor.execute("DROP TRIGGER chain_of_steps")
            cursor.execute("CREATE TRIGGER chain_of_steps BEFORE INSERT ON evaluation_step BEGIN SELECT 1; END")
    assert client.get("/healthz").json()["triggers"] == "failing"


@pytest.mark.django_db(transaction=True)
def test_a_function_of_a_trigger_that_was_emptied_is_named(client, is_postgresql):
    if is_postgresql:
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RETURN NULL; END $$"
            )
        assert client.get("/healthz").json()["triggers"] == "failing"


@pytest.fixture
def queue(settings):
    """Queue tasks in the database for a worker, as on a server."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "letters"]}}


def add_worker(seconds_ago: int, name: str = "one") -> None:
    RunningWorker.objects.create(name=name, seen_at=timezone.now() - timedelta(seconds=seconds_ago))


def task_of(minutes_ago: float, **values: Any) -> DBTaskResult:
    then = timezone.now() - timedelta(minutes=minutes_ago)
    return DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="portal.letters.outbox.send_letter",
        backend_name="default",
        run_after=then,
        exception_class_path="",
        traceback="",
        **values,
    )


@pytest.mark.parametrize(("seconds", "status"), [(30, 200), (90, 503)])
def test_a_worker_that_gives_no_sign_of_life_is_missed(client, queue, seconds, status):
    add_worker(seconds)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["worker"]) == (status, "ok" if status == 200 else "failing")


@pytest.mark.parametrize(("minutes", "status"), [(4, 200), (6, 503)])
def test_a_task_that_waits_too_long_is_named(client, queue, minutes, status):
    add_worker(0)
    task = task_of(minutes)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["tasks"]) == (status, "ok" if status == 200 else "failing")
    DBTaskResult.objects.filter(pk=task.pk).update(status="SUCCESSFUL")
    assert client.get("/healthz").status_code == 200


def test_a_task_whose_worker_is_gone_is_named(client, queue):
    add_worker(0)
    task_of(6, status="RUNNING", started_at=timezone.now() - timedelta(minutes=6), worker_ids=["gone"])
    assert client.get("/healthz").json()["tasks"] == "failing"


@pytest.mark.parametrize(
    ("attempts", "failure", "days", "status"),
    [
        (1, "TimeoutError", 0, 200),
        (2, "TimeoutError", 0, 503),
        (6, "SMTPAuthenticationError", 1, 503),
        (6, "SMTPAuthenticationError", 3, 200),
        (6, "SMTPRecipientsRefused", 0, 200),
    ],
)
def test_letters_that_do_not_go_out_are_named_after_the_second_attempt(client, attempts, failure, days, status):
    Letter.objects.create(
        to_address="ana@example.org", language="en", subject="S", attempts=attempts, failure=failure,
        written_at=timezone.now() - timedelta(days=days),
    )  # fmt: skip
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["letters"]) == (status, "ok" if status == 200 else "failing")


@pytest.mark.parametrize(("days", "status"), [(1, 200), (3, 503)])
def test_a_calendar_that_nobody_keeps_is_named(client, days, status):
    CalendarRun.objects.create(at=timezone.now() - timedelta(days=days))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["calendar"]) == (status, "ok" if status == 200 else "failing")


def test_a_full_disk_is_named(client, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 10**18)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["disk"]) == (503, "failing")


def test_a_database_that_does_not_answer_is_named(client, monkeypatch):
    from django.db import OperationalError

    def is_away() -> bool:
        raise OperationalError("connection to secret-host failed")

    monkeypatch.setattr(health, "_migrations", is_away)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (
        503,
        {
            "status": "failing",
            "database": "failing",
            "disk": "ok",
            "store_private": "ok",
            "store_cms": "ok",
            "store_spool": "ok",
            "store_var": "ok",
        },
    )


# --- The checks ------------------------------------------------------------------------------------------------------


def test_a_server_in_order_starts(on_a_server, monkeypatch):
    monkeypatch.delenv("DEMONSTRATION", raising=False)
    checks.refuse_to_serve()


def test_a_server_does_not_start_with_the_demonstration(on_a_server):
    on_a_server.DEMONSTRATION = True
    with pytest.raises(ImproperlyConfigured, match="The demonstration is switched on"):
        checks.refuse_to_serve()


def test_a_server_does_not_start_when_its_environment_asks_for_the_demonstration(on_a_server, monkeypatch):
    monkeypatch.setenv("DEMONSTRATION", "1")
    assert _ids(checks.no_demonstration_on_a_server()) == ["portal.E001"]


def test_the_demonstration_answers_on_names_of_this_machine_only(settings):
    settings.DEMONSTRATION = True
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
    assert checks.no_demonstration_on_a_server() == []
    settings.ALLOWED_HOSTS = ["127.0.0.1", "*"]
    assert _ids(checks.no_demonstration_on_a_server()) == ["portal.E001"]


@pytest.mark.parametrize("key", ["only-for-a-desk-and-never-for-a-server-whatever-its-length", "short"])
def test_a_server_does_not_start_with_a_desks_key(on_a_server, key):
    on_a_server.SECRET_KEY = key
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        checks.refuse_to_serve()


def test_a_server_does_not_start_with_invented_people(on_a_server):
    UserFactory(is_demonstration=True)
    with pytest.raises(ImproperlyConfigured, match="1 invented people"):
        checks.refuse_to_serve()
    assert _ids(checks.no_invented_people_on_a_server(databases=["default"])) == ["portal.E003"]


def test_a_desk_starts_with_all_of_it(settings):
    UserFactory(is_demonstration=True)
    settings.DEMONSTRATION = True
    checks.refuse_to_serve()


def test_every_trigger_is_there():
    assert checks.every_trigger_is_in_place(databases=["default"]) == []


def test_an_edited_text_with_placeholders_of_another_version_is_named():
    assert checks.every_edited_text_fits(databases=["default"]) == []
    words = {"number.danger": "{emergency_number} {gone}", "register.lead": "Other words."}
    for key, form in words.items():
        TextVersion.objects.create(key=key, language="en", number=1, forms=[form], by=UserFactory())
    [found] = checks.every_edited_text_fits(databases=["default"])
    assert (found.id, found.msg.endswith("software: number.danger (en).")) == ("portal.W012", True)


def test_a_missing_pango_is_named_with_the_command_that_mends_it(monkeypatch):
    def is_missing(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(checks.ctypes, "CDLL", is_missing)
    [found] = checks.reports_can_be_printed()
    assert (found.id, found.level) == ("portal.W005", 30)
    assert "install" in found.hint


def test_tests_and_servers_are_no_demonstration():
    assert installed.DEMONSTRATION is False
