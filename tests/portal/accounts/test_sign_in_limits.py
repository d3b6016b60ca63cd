"""Wrong passwords: a growing wait per account and per address, and none caused by others on a known browser."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core import mail, signing
from django.core.cache import cache
from django.db.models import F
from django.test import Client
from django.utils import timezone
from structlog.testing import capture_logs

from evaluation.models import Role
from portal.accounts import known_devices
from tests.factories import PASSWORD, HotlineFactory, person
from tests.portal.people_of_roles import follow_reset_link, give_device, is_signed_in, type_password

pytestmark = pytest.mark.django_db

ELSEWHERE = "198.51.100.1"


@pytest.fixture(autouse=True)
def nobody_tried_before():
    cache.clear()


@pytest.fixture
def contributor():
    return person(Role.CONTRIBUTOR, hotline=HotlineFactory(), password=PASSWORD)


@pytest.fixture
def known_browser(client, contributor):
    """Return a browser in which the contributor signed in and out again."""
    type_password(client, contributor)
    client.post("/accounts/logout/")
    return client


def _guess(address: str, times: int = 1, *, origin: str = ELSEWHERE, client: Client | None = None):
    """Send wrong passwords from an unknown browser, or from `client`."""
    client = client or Client()
    cache.clear()  # allauth's own limit is not tested here
    for _ in range(times):
        answer = client.post("/accounts/login/", {"login": address, "password": "wrong"}, REMOTE_ADDR=origin)
    return answer


def _pass(minutes: float) -> None:
    """Make the counted attempts older."""
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=minutes))


# --- One account -----------------------------------------------------------------------------------------------------


def test_after_eight_wrong_passwords_the_next_waits_a_minute_and_the_page_says_until_when(contributor):
    assert _guess(contributor.email, 7).status_code == 200
    answer = _guess(contributor.email)
    last = AccessAttempt.objects.get(username=contributor.email).attempt_time
    assert answer.status_code == 429
    assert answer.context["until"] == last + timedelta(minutes=1)
    assert "Too many wrong passwords" in answer.content.decode()
    assert re.search(r"The next one is looked at after \d\d:\d\d CES?T\.", answer.content.decode())


def test_each_further_one_doubles_the_wait_up_to_a_quarter_of_an_hour(contributor):
    waits = []
    _guess(contributor.email, 7)
    for _ in range(7):
        answer = _guess(contributor.email)
        last = AccessAttempt.objects.get(username=contributor.email).attempt_time
        waits.append((answer.context["until"] - last) / timedelta(minutes=1))
        _pass(waits[-1])
    assert waits == [1, 2, 4, 8, 15, 15, 15]


def test_thirty_addresses_that_guess_one_account_meet_the_limit(contributor):
    answers = [_guess(contributor.email, origin=f"198.51.100.{number}").status_code for number in range(30)]
    assert answers == [200] * 7 + [429] * 23
    assert sum(AccessAttempt.objects.values_list("failures_since_start", flat=True)) == 8


def test_a_stranger_with_the_right_password_waits_too(client, contributor):
    _guess(contributor.email, 8)
    assert type_password(client, contributor).status_code == 429
    assert not is_signed_in(client)
    _pass(1)
    type_password(client, contributor)
    assert is_signed_in(client)


def test_trying_while_one_has_to_wait_does_not_make_the_wait_longer(contributor):
    until = _guess(contributor.email, 8).context["until"]
    assert _guess(contributor.email, 5).context["until"] == until


def test_an_unknown_address_is_slowed_down_like_a_known_one():
    assert _guess("nobody@example.org", 8).status_code == 429


def test_an_account_counts_in_any_spelling(contributor):
    _guess(contributor.email.upper(), 4)
    assert _guess(contributor.email, 4).status_code == 429


def test_after_a_day_a_wrong_password_is_forgotten(contributor):
    _guess(contributor.email, 7)
    _pass(24 * 60)
    assert _guess(contributor.email, 7).status_code == 200


def test_signing_in_forgets_what_was_mistyped_here_and_not_what_others_guessed(contributor):
    _guess(contributor.email, 3)
    _guess(contributor.email, 2, origin="127.0.0.1")
    type_password(Client(), contributor)
    assert list(AccessAttempt.objects.values_list("ip_address", "failures_since_start")) == [(ELSEWHERE, 3)]


# --- One address -----------------------------------------------------------------------------------------------------


def _guess_many(times: int, origin: str) -> int:
    return [_guess(f"somebody-{number}@example.org", origin=origin).status_code for number in range(times)][-1]


def test_thirty_wrong_passwords_from_one_address_slow_that_address_down_and_no_other(contributor):
    assert _guess_many(29, ELSEWHERE) == 200
    assert _guess("somebody@example.org").status_code == 429
    assert type_password(Client(), contributor, REMOTE_ADDR=ELSEWHERE).status_code == 429
    assert type_password(Client(), contributor, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_an_address_that_nobody_says_stands_for_many_and_is_not_slowed_down(contributor):
    assert _guess_many(40, "") == 200
    assert type_password(Client(), contributor, REMOTE_ADDR="").status_code == 302


# --- A known device --------------------------------------------------------------------------------------------------


def test_the_right_password_opens_on_a_known_device_whatever_others_guess(known_browser, contributor):
    _guess(contributor.email, 12, origin="127.0.0.1")
    _guess_many(40, "127.0.0.1")
    type_password(known_browser, contributor)
    assert is_signed_in(known_browser)


def test_what_is_mistyped_on_a_known_device_does_not_slow_down_others(known_browser, contributor):
    _guess(contributor.email, 8, client=known_browser)
    assert type_password(Client(), contributor).status_code == 302


def test_a_known_device_that_guesses_is_a_stranger_after_eight_tries(known_browser, contributor):
    assert _guess(contributor.email, 15, client=known_browser).status_code == 200
    assert _guess(contributor.email, client=known_browser).status_code == 429


def test_a_device_is_known_for_its_own_accounts_only(known_browser):
    other = person(Role.CONTRIBUTOR, hotline=HotlineFactory(), password=PASSWORD)
    _guess(other.email, 8)
    assert type_password(known_browser, other).status_code == 429


def test_two_people_share_a_desk(known_browser, contributor):
    other = person(Role.CONTRIBUTOR, hotline=HotlineFactory(), password=PASSWORD)
    type_password(known_browser, other)
    known_browser.post("/accounts/logout/")
    for user in (contributor, other):
        _guess(user.email, 8)
        assert type_password(known_browser, user).status_code == 302
        known_browser.post("/accounts/logout/")


def test_nobody_writes_the_cookie_themselves(contributor):
    forger = Client()
    forger.cookies[known_devices.COOKIE] = signing.dumps({contributor.email: "mine"}, salt="another")
    _guess(contributor.email, 8, client=forger)
    assert type_password(forger, contributor).status_code == 429


def test_the_cookie_lives_for_a_year_under_the_pages_of_signing_in_and_names_nobody(known_browser, contributor):
    cookie = known_browser.cookies[known_devices.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/accounts/", True, "Lax")
    assert cookie["max-age"] == 365 * 24 * 60 * 60
    (named,) = signing.loads(cookie.value, salt="portal.accounts.known_devices")
    assert contributor.email not in named


def test_a_password_alone_makes_no_known_device_of_somebody_with_a_second_factor(client):
    coordinator = person(Role.MCE_COORDINATOR, password=PASSWORD)
    give_device(coordinator)
    assert type_password(client, coordinator).url == "/accounts/2fa/authenticate/"
    assert known_devices.COOKIE not in client.cookies


def test_a_new_password_by_letter_opens_at_once_in_the_browser_where_it_was_set(
    client, contributor, django_capture_on_commit_callbacks
):
    _guess(contributor.email, 12)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/password/reset/", {"email": contributor.email})
    follow_reset_link(client, mail.outbox[0].body, "copper lantern over dry hills")
    type_password(client, contributor, "copper lantern over dry hills")
    assert is_signed_in(client)


# --- What is stored --------------------------------------------------------------------------------------------------


def test_a_failed_sign_in_is_logged_with_its_address_and_without_its_person(contributor):
    with capture_logs() as records:
        _guess(contributor.email)
    (failure,) = [record for record in records if record["event"] == "sign-in failed"]
    assert (failure["address"], failure["reason"]) == (ELSEWHERE, "credentials")
    assert contributor.email not in str(records)


def test_nothing_about_a_browser_is_kept(contributor):
    Client(headers={"user-agent": "Mozilla", "accept": "text/html"}).post(
        "/accounts/login/", {"login": contributor.email, "password": "wrong"}
    )
    attempt = AccessAttempt.objects.get()
    assert (attempt.user_agent, attempt.http_accept) == ("", "")
    assert "wrong" not in attempt.post_data
    assert attempt.attempt_time <= timezone.now()
