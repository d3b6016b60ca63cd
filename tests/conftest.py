"""Fixtures of all tests: a database, signed-in users, a browser, and no network."""

import gc
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from http.cookies import SimpleCookie
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.files.storage import storages
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import timezone, translation
from django.utils.crypto import get_random_string
from hypothesis import settings as hypothesis_settings
from wagtail.models import Site

from evaluation.models import Document
from portal.operations.data_stack import with_large_chunk
from tests.axe import find_violations
from tests.browsing import CHROMIUM, PATIENCE, SCRIPTS_RUN_ONCE, settle
from tests.division import Division
from tests.outcomes import write_outcomes
from tests.portal.people_of_roles import HALF_MINUTE
from tests.rendering import flatten_pages, keep_contexts_of_whole_pages
from tests.scenes import SCENES, WITHOUT_BYSTANDER
from tests.tasks import run_tasks_at_the_end_of_transactions
from tests.template_database import EMPTY, PLAIN, TestDatabase, test_database
from tests.where_time_goes import WhereTimeGoes, counting_browser

BROWSER_FIXTURES = {"browser", "browser_page"}
FOLDERS = count()
EXAMPLES = int(os.environ.get("EXAMPLES", "12"))
"""How many examples a property is tried with, where its test says nothing else: `./go prove examples`."""

# As in `./go`: the processes that tests start would otherwise compile all of Django each time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# What a test says must not depend on how busy the machine is, nor on whether it is a server that sets `CI`, as Hypothesis
# would have it: `./go test` tries the same examples everywhere, and `./go prove examples` and others try new ones.
IS_PROOF = bool({"EXAMPLES", "WALKS", "HISTORIES", "RECOMPUTED"} & set(os.environ))
hypothesis_settings.register_profile("unhurried", deadline=None, max_examples=EXAMPLES, derandomize=not IS_PROOF)
hypothesis_settings.load_profile("unhurried")
run_tasks_at_the_end_of_transactions()


# --- The database ------------------------------------------------------------------------------------------------

DATABASE, SCENE = pytest.StashKey[Callable[[str], None]](), pytest.StashKey[str]()


@pytest.fixture(scope="session")
def django_db_setup(
    pytestconfig: pytest.Config, django_test_environment: None, django_db_blocker: Any
) -> Iterator[TestDatabase]:
    """A fresh copy of the migrated template, laid again after each test that commits."""
    from tests import bystander  # which takes its files from here

    database = test_database()
    with django_db_blocker.unblock():
        database.prepare()

    def forget() -> None:
        ContentType.objects.clear_cache()
        Site.clear_site_root_paths_cache()

    def restore_database(_self: TransactionTestCase) -> None:
        database.restore()
        forget()

    def enter(scene: str) -> None:
        if scene != database.scene:
            with django_db_blocker.unblock():
                if has_bystander := scene not in WITHOUT_BYSTANDER:
                    database.enter(PLAIN, SCENES[PLAIN], EMPTY)
                database.enter(scene, SCENES[scene], PLAIN if has_bystander else EMPTY)
                bystander.is_there = has_bystander
                forget()

    pytestconfig.stash[DATABASE] = enter
    enter(pytestconfig.stash[SCENE])

    flush = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = restore_database
    yield database
    TransactionTestCase._fixture_teardown = flush
    with django_db_blocker.unblock():
        database.remove()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """Call the test as a server calls the application."""
    pyfuncitem.obj = with_large_chunk(pyfuncitem.obj)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test whose fixtures name a scene finds it on the stage."""
    scene = next((name for name in SCENES if name in getattr(item, "fixturenames", ())), PLAIN)
    item.config.stash[SCENE] = scene
    if enter := item.config.stash.get(DATABASE, None):
        enter(scene)


@pytest.fixture
def empty() -> None:
    """The scene without the bystander."""


@pytest.fixture
def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


@pytest.fixture(autouse=True)
def files_apart(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each test keeps its files in a folder of its own, apart from `tmp_path`."""
    place = tmp_path_factory.getbasetemp() / f"files-{next(FOLDERS)}"
    store_files_in(place, monkeypatch)
    if request.config.stash[SCENE] not in WITHOUT_BYSTANDER and uses_database(request.node):
        from tests.bystander import copy_files_of_bystander

        copy_files_of_bystander(place)
    # Not by the fixture `settings`: nobody listens to a change of these, and it tells everybody of each, twice a test.
    for name, path in (("PRIVATE_ROOT", "private"), ("STATISTICS_SPOOL_ROOT", "spool"), ("LOG_SEAL", "log/steps.seal")):
        monkeypatch.setattr(django_settings, name, place / path)


