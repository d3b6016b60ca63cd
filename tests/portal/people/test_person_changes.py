"""Roles at MCE and on the panel, roles of one's own and countries: one coordinator proposes, another one confirms."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.models import Invitation, Membership, PersonChange, Role, Step, User
from evaluation.models.people.permissions import is_allowed
from portal.letters.models import Letter
from tests.bystander import new
from tests.factories import HotlineFactory, PersonChangeFactory, UserFactory, end_roles, person

pytestmark = pytest.mark.django_db
State = PersonChange.State


@dataclass
class Office:
    """Two coordinators, each signed in."""

    ada: User
    bea: User
    as_ada: Client
    as_bea: Client

    def invite(self, **changes: str) -> None:
        sent = {"email": "eva@example.org", "name": "Eva Lind", "role": "panel_member", "language": "en"}
        answer = self.as_ada.post("/work/people/invite/", sent | {"country": "ZZ"} | changes)
        assert answer.status_code == 302, answer.context["form"].errors

    def end(self, user: User, role: Role) -> None:
        membership = user.memberships.today().get(role=role)
        assert self.as_ada.post(f"/work/people/roles/{membership.pk}/end/").status_code == 302


@pytest.fixture
def office(sign_in: Callable[..., Client]) -> Office:
    ada, bea = person(Role.MCE_COORDINATOR, name="Ada"), person(Role.MCE_COORDINATOR, name="Bea")
    return Office(ada, bea, sign_in(Client(), ada), sign_in(Client(), bea))


def move(client: Client, name: str) -> int:
    change = PersonChange.objects.latest("pk")
    return client.post(reverse("workspace:move_person_change", args=[change.uid, name])).status_code


def state() -> str:
    return PersonChange.objects.latest("pk").state


def now(user: User) -> User:
    return User.objects.get(pk=user.pk)


def plain(client: Client, address: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(address).content.decode()).split())


@pytest.mark.everywhere
@pytest.mark.parametrize("role", [Role.PANEL_MEMBER, Role.MCE_COORDINATOR])
def test_an_invitation_to_power_is_sent_when_another_coordinator_confirms_it(office: Office, role: Role):
    office.invite(role=role)
    assert not Invitation.objects.exists()
    [told] = new(Letter)
    assert told.to_user == office.bea
    assert "Ada proposes this:\nEva Lind (eva@example.org) gets the role “" in told.body
    assert "Eva Lind (eva@example.org) gets the role" in plain(office.as_bea, "/work/")  # on Today
    assert "Eva Lind" not in plain(office.as_ada, "/work/")
    assert "can be confirmed by Bea" in plain(office.as_ada, "/work/people/")
    assert move(office.as_ada, "confirm") == 403
    assert (state(), Invitation.objects.exists()) == (State.PROPOSED, False)
    assert move(office.as_bea, "confirm") == 302
    assert (state(), Invitation.objects.get().role) == (State.CONFIRMED, role)
    later = new(Letter).exclude(pk=told.pk)
    assert {letter.to_address for letter in later} == {"eva@example.org", office.ada.email}
    steps = Step.objects.filter(kind="person_change").order_by("seq")
    assert [(step.move, step.words.by) for step in steps] == [("propose", office.ada), ("confirm", office.bea)]


def test_a_known_person_gets_the_role_then_and_the_history_says_who_gave_it(office: Office):
    eva = UserFactory(email="eva@example.org", name="Eva Lind")
    office.invite()
    assert not now(eva).has_role(Role.PANEL_MEMBER)
    assert move(office.as_bea, "confirm") == 302
    assert now(eva).has_role(Role.PANEL_MEMBER)
    history = plain(office.as_ada, f"/work/people/{eva.uid}/ties/")
    assert "Change of a person proposed by Ada" in history
    assert "Change of a person confirmed by Bea" in history


@pytest.mark.parametrize("role", list(Role))
def test_nobody_gets_a_role_of_their_own_by_themselves_nor_confirms_it(office: Office, role: Role):
    hotline = HotlineFactory()
    held = set(now(office.ada).memberships.values_list("role", flat=True))
    needs = {"hotline": str(hotline.pk)} if role in (Role.CONTRIBUTOR, Role.COORDINATOR) else {}
    office.invite(email=f" {office.ada.email.upper()}", role=role, **needs)
    assert set(now(office.ada).memberships.values_list("role", flat=True)) == held
    assert move(office.as_ada, "confirm") == 403
    other = Role.ASSESSOR if role == Role.GUIDE_EDITOR else Role.GUIDE_EDITOR
    Office(office.bea, office.ada, office.as_bea, office.as_ada).invite(email=office.ada.email, role=other)
    assert state() == State.CONFIRMED  # given by Bea, to somebody else: a role without power over an outcome
    if role != Role.PANEL_MEMBER:
        PersonChangeFactory(email=office.ada.email, user=office.ada, role="panel_member", proposed_by=office.bea)
        assert move(office.as_ada, "confirm") == 403


def test_the_role_of_a_colleague_ends_when_another_person_confirms_it(office: Office):
    member = person(Role.PANEL_MEMBER, name="Max")
    office.end(member, Role.PANEL_MEMBER)
    assert now(member).has_role(Role.PANEL_MEMBER)
    office.end(office.bea, Role.MCE_COORDINATOR)
    assert now(office.bea).has_role(Role.MCE_COORDINATOR)
    assert move(office.as_bea, "drop") == 403  # it is about her: she can agree, but not prevent it
    assert move(office.as_bea, "confirm") == 302
    assert not now(office.bea).has_role(Role.MCE_COORDINATOR)
    ended = Letter.objects.get(subject="A change about Bea is made")
    assert (ended.to_user, "Confirmed by Bea." in ended.body) == (office.ada, True)


def test_a_role_without_power_over_an_outcome_is_given_and_ended_at_once_and_is_in_the_history(office: Office):
    eva = UserFactory(email="eva@example.org", name="Eva Lind")
    office.invite(role="assessor")
    assert now(eva).has_role(Role.ASSESSOR)
    office.end(now(eva), Role.ASSESSOR)
    assert not now(eva).has_role(Role.ASSESSOR)
    history = plain(office.as_bea, f"/work/people/{eva.uid}/ties/")
    assert history.count("Change of a person made by Ada") == 2
    assert [letter.to_user for letter in new(Letter)] == [eva]


def test_what_is_dropped_changes_nothing_and_its_proposer_learns_of_it(office: Office):
    office.invite()
    assert move(office.as_bea, "drop") == 302
    assert (state(), Invitation.objects.exists()) == (State.DROPPED, False)
    assert Letter.objects.filter(to_user=office.ada, subject="A change about Eva Lind is dropped").exists()
    assert move(office.as_bea, "confirm") == 302
    assert state() == State.DROPPED
    office.invite()
    assert state() == State.PROPOSED  # and is proposed again


def test_the_same_is_not_proposed_twice(office: Office):
    office.invite()
    sent = {"email": "eva@example.org", "name": "Eva", "role": "panel_member", "language": "en", "country": "ZZ"}
    answer = office.as_bea.post("/work/people/invite/", sent)
    assert answer.status_code == 422
    assert "This is proposed already" in answer.content.decode()
    assert PersonChange.objects.count() == 1


def test_what_has_changed_since_is_not_made(office: Office):
    member = person(Role.PANEL_MEMBER, name="Max")
    office.end(member, Role.PANEL_MEMBER)
    end_roles(member, Role.PANEL_MEMBER)
    assert "Something else has changed since" in plain(office.as_bea, "/work/people/")
    assert move(office.as_bea, "confirm") == 302
    assert state() == State.PROPOSED
    assert move(office.as_bea, "drop") == 302


@pytest.mark.everywhere
def test_a_closed_change_is_frozen_and_an_open_one_is_not_deleted(office: Office):
    office.invite()
    change = PersonChange.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        change.delete()
    assert move(office.as_bea, "drop") == 302
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonChange.objects.filter(pk=change.pk).update(role="assessor")


def test_others_neither_see_nor_confirm_a_change(office: Office, sign_in: Callable[..., Client]):
    office.invite()
    for role in (Role.ASSESSOR, Role.PANEL_MEMBER, Role.GUIDE_EDITOR):
        assert move(sign_in(Client(), person(role)), "confirm") == 404
    assert state() == State.PROPOSED


@pytest.mark.everywhere
def test_a_person_takes_their_proposed_country_back(office: Office, sign_in: Callable[..., Client]):
    HotlineFactory(country="XA", name="Aldermark")
    member = person(Role.PANEL_MEMBER, name="Max", country="XA")
    theirs = sign_in(Client(), member)
    sent = {"name": "Max", "language": "en", "time_zone": "Europe/Brussels", "country": "ZZ", "was_mistaken": "on"}
    theirs.post("/work/account/", sent)
    assert (now(member).country, move(theirs, "confirm")) == ("XA", 403)
    assert move(theirs, "drop") == 302
    theirs.post("/work/account/", sent)
    assert move(office.as_ada, "confirm") == 302
    assert (now(member).country, member.stakes.count()) == ("ZZ", 0)  # it was a mistake and ties to nothing


# --- An office of one ------------------------------------------------------------------------------------------------


def test_an_office_of_one_confirms_its_own_proposals_only_if_the_settings_say_so(office: Office, settings):
    office.invite()
    settings.OFFICE_HAS_ONE_COORDINATOR = True
    assert move(office.as_ada, "confirm") == 403  # there is a second one
    end_roles(office.bea, Role.MCE_COORDINATOR)
    assert "This office is set to have one coordinator" in plain(office.as_ada, "/work/people/")
    PersonChangeFactory(email=office.ada.email, user=office.ada, proposed_by=office.ada)
    assert move(office.as_ada, "confirm") == 403  # never a role of her own
    assert (
        office.as_ada.post(
            reverse("workspace:move_person_change", args=[PersonChange.objects.earliest("pk").uid, "confirm"])
        ).status_code
        == 302
    )
    assert Invitation.objects.get().role == Role.PANEL_MEMBER


def test_where_nobody_else_can_confirm_the_page_names_the_command_of_the_operator(office: Office):
    end_roles(office.bea, Role.MCE_COORDINATOR)
    office.invite()
    change = PersonChange.objects.get()
    assert f"./go site confirm_change {change.uid}" in plain(office.as_ada, "/work/people/")
    assert move(office.as_ada, "confirm") == 403
    output = StringIO()
    call_command("confirm_change", str(change.uid), stdout=output)
    assert "gets the role “panel member”" in output.getvalue()
    assert (state(), Invitation.objects.count()) == (State.CONFIRMED, 1)
    with pytest.raises(CommandError, match="This is not the stage for it"):
        call_command("confirm_change", str(change.uid))
    with pytest.raises(CommandError, match="There is no change"):
        call_command("confirm_change", "00000000-0000-0000-0000-000000000000")


def test_the_first_two_coordinators_come_from_the_command_line_and_no_third():
    for number in (1, 2):
        output = StringIO()
        call_command("invite_first_coordinator", f"c{number}@mce.example", f"C {number}", stdout=output)
        assert "Open this link" in output.getvalue()
        person(Role.MCE_COORDINATOR, name=f"C {number}")
    with pytest.raises(CommandError, match="C 1 and C 2 are coordinators already"):
        call_command("invite_first_coordinator", "c3@mce.example", "C 3")


def test_the_page_of_the_people_asks_the_same_number_of_queries_for_many_changes(office: Office):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            office.as_bea.get("/work/people/")
        return len(queries)

    PersonChangeFactory(proposed_by=office.ada)
    before = count()
    for _ in range(4):
        PersonChangeFactory(proposed_by=office.ada)
    assert count() == before
    assert not new(Membership).filter(role=Role.PANEL_MEMBER).exists()
    assert not is_allowed("people.confirm", office.bea, office.ada)
