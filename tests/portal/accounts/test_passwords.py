"""Weak passwords are refused, and a reset letter reveals nothing and is valid by its newest link only."""

import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evaluation.models import Invitation, Role, User
from portal.accounts import invitations, person_changes
from portal.accounts.models import PasswordReset
from portal.accounts.password_reset import write_reset_letter
from portal.letters.models import Letter
from tests.bystander import new
from tests.factories import PASSWORD, HotlineFactory, person
from tests.portal.people_of_roles import follow_reset_link, is_signed_in, type_password

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_tried_before():
    cache.clear()


@pytest.fixture
def contributor():
    hotline = HotlineFactory(name="Kormoran Helpline")
    return person(Role.CONTRIBUTOR, hotline=hotline, name="Zdzisława Wieczorek", password=PASSWORD)


# --- Strength --------------------------------------------------------------------------------------------------------


def weaknesses(password: str, user: User | None = None) -> list[str]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return error.messages
    return []


WORDS_AND_YEAR = "One or two words or names with a year or a number are easy to guess."


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("aaaaaaaaaaaa", "Repeated letters and words add nothing."),
        ("missingchildren", "Words of our work, your name or your hotline are what somebody would try first."),
        ("Hotline116000!", "Words of our work, your name or your hotline are what somebody would try first."),
        ("PracticalGuide2026", "Words of our work, your name or your hotline are what somebody would try first."),
        ("europe-116000-hotline", "Words of our work, your name or your hotline are what somebody would try first."),
        ("forget-me-not 25 May", "Words of our work, your name or your hotline are what somebody would try first."),
        ("zaginionedzieci", "Words of our work, your name or your hotline are what somebody would try first."),
        ("qwertyuiop12", "It is made of a well-known password or of common words."),
        ("abcdefghijklmn", "Sequences such as “abc” or “6543” are easy to guess."),
        (
            "correcthorsebatterystaple",
            "Words of our work, your name or your hotline are what somebody would try first.",
        ),
        (
            "Correct horse battery staple 1",
            "Words of our work, your name or your hotline are what somebody would try first.",
        ),
        ("Summer2026!Summer", WORDS_AND_YEAR),
        ("Hiver2026Hiver!", WORDS_AND_YEAR),
        ("CharlotteDubois1990", "It is made of a well-known password or of common words."),
        ("Zdzisława-Wieczorek-1987!", WORDS_AND_YEAR),
        ("P@ssw0rd2026!!", "It is made of a well-known password or of common words."),
        ("12.05.197812.05.1978", "Repeated letters and words add nothing."),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused_and_told_why(password, why):
    assert why in weaknesses(password)
    assert any("four words" in message for message in weaknesses(password))


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "copper lantern over dry hills", "ćma wazon tarcza kolej", "x7#Kq9!vTz2m", "glacier tulip hammer 9"],
)
def test_a_password_that_is_hard_to_guess_is_taken(password):
    assert weaknesses(password) == []


@pytest.mark.parametrize(
    "password", ["zdzislawa wieczorek", "ZdzisławaWieczorek", "Kormoran Helpline 1", "kormoranhelpline"]
)
def test_the_words_of_a_person_count_as_known(contributor, password):
    assert weaknesses(password, contributor) != []


@pytest.mark.parametrize("password", ["søren ærøskøbing", "sorenaeroskobing"])
def test_letters_that_have_no_accent_to_lose_are_known_in_both_spellings(password):
    assert weaknesses(password, User(name="Søren Ærøskøbing", email="s@example.org")) != []


def test_the_longest_password_costs_no_more():
    assert weaknesses("copper lantern over dry hills " * 100) == []


def test_an_invited_person_cannot_choose_a_guessable_password(client):
    mce = person(Role.MCE_COORDINATOR)
    person_changes.invite(
        email="new@example.org", name="New", language="en", role=Role.GUIDE_EDITOR, hotline=None, by=mce
    )
    invitation = Invitation.objects.get()
    page = f"/accounts/invitation/{invitation.uid}/{invitations.token_of(invitation)}/"
    sent = {"name": "New", "password": "missingchildren", "password_again": "missingchildren"}
    answer = client.post(page, sent).content.decode()
    assert "are what somebody would try first" in answer
    assert not User.objects.filter(email="new@example.org").exists()


def test_the_hotline_of_an_invitation_counts_as_known(client):
    invitation = Invitation.objects.create(
        email="new@example.org",
        name="New",
        language="en",
        role=Role.CONTRIBUTOR,
        hotline=HotlineFactory(name="Kormoran Helpline"),
        invited_by=person(Role.MCE_COORDINATOR),
    )
    page = f"/accounts/invitation/{invitation.uid}/{invitations.token_of(invitation)}/"
    sent = {"name": "New", "password": "kormoran-helpline", "password_again": "kormoran-helpline"}
    assert "are what somebody would try first" in client.post(page, sent).content.decode()


def test_a_password_is_not_changed_for_a_guessable_one(client, contributor):
    type_password(client, contributor)
    sent = {"oldpassword": PASSWORD, "password1": "aaaaaaaaaaaa", "password2": "aaaaaaaaaaaa"}
    assert "Repeated letters" in client.post("/accounts/password/change/", sent).content.decode()
    contributor.refresh_from_db()
    assert contributor.check_password(PASSWORD)


# --- By letter -------------------------------------------------------------------------------------------------------


@pytest.fixture
def ask(client, contributor, django_capture_on_commit_callbacks):
    """Return a function that requests a new password and returns the text of the letter."""

    def ask(**extra) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            client.post("/accounts/password/reset/", {"email": contributor.email}, **extra)
        return mail.outbox[-1].body

    return ask


def test_an_earlier_link_ends_with_the_next(client, contributor, ask):
    first, second = ask(), ask()
    assert first != second
    assert "This link no longer works" in follow_reset_link(Client(), first, "never set").content.decode()
    follow_reset_link(Client(), second, "copper lantern over dry hills")
    contributor.refresh_from_db()
    assert contributor.check_password("copper lantern over dry hills")
    type_password(client, contributor, "copper lantern over dry hills")
    assert is_signed_in(client)


def test_the_letter_takes_its_host_from_the_setting(ask, settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.WAGTAILADMIN_BASE_URL = "https://quality.example.org"
    letter = ask(HTTP_HOST="evil.example")
    assert re.findall(r"https?://[^/\s]+", letter) == ["https://quality.example.org"]


def test_known_and_unknown_addresses_take_the_same_way(client, contributor, monkeypatch):
    """The same number of queries and one task each; the worker writes the letter."""
    asked, left = [], []
    monkeypatch.setattr(type(write_reset_letter), "enqueue", lambda task, uid: left.append(uid))
    for address in ("nobody@example.org", contributor.email):
        with CaptureQueriesContext(connection) as statements:
            answer = client.post("/accounts/password/reset/", {"email": address})
        assert (answer.status_code, answer.url) == (302, "/accounts/password/reset/done/")
        asked.append(len(statements))
    assert left[1] == str(contributor.uid) != left[0]
    assert asked[0] == asked[1]
    assert (new(Letter).count(), PasswordReset.objects.count()) == (0, 0)


def test_somebody_whose_account_is_closed_gets_no_letter(ask, contributor):
    User.objects.filter(pk=contributor.pk).update(is_active=False)
    write_reset_letter.enqueue(str(contributor.uid))
    assert new(Letter).count() == 0