def uses_database(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames))


def store_files_in(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the storages write into a folder."""
    held = Document._meta.get_field("file").storage  # Django forgets it when a test before has changed STORAGES
    monkeypatch.setitem(storages._storages, "private", held)
    for name, folder in (("private", place / "private"), ("default", place / "private" / "cms")):
        storage = storages[name]
        monkeypatch.setattr(storage, "_location", str(folder))
        for remembered in ("base_location", "location"):
            storage.__dict__.pop(remembered, None)


@pytest.fixture(autouse=True)
def nobodys_language_and_time_zone() -> None:
    """Whoever read a page in the test before is forgotten, with their language and their clock."""
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(autouse=True)
def one_half_minute_of_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """An authenticator app and the site look at the same clock, which stands still."""
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.yield_hotp_counters_from_time", lambda: iter([HALF_MINUTE]))


def pytest_configure(config: pytest.Config) -> None:
    """Before anything is collected. The bench, which takes fixtures from here, measures without it."""
    # By default Python looks for rubbish after every 700 new objects, which is a tenth of the time of a page.
    gc.set_threshold(50_000, 20, 20)
    keep_contexts_of_whole_pages()
    flatten_pages()
    if config.getoption("where_time_goes"):
        config.pluginmanager.register(WhereTimeGoes())
    if places := config.getoption("divide"):
        config.pluginmanager.register(Division(places))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config) -> None:
    if config.getoption("write_outcomes"):
        write_outcomes(terminalreporter, exitstatus)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--where-time-goes", action="store_true", help="count CPU seconds by kind of work")
    parser.addoption("--everywhere", action="store_true", help="leave out nothing on PostgreSQL")
    parser.addoption("--long", action="store_true", help="run the long proofs, too: `./go prove long`")
    parser.addoption("--list-files", type=Path, help="write which files have tests that run on PostgreSQL")
    parser.addoption(
        "--divide", type=Path, action="append", help="fork, and write what this process runs in this folder"
    )
    parser.addoption("--write-outcomes", action="store_true", help="write how many tests passed and failed")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, only some tests run, for all run on SQLite; `--everywhere` leaves out nothing.

    The long proofs run if they are asked for, or named one by one.
    """
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
    kept = items
    if not config.getoption("long") and not any("::" in argument for argument in config.args):
        kept = [item for item in items if item.get_closest_marker("long") is None]
    if listed := config.getoption("list_files"):
        list_files(filter(runs_on_postgresql, kept), listed)
    if "postgresql" in django_settings.DATABASES["default"]["ENGINE"] and not config.getoption("everywhere"):
        kept = list(filter(runs_on_postgresql, kept))
    if left_out := set(items) - set(kept):
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = kept


def list_files(items: Iterable[pytest.Item], listed: Path) -> None:
    """Write the files of these tests, a path a line, all at once: another process waits for them."""
    begun = listed.with_suffix(".begun")
    begun.write_text("\n".join(dict.fromkeys(str(item.path) for item in items)))
    begun.rename(listed)


def runs_on_postgresql(item: pytest.Item) -> bool:
    """Whether a test runs there, too: if it commits or is marked `everywhere`, and is not marked `once`.

    Marked are tests of what databases do differently: triggers, constraints, sums, sorting, searching, paging, whatever
    is sent; and those that take every way: each state machine, each link of each role, an edition from its files to its
    release, journeys. The others call the same functions again.
    """
    if item.get_closest_marker("once"):
        return False
    is_marked = item.get_closest_marker("everywhere") is not None
    return is_marked or (_commits(item) and not item.get_closest_marker("browser"))


def _commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    is_marked = marker is not None and marker.kwargs.get("transaction", False)
    return is_marked or bool({"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())))


def pytest_collection_finish() -> None:
    """What is loaded by now stays: nobody need look again and again whether it is rubbish."""
    gc.collect()
    gc.freeze()


# --- People ------------------------------------------------------------------------------------------------------


def open_session(client: Client, user: Any, *, second_factor: bool = True) -> Client:
    """Open a session as signing in leaves it, with what allauth notes in it: one row, where signing in writes five.

    The user's groups in the CMS are not set again: they follow every change of a membership.
    """
    now = time.time()
    records = [{"method": "password", "at": now, "email": user.email}]
    if second_factor:
        records.append({"method": "mfa", "at": now, "type": "totp"})
    content = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: "portal.accounts.adapters.PasswordBackend",
        HASH_SESSION_KEY: user.get_session_auth_hash(),
        "signed_in_at": now,
        "account_authentication_methods": records,
        "account_authentication_methods_user": str(user.pk),
    }
    row = Session(session_key=get_random_string(32), session_data=SessionStore().encode(content))
    row.expire_date = timezone.now() + timedelta(seconds=django_settings.SESSION_COOKIE_AGE)
    row.save(force_insert=True)
    client.cookies[django_settings.SESSION_COOKIE_NAME] = row.session_key
    return client


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """`sign_in(client, user)` signs a test client in; `second_factor=False` leaves the code out."""
    return open_session


# --- Hotlines ----------------------------------------------------------------------------------------------------


@pytest.fixture
def followed(db: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what stands in this scene, a `Followed`."""
    from tests.follow_ups import Followed, take

    return take(Followed, monkeypatch)


@pytest.fixture
def one_condition(db: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what stands in this scene, a `Conditional`."""
    from tests.follow_ups import Conditional, take

    return take(Conditional, monkeypatch)


# --- A browser ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The Chromium of the system. It reaches this machine and nothing else."""
    from playwright.sync_api import expect, sync_playwright

    # Playwright's loop runs in this thread for as long as the browser lives; Django would take it for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-background-networking",
                "--disable-gpu",
                "--disable-software-rasterizer",  # nor its imitation
                SCRIPTS_RUN_ONCE,
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
            ],
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def live(live_server: Any) -> Any:
    """The site, served from the test database. Its address is `live.url`."""
    return live_server


@pytest.fixture
def tolerated() -> list[str]:
    """Console messages that a test brings about on purpose: add a part of the text."""
    return []


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of in this test."""
    return []


@pytest.fixture
def browser_page(
    browser: Any, live: Any, tolerated: list[str], complaints: list[str], pytestconfig: pytest.Config
) -> Iterator[Any]:
    """A page in a fresh profile, addresses relative to `live`.

    The test fails when the page throws, when the console reports an error (the content policy does), or when the
    page asks another host for anything.
    """
    context = browser.new_context(base_url=live.url, locale="en-GB", timezone_id="Europe/Brussels")
    context.set_default_timeout(PATIENCE)
    ours = urlsplit(live.url).netloc

    def console(message: Any) -> None:
        if message.type == "error":
            complaints.append(f"console: {message.text} ({message.location.get('url', '')})")

    def asked(request: Any) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != ours:
            complaints.append(f"asked another host: {request.url}")

    context.on("console", console)
    context.on("weberror", lambda error: complaints.append(f"uncaught: {error.error}"))
    context.on("request", asked)
    with counting_browser(pytestconfig, "pages", browser):
        page = context.new_page()
        yield page
    context.close()
    if left := [c for c in complaints if not any(part in c for part in tolerated)]:
        pytest.fail("The browser complains:\n" + "\n".join(left), pytrace=False)


@pytest.fixture
def as_user(live: Any, sign_in: Callable[..., Client]) -> Callable[..., Any]:
    """`as_user(page, user)` signs a browser in by a session cookie."""

    def as_user(page: Any, user: Any, *, second_factor: bool = True) -> Any:
        cookies: SimpleCookie = sign_in(Client(), user, second_factor=second_factor).cookies
        name = django_settings.SESSION_COOKIE_NAME
        page.context.clear_cookies(name=name)
        page.context.add_cookies([{"name": name, "value": cookies[name].value, "url": live.url}])
        return page

    return as_user


@pytest.fixture
def quick_printer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Print each report as one empty page, which takes no seconds, for tests of what is stored about it."""
    print_empty_pages(monkeypatch)


def print_empty_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    from pypdf import PdfWriter

    def print_empty_page(document: Any, progress: Callable[[str], None]) -> Callable[[], bytes]:
        progress("drawing")
        progress("setting")
        return page.getvalue

    page, writer = BytesIO(), PdfWriter()
    writer.add_blank_page(width=595, height=842)
    writer.write(page)
    monkeypatch.setattr("reports.printing.start_pdf", print_empty_page)


@pytest.fixture
def axe(pytestconfig: pytest.Config) -> Callable[..., None]:
    """`axe(page)` asserts that nothing on the page breaks WCAG 2.2 A or AA, as far as a program can tell.

    `only_appearance=True` is for a page that was looked at already, in another theme and at another width. `within`
    selects the part of a page of Wagtail that is ours.
    """

    def axe(page: Any, *, only_appearance: bool = False, within: str = "html") -> None:
        settle(page)
        with counting_browser(pytestconfig, "axe", page.context.browser):
            found = find_violations(page, only_appearance=only_appearance, within=within)
        if found:
            pytest.fail(f"{page.url} breaks WCAG:\n" + "\n".join(found), pytrace=False)

    return axe
