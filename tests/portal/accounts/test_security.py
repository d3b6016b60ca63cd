"""Security: sign-ins of libraries, content policies, headers, what is logged, what a lost session keeps."""

import json
import logging
import re

import pytest
from django.conf import settings as installed
from django.core.cache import cache
from django.db import DatabaseError
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.models import Page

from evaluation.models import Role
from portal.operations import logs
from tests.factories import PASSWORD, HotlineFactory, person
from tests.portal.people_of_roles import is_signed_in, type_password

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _name in installed.LANGUAGES]


@pytest.fixture(autouse=True)
def nobody_tried_before():
    cache.clear()


@pytest.fixture
def contributor():
    return person(Role.CONTRIBUTOR, hotline=HotlineFactory(), password=PASSWORD)


# --- Sign-ins of libraries -------------------------------------------------------------------------------------------


def _addresses(resolver: URLResolver, prefix: str = "") -> list[tuple[str, URLPattern]]:
    """Return every address of the site in one language with its pattern, in the order in which they are tried."""
    found = []
    for entry in resolver.url_patterns:
        path = prefix + re.sub(r"[\^$]|\\Z", "", str(entry.pattern))
        found += _addresses(entry, path) if isinstance(entry, URLResolver) else [(f"/{path}", entry)]
    return found


def _looks_like_a_sign_in(address: str, pattern: URLPattern) -> bool:
    view = pattern.callback
    words = f"{address} {getattr(view, 'view_class', view).__module__} {getattr(view, '__name__', '')} {pattern.name}"
    return bool(re.search(r"log[-_]?in(?!g|s)|sign[-_]?in|password_?reset", words, re.IGNORECASE))


def _sign_ins() -> list[str]:
    found = []
    for address, pattern in _addresses(get_resolver()):
        if _looks_like_a_sign_in(address, pattern):
            found.append(re.sub(r"\(\?P<uidb64>[^/]*/", "Mg/", re.sub(r"<[^>]*>", "1", address)))
    return sorted(set(found))


def test_the_search_finds_the_sign_ins_of_libraries():
    assert {"/cms/login/", "/cms/password_reset/", "/en/_util/login/", "/accounts/login/"} <= set(_sign_ins())


def _other_sign_ins() -> list[str]:
    own = re.compile(r"/accounts/|/work/")
    in_english = [address for address in _sign_ins() if not own.match(address)]
    others = [url.replace("/en/", f"/{code}/", 1) for url in in_english for code in LANGUAGES if "/en/" in url]
    return sorted({*in_english, *others})


def test_every_other_sign_in_leads_to_ours_and_opens_no_session():
    user = person(Role.MCE_COORDINATOR, password=PASSWORD)
    keys = {"username": user.email, "email": user.email, "login": user.email, "password": PASSWORD}
    opened = []
    for address in _other_sign_ins():
        for method in ("get", "post"):
            client = Client()
            answer = getattr(client, method)(address, keys if method == "post" else {})
            leads_in = answer.status_code == 302 and answer.url.startswith("/accounts/login/?next=")
            if not leads_in or is_signed_in(client):
                opened.append((method, address, answer.status_code))
    assert opened == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_wagtails_sign_in_for_visitors_is_closed_in_each_language(client, language):
    user = person(Role.MCE_COORDINATOR, password=PASSWORD)
    answer = client.post(f"/{language}/_util/login/", {"username": user.email, "password": PASSWORD})
    assert answer.url == "/accounts/login/?next=%2Fwork%2F"
    assert not is_signed_in(client)


def test_another_sign_in_hands_on_only_our_own_addresses(client):
    assert client.get("/cms/login/?next=/cms/pages/").url == "/accounts/login/?next=%2Fcms%2Fpages%2F"
    assert client.get("/cms/login/?next=https://example.org/").url == "/accounts/login/?next=%2Fwork%2F"


def test_the_cms_of_a_stranger_is_our_sign_in(client):
    assert client.get("/cms/").url == "/accounts/login/?next=/cms/"


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/django-admin/login/"])
def test_djangos_admin_is_not_there(client, address):
    answer = client.get(address, follow=True)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/email/",
        "/accounts/confirm-email/",
        "/accounts/password/set/",
        "/accounts/login/code/",
        "/accounts/login/code/confirm/",
        "/accounts/3rdparty/",
        "/accounts/",
    ],
)
def test_pages_of_allauth_that_nobody_needs_have_no_address(client, contributor, address):
    type_password(client, contributor)
    assert client.get(address).status_code == 404


# --- Areas -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/work/nothing/", "/api/v1/nothing", "/accounts/nothing/"])
def test_an_unknown_product_address_is_not_found_and_not_sent_elsewhere(client, contributor, address):
    assert client.get(address).status_code == 404
    type_password(client, contributor)
    assert client.get(address).status_code == 404


