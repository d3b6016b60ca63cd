"""People: normalised addresses, dated roles, and no more personal data than is needed."""

from datetime import date

import pytest
from django.core.management import CommandError
from django.db import IntegrityError, transaction

from evaluation.models import Membership, Role, User, normalise_email
from tests.bystander import new
from tests.factories import HotlineFactory, MembershipFactory, OperatorFactory, UserFactory, person

pytestmark = pytest.mark.django_db


@pytest.mark.everywhere
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ann@Example.ORG ", "ann@example.org"),
        ("re\u0301my@example.org", "r\u00e9my@example.org"),
        ("\uff41nn@example.org", "ann@example.org"),
    ],
)
def test_a_mailbox_has_one_spelling(typed, kept):
    assert normalise_email(typed) == kept
    user = User.objects.create_user(typed, "three plain words", name="Ann")
    assert (user.email, user.check_password("three plain words")) == (kept, True)
    assert User.objects.get_by_natural_key(typed) == user
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(kept)


def test_an_address_is_put_right_when_it_is_checked():
    user = User(email=" Ann@Example.ORG", name="Ann")
    user.clean()
    assert user.email == "ann@example.org"


def test_nobody_is_found_by_no_address():
    with pytest.raises(User.DoesNotExist):
        User.objects.get_by_natural_key(None)


def test_a_person_is_called_by_their_name_or_else_their_address():
    ann = UserFactory(name="Ann de Vries", email="ann@example.org")
    assert (str(ann), ann.get_full_name(), ann.get_short_name()) == ("Ann de Vries",) * 3
    assert str(UserFactory(name="", email="bo@example.org")) == "bo@example.org"


@pytest.mark.parametrize(("name", "initials"), [("Ann de Vries", "AV"), ("Bo", "B"), ("", ""), ("émile zola", "ÉZ")])
def test_initials_are_of_the_first_and_the_last_word(name, initials):
    assert UserFactory(name=name).initials == initials


def test_nobody_is_a_superuser_or_staff_and_none_can_be_created():
    for user in (person(is_superuser=True), person(Role.GUIDE_EDITOR)):
        assert (user.is_superuser, user.is_staff) == (False, False)
    with pytest.raises(CommandError, match="invite_first_coordinator"):
        User.objects.create_superuser("root@example.org")


@pytest.mark.everywhere
@pytest.mark.parametrize("role", Role)
def test_a_role_belongs_to_a_hotline_or_to_the_network(role):
    of_hotline = role in (Role.CONTRIBUTOR, Role.COORDINATOR)
    wrong = None if of_hotline else HotlineFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipFactory(role=role, hotline=wrong)
    MembershipFactory(role=role, hotline=HotlineFactory() if of_hotline else None)


def test_memberships_are_counted_on_any_day():
    user, hotline = UserFactory(), HotlineFactory()
    first = MembershipFactory(
        user=user,
        role=Role.CONTRIBUTOR,
        hotline=hotline,
        operator=OperatorFactory(),
        since=date(2020, 1, 1),
        until=date(2021, 6, 30),
    )
    second = MembershipFactory(user=user, role=Role.ASSESSOR, since=date(2021, 6, 30))
    days = (date(2019, 12, 31), date(2020, 1, 1), date(2021, 6, 30), date(2021, 7, 1))
    assert [list(new(Membership).on(day).order_by("pk")) for day in days] == [[], [first], [first, second], [second]]
    assert (user.hotlines_as(Role.CONTRIBUTOR), user.has_role(Role.ASSESSOR)) == (set(), True)
    assert str(second) == f"{user}: assessor"
