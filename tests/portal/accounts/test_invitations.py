"""Accounts by invitation, one's own account and language, the CMS's groups, and the pages of all these."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evaluation.models import Invitation, Membership, Role, User
from portal.accounts import invitations
from tests.browsing import follow, in_each_appearance
from tests.bystander import new
from tests.factories import (
    PASSWORD,
    HotlineFactory,
    InvitationFactory,
    MembershipFactory,
    OperationFactory,
    UserFactory,
    end_roles,
    person,
)
from tests.portal.people_of_roles import code_of, give_device, type_password

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_tried_before():
    cache.clear()


@pytest.fixture
def contributor():
    return person(Role.CONTRIBUTOR, hotline=HotlineFactory(), password=PASSWORD)


@pytest.fixture
def coordinator():
    return person(Role.MCE_COORDINATOR, password=PASSWORD)


# --- Invitations -----------------------------------------------------------------------------------------------------


def _link(invitation: Invitation, token: str = "") -> str:
    return reverse("accept_invitation", args=[invitation.uid, token or invitations.token_of(invitation)])


def _come_in(client: Client, invitation: Invitation, **changes):
    typed = {"name": "Ana Horvat", "password": PASSWORD, "password_again": PASSWORD, "country": "ZZ"} | changes
    return client.post(_link(invitation), typed)


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.PANEL_MEMBER])
def test_an_invited_assessor_or_panel_member_says_from_which_country(client, role):
    HotlineFactory(country="XA", name="Aldermark")
    invitation = InvitationFactory(role=role, country="XA")
    assert '<option value="XA" selected>Aldermark' in client.get(_link(invitation)).content.decode()
    refused = _come_in(client, invitation, country="")
    assert (refused.status_code, User.objects.filter(email=invitation.email).exists()) == (200, False)
    assert "Country: Choose the country." in refused.content.decode()
    _come_in(client, invitation, country="ZZ")
    assert User.objects.get(email=invitation.email).country == "ZZ"


def test_somebody_who_is_here_says_the_country_with_the_further_role(client, sign_in):
    known = person(Role.GUIDE_EDITOR, country="")
    invitation = InvitationFactory(role=Role.PANEL_MEMBER, email=known.email)
    signed_in = sign_in(client, known)
    assert signed_in.post(_link(invitation)).status_code == 422
    assert not known.memberships.filter(role=Role.PANEL_MEMBER).exists()
    signed_in.post(_link(invitation), {"country": "ZZ"})
    known.refresh_from_db()
    assert (known.country, known.memberships.filter(role=Role.PANEL_MEMBER).count()) == ("ZZ", 1)


def test_an_invited_person_comes_in_with_name_and_password(client):
    operation = OperationFactory()
    invitation = InvitationFactory(role=Role.CONTRIBUTOR, hotline=operation.hotline, language="hr")
    answer = _come_in(client, invitation)
    assert (answer.status_code, answer.url) == (302, "/work/")
    user = User.objects.get(email=invitation.email)
    assert (user.name, user.language, user.is_demonstration) == ("Ana Horvat", "hr", False)
    membership = user.memberships.get()
    assert (membership.role, membership.hotline, membership.operator) == (
        Role.CONTRIBUTOR, operation.hotline, operation.operator,
    )  # fmt: skip
    assert membership.since == timezone.localdate()
    invitation.refresh_from_db()
    assert invitation.accepted_by == user
    assert client.session["_auth_user_id"] == str(user.pk)


def test_an_invited_assessor_goes_on_to_the_second_factor(client):
    _come_in(client, InvitationFactory(role=Role.ASSESSOR))
    answer = client.get("/work/")
    assert answer.url == "/accounts/2fa/totp/activate/?next=%2Fwork%2F"
    assert client.get(answer.url).status_code == 200


def test_the_page_of_an_invitation_says_who_invites_as_what(client):
    inviter = UserFactory(name="Mia Novak")
    page = client.get(_link(InvitationFactory(role=Role.ASSESSOR, invited_by=inviter))).content.decode()
    assert "Mia Novak invites you" in page
    assert "Assessor" in page


def test_an_invitation_works_once(client):
    invitation = InvitationFactory()
    _come_in(client, invitation)
    answer = _come_in(Client(), invitation, name="Somebody Else")
    assert answer.status_code == 410
    assert "It was used already" in answer.content.decode()
    assert User.objects.filter(email=invitation.email).count() == 1


@pytest.mark.parametrize(("days", "status"), [(13, 200), (14, 410)])
def test_an_invitation_works_for_two_weeks(client, days, status):
    invitation = InvitationFactory(invited_at=timezone.now() - timedelta(days=days))
    assert client.get(_link(invitation)).status_code == status


def test_a_tampered_link_opens_nothing(client):
    invitation, other = InvitationFactory(), InvitationFactory()
    for token in ("x" * 43, invitations.token_of(other), invitations.token_of(invitation)[:-1]):
        answer = client.post(_link(invitation, token), {"name": "A", "password": PASSWORD, "password_again": PASSWORD})
        assert answer.status_code == 404
    assert not User.objects.filter(email=invitation.email).exists()


def test_a_link_to_another_role_is_another_link(client):
    """A change of the invitation's row, such as by a second invitation, invalidates the first link."""
    invitation = InvitationFactory()
    old = _link(invitation)
    invitation.invited_at = timezone.now()
    invitation.save()
    assert client.get(old).status_code == 404


