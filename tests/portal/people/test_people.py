"""MCE's list of people: who sees it, inviting, withdrawing, ending a role."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from evaluation.models import Invitation, Membership, PersonChange, Role, User
from evaluation.models.people.ties import stakes_of
from evaluation.people import give_role
from evaluation.workflow import perform
from portal.letters.models import Letter
from tests.bystander import new
from tests.factories import HotlineFactory, InvitationFactory, MembershipFactory, StakeFactory, UserFactory, person

pytestmark = pytest.mark.django_db

ADDRESSES = ["/work/people/", "/work/people/invite/", "/work/outbox/"]


@pytest.fixture
def mce():
    return person(Role.MCE_COORDINATOR, name="Mia Novak")


@pytest.fixture
def as_mce(client, mce, sign_in):
    return sign_in(client, mce)


def _typed(**changes):
    return {
        "email": "ana@example.org",
        "name": "Ana Horvat",
        "role": "assessor",
        "language": "hr",
        "country": "ZZ",
    } | changes


def confirm(change: PersonChange) -> None:
    """Confirm a change as another coordinator."""
    perform(change, "confirm", by=person(Role.MCE_COORDINATOR))


# --- Permissions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_stranger_is_sent_to_the_sign_in(client, address):
    assert client.get(address).url == f"/accounts/login/?next={address}"


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("role", [role for role in Role if role != Role.MCE_COORDINATOR])
def test_other_roles_may_not(client, sign_in, address, role):
    sign_in(client, person(role, hotline=HotlineFactory()))
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("address", ADDRESSES)
def test_mce_may(as_mce, address):
    assert as_mce.get(address).status_code == 200


def test_other_roles_may_not_invite_withdraw_or_end_a_role(client, sign_in):
    sign_in(client, person(Role.ASSESSOR))
    invitation, membership = InvitationFactory(), MembershipFactory()
    answers = [
        client.post("/work/people/invite/", _typed()),
        client.post(f"/work/people/invitations/{invitation.uid}/again/"),
        client.post(f"/work/people/invitations/{invitation.uid}/withdraw/"),
        client.post(f"/work/people/roles/{membership.pk}/end/"),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert list(Invitation.objects.all()) == [invitation]
    membership.refresh_from_db()
    assert membership.until is None


def test_an_ended_role_opens_nothing(client, sign_in, mce):
    new(Membership).update(until=timezone.localdate() - timedelta(days=1))
    sign_in(client, mce)
    assert client.get("/work/people/").status_code == 403


# --- The list --------------------------------------------------------------------------------------------------------


def _names(answer) -> list[str]:
    return [user.name for user in answer.context["page"] if not user.name.startswith("Bystander")]


@pytest.mark.everywhere
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("horvat", ["Ana Horvat"]),
        ("ben@", ["Ben Okafor"]),
        ("contributor", ["Ana Horvat"]),
        ("Freedonia", ["Ana Horvat"]),
        ("ana assessor", []),
        ("", ["Ana Horvat", "Ben Okafor", "Mia Novak"]),
    ],
)
def test_people_are_found_by_name_address_role_and_hotline(as_mce, words, found):
    person(Role.CONTRIBUTOR, hotline=HotlineFactory(name="Freedonia"), name="Ana Horvat")
    person(Role.ASSESSOR, name="Ben Okafor", email="ben@example.org")
    assert _names(as_mce.get("/work/people/", {"q": words})) == found


def test_a_long_list_comes_in_pages(as_mce):
    for number in range(49 - User.objects.count()):
        UserFactory(name=f"Person {number:02}")
    pages = [as_mce.get("/work/people/", {"page": number}).context["page"] for number in (1, 2)]
    assert [len(page) for page in pages] == [25, 24]


def test_the_list_asks_the_database_the_same_whatever_its_length(as_mce, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            as_mce.get("/work/people/")
        return len(queries)

    person(Role.ASSESSOR)
    InvitationFactory()
    before = asked()
    for _ in range(5):
        person(Role.ASSESSOR, Role.CONTRIBUTOR, hotline=HotlineFactory())
        InvitationFactory()
    assert asked() == before


# --- Inviting --------------------------------------------------------------------------------------------------------


def test_an_invitation_is_kept_and_its_letter_goes_out_in_the_readers_language(
    as_mce, mce, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_mce.post("/work/people/invite/", _typed(email=" Ana@Example.org "))
    assert (answer.status_code, answer.url) == (302, "/work/people/")
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.invited_by) == ("ana@example.org", "assessor", mce)
    letter = new(Letter).get()
    assert (letter.to_address, letter.language, letter.to_user) == ("ana@example.org", "hr", None)
    [sent] = mail.outbox
    assert sent.to == ["ana@example.org"]
    link = re.search(r"http://testserver(/accounts/invitation/\S+)", sent.body).group(1)
    assert Client().get(link).status_code == 200


def test_a_hotline_role_needs_its_hotline_and_the_others_have_none(as_mce):
    hotline = HotlineFactory()
    without = as_mce.post("/work/people/invite/", _typed(role="contributor"))
    assert set(without.context["form"].errors) == {"hotline"}
    too_much = as_mce.post("/work/people/invite/", _typed(role="assessor", hotline=hotline.pk))
    assert set(too_much.context["form"].errors) == {"hotline"}
    assert Invitation.objects.count() == 0
    as_mce.post("/work/people/invite/", _typed(role="contributor", hotline=hotline.pk))
    assert Invitation.objects.get().hotline == hotline


def test_what_is_missing_is_named_with_a_link_to_its_field(as_mce):
    page = as_mce.post("/work/people/invite/", {"name": "Ana"}).content.decode()
    assert 'href="#id_email"' in page
    assert 'href="#id_role_0"' in page
    assert 'value="Ana"' in page


def test_inviting_again_renews_the_invitation_and_ends_the_old_link(as_mce):
    as_mce.post("/work/people/invite/", _typed())
    first = Invitation.objects.get()
    Invitation.objects.update(invited_at=timezone.now() - timedelta(days=20))
    as_mce.post(f"/work/people/invitations/{first.uid}/again/")
    renewed = Invitation.objects.get()
    assert renewed.uid == first.uid
    assert timezone.now() - renewed.invited_at < timedelta(minutes=1)
    assert new(Letter).count() == 2


def test_somebody_who_is_here_gets_the_role_at_once_and_a_letter(as_mce):
    user = UserFactory(email="ana@example.org", language="fr")
    as_mce.post("/work/people/invite/", _typed())
    assert user.memberships.get().role == Role.ASSESSOR
    assert Invitation.objects.count() == 0
    letter = new(Letter).get()
    assert (letter.to_user, letter.language) == (user, "fr")


def test_a_role_somebody_has_already_is_not_given_twice(as_mce):
    user = person(Role.ASSESSOR, email="ana@example.org")
    as_mce.post("/work/people/invite/", _typed())
    assert user.memberships.count() == 1


def test_a_withdrawn_invitation_is_gone(as_mce):
    invitation = InvitationFactory()
    as_mce.post(f"/work/people/invitations/{invitation.uid}/withdraw/")
    assert Invitation.objects.count() == 0


def test_an_accepted_invitation_is_not_withdrawn(as_mce):
    invitation = InvitationFactory(accepted_at=timezone.now())
    assert as_mce.post(f"/work/people/invitations/{invitation.uid}/withdraw/").status_code == 404
    assert as_mce.post(f"/work/people/invitations/{invitation.uid}/again/").status_code == 404


@pytest.mark.parametrize("address", ["invitations/{}/withdraw/", "invitations/{}/again/"])
def test_looking_changes_nothing(as_mce, address):
    invitation = InvitationFactory()
    assert as_mce.get(f"/work/people/{address.format(invitation.uid)}").url == "/work/people/"
    assert Invitation.objects.count() == 1


# --- The end of a role -----------------------------------------------------------------------------------------------


def test_an_ended_role_bites_at_once_and_stays_on_record(as_mce, sign_in):
    editor = person(Role.GUIDE_EDITOR)
    theirs = sign_in(Client(), editor)
    assert theirs.get("/cms/").status_code == 200
    as_mce.post(f"/work/people/roles/{editor.memberships.get().pk}/end/")
    assert theirs.get("/cms/").status_code == 403
    assert editor.memberships.get().until == timezone.localdate()
    assert User.objects.get(pk=editor.pk).groups.count() == 0


@pytest.mark.everywhere
def test_a_role_of_one_day_is_kept_and_ties_for_ever(as_mce):
    hotline, today = HotlineFactory(), timezone.localdate()
    one_day = MembershipFactory(role=Role.COORDINATOR, hotline=hotline, since=today)
    as_mce.post(f"/work/people/roles/{one_day.pk}/end/")
    ended = Membership.objects.get(pk=one_day.pk)
    assert (ended.since, ended.until, ended.ended_at is None) == (today, today, False)
    user = User.objects.get(pk=one_day.user_id)
    assert (user.has_role(Role.COORDINATOR), stakes_of(user, hotline)) == (False, ["role"])
    assert give_role(user, Role.COORDINATOR, hotline) != ended  # and given again on the same day
    assert User.objects.get(pk=user.pk).has_role(Role.COORDINATOR)
    for change in (ended.delete, lambda: Membership.objects.filter(pk=ended.pk).update(until=None, ended_at=None)):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(ended_at=None).delete()


def test_nobody_ends_their_own_role_of_mce_coordinator(as_mce, mce):
    as_mce.post(f"/work/people/roles/{mce.memberships.get().pk}/end/")
    assert mce.memberships.get().until is None


# --- Countries and stakes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["assessor", "panel_member"])
def test_whoever_invites_an_assessor_or_panel_member_says_the_country(as_mce, role):
    HotlineFactory(country="XA", name="Aldermark")
    refused = as_mce.post("/work/people/invite/", _typed(role=role, country=""))
    assert refused.status_code == 422
    assert (
        "Country: Choose the country: nobody assesses or judges the hotline of their own." in refused.content.decode()
    )
    as_mce.post("/work/people/invite/", _typed(role=role, country="XA"))
    if role == "panel_member":
        confirm(PersonChange.objects.get())
    assert Invitation.objects.get().country == "XA"
    as_mce.post(f"/work/people/invitations/{Invitation.objects.get().uid}/again/")
    assert Invitation.objects.get().country == "XA"


def test_somebody_who_is_here_without_a_country_gets_the_one_that_is_given(as_mce):
    known = UserFactory(email="ana@example.org", country="")
    as_mce.post("/work/people/invite/", _typed())
    known.refresh_from_db()
    assert known.country == "ZZ"
    new(User).update(country="BE")
    as_mce.post("/work/people/invite/", _typed(role="panel_member"))
    known.refresh_from_db()
    assert known.country == "BE"


def test_mce_sees_whose_country_is_not_known_and_notes_it(as_mce):
    HotlineFactory(country="XA", name="Aldermark")
    unknown = person(Role.ASSESSOR, country="", name="Uwe Unknown")
    person(Role.GUIDE_EDITOR, country="", name="Nobody Asks")
    listed = as_mce.get("/work/people/")
    assert list(listed.context["without_country"]) == [unknown]
    address = f"/work/people/{unknown.uid}/ties/"
    assert address in listed.content.decode()
    assert as_mce.post(address, {"country": "QQ"}).status_code == 422
    as_mce.post(address, {"country": "XA"})
    unknown.refresh_from_db()
    assert unknown.country == "XA"
    assert not as_mce.get("/work/people/").context["without_country"]
    assert not new(Letter).exists()


def test_mce_reads_the_ties_that_somebody_declared(as_mce):
    stake = StakeFactory(user=person(Role.ASSESSOR), hotline=HotlineFactory(), reason="My sister works there.")
    page = as_mce.get(f"/work/people/{stake.user.uid}/ties/").content.decode()
    assert "My sister works there." in page
    assert stake.hotline.name in page


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.PANEL_MEMBER])
def test_the_account_shows_the_country_and_mce_learns_of_a_change(client, sign_in, mce, role):
    HotlineFactory(country="XA", name="Aldermark")
    user = person(role, name="Ana Horvat", country="")
    signed_in = sign_in(client, user)
    account = {"name": user.name, "language": "en", "time_zone": "Europe/Brussels"}
    assert "Country: Choose the country." in signed_in.post("/work/account/", account).content.decode()
    signed_in.post("/work/account/", account | {"country": "XA"})
    user.refresh_from_db()
    assert (user.country, new(Letter).count()) == ("XA", 0)
    assert '<option value="XA" selected>Aldermark' in signed_in.get("/work/account/").content.decode()
    signed_in.post("/work/account/", account | {"country": "ZZ"})
    letter = new(Letter).get()
    assert letter.to_user == mce
    assert "the country is A country without a hotline of the network, not Aldermark any more." in letter.body
    user.refresh_from_db()
    assert user.country == "XA"
    assert "Waits for a coordinator" in signed_in.get("/work/account/").content.decode()
    change = PersonChange.objects.get()
    as_mce = sign_in(Client(), mce)
    as_mce.post(f"/work/people/changes/{change.uid}/confirm/")
    user.refresh_from_db()
    assert user.country == "ZZ"
    assert [stake.hotline.country for stake in user.stakes.all()] == ["XA"]
    letter = new(Letter).exclude(pk=letter.pk).get()
    assert letter.to_user == user
    assert "from Aldermark to A country without a hotline of the network" in letter.body
    history = as_mce.get(f"/work/people/{user.uid}/ties/").content.decode()
    assert "Change of a person confirmed" in history


def test_others_are_not_asked_for_a_country_and_keep_theirs(client, sign_in):
    user = person(Role.CONTRIBUTOR, hotline=HotlineFactory(), country="BE")
    signed_in = sign_in(client, user)
    assert "Country" not in signed_in.get("/work/account/").content.decode()
    signed_in.post("/work/account/", {"name": "New Name", "language": "en", "time_zone": "Europe/Brussels"})
    user.refresh_from_db()
    assert (user.name, user.country) == ("New Name", "BE")
    assert signed_in.post("/work/account/ties/", {}).status_code == 403


def test_a_tie_is_declared_before_anybody_asks(client, sign_in):
    hotline, user = HotlineFactory(name="Aldermark"), person(Role.PANEL_MEMBER)
    signed_in = sign_in(client, user)
    empty = signed_in.post("/work/account/ties/", {"hotline": hotline.pk, "reason": ""})
    assert empty.status_code == 422
    assert "Say what ties you to it." in empty.content.decode()
    signed_in.post("/work/account/ties/", {"hotline": hotline.pk, "reason": "I worked for it."})
    assert (user.stakes.get().hotline, user.stakes.get().reason) == (hotline, "I worked for it.")
    assert "I worked for it." in signed_in.get("/work/account/").content.decode()
    assert signed_in.post("/work/account/ties/", {"hotline": hotline.pk, "reason": "Twice."}).status_code == 422
    assert user.stakes.count() == 1


def test_whoever_lacks_a_country_is_asked_for_it_on_every_page_until_it_is_said(client, sign_in):
    user = person(Role.PANEL_MEMBER, country="")
    signed_in = sign_in(client, user)
    asked = "Nobody knows from which country you are"
    assert asked in signed_in.get("/work/panel/").content.decode()
    user.country = "BE"
    user.save()
    assert asked not in signed_in.get("/work/panel/").content.decode()


# --- Reminders that can be switched off -----------------------------------------------------------------------------


def ticked(client: Client) -> dict[str, bool]:
    """Return the reminders on the page of the account, and whether each is ticked."""
    boxes = re.findall(r'<input type="checkbox" name="reminders" value="(\w+)"([^>]*)>', account_page(client))
    return {about: "checked" in attributes for about, attributes in boxes}


def account_page(client: Client) -> str:
    return client.get("/work/account/").content.decode()


def send_account(client: Client, user: User, *reminders: str) -> None:
    sent = {"name": user.name, "language": "en", "time_zone": "Europe/Brussels", "reminders": reminders}
    assert client.post("/work/account/", sent).status_code == 302
    user.refresh_from_db()


def test_a_hotline_switches_each_reminder_off_and_on(client: Client, sign_in: Callable[..., Client]) -> None:
    user = person(Role.COORDINATOR, hotline=HotlineFactory())
    signed_in = sign_in(client, user)
    assert ticked(signed_in) == {"submit_30": True, "submit_14": True, "submit_3": True}
    send_account(signed_in, user, "submit_3")
    assert user.declined_reminders == ["submit_30", "submit_14"]
    assert ticked(signed_in) == {"submit_30": False, "submit_14": False, "submit_3": True}
    send_account(signed_in, user, "submit_30", "submit_14", "submit_3")
    assert user.declined_reminders == []


def test_mce_switches_off_what_it_is_told_of_the_late(client: Client, sign_in: Callable[..., Client]) -> None:
    user = person(Role.MCE_COORDINATOR)
    signed_in = sign_in(client, user)
    assert ticked(signed_in) == {"slipped": True}
    send_account(signed_in, user)
    assert user.declined_reminders == ["slipped"]


def test_who_gets_no_reminder_is_asked_nothing_and_keeps_what_was_chosen(
    client: Client, sign_in: Callable[..., Client]
) -> None:
    user = person(Role.GUIDE_EDITOR)
    user.declined_reminders = ["submit_30"]
    user.save()
    signed_in = sign_in(client, user)
    assert ticked(signed_in) == {}
    send_account(signed_in, user)
    assert user.declined_reminders == ["submit_30"]


def test_an_invitation_works_only_once_its_letter_is_sent_and_a_failed_one_is_next_to_its_person(as_mce):
    client = as_mce
    client.post("/work/people/invite/", _typed(email="Ana@Example.org"))
    letter = Letter.objects.latest("pk")
    here = person(Role.ASSESSOR, name="Ben Okafor", email="ben@example.org")
    theirs = Letter.objects.create(
        to_user=here, to_address=here.email, language="en", subject="S", attempts=2, failure="TimeoutError"
    )

    def shown(**state: object) -> tuple[bool, bool, bool]:
        Letter.objects.filter(pk=letter.pk).update(**state)
        page = client.get("/work/people/").content.decode()
        return "works until" in page, "the letter is on its way" in page, f"/work/outbox/{letter.uid}/" in page

    assert shown(sent_at=None) == (False, True, False)
    assert shown(sent_at=None, attempts=1, failure="TimeoutError") == (False, False, True)
    assert shown(sent_at=timezone.now(), failure="") == (True, False, False)
    assert f"/work/outbox/{theirs.uid}/" in client.get("/work/people/").content.decode()
    client.post(f"/work/outbox/{theirs.uid}/again/")
    assert f"/work/outbox/{theirs.uid}/" not in client.get("/work/people/").content.decode()