def test_a_public_address_without_language_finds_its_language(client):
    answer = client.get("/register/", headers={"Accept-Language": "fr"})
    assert (answer.status_code, answer.url) == (302, "/fr/register/")


# --- Policies and headers --------------------------------------------------------------------------------------------


def _policy(answer) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";")]
    return {name: value for name, _space, value in parts}


def test_our_pages_run_no_inline_code_and_nothing_of_others(client, contributor):
    type_password(client, contributor)
    for address in ("/accounts/2fa/", "/work/account/", "/en/"):
        policy = _policy(client.get(address))
        assert re.fullmatch(r"'self'( 'nonce-[\w+/=]{20,}')?", policy["script-src"]), address
        assert policy | {"script-src": ""} == {
            "default-src": "'self'",
            "script-src": "",
            "style-src": "'self'",
            "img-src": "'self' data:",
            "font-src": "'self'",
            "connect-src": "'self'",
            "object-src": "'none'",
            "base-uri": "'none'",
            "form-action": "'self'",
            "frame-ancestors": "'self'",
        }


@pytest.mark.parametrize(("address", "scripts"), [("/cms/", "'self'"), ("/cms/pages/", "'self' 'unsafe-inline'")])
def test_the_cms_runs_inline_code_where_it_must_and_nothing_of_others(client, sign_in, address, scripts):
    sign_in(client, person(Role.GUIDE_EDITOR))
    policy = _policy(client.get(address, follow=True))
    assert policy["script-src"] == scripts
    assert [value for value in policy.values() if "http" in value or "*" in value] == []
    assert (policy["frame-ancestors"], policy["object-src"], policy["base-uri"]) == ("'self'", "'none'", "'none'")


def test_every_page_carries_the_headers(client):
    answer = client.get("/accounts/login/")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Permissions-Policy"] == "geolocation=(), microphone=(), payment=(), usb=()"
    assert client.cookies["csrftoken"]["samesite"] == "Lax"


def test_private_pages_are_not_kept_by_the_browser(client, contributor):
    type_password(client, contributor)
    assert client.get("/work/account/")["Cache-Control"] == "private, no-store"


def test_nothing_calls_home():
    assert installed.WAGTAIL_GRAVATAR_PROVIDER_URL is None
    assert installed.WAGTAIL_ENABLE_UPDATE_CHECK is False


def test_the_cms_names_no_other_host(client, sign_in):
    sign_in(client, person(Role.MCE_COORDINATOR))
    page = client.get("/cms/").content.decode()
    assert re.findall(r'(?:src|data-[\w-]*url[\w-]*-value)="(https?:)?//[^"]*"', page) == []


def test_somebody_signed_in_is_not_framed_by_others_nor_posted_for(contributor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(contributor, backend="portal.accounts.adapters.PasswordBackend")
    assert client.post("/work/account/", {"name": "Taken"}).status_code == 403
    contributor.refresh_from_db()
    assert contributor.name != "Taken"


# --- A lost session --------------------------------------------------------------------------------------------------


OURS = {"Origin": "http://testserver"}
"""What a browser sends with a form of a page of this site."""


def test_what_was_typed_comes_back_when_the_session_was_gone(client, contributor):
    sent = {"rendered_for": str(contributor.uid), "name": "Ana <b>Horvat</b>", "language": "hr", "password": "key"}
    answer = client.post("/work/account/?from=menu", sent, headers=OURS)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert answer.context["form"].typed == (("Name", "Ana <b>Horvat</b>"),)
    assert {name for name, _ in answer.context["form"].fields} == {"rendered_for", "name", "language"}
    assert 'value="Ana &lt;b&gt;Horvat&lt;/b&gt;"' in page
    assert 'action="/work/account/?from=menu"' in page
    assert "/accounts/login/?next=%2Fwork%2Faccount%2F" in page
    assert "key" not in re.findall(r'value="([^"]*)"', page)


def test_what_comes_back_can_be_sent_after_signing_in(contributor):
    client = Client(enforce_csrf_checks=True)
    typed = {"name": "Ana Horvat", "language": "en", "time_zone": "UTC"}
    client.post("/work/account/", typed)
    client.force_login(contributor, backend="portal.accounts.adapters.PasswordBackend")
    page = client.post("/work/account/", typed)
    assert page.context["is_signed_in"]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode()).group(1)
    assert client.post("/work/account/", typed | {"csrfmiddlewaretoken": token}).status_code == 302
    contributor.refresh_from_db()
    assert contributor.name == "Ana Horvat"


