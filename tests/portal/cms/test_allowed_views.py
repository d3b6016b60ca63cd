"""The enabled pages of Wagtail's administration, and those that nobody reaches, not even a superuser."""

import csv
import re
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import Page, PageViewRestriction

from evaluation.models import Role, User
from portal.cms.allowed_views import OPEN
from portal.public.models import HomePage
from tests.factories import PASSWORD, person
from tests.portal.people_of_roles import is_signed_in

pytestmark = pytest.mark.django_db


def _names(resolver: URLResolver, prefix: str = "", space: str = "") -> dict[str, str]:
    """Return every address of the CMS by the name of its view, with 1 for every variable part."""
    found: dict[str, str] = {}
    for entry in resolver.url_patterns:
        path = prefix + re.sub(r"[\^$]|\\Z", "", str(entry.pattern))
        if isinstance(entry, URLResolver):
            inside = f"{space}{entry.namespace}:" if entry.namespace else space
            found = _names(entry, path, inside) | found
        elif path.startswith("cms/") and entry.name:
            address = re.sub(r"<str:action>", "delete", path)
            found.setdefault(space + entry.name, "/" + re.sub(r"<[^>]*>|\([^)]*\)", "1", address).replace("\\", ""))
    return found


NAMES = _names(get_resolver())
OTHER_SIGN_INS = {name for name in NAMES if "login" in name or "password_reset" in name}


@pytest.fixture
def superuser(sign_in) -> Client:
    user = person(Role.MCE_COORDINATOR)
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    return sign_in(Client(), User.objects.get(pk=user.pk))


def test_every_open_page_is_there():
    assert OPEN - set(NAMES) == set()


@pytest.mark.everywhere
@pytest.mark.parametrize("number", [2**31, 2**63])
def test_a_number_that_no_column_holds_is_not_found(superuser: Client, number: int):
    asked = {name: NAMES[name].replace("/1/", f"/{number}/") for name in OPEN if "/1/" in NAMES[name]}
    assert {"release_edition", "publish_wording", "wagtailadmin_pages:lock"} <= set(asked)
    answers = {name: (superuser.get(url).status_code, superuser.post(url).status_code) for name, url in asked.items()}
    assert {name: answer for name, answer in answers.items() if max(answer) >= 500} == {}


@pytest.mark.parametrize("name", ["edit_override", "edit_string_translation"])
def test_a_browser_that_opens_what_only_a_script_calls_is_refused(superuser: Client, name: str):
    address = NAMES[f"wagtail_localize:{name}"]
    for method in ("get", "post", "patch"):
        response = getattr(superuser, method)(address, headers={"accept": "text/html"})
        assert (response.status_code, response.headers["Content-Type"]) == (406, "application/json")


def test_what_is_not_open_is_not_found_for_anybody(superuser: Client):
    shut = {name: address for name, address in NAMES.items() if name not in OPEN | OTHER_SIGN_INS}
    assert {"wagtailusers_users:edit", "wagtailsites:add", "wagtailadmin_pages:set_privacy"} <= set(shut)
    answers = {name: superuser.post(address).status_code for name, address in shut.items()}
    assert answers == dict.fromkeys(answers, 404)


def test_nobody_sets_the_password_of_another(superuser: Client):
    victim = person(Role.MCE_COORDINATOR, password=PASSWORD)
    typed = {"email": victim.email, "password1": "taken over 123", "password2": "taken over 123"}
    assert superuser.post(f"/cms/users/edit/{victim.pk}/", typed).status_code == 404
    assert superuser.post("/cms/users/new/", typed).status_code == 404
    acts = ("delete", "set_active_state", "assign_role")
    statuses = [superuser.post(f"/cms/bulk/evaluation/user/{act}/?id={victim.pk}").status_code for act in acts]
    assert statuses == [404, 404, 404]
    victim.refresh_from_db()
    assert (victim.check_password(PASSWORD), victim.is_active) == (True, True)


