"""The API keys of a hotline's case system: created by a right, shown once, ended."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evaluation.figures.intake.api_keys import LONGEST, find_key, make_key
from evaluation.models import Hotline, Role, SystemKey, User
from portal.letters.models import Letter
from tests.bystander import new
from tests.factories import HotlineFactory, MembershipFactory, end_roles, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotline() -> Hotline:
    return HotlineFactory(country="XA")


@pytest.fixture
def page(hotline) -> str:
    return reverse("workspace:system_keys", args=[hotline.country])


@pytest.fixture
def signed_in(hotline, sign_in) -> Client:
    return sign_in(Client(), person(Role.COORDINATOR, hotline=hotline))


def test_a_coordinator_makes_a_key_which_is_shown_once(signed_in, page, hotline):
    answer = signed_in.post(page, {"name": "Case system", "days": "90"})
    (token,) = set(re.findall(r"mce116_[\w-]+", answer.content.decode()))
    key = SystemKey.objects.get()
    assert find_key(token) == key
    assert (key.hotline, key.name) == (hotline, "Case system")
    assert key.expires_on == timezone.localdate() + timedelta(days=90)
    assert "no-store" in answer["Cache-Control"]
    assert f"Authorization: Bearer {token}" in answer.content.decode().replace("&quot;", '"')
    again = signed_in.get(page).content.decode()
    assert "Case system" in again
    assert token not in again


def test_a_key_that_is_ended_opens_nothing(signed_in, page, hotline):
    key, token = make_key(hotline, "Old", timezone.localdate() + LONGEST, by=person(Role.MCE_COORDINATOR))
    answer = signed_in.post(reverse("workspace:end_system_key", args=[hotline.country, key.uid]), follow=True)
    assert "The key “Old” opens nothing any more." in answer.content.decode()
    assert find_key(token) is None


def test_a_key_of_another_hotline_is_not_found(signed_in, hotline):
    other = HotlineFactory(country="XB")
    key, token = make_key(other, "Theirs", timezone.localdate() + LONGEST, by=person(Role.MCE_COORDINATOR))
    assert signed_in.post(reverse("workspace:end_system_key", args=["XA", key.uid])).status_code == 404
    assert signed_in.post(reverse("workspace:end_system_key", args=["XB", key.uid])).status_code == 404
    assert find_key(token) is not None


def test_a_form_without_a_name_or_with_an_odd_time_makes_nothing(signed_in, page):
    for form in ({"name": "", "days": "90"}, {"name": "x", "days": "4000"}, {"name": "x" * 61, "days": "30"}, {}):
        assert signed_in.post(page, form).status_code == 422
    assert SystemKey.objects.count() == 0


def test_a_contributor_makes_no_key(hotline):
    with pytest.raises(PermissionDenied):
        make_key(hotline, "x", timezone.localdate(), by=person(Role.CONTRIBUTOR, hotline=hotline))


@pytest.mark.parametrize("days", [-1, 366])
def test_a_key_is_valid_for_a_year_at_most(hotline, days):
    with pytest.raises(ValueError, match="a year at most"):
        make_key(hotline, "x", timezone.localdate() + timedelta(days=days), by=person(Role.MCE_COORDINATOR))


def test_the_last_use_of_a_key_that_works_and_of_one_that_ended_is_told_with_the_readers_zone(hotline, page, sign_in):
    coordinator = person(Role.COORDINATOR, hotline=hotline, time_zone="Europe/Helsinki")
    made = [make_key(hotline, name, timezone.localdate() + LONGEST, by=coordinator) for name in ("one", "other")]
    for _key, token in made:
        find_key(token)
    client = sign_in(Client(), coordinator)
    client.post(reverse("workspace:end_system_key", args=[hotline.country, made[1][0].uid]))
    text = client.get(page).content.decode()
    assert len(re.findall(r"<td>\s*\d+ \w+ \d{4}, \d\d:\d\d EES?T\s*</td>", text)) == 2


def test_the_last_use_is_noted(hotline):
    _key, token = make_key(hotline, "x", timezone.localdate(), by=person(Role.MCE_COORDINATOR))
    assert SystemKey.objects.get().used_at is None
    find_key(token)
    assert timezone.now() - SystemKey.objects.get().used_at < timedelta(minutes=1)


# --- A key ends with the role of its maker ---------------------------------------------------------------------------


@pytest.fixture
def leaver(hotline):
    return person(Role.COORDINATOR, hotline=hotline, name="Who Leaves")


@pytest.fixture
def token(hotline, leaver) -> str:
    return make_key(hotline, "Case system", timezone.localdate() + LONGEST, by=leaver)[1]


def send(token: str):
    address = reverse("api:send") + "?dry_run=true"
    headers = {"Authorization": f"Bearer {token}"}
    return Client().post(address, b"period,item,value\n", content_type="text/csv", headers=headers).status_code


def test_a_key_ends_with_the_role_of_who_made_it_and_the_coordinator_is_told(hotline, leaver, token, sign_in, page):
    stays = person(Role.COORDINATOR, hotline=hotline)
    assert send(token) != 401
    ended = leaver.memberships.get()
    client = sign_in(Client(), person(Role.MCE_COORDINATOR))
    client.post(reverse("workspace:end_role", args=[ended.pk]))
    assert send(token) == 401
    assert SystemKey.objects.get().ended_at is not None
    (letter,) = new(Letter)
    assert letter.to_user == stays
    assert "Who Leaves" in letter.body
    assert "http://testserver" + page in letter.body


@pytest.mark.parametrize("how", ["a role that ended by its date", "a person who left"])
def test_a_key_opens_nothing_from_the_moment_on_and_the_calendar_tells(hotline, leaver, token, how):
    mce = person(Role.MCE_COORDINATOR)
    yesterday = timezone.localdate() - timedelta(days=1)
    if how == "a person who left":
        User.objects.filter(pk=leaver.pk).update(is_active=False)
    else:
        leaver.memberships.update(since=yesterday, until=yesterday)
    assert send(token) == 401
    for _ in range(2):
        call_command("keep_dates")
    assert SystemKey.objects.get().ended_at is not None
    assert [letter.to_user for letter in new(Letter)] == [mce]  # nobody else is there


def test_a_key_of_mce_ends_with_the_role_at_mce(hotline, sign_in):
    made_by, stays = person(Role.MCE_COORDINATOR), person(Role.COORDINATOR, hotline=hotline)
    token = make_key(hotline, "Ours", timezone.localdate() + LONGEST, by=made_by)[1]
    end_roles(made_by)
    assert send(token) == 401
    assert [letter.to_user for letter in new(Letter)] == [stays]


def test_a_role_that_stays_keeps_the_key(hotline, leaver, token):
    MembershipFactory(user=leaver, role=Role.CONTRIBUTOR, hotline=hotline)
    call_command("keep_dates")
    assert find_key(token) is not None
    assert new(Letter).count() == 0


def test_a_key_without_its_maker_is_not_shown_as_working(hotline, leaver, token, signed_in, page):
    leaver.memberships.update(since=timezone.localdate() - timedelta(days=2), until=timezone.localdate() - timedelta(1))
    answer = signed_in.get(page)
    assert (answer.context["working"], [key.name for key in answer.context["ended"]]) == ([], ["Case system"])
