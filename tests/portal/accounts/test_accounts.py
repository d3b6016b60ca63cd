"""Signing in: passwords, the second factor by role, and the sign-ins of the demonstration."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client

from evaluation.models import Role, User
from evaluation.models.people.roles import SECOND_FACTOR_ROLES
from portal.accounts import adapters
from portal.letters.models import Letter
from tests.bystander import new
from tests.factories import (
    PASSWORD,
    HotlineFactory,
    MembershipFactory,
    UserFactory,
    person,
)
from tests.portal.people_of_roles import code_of, give_device, is_signed_in, type_password

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


# --- Password --------------------------------------------------------------------------------------------------------


def test_somebody_of_a_hotline_signs_in_with_address_and_password(client, contributor):
    answer = type_password(client, contributor)
    assert (answer.status_code, answer.url) == (302, "/work/")
    assert is_signed_in(client)


@pytest.mark.parametrize("written", ["  {} ", "{}".upper()])
def test_an_address_is_known_in_any_spelling(client, contributor, written):
    typed = written.format(contributor.email) if "{}" in written else contributor.email.upper()
    client.post("/accounts/login/", {"login": typed, "password": PASSWORD})
    assert is_signed_in(client)


def test_a_wrong_password_and_an_unknown_address_get_the_same_page(client, contributor):
    def answer(address: str) -> tuple[int, str]:
        page = client.post("/accounts/login/", {"login": address, "password": "wrong"})
        text = re.sub(r'(value|nonce)="[^"]*"', "", page.content.decode())
        return page.status_code, text

    known, unknown = answer(contributor.email), answer("nobody@example.org")
    assert known == unknown
    assert "do not belong together" in known[1]


def test_an_unknown_address_costs_a_password_check_too(client, contributor, monkeypatch):
    checked = []
    monkeypatch.setattr(User, "set_password", lambda self, password: checked.append(password))
    type_password(client, UserFactory.build(), "wrong")
    assert checked == ["wrong"]


def test_somebody_whose_account_is_closed_does_not_come_in(client, contributor):
    User.objects.filter(pk=contributor.pk).update(is_active=False)
    type_password(client, contributor)
    assert not is_signed_in(client)


def test_open_sign_up_is_closed(client):
    for answer in (client.get("/accounts/signup/"), client.post("/accounts/signup/", {"email": "a@example.org"})):
        assert "One comes in by invitation" in answer.content.decode()
    assert new(User).count() == 0


def test_a_password_is_set_anew_by_letter(client, contributor, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/password/reset/", {"email": contributor.email})
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[0].body).group(1)
    page = client.get(link, follow=True)
    new = "four other plain words"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert not is_signed_in(client)
    type_password(client, contributor, new)
    assert is_signed_in(client)


def test_a_letter_about_a_new_password_goes_only_to_somebody_known(client):
    answer = client.post("/accounts/password/reset/", {"email": "stranger@example.org"})
    assert (answer.status_code, answer.url) == (302, "/accounts/password/reset/done/")
    assert new(Letter).count() == 0


def test_a_reset_link_works_once(client, contributor, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/password/reset/", {"email": contributor.email})
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[0].body).group(1)
    page = client.get(link, follow=True)
    new = "four other plain words"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert "This link no longer works" in Client().get(link, follow=True).content.decode()


# --- The second factor -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", SECOND_FACTOR_ROLES)
def test_these_roles_set_up_a_second_factor_before_anything_else(client, role):
    type_password(client, person(role, password=PASSWORD))
    for page in ("/work/", "/cms/", "/accounts/password/change/", "/accounts/2fa/"):
        answer = client.get(page)
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/accounts/2fa/totp/activate/")


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.COORDINATOR])
def test_hotline_roles_may_do_without(client, role):
    type_password(client, person(role, hotline=HotlineFactory(), password=PASSWORD))
    assert client.get("/work/account/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_up_a_device_opens_the_way_with_its_first_code(client, coordinator):
    type_password(client, coordinator)
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200  # the password was just typed and is not asked for again
    secret = page.context["form"].secret
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert (answer.status_code, answer.url) == (302, "/accounts/2fa/recovery-codes/")
    assert client.get("/work/people/").status_code == 200


def test_the_password_alone_is_half_a_sign_in_for_somebody_with_a_device(client, coordinator):
    secret = give_device(coordinator)
    answer = type_password(client, coordinator)
    assert (answer.status_code, answer.url) == (302, "/accounts/2fa/authenticate/")
    assert not is_signed_in(client)
    assert "This code is not right" in client.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert client.get("/work/people/").status_code == 200


def test_a_code_is_taken_once(client, coordinator):
    code = code_of(give_device(coordinator))
    type_password(client, coordinator)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    other = Client()
    type_password(other, coordinator)
    other.post("/accounts/2fa/authenticate/", {"code": code})
    assert not is_signed_in(other)


def test_a_recovery_code_opens_once(client, coordinator):
    give_device(coordinator)
    codes = coordinator.authenticator_set.get(type=Authenticator.Type.RECOVERY_CODES).wrap()
    code = codes.get_unused_codes()[0]
    for browser, comes_in in ((client, True), (Client(), False)):
        type_password(browser, coordinator)
        browser.post("/accounts/2fa/authenticate/", {"code": code})
        assert is_signed_in(browser) == comes_in


def test_a_session_without_a_code_leads_to_the_code_and_then_on(client, coordinator, sign_in):
    secret = give_device(coordinator)
    sign_in(client, coordinator, second_factor=False)  # as a library's view might leave the form
    answer = client.get("/work/people/?q=a")
    assert (answer.status_code, answer.url) == (302, "/accounts/2fa/reauthenticate/?next=%2Fwork%2Fpeople%2F%3Fq%3Da")
    answer = client.post(answer.url, {"code": code_of(secret), "next": "/work/people/?q=a"})
    assert (answer.status_code, answer.url) == (302, "/work/people/?q=a")
    assert client.get("/work/people/").status_code == 200


def test_a_session_without_a_second_factor_shows_no_recovery_codes(client, coordinator, sign_in):
    give_device(coordinator)
    sign_in(client, coordinator, second_factor=False)
    for page in ("/accounts/2fa/recovery-codes/", "/accounts/2fa/recovery-codes/download/"):
        assert client.get(page).url.startswith("/accounts/2fa/reauthenticate/")
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 403
    assert coordinator.authenticator_set.count() == 2


def test_a_role_given_to_a_live_session_bites_at_the_next_request(client, contributor):
    type_password(client, contributor)
    assert client.get("/work/account/").status_code == 200
    MembershipFactory(user=contributor, role=Role.ASSESSOR)
    assert client.get("/work/account/").url == "/accounts/2fa/totp/activate/?next=%2Fwork%2Faccount%2F"


def test_a_device_taken_away_is_asked_for_anew(client, coordinator):
    secret = give_device(coordinator)
    type_password(client, coordinator)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    client.post("/accounts/2fa/totp/deactivate/")
    assert coordinator.authenticator_set.count() == 0
    assert client.get("/work/people/").url.startswith("/accounts/2fa/totp/activate/")


def test_asking_for_a_new_password_does_not_stand_in_the_way_of_a_device(client, coordinator):
    client.post("/accounts/password/reset/", {"email": coordinator.email})
    type_password(client, coordinator)
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


def test_a_session_with_its_code_is_asked_nothing_more(client, coordinator, sign_in, django_assert_num_queries, rf):
    sign_in(client, coordinator)
    request = rf.get("/work/")
    request.session, request.user = client.session, coordinator
    with django_assert_num_queries(1):  # the session itself
        assert adapters.has_second_factor(request)


def test_the_demonstration_asks_for_no_code(client, settings):
    settings.DEMONSTRATION = True
    type_password(client, person(Role.MCE_COORDINATOR, password=PASSWORD, is_demonstration=True))
    assert client.get("/work/people/").status_code == 200


# --- The demonstration -----------------------------------------------------------------------------------------------


@pytest.fixture
def invented():
    return person(Role.CONTRIBUTOR, hotline=HotlineFactory(), password=PASSWORD, is_demonstration=True)


def test_invented_people_do_not_sign_in_outside_the_demonstration(client, invented):
    type_password(client, invented)
    assert not is_signed_in(client)


def test_invented_people_sign_in_on_this_machine(client, invented, settings):
    settings.DEMONSTRATION = True
    type_password(client, invented)
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "extra", [{"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": ""}, {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}]
)
def test_invented_people_do_not_sign_in_from_elsewhere(client, invented, settings, extra):
    settings.DEMONSTRATION = True
    assert type_password(client, invented, **extra).status_code == 403
    assert not is_signed_in(client)


@pytest.mark.parametrize(("origin", "comes_in"), [("127.0.0.1", True), ("192.0.2.7", False)])
def test_the_password_of_invented_people_is_good_on_this_machine_only(rf, invented, settings, origin, comes_in):
    settings.DEMONSTRATION = True
    backend = adapters.PasswordBackend()
    found = backend.authenticate(rf.post("/elsewhere/", REMOTE_ADDR=origin), email=invented.email, password=PASSWORD)
    assert (found == invented) == comes_in


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_these_addresses_are_this_machine(rf, address):
    assert adapters.is_from_this_machine(rf.get("/", REMOTE_ADDR=address))


def test_a_session_of_the_demonstration_ends_with_it(client, invented, settings):
    settings.DEMONSTRATION = True
    type_password(client, invented)
    settings.DEMONSTRATION = False
    assert client.get("/work/account/").url == "/accounts/login/?next=/work/account/"