def test_a_weak_or_mistyped_password_is_refused_with_a_link_to_its_field(client):
    invitation = InvitationFactory()
    page = _come_in(client, invitation, password="short", password_again="short").content.decode()
    assert 'href="#id_password"' in page
    page = _come_in(client, invitation, password_again="another long word").content.decode()
    assert 'href="#id_password_again"' in page
    assert PASSWORD not in page
    assert not User.objects.filter(email=invitation.email).exists()


def test_somebody_who_is_here_takes_a_further_role_signed_in_as_themselves(client, contributor):
    invitation = InvitationFactory(email=contributor.email, role=Role.ASSESSOR)
    assert client.get(_link(invitation)).url.startswith("/accounts/login/?next=")
    type_password(client, contributor)
    client.post(_link(invitation))
    assert set(contributor.memberships.values_list("role", flat=True)) == {Role.CONTRIBUTOR, Role.ASSESSOR}


def test_nobody_takes_the_invitation_of_another(client, contributor):
    invitation = InvitationFactory()
    type_password(client, contributor)
    for answer in (client.get(_link(invitation)), _come_in(client, invitation)):
        assert answer.status_code == 403
    assert not User.objects.filter(email=invitation.email).exists()


def test_who_comes_in_during_the_demonstration_stays_in_it(client, settings):
    settings.DEMONSTRATION = True
    invitation = InvitationFactory()
    _come_in(client, invitation)
    assert User.objects.get(email=invitation.email).is_demonstration


# --- One's own account, language and time ----------------------------------------------------------------------------


def test_one_changes_ones_own_name_language_and_zone(client, contributor):
    type_password(client, contributor)
    client.post("/work/account/", {"name": "Ana H.", "language": "fr", "time_zone": "Europe/Athens"})
    contributor.refresh_from_db()
    assert (contributor.name, contributor.language, contributor.time_zone) == ("Ana H.", "fr", "Europe/Athens")
    assert client.get("/work/account/")["Content-Language"] == "fr"


def test_one_changes_nothing_else_of_ones_account(client, contributor):
    type_password(client, contributor)
    typed = {"name": "A", "language": "en", "time_zone": "UTC", "email": "b@example.org", "is_superuser": "on"}
    client.post("/work/account/", typed)
    changed = User.objects.get(pk=contributor.pk)
    assert (changed.email, changed.is_superuser) == (contributor.email, False)


def test_an_unknown_language_or_zone_is_refused(client, contributor):
    type_password(client, contributor)
    page = client.post("/work/account/", {"name": "A", "language": "xx", "time_zone": "Mars/Base"})
    assert set(page.context["form"].errors) == {"language", "time_zone"}


def test_the_workspace_speaks_the_language_of_the_profile_not_of_the_browser(client, contributor):
    User.objects.filter(pk=contributor.pk).update(language="pl")
    type_password(client, contributor)
    assert client.get("/work/account/", headers={"Accept-Language": "fr"})["Content-Language"] == "pl"


def test_the_sign_in_speaks_the_language_of_the_browser(client):
    assert client.get("/accounts/login/", headers={"Accept-Language": "hr"})["Content-Language"] == "hr"


def test_choosing_a_language_holds_for_browser_and_profile(client, contributor):
    client.post("/i18n/setlang/", {"language": "it", "next": "/accounts/login/"})
    assert client.get("/accounts/login/")["Content-Language"] == "it"
    type_password(client, contributor)
    client.post("/i18n/setlang/", {"language": "pt", "next": "/work/"})
    contributor.refresh_from_db()
    assert contributor.language == "pt"


# --- The CMS's groups ------------------------------------------------------------------------------------------------


def _groups(user: User) -> set[str]:
    return set(user.groups.values_list("name", flat=True))