def test_nobody_hides_a_page_behind_a_password(superuser: Client):
    for page in Page.objects.all():
        address = reverse("wagtailadmin_pages:set_privacy", args=[page.pk])
        typed = {"restriction_type": "password", "password": "secret", "groups": []}
        assert superuser.post(address, typed, headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 404
    assert not PageViewRestriction.objects.exists()


def test_no_page_and_no_menu_offers_what_is_shut(superuser: Client):
    home = Page.objects.filter(depth=2).first()
    for address in ("/cms/", reverse("wagtailadmin_explore", args=[home.pk]), f"/cms/pages/{home.pk}/edit/"):
        page = superuser.get(address).content.decode()
        found = {shut for shut in ("users", "groups", "sites", "locales", "collections", "workflows", "snippets")
                 if f'"/cms/{shut}/' in page}  # fmt: skip
        assert (address, found, "privacy/" in page) == (address, set(), False)


def test_the_page_about_oneself_is_ours(superuser: Client):
    assert superuser.get("/cms/account/").url == "/work/account/"
    assert superuser.post("/cms/account/", {"avatar-avatar": "x"}).url == "/work/account/"
    assert is_signed_in(superuser)


@pytest.mark.parametrize(("sent", "message"), [({}, "Fill this in"), ({"url": "nowhere"}, "Enter a valid URL")])
def test_a_link_that_cannot_be_one_is_told_at_its_field(superuser: Client, sent: dict[str, str], message: str):
    answer = superuser.post(
        "/cms/choose-external-link/", {f"external-link-chooser-{name}": value for name, value in sent.items()}
    )
    assert answer.status_code == 200
    assert message in answer.json()["html"]


def test_a_link_to_another_site_is_chosen(superuser: Client):
    sent = {"external-link-chooser-url": "https://example.org/", "external-link-chooser-link_text": "Example"}
    assert superuser.post("/cms/choose-external-link/", sent).json()["result"]["url"] == "https://example.org/"


@pytest.mark.parametrize("next_url", ["w", "page.html", "?next=/"])
def test_an_address_to_go_on_to_that_is_none_is_a_bad_request(superuser: Client, next_url: str):
    home = HomePage.objects.get()
    address = reverse("wagtailadmin_pages:unpublish", args=[home.pk])
    assert superuser.post(f"{address}?{urlencode({'next': next_url})}").status_code == 400
    assert superuser.post(address, {"next": next_url}).status_code == 400
    assert HomePage.objects.get().live


@pytest.mark.parametrize(("above", "status"), [("", 200), ("1", 200), ("x", 400), ("²", 400), ("-1", 400)])
def test_a_page_above_that_is_no_number_is_refused(superuser: Client, above: str, status: int):
    """Wagtail would build an address with it, and fail."""
    assert superuser.get("/cms/choose-external-link/", {"parent_page_id": above}).status_code == status


@pytest.mark.parametrize("number", ["", "x", "²", "-1", "1" * 30])
@pytest.mark.parametrize("action", ["move", "publish"])
def test_pages_whose_numbers_are_none_are_not_moved_or_published_together(superuser: Client, action: str, number: str):
    """The address that moves pages is ours, the other one Wagtail's."""
    assert superuser.get(f"/cms/bulk/wagtailcore/page/{action}/", {"id": number}).status_code == 400


@pytest.mark.parametrize("act", ["lock", "unlock"])
def test_the_root_of_the_pages_is_no_page_to_lock(superuser: Client, act: str):
    root = Page.get_first_root_node()
    assert superuser.post(reverse(f"wagtailadmin_pages:{act}", args=[root.pk])).status_code == 404
    assert not Page.objects.get(pk=root.pk).locked
    home = HomePage.objects.get()
    assert superuser.post(reverse(f"wagtailadmin_pages:{act}", args=[home.pk])).status_code == 302


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("api/main/pages/find/?id=x", 400),
        ("api/main/pages/find/?id=1&id=99999999999999999999", 400),
        ("choose-page/chosen-multiple/?id=x", 400),
        ("choose-page/chosen-multiple/?id={root}", 404),
        ("choose-page/chosen-multiple/?id={home}", 200),
        ("choose-page/search/?q=%22", 200),
        ("choose-page/search/?q=12%22+screen", 200),
        ("pages/search/?q=%22a%22%22", 200),
        ("documents/?q=a%22b", 200),
        ("pages/?latest_revision_created_at_from=0001-01-01", 400),
        ("reports/site-history/?timestamp_to=9999-12-31", 400),
        ("pages/?latest_revision_created_at_from=2026-01-01", 200),
        ("pages/{home}/revisions/0/revert/", 404),
        ("pages/{root}/set_position/", 404),
        ("pages/{home}/set_position/?position=99999999999999999999", 200),
    ],
)
def test_an_argument_that_wagtail_does_not_expect_is_refused(client: Client, sign_in, path: str, status: int):
    root, home = Page.get_first_root_node(), HomePage.objects.get()
    editor = sign_in(client, person(Role.GUIDE_EDITOR))
    assert editor.get("/cms/" + path.format(root=root.pk, home=home.pk), follow=True).status_code == status


# --- Superusers ------------------------------------------------------------------------------------------------------


def test_a_superuser_without_a_role_has_the_rights_of_a_stranger(sign_in):
    user, stranger = person(), person()
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    user = User.objects.get(pk=user.pk)
    assert (user.is_superuser, user.is_staff, user.has_perm("wagtailadmin.access_admin")) == (False, False, False)
    assert user.get_all_permissions() == set()
    home = HomePage.objects.get()
    assert vars(home.permissions_for_user(user))["permissions"] == set()
    clients = [sign_in(Client(), one) for one in (user, stranger)]
    asked = {
        (name, method): [
            getattr(client, method)(NAMES[name].replace("/1/", f"/{home.pk}/")).status_code for client in clients
        ]
        for name in OPEN
        for method in ("get", "post")
    }
    assert {what: statuses for what, statuses in asked.items() if len(set(statuses)) > 1} == {}
    assert Page.objects.filter(pk=home.pk).exists()


def test_no_superuser_is_created():
    with pytest.raises(CommandError, match="rights come from roles"):
        call_command("createsuperuser", email="root@example.org", name="Root", interactive=False)
    assert not User.objects.filter(email="root@example.org").exists()


# --- Reports as tables -----------------------------------------------------------------------------------------------


FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\uff1d1")


@pytest.mark.parametrize(
    "report", ["site-history", "page-types-usage", "aging-pages", "locked", "workflow", "workflow_tasks"]
)
def test_no_report_has_a_formula(client: Client, sign_in, report: str):
    user = person(Role.MCE_COORDINATOR, name="=cmd|' /C calc'!A0")
    home = HomePage.objects.get()
    for number, title in enumerate(FORMULAS):
        page = home.add_child(instance=HomePage(title=title, slug=f"formula-{number}"))
        page.locked, page.locked_by, page.locked_at = True, user, timezone.now()
        page.save()
        page.save_revision(user=user, log_action=True).publish(user=user)
    mce = sign_in(client, user)
    answer = mce.get(f"/cms/reports/{report}/?export=csv")
    rows = list(csv.reader(b"".join(answer.streaming_content).decode().splitlines()))
    assert [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\uff1d")] == []
    book = load_workbook(BytesIO(b"".join(mce.get(f"/cms/reports/{report}/?export=xlsx").streaming_content)))
    assert {cell.data_type for row in book.active for cell in row} & {"f"} == set()