def test_a_form_sent_while_owing_a_second_factor_comes_back_too(client, contributor):
    type_password(client, contributor)
    contributor.memberships.create(role=Role.ASSESSOR)
    answer = client.post("/work/account/", {"rendered_for": str(contributor.uid), "name": "Ana"}, headers=OURS)
    assert (answer.status_code, [value for _, value in answer.context["form"].typed]) == (403, ["Ana"])
    assert (answer.context["sign_in"], answer.context["is_signed_in"]) == ("/work/account/", False)


@pytest.mark.parametrize("header", [{"HX-Request": "true"}, {"Accept": "application/json"}])
def test_a_part_of_a_page_gets_a_notice_and_keeps_its_text(client, header):
    answer = client.post("/work/account/", {"name": "Ana"}, headers=header)
    assert (answer.status_code, answer["HX-Trigger"], answer["HX-Reswap"]) == (403, "lost-session", "none")
    assert answer.content.decode().startswith("Not saved: you are signed out.")


def test_a_page_of_signing_in_that_grew_old_shows_nothing_that_was_typed(contributor):
    client = Client(enforce_csrf_checks=True)
    answer = type_password(client, contributor)
    assert (answer.status_code, answer.context["form"].fields) == (403, ())
    assert PASSWORD not in answer.content.decode()
    assert contributor.email not in answer.content.decode()


# --- Logs ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def logged(capfd):
    """Capture what the log of a server would contain: every record, formatted as in the settings."""
    records: list[dict] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(json.loads(self.format(record)))

    from structlog.stdlib import ProcessorFormatter

    handler = Keep()
    handler.setFormatter(ProcessorFormatter(processors=logs.JSON_PROCESSORS, foreign_pre_chain=logs.FOREIGN_PROCESSORS))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield records
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_request_is_one_line_without_a_person(client, contributor, logged):
    type_password(client, contributor)
    logged.clear()
    answer = client.get("/work/account/?q=secret", headers={"X-Request-ID": "given-by-proxy-1"})
    [line] = [record for record in logged if record["event"] == "request"]
    assert line.pop("ms") >= 0
    assert line.pop("timestamp")
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "portal.requests",
        "request_id": "given-by-proxy-1",
        "method": "GET",
        "route": "workspace:account",
        "status": 200,
        "user": str(contributor.uid),
    }
    assert answer["X-Request-ID"] == "given-by-proxy-1"


def test_a_request_id_of_a_stranger_is_not_written_as_it_comes(client, logged):
    answer = client.get("/healthz", headers={"X-Request-ID": 'x" or anything\n'})
    assert re.fullmatch(r"[0-9a-f]{32}", answer["X-Request-ID"])


def test_no_record_names_anybody(client, contributor, logged):
    type_password(client, contributor, "wrong")
    type_password(client, contributor)
    client.get(f"/work/nothing/?address={contributor.email}")
    client.get("/accounts/password/reset/key/abc-secretkey/")
    client.post("/work/account/", {"name": "Typed Words", "language": "en", "time_zone": "UTC"})
    logging.getLogger("a.library").warning("sent to %s at /x/?mail=%s", contributor.email, contributor.email)
    text = json.dumps(logged)
    secrets = (contributor.email, contributor.name, "Typed Words", "wrong", PASSWORD, "secretkey", "mail=", "address=")
    assert [word for word in secrets if word in text] == []
    assert len(logged) > 5


def test_an_exception_is_told_by_class_and_place_and_not_by_what_it_quotes(logged):
    def breaks() -> None:
        raise DatabaseError("DETAIL: Key (name)=(Ana Horvat) already exists")

    try:
        breaks()
    except DatabaseError:
        logging.getLogger("django.request").exception("Internal Server Error: /work/")
    [line] = logged
    assert (line["exception"], line["event"]) == ("DatabaseError", "Internal Server Error: /work/")
    assert "/test_security.py:" in line["where"][-1]
    assert "Horvat" not in json.dumps(line)


# --- Error pages -----------------------------------------------------------------------------------------------------


def test_a_page_that_is_not_there_says_so_in_the_look(client):
    answer = client.get("/work/nothing/")
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()


def test_a_page_that_breaks_says_so_without_asking_the_database(contributor, monkeypatch):
    client = Client(raise_request_exception=False)
    type_password(client, contributor)

    def breaks(*_args: object, **_names: object) -> None:
        raise ValueError("what somebody typed")

    monkeypatch.setattr("portal.people.pages.AccountForm.__init__", breaks)
    answer = client.get("/work/account/")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
    assert "what somebody typed" not in answer.content.decode()


def test_the_public_start_page_is_our_home_page(client):
    assert Page.objects.get(depth=2).specific_class.__name__ == "HomePage"
    assert client.get("/", follow=True).status_code == 200
