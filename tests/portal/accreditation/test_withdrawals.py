"""The withdrawal of an accreditation for good: proposal, hearing, second person, appeal; and where each is shown."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.accreditation.status import status_on
from evaluation.models import Accreditation, Appeal, Hotline, Role, User, Withdrawal
from evaluation.panel import appeals
from evaluation.workflow import perform
from portal.letters.models import Letter
from portal.reminders.calendar import keep_dates
from standards.frozen import find_differences
from tests.bystander import new
from tests.factories import SUBSTANCE, MembershipFactory, WithdrawalFactory, end_roles, person, withdraw
from tests.stage import Stage

pytestmark = pytest.mark.django_db

STATEMENT = "The night shift is staffed again since March.\n\nLook at the rota."
SEALED_HERE = {"evaluation_withdrawal", "evaluation_accreditation", "evaluation_appeal", "evaluation_ruling"}
LETTERS_OF_THE_ALPHABET = "a b c d e f g h i j k l m n o p q r s t u v"


class Scene:
    """A published accreditation, its people, and a second coordinator of MCE."""

    def __init__(self, sign_in: Callable[..., Client], **details: Any) -> None:
        self.stage = stage = Stage("published", **details)
        self.hotline: Hotline = stage.hotline
        self.mce, self.coordinator = stage.people.mce, stage.coordinator
        self.second = person(Role.MCE_COORDINATOR, name="Second Person")
        self.sign_in = sign_in
        new(Letter).delete()

    def as_(self, user: User) -> Client:
        return self.sign_in(Client(), User.objects.get(pk=user.pk))

    @property
    def accreditation(self) -> Accreditation:
        return Accreditation.objects.get(hotline=self.hotline)

    @property
    def withdrawal(self) -> Withdrawal:
        return Withdrawal.objects.get(accreditation__hotline=self.hotline)

    def sent(self, **changed: str) -> dict[str, str]:
        today = self.accreditation.today
        days = {"heard_until": today + timedelta(days=20), "takes_effect_on": today + timedelta(days=21)}
        return {"ground": SUBSTANCE, **{name: day.isoformat() for name, day in days.items()}, **changed}

    def propose(self, by: User | None = None, **changed: str) -> Any:
        client = self.as_(by or self.mce)
        url = reverse("workspace:propose_withdrawal", args=[self.accreditation.uid])
        return client.post(url, self.sent(**{"confirmed": "1", "read": "1", **changed}))

    def let_time_pass(self) -> None:
        """Let the last day to be heard be yesterday."""
        today = self.accreditation.today
        Withdrawal.objects.update(heard_until=today - timedelta(days=1), takes_effect_on=today)

    def url(self, name: str = "withdrawal", *more: Any) -> str:
        return reverse(f"workspace:{name}", args=[self.withdrawal.uid, *more])

    def confirm(self, by: User | None = None) -> Any:
        return self.as_(by or self.second).post(self.url("confirm_withdrawal"), {"read": "1"})

    def answer(self, words: str = STATEMENT, version: int = 0, **more: str) -> Any:
        sent = {"statement": words, "version": str(version), **more}
        return self.as_(self.coordinator).post(self.url("answer_withdrawal"), sent)


@pytest.fixture
def scene(sign_in: Callable[..., Client]) -> Scene:
    return Scene(sign_in)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def letters() -> dict[str, set[str]]:
    """Return the names of the recipients by subject, and delete the letters."""
    found: dict[str, set[str]] = {}
    for letter in new(Letter).select_related("to_user"):
        found.setdefault(letter.subject.partition(": ")[2] or letter.subject, set()).add(letter.to_user.name)
    new(Letter).delete()
    return found


# --- The proposal ----------------------------------------------------------------------------------------------------


def test_it_is_read_back_proposed_heard_and_confirmed_by_a_second_person(scene: Scene):
    mce, coordinator = scene.mce, scene.coordinator
    url = reverse("workspace:propose_withdrawal", args=[scene.accreditation.uid])
    assert url in text(scene.as_(mce).get(reverse("workspace:accreditation", args=[scene.accreditation.uid])))
    form = scene.as_(mce).get(url).content.decode()
    own_page = reverse("workspace:accreditation", args=[scene.accreditation.uid])
    assert form.count(f'href="{own_page}"') == 2, "in the trail and beside the button"
    back = text(scene.as_(mce).post(url, scene.sent()))
    assert "Nothing is recorded yet." in back
    assert f"The accreditation of {scene.hotline.name}" in back
    assert SUBSTANCE[:40] in back
    not_ticked = scene.as_(mce).post(url, scene.sent(confirmed="1"))
    assert (not_ticked.status_code, Withdrawal.objects.count()) == (422, 0)
    assert SUBSTANCE[:40] in text(not_ticked)
    changed = scene.as_(mce).post(url, scene.sent(change="1"))
    assert (changed.status_code, f"> {SUBSTANCE[:40]}" in text(changed)) == (200, True)

    assert scene.propose().status_code == 302
    body = Letter.objects.get(to_user=coordinator).body
    assert SUBSTANCE in body
    assert "23:59" in body
    everybody = {coordinator.name, scene.second.name, *_other_mce(scene)}
    assert letters() == {"the withdrawal of the accreditation is proposed": everybody}
    assert (scene.withdrawal.state, scene.accreditation.state) == ("proposed", "valid")
    assert status_on(scene.hotline, scene.accreditation.today).is_accredited

    assert scene.answer().status_code == 302
    assert scene.withdrawal.statement == STATEMENT
    page = scene.as_(scene.second).get(scene.url())
    assert "night shift is staffed again" not in text(page)
    assert letters() == {}
    assert scene.answer(version=1, give="1").status_code == 302
    assert (scene.withdrawal.state, scene.withdrawal.statement) == ("heard", STATEMENT)
    assert letters() == {"a statement on the proposed withdrawal": {mce.name, scene.second.name, *_other_mce(scene)}}
    assert "night shift is staffed again" in text(scene.as_(scene.second).get(scene.url()))
    late = scene.answer("Another one.", version=1, give="1")
    assert (late.status_code, scene.withdrawal.statement) == (409, STATEMENT)
    assert "Another one." not in text(scene.as_(coordinator).get(scene.url()))

    assert scene.confirm().status_code == 409  # it is before its day
    assert scene.accreditation.state == "valid"
    scene.let_time_pass()
    assert scene.confirm(mce).status_code == 403
    assert scene.as_(scene.second).post(scene.url("confirm_withdrawal")).status_code == 422
    assert scene.accreditation.state == "valid"
    assert scene.confirm().status_code == 302
    assert (scene.withdrawal.state, scene.accreditation.state) == ("confirmed", "withdrawn")
    body = Letter.objects.get(to_user=coordinator).body
    assert SUBSTANCE in body
    assert "The statement of the hotline was received on" in body
    assert "can appeal against the withdrawal" in body
    assert letters() == {"the accreditation is withdrawn": {coordinator.name, mce.name, *_other_mce(scene)}}
    assert not [one for one in find_differences(connection) if one.table in SEALED_HERE]


def _other_mce(scene: Scene) -> set[str]:
    """Return the names of further coordinators that the stage has."""
    known = {scene.mce.pk, scene.second.pk}
    users = new(User).filter(memberships__role=Role.MCE_COORDINATOR, is_active=True).exclude(pk__in=known)
    return set(users.values_list("name", flat=True))


@pytest.mark.parametrize("ground", ["x", "xx " * 30, LETTERS_OF_THE_ALPHABET, "Nobody answered at night. " * 9, " "])
def test_a_ground_without_substance_is_refused_and_kept(scene: Scene, ground: str):
    refused = scene.propose(ground=ground)
    assert (refused.status_code, Withdrawal.objects.count()) == (422, 0)
    assert 'aria-invalid="true"' in text(refused)
    assert ground.strip() in refused.content.decode()


@pytest.mark.parametrize(
    ("heard", "effect", "wrong"),
    [
        (1, 40, "heard_until"),
        (20, 20, "takes_effect_on"),
        (20, 90000, "takes_effect_on"),
        (90000, 90001, "heard_until"),
    ],
)
def test_its_days_leave_time_to_be_heard_and_are_within_the_accreditation(scene: Scene, heard, effect, wrong):
    today = scene.accreditation.today
    days = {"heard_until": heard, "takes_effect_on": effect}
    sent = {name: (today + timedelta(days=number)).isoformat() for name, number in days.items()}
    refused = scene.propose(**sent)
    assert (refused.status_code, Withdrawal.objects.count()) == (422, 0)
    assert f'href="#id_{wrong}"' in text(refused)
    assert "Give a day from" in text(refused)


def test_a_second_proposal_and_one_of_what_is_over_are_refused(scene: Scene):
    assert scene.propose().status_code == 302
    again = scene.propose(scene.second)
    assert (again.status_code, Withdrawal.objects.count()) == (422, 1)
    assert "A withdrawal is proposed already" in text(again)
    perform(scene.withdrawal, "drop", by=scene.mce, note="No.")
    perform(scene.accreditation, "give_up", by=scene.coordinator, note="We close.")
    over = scene.propose()
    assert (over.status_code, "The accreditation is over" in text(over)) == (422, True)


def test_what_was_the_only_act_of_one_person_has_no_address_any_more(scene: Scene):
    url = reverse("workspace:move_accreditation", args=[scene.accreditation.uid, "withdraw"])
    assert scene.as_(scene.mce).post(url, {"note": SUBSTANCE}).status_code == 404
    assert scene.accreditation.state == "valid"


# --- The hotline is heard --------------------------------------------------------------------------------------------


def test_two_coordinators_of_the_hotline_keep_both_their_words(scene: Scene):
    scene.propose()
    scene.answer("First.")
    clash = scene.answer("Second.", version=0)
    assert clash.status_code == 409
    assert "First." in text(clash)
    assert "Second." in text(clash)
    assert scene.withdrawal.statement == "First."
    assert scene.answer("First. Second.", version=1).status_code == 302
    assert scene.withdrawal.statement == "First. Second."


def test_an_empty_statement_is_not_given(scene: Scene):
    scene.propose()
    refused = scene.answer(" ", give="1")
    assert (refused.status_code, scene.withdrawal.state) == (409, "proposed")
    assert "Write the statement first" in text(refused)


def test_a_hotline_that_says_nothing_does_not_block_it_and_may_still_answer_until_it_is_confirmed(scene: Scene):
    scene.propose()
    scene.let_time_pass()
    assert scene.answer(give="1").status_code == 302
    assert scene.confirm().status_code == 302


def test_the_letter_about_one_without_a_statement_says_nothing_of_a_statement(scene: Scene):
    scene.propose()
    scene.let_time_pass()
    scene.answer("Only a draft.")
    letters()
    assert scene.confirm().status_code == 302
    assert "was received on" not in Letter.objects.get(to_user=scene.coordinator).body
    assert "Only a draft." not in text(scene.as_(scene.second).get(scene.url()))


def test_only_a_coordinator_of_the_hotline_answers_and_others_see_no_draft(scene: Scene):
    other = Stage("published", scene.stage.people, country="XB", round=scene.stage.round)
    scene.propose()
    scene.answer("zzdraftzz")
    for user, status in ((other.coordinator, 404), (scene.mce, 200), (scene.stage.people.panel, 404)):
        page = scene.as_(user).get(scene.url())
        assert page.status_code == status
        assert "zzdraftzz" not in page.content.decode()
        answered = scene.as_(user).post(scene.url("answer_withdrawal"), {"statement": "I.", "version": "1"})
        assert answered.status_code in (403, 404)
    assert scene.withdrawal.statement == "zzdraftzz"


# --- The second person -----------------------------------------------------------------------------------------------


def test_it_is_dropped_with_a_reason_and_the_hotline_is_told(scene: Scene):
    scene.propose()
    letters()
    url = scene.url("move_withdrawal", "drop")
    scene.as_(scene.mce).post(url, {"note": ""})
    assert scene.withdrawal.state == "proposed"
    assert scene.as_(scene.mce).post(url, {"note": "The rota is in order."}).status_code == 302
    assert (scene.withdrawal.state, scene.accreditation.state) == ("dropped", "valid")
    assert "The rota is in order." in Letter.objects.get(to_user=scene.coordinator).body
    assert scene.confirm().status_code == 409
    assert scene.accreditation.state == "valid"


def test_neither_a_tied_person_nor_one_whose_proposer_lost_the_right_confirms_it(scene: Scene):
    scene.propose()
    scene.let_time_pass()
    tied = person(Role.MCE_COORDINATOR, country=scene.hotline.country)
    assert scene.confirm(tied).status_code == 403
    end_roles(scene.mce, Role.MCE_COORDINATOR)
    refused = scene.confirm()
    assert (refused.status_code, scene.accreditation.state) == (409, "valid")
    assert "may not decide on this hotline any more" in text(refused)


def test_a_withdrawal_of_an_accreditation_that_ended_otherwise_waits_nowhere(scene: Scene):
    scene.propose()
    scene.let_time_pass()
    perform(scene.accreditation, "give_up", by=scene.coordinator, note="We close.")
    assert "To the withdrawal" not in text(scene.as_(scene.second).get(reverse("workspace:home"), follow=True))
    refused = scene.confirm()
    assert (refused.status_code, "The accreditation is over" in text(refused)) == (409, True)
    assert "nothing is left to withdraw" in text(scene.as_(scene.second).get(scene.url()))


# --- Where it is shown -----------------------------------------------------------------------------------------------


def test_home_of_the_hotline_and_today_of_mce_say_what_it_waits_for(scene: Scene):
    def home(user: User) -> str:
        return text(scene.as_(user).get(reverse("workspace:home"), follow=True))

    scene.propose()
    assert "the withdrawal of the accreditation is proposed" in home(scene.coordinator)
    assert "Give a statement" in home(scene.coordinator)
    assert "The hotline is heard until" in home(scene.second)
    scene.answer(give="1")
    assert "Your statement is given." in home(scene.coordinator)
    assert "The hotline has given its statement." in home(scene.second)
    scene.let_time_pass()
    assert "it can be confirmed or dropped." in home(scene.second)
    assert "it waits for a second person." in home(scene.mce)
    scene.confirm()
    assert "you may contest the withdrawal" in home(scene.coordinator)
    assert "To the withdrawal" not in home(scene.second)
    assert scene.url() in text(
        scene.as_(scene.coordinator).get(reverse("workspace:accreditation", args=[scene.accreditation.uid]))
    )


def test_today_reads_many_withdrawals_with_as_many_queries_as_few(scene: Scene):
    def count() -> int:
        client = scene.as_(scene.second)
        with CaptureQueriesContext(connection) as read:
            client.get(reverse("workspace:home"), follow=True)
        return len(read)

    first = Stage("published", scene.stage.people, country="XB", round=scene.stage.round)
    WithdrawalFactory(accreditation=scene.accreditation, proposed_by=scene.mce)
    WithdrawalFactory(accreditation=Accreditation.objects.get(hotline=first.hotline), proposed_by=scene.mce)
    count()
    few = count()
    for country in ("XC", "XD", "XE"):
        stage = Stage("published", scene.stage.people, country=country, round=scene.stage.round)
        WithdrawalFactory(accreditation=Accreditation.objects.get(hotline=stage.hotline), proposed_by=scene.mce)
    count()
    assert count() == few


def test_the_calendar_reminds_the_hotline_before_its_last_day_and_mce_when_it_can_be_confirmed(scene: Scene):
    scene.propose()
    letters()
    last = scene.withdrawal.heard_until
    keep_dates(last - timedelta(days=4))
    assert "the time to be heard ends on" not in str(letters())
    for _twice in range(2):
        keep_dates(last - timedelta(days=3))
    found = letters()
    assert [names for subject, names in found.items() if "the time to be heard" in subject] == [
        {scene.coordinator.name}
    ]
    for _twice in range(2):
        keep_dates(last + timedelta(days=1))
    found = letters()
    assert found["the withdrawal can be confirmed"] == {scene.mce.name, scene.second.name, *_other_mce(scene)}


# --- The appeal ------------------------------------------------------------------------------------------------------


GROUNDS = "Nobody looked at the new rota, which was sent in time."


def rule(appeal: Appeal, outcome: str, scene: Scene) -> None:
    """Let three members hear the appeal and rule, on its page."""
    members = [scene.stage.people.panel, scene.stage.people.second, scene.stage.people.third]
    for member in members:
        appeals.declare(appeal, by=member)
        client = scene.as_(member)
        url = reverse("workspace:vote_on_appeal", args=[appeal.uid])
        assert client.post(url, {"outcome": outcome, "words": "We read the rota."}).status_code == 302
    client = scene.as_(members[0])
    page = text(client.get(reverse("workspace:appeal", args=[appeal.uid])))
    assert SUBSTANCE[:40] in page
    assert "The contested withdrawal" in page
    url, sent = (
        reverse("workspace:rule", args=[appeal.uid]),
        {"outcome": outcome, "reasons": "So we rule.", "rows": "0"},
    )
    back = client.post(url, sent)
    assert (back.status_code, "The ruling on the withdrawal" in text(back)) == (200, True)
    assert appeal.state == "lodged"
    assert client.post(url, {**sent, "confirmed": "1"}).status_code == 302
    appeal.refresh_from_db()


def contested(scene: Scene) -> Appeal:
    scene.propose()
    scene.let_time_pass()
    scene.confirm()
    client, url = scene.as_(scene.coordinator), scene.url("appeal_withdrawal")
    assert client.post(url, {"grounds": ""}).status_code == 422
    letters()
    assert client.post(url, {"grounds": GROUNDS}).status_code == 302
    return Appeal.objects.get(withdrawal=scene.withdrawal)


@pytest.mark.parametrize("was", ["valid", "suspended"])
def test_an_upheld_appeal_reinstates_the_accreditation_as_it_was(scene: Scene, client: Client, was: str):
    if was == "suspended":
        perform(scene.accreditation, "suspend", by=scene.mce, note="The line is silent.")
    appeal = contested(scene)
    assert letters()["an appeal against the withdrawal is lodged"] == {
        scene.mce.name, scene.second.name, *_other_mce(scene)
    }  # fmt: skip
    public = reverse("pages:hotline", args=[scene.hotline.country])
    assert "The hotline has appealed against the withdrawal." in text(client.get(public))
    assert GROUNDS not in text(client.get(public))
    rule(appeal, Appeal.REINSTATED, scene)
    assert (appeal.state, appeal.ruling.upholds, scene.accreditation.state) == ("upheld", True, was)
    assert scene.coordinator.name in letters()["the accreditation is reinstated"]
    kind = status_on(scene.hotline, scene.accreditation.today).kind
    assert (kind == "suspended", kind == "withdrawn") == (was == "suspended", False)
    assert "has appealed" not in text(client.get(public))
    assert "an appeal against it was upheld" in text(scene.as_(scene.mce).get(scene.url()))
    status = reverse("workspace:status", args=[scene.hotline.country])
    assert "From the step “reinstated”" in text(scene.as_(scene.mce).get(status))
    assert not [one for one in find_differences(connection) if one.table in SEALED_HERE]


def test_a_dismissed_appeal_leaves_it_withdrawn_and_none_is_lodged_again(scene: Scene):
    appeal = contested(scene)
    rule(appeal, Appeal.STANDS, scene)
    assert (appeal.state, scene.accreditation.state) == ("dismissed", "withdrawn")
    assert scene.coordinator.name in letters()["the accreditation stays withdrawn"]
    again = scene.as_(scene.coordinator).post(scene.url("appeal_withdrawal"), {"grounds": GROUNDS})
    assert (again.status_code, new(Appeal).count()) == (302, 1)
    listed = text(scene.as_(scene.mce).get(reverse("workspace:appeals")))
    assert "Withdrawal of the accreditation" in listed


def test_an_appeal_upheld_after_a_newer_accreditation_has_begun_changes_no_register(scene: Scene):
    appeal = contested(scene)
    newer = Stage("published", scene.stage.people, country="XB", round=scene.stage.round)
    Accreditation.objects.filter(hotline=newer.hotline).update(hotline=scene.hotline)
    rule(appeal, Appeal.REINSTATED, scene)
    states = Accreditation.objects.filter(hotline=scene.hotline).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["replaced", "valid"]


def test_it_is_heard_by_nobody_who_proposed_or_confirmed_it(scene: Scene):
    MembershipFactory(user=scene.second, role=Role.PANEL_MEMBER)
    User.objects.filter(pk=scene.second.pk).update(country="XY")
    appeal = contested(scene)
    assert scene.second not in appeals.find_hearers(appeal.evaluation, appeal).members
    assert appeal not in appeals.to_be_heard_by(User.objects.get(pk=scene.second.pk))
    panel = scene.stage.people.panel  # who decided on the accreditation, and not on its withdrawal
    assert panel in appeals.find_hearers(appeal.evaluation, appeal).members
    assert appeal in appeals.to_be_heard_by(User.objects.get(pk=panel.pk))


def test_it_is_not_contested_before_it_is_confirmed_or_too_late(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    scene.propose()
    early = scene.as_(scene.coordinator).post(scene.url("appeal_withdrawal"), {"grounds": GROUNDS})
    assert (early.status_code, new(Appeal).count()) == (422, 0)
    assert GROUNDS in text(early)
    perform(scene.withdrawal, "drop", by=scene.mce, note="No.")
    found = withdraw(scene.accreditation, by=scene.mce)
    after = found.last_day_to_appeal + timedelta(days=1)
    monkeypatch.setattr(Accreditation, "today", property(lambda _self: after))
    url = reverse("workspace:appeal_withdrawal", args=[found.uid])
    late = scene.as_(scene.coordinator).post(url, {"grounds": GROUNDS})
    assert (late.status_code, new(Appeal).count()) == (422, 0)
    assert "The time to appeal ended on" in text(late)