def test_groups_follow_the_roles():
    user = person(Role.GUIDE_EDITOR)
    assert _groups(user) == {"Guide editors"}
    MembershipFactory(user=user, role=Role.MCE_COORDINATOR)
    assert _groups(user) == {"Guide editors", "MCE coordinators"}
    end_roles(user, Role.GUIDE_EDITOR)
    assert _groups(user) == {"MCE coordinators"}


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.PANEL_MEMBER])
def test_other_roles_have_no_group(role):
    assert _groups(person(role)) == set()


def test_a_role_that_ran_out_leaves_its_group_at_the_next_sign_in(client):
    user = person(Role.GUIDE_EDITOR, password=PASSWORD)
    new(Membership).update(until=timezone.localdate() - timedelta(days=1))
    assert _groups(user) == {"Guide editors"}
    type_password(client, user)
    assert _groups(user) == set()


def test_groups_that_are_not_ours_stay(django_user_model):
    from django.contrib.auth.models import Group

    user = UserFactory()
    user.groups.add(Group.objects.create(name="Translators"))
    MembershipFactory(user=user, role=Role.GUIDE_EDITOR)
    assert _groups(user) == {"Translators", "Guide editors"}


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.GUIDE_EDITOR, 200), (Role.MCE_COORDINATOR, 200), (Role.ASSESSOR, 403), (Role.PANEL_MEMBER, 403)],
)
def test_the_cms_opens_to_editors_and_mce_alone(client, sign_in, role, status):
    sign_in(client, person(role))
    assert client.get("/cms/").status_code == status


def test_the_cms_shuts_at_once_when_a_role_has_run_out(client, sign_in):
    user = person(Role.GUIDE_EDITOR)
    sign_in(client, user)
    Membership.objects.filter(user=user).update(until=timezone.localdate() - timedelta(days=1))
    assert client.get("/cms/").status_code == 403


# --- The pages themselves -------------------------------------------------------------------------------------------

SIGNED_IN = [
    "/accounts/2fa/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/reauthenticate/",
    "/accounts/reauthenticate/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/work/account/",
    "/work/people/",
    "/work/people/invite/",
    "/work/outbox/",
]


@pytest.mark.parametrize("address", SIGNED_IN)
def test_every_page_of_signing_in_has_one_heading_and_no_style_of_its_own(client, coordinator, address):
    secret = give_device(coordinator)
    type_password(client, coordinator)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    answer = client.get(address)
    page = answer.content.decode()
    assert (answer.status_code, page.count("<h1")) == (200, 1)
    assert re.findall(r"\sstyle=|\son\w+=|<style|<script>", page) == []


def test_recovery_codes_come_as_a_file(client, coordinator):
    secret = give_device(coordinator)
    type_password(client, coordinator)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    answer = client.get("/accounts/2fa/recovery-codes/download/")
    assert answer["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert len(answer.content.decode().split()) == 10


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_coming_in_are_accessible(browser_page, as_user, axe):
    page = browser_page

    def look():
        for _width, was_seen in in_each_appearance(page, 1280):
            axe(page, only_appearance=was_seen)

    for address in ("/accounts/login/", "/accounts/password/reset/", _link(InvitationFactory())):
        page.goto(address)
        look()
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill("nobody@example.org")
    page.get_by_label("Password").fill("wrong")
    follow(page.get_by_role("button", name="Sign in"))
    page.get_by_text("do not belong together").wait_for()
    look()
    InvitationFactory()
    as_user(page, person(Role.MCE_COORDINATOR))
    for address in ("/work/people/", "/work/people/invite/", "/work/outbox/", "/work/account/"):
        page.goto(address)
        look()
    as_user(page, person(Role.ASSESSOR, password=PASSWORD), second_factor=False)
    page.goto("/work/")
    page.get_by_role("heading", name="Set up your second factor").wait_for()
    look()


@pytest.mark.everywhere
@pytest.mark.django_db(transaction=True)
def test_an_invited_assessor_walks_all_the_way_in(browser_page):
    page = browser_page
    page.goto(_link(InvitationFactory(role=Role.ASSESSOR)))
    page.get_by_label("Your name").fill("Ana Horvat")
    page.locator("select[name=country]").select_option("ZZ")
    page.get_by_label("A password").fill(PASSWORD)
    page.get_by_label("The password again").fill(PASSWORD)
    follow(page.get_by_role("button", name="Come in"))
    page.get_by_role("heading", name="Set up your second factor").wait_for()
    page.get_by_label("Code").fill(code_of(page.locator("code").inner_text()))
    follow(page.get_by_role("button", name="Set up"))
    page.get_by_role("heading", name="Recovery codes").wait_for()
    assert page.locator("main code").count() == 10
    follow(page.get_by_role("link", name="I have kept them"))
    page.wait_for_url("**/work/")
