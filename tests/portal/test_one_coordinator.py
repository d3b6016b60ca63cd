"""A day of one coordinator with every role and a grudge: what she can do alone, and that it decides nothing.

Every move of every machine is in `ALONE` or in `NEEDS_OTHERS`, or she lacks the right. A new move fails the test until
it is put into one of them. Every POST of the pages about people is in `POSTS`.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from evaluation.figures.intake.api_keys import make_key
from evaluation.models import (
    Accreditation,
    Appeal,
    Consultation,
    Correction,
    Decision,
    Evaluation,
    Exchange,
    Finding,
    Fulfilment,
    GoodPractice,
    Hotline,
    Invitation,
    Membership,
    NetworkYear,
    PersonChange,
    Publication,
    Recommendation,
    Requirement,
    Role,
    Round,
    Ruling,
    StatisticsImport,
    User,
    Visit,
    Withdrawal,
)
from evaluation.models.states import Stateful
from evaluation.panel import appeals, corrections, decisions
from evaluation.panel.decisions import Verdict
from evaluation.people import give_role
from evaluation.workflow import MACHINES, Refusal, moves_of, perform
from portal.letters.models import Letter
from portal.people import api_keys, outbox, pages
from tests.bystander import new
from tests.factories import (
    SUBSTANCE,
    DeclarationFactory,
    FulfilmentFactory,
    HotlineFactory,
    InvitationFactory,
    PersonChangeFactory,
    RequirementFactory,
    TeamMemberFactory,
    UserFactory,
    WithdrawalFactory,
    end_roles,
    person,
)
from tests.stage import Stage

pytestmark = pytest.mark.django_db

NETWORK_ROLES = (Role.MCE_COORDINATOR, Role.GUIDE_EDITOR, Role.ASSESSOR, Role.PANEL_MEMBER)

ALONE = {
    *("round.open", "round.discard", "round.move_deadline", "round.add_hotline", "round.remove_hotline"),
    *("round.remind", "round.write_to", "round.close"),
    *(
        "evaluation.set_traits",
        "evaluation.extend",
        "evaluation.shorten",
        "evaluation.send_back",
        "evaluation.reopen_answers",
    ),
    *("evaluation.count_corrections", "evaluation.accept", "evaluation.reopen_findings", "evaluation.propose"),
    *("evaluation.take_back", "evaluation.go_on_without_response", "evaluation.answer_remarks"),
    *("evaluation.send_back_to_assessors", "evaluation.resume", "evaluation.follow_up", "evaluation.end_follow_up"),
    *("evaluation.excuse", "evaluation.readmit", "evaluation.publish", "evaluation.change_extent"),
    *("visit.propose", "visit.suggest_dates", "visit.take_back_dates", "visit.agree_dates", "visit.change_team"),
    *("visit.declare", "visit.step_aside", "visit.send_agenda", "visit.put_off", "visit.change_dates"),
    *("visit.cancel", "visit.begin", "visit.finish_recording", "visit.go_on_recording", "visit.close_recording"),
    *("visit.begin_on_another_day", "visit.take_back_beginning", "visit.record_again", "visit.sign_off"),
    *("visit.take_late_rows", "visit.leave_out_late_rows"),
    *("statistics.match_columns", "statistics.accept", "statistics.send_back"),
    *("recommendation.insist", "recommendation.withdraw", "recommendation.verify", "recommendation.refuse"),
    "recommendation.close",
    *("correction.propose", "correction.drop"),
    *("accreditation.suspend", "accreditation.reinstate", "accreditation.check_midterm"),
    *("withdrawal.propose", "withdrawal.drop"),
    *("accreditation.take_back_expiry", "accreditation.take_back_expiry_suspended"),
    *("network_year.publish", "network_year.retract"),
    *("consultation.open", "consultation.discard", "consultation.extend", "consultation.close"),
    *("good_practice.ask", "good_practice.revise", "good_practice.publish", "good_practice.take_down"),
    "exchange.cancel",
    *("person_change.make", "person_change.propose", "person_change.drop"),
    *("evaluation.reconsider", "evaluation.keep_decision"),
    *("fulfilment.send_back", "fulfilment.record_check", "fulfilment.withdraw_check"),
}
"""What she can do alone with every role of the network. `evaluation.publish` makes public what the panel has decided."""

NEEDS_OTHERS = {
    "evaluation.decide": "no_quorum",
    "evaluation.vote_again": "no_second_vote",
    "appeal.uphold": "too_few_hear_it",
    "appeal.dismiss": "too_few_hear_it",
    "correction.confirm": "needs_another_member",
    "person_change.confirm": "needs_another_coordinator",
    "fulfilment.meet": "checked_it_oneself",
    "fulfilment.fail": "checked_it_oneself",
    "fulfilment.extend": "checked_it_oneself",
    "withdrawal.confirm": "needs_another_coordinator",
}
"""What she has a part in and cannot do alone, with the reason of the refusal. `test_a_day…` tries each of them."""

OF_THE_HOTLINE = {
    *("evaluation.submit", "evaluation.respond"),
    *("statistics.confirm", "statistics.withdraw"),
    *("recommendation.accept", "recommendation.contest", "recommendation.start", "recommendation.resume"),
    *("recommendation.submit_evidence", "fulfilment.send"),
    *("appeal.lodge", "appeal.withdraw", "accreditation.give_up", "withdrawal.answer"),
    *("good_practice.consent", "good_practice.refuse", "good_practice.withdraw"),
    *("exchange.accept", "exchange.decline", "exchange.hold", "exchange.close"),
}
"""What only the coordinator of the hotline does. A second person has to give her this role, and then she is tied."""

DECIDES = {
    *("evaluation.decide", "appeal.uphold", "appeal.dismiss", "correction.confirm", "person_change.confirm"),
    *("withdrawal.confirm", "fulfilment.meet", "fulfilment.fail"),
}
"""What decides an outcome, or who decides on one."""

ABOUT_NO_HOTLINE = ("round", "network_year", "consultation", "person_change")
"""The machines whose moves no tie to a hotline binds."""


def things(stage: Stage, her: User) -> dict[type[Stateful], list[Stateful]]:
    """Return things of every machine: of the hotline of the stage, where it is of a hotline. Some were begun by her."""
    host = Hotline.objects.exclude(pk=stage.hotline.pk).first() or HotlineFactory()
    other = UserFactory()
    accreditation = Accreditation(hotline=stage.hotline, decision=stage.decision)
    return {
        Round: [stage.round],
        Evaluation: [stage.evaluation],
        Visit: [stage.visit],
        StatisticsImport: [StatisticsImport(hotline=stage.hotline, uploaded_by=her)],
        Recommendation: [Recommendation(evaluation=stage.evaluation)],
        Appeal: [Appeal(evaluation=stage.evaluation, decision=stage.decision)],
        Correction: [Correction(evaluation=stage.evaluation, decision=stage.decision, proposed_by=her)],
        Accreditation: [Accreditation(hotline=stage.hotline)],
        Withdrawal: [WithdrawalFactory.build(accreditation=accreditation, proposed_by=by) for by in (her, other)],
        NetworkYear: [NetworkYear(year=2025)],
        Consultation: [Consultation(state=Consultation.State.OPEN)],
        GoodPractice: [GoodPractice(finding=Finding(evaluation=stage.evaluation))],
        Exchange: [Exchange(visitor=stage.hotline, host=host), Exchange(visitor=host, host=stage.hotline)],
        Fulfilment: [Fulfilment(requirement=Requirement(decision=stage.decision))],
        PersonChange: [
            PersonChangeFactory.build(proposed_by=her),
            PersonChangeFactory.build(proposed_by=other),
            PersonChangeFactory.build(proposed_by=other, email=her.email),
        ],
    }


def moves_she_may_make(stage: Stage, her: User) -> set[str]:
    """Return the moves for which she has the right from some state, as the permission table says."""
    her = User.objects.get(pk=her.pk)
    return {
        f"{machine.kind}.{name}"
        for machine, found in things(stage, her).items()
        for name, method in moves_of(found[0]).items()
        for step in method.transitions.values()
        for thing in found
        if not step.custom.get("by_itself") and step.has_perm(thing, her)
    }


def test_every_move_is_known_as_hers_alone_as_one_of_several_people_or_as_none_of_hers():
    """The panel member of the stage declared, and the lead assessor leads the visit: nobody can be both."""
    stage = Stage("decided")
    on_the_panel, leading = (person(*NETWORK_ROLES, country="XS") for _ in range(2))
    DeclarationFactory(evaluation=stage.evaluation, user=on_the_panel)
    stage.visit.team.filter(is_lead=True).update(is_lead=False)
    TeamMemberFactory(visit=stage.visit, user=leading, is_lead=True)
    assert set(things(stage, leading)) == set(MACHINES)
    hers = moves_she_may_make(stage, on_the_panel) | moves_she_may_make(stage, leading)
    assert hers == ALONE | set(NEEDS_OTHERS)
    assert not ALONE & set(NEEDS_OTHERS)
    assert not ALONE & DECIDES


def test_with_a_role_at_the_hotline_she_does_what_the_hotline_does_and_nothing_for_mce():
    stage = Stage("decided")
    both = person(*NETWORK_ROLES, Role.COORDINATOR, hotline=stage.hotline, country="XS")
    hers = {move for move in moves_she_may_make(stage, both) if not move.startswith(ABOUT_NO_HOTLINE)}
    shared = {"exchange.cancel", "statistics.match_columns"}  # and the days of a visit, which both sides agree on
    shared |= {f"visit.{name}" for name in ("agree_dates", "put_off", "suggest_dates", "take_back_dates")}
    assert hers == OF_THE_HOTLINE | shared
    assert not hers & DECIDES


# --- Her day ---------------------------------------------------------------------------------------------------------


def reasons_of(act: Callable[[], Any]) -> set[str]:
    with pytest.raises(Refusal) as refused:
        act()
    return {reason.code for reason in refused.value.reasons}


def outcomes() -> tuple[Any, ...]:
    """Return everything that an outcome consists of, and who has a role that decides on one."""
    rows: list[Any] = [
        list(new(model).order_by("pk").values())
        for model in (Decision, Ruling, Publication, Accreditation, Evaluation, Appeal)
    ]
    guarded = new(Membership).today().filter(role__in=(Role.MCE_COORDINATOR, Role.PANEL_MEMBER))
    return (*rows, sorted(guarded.values_list("user", "role")), sorted(new(User).values_list("pk", "country")))


@pytest.fixture
def her(sign_in: Callable[..., Client]) -> tuple[User, Client]:
    """A coordinator who edits the Guide and assesses, too. She is no panel member yet, and has a colleague."""
    person(Role.MCE_COORDINATOR, name="Colleague")
    user = person(Role.MCE_COORDINATOR, Role.GUIDE_EDITOR, Role.ASSESSOR, country="XS", name="Grudge")
    return user, sign_in(Client(), user)


def invitation(email: str, role: Role) -> dict[str, str]:
    return {"email": email, "name": "Second Self", "role": role, "language": "en", "country": "ZZ"}


def test_she_makes_nobody_a_panel_member_or_coordinator_and_takes_no_seat_from_anybody(her):
    user, client = her
    stage = Stage("decision", votes=3)
    before = outcomes()
    for email in (user.email, "second.self@example.org", stage.people.lead.email):
        for role in (Role.PANEL_MEMBER, Role.MCE_COORDINATOR):
            client.post(reverse("workspace:invite"), invitation(email, role))
    for membership in new(Membership).today().filter(role__in=(Role.PANEL_MEMBER, Role.MCE_COORDINATOR)):
        if membership.user != user:
            client.post(reverse("workspace:end_role", args=[membership.pk]))
    for member in stage.people.jury:
        client.post(reverse("workspace:person_ties", args=[member.uid]), {"country": stage.hotline.country})
    assert PersonChange.objects.filter(state=PersonChange.State.PROPOSED).count() == 16
    for change in PersonChange.objects.filter(state=PersonChange.State.PROPOSED):
        answer = client.post(reverse("workspace:move_person_change", args=[change.uid, "confirm"]))
        assert answer.status_code == 403
    assert outcomes() == before
    assert not Invitation.objects.exists()
    assert stage.evaluation.tally.cast == 3


def test_she_makes_nobody_act_for_a_hotline_and_its_coordinators_learn_of_the_attempt(her):
    user, client = her
    stage, other = Stage("response"), HotlineFactory()
    colleague, elsewhere = User.objects.get(name="Colleague"), person(Role.COORDINATOR, hotline=other)
    sent = {**invitation("invented@example.org", Role.COORDINATOR), "hotline": str(stage.hotline.pk)}
    assert client.post(reverse("workspace:invite"), sent).status_code == 302
    change = PersonChange.objects.get()
    assert (change.state, Invitation.objects.exists()) == (PersonChange.State.PROPOSED, False)
    told = set(new(Letter).values_list("to_user", flat=True))
    assert {stage.coordinator.pk, colleague.pk} <= told
    assert not {elsewhere.pk, stage.contributor.pk, user.pk} & told
    refused = client.post(reverse("workspace:move_person_change", args=[change.uid, "confirm"]))
    assert (refused.status_code, Invitation.objects.exists()) == (403, False)
    perform(change, "confirm", by=colleague)
    assert Invitation.objects.get().role == Role.COORDINATOR


def test_a_day_on_the_panel_decides_nothing(her):
    """A colleague gave her the role in the morning; she votes, ends the role, and tries all that is left."""
    user, client = her
    stage = Stage("decision", votes=2)
    colleague = User.objects.get(name="Colleague")
    client.post(reverse("workspace:invite"), invitation(user.email, Role.PANEL_MEMBER))
    change = PersonChange.objects.get()
    assert reasons_of(lambda: perform(change, "confirm", by=user)) == {NEEDS_OTHERS["person_change.confirm"]}
    perform(change, "confirm", by=colleague)
    uid = stage.evaluation.uid
    assert client.post(reverse("workspace:declare", args=[uid]), {"answer": "none"}).status_code == 302
    sent = {"scorecard": stage.scorecard.uid, "outcome": "deferred", "words": "No."}
    assert client.post(reverse("workspace:vote", args=[uid]), sent).status_code == 302
    assert stage.evaluation.tally.cast == 3
    membership = user.memberships.today().get(role=Role.PANEL_MEMBER)
    client.post(reverse("workspace:end_role", args=[membership.pk]))  # her own: nobody has to confirm it
    membership.refresh_from_db()
    assert (membership.since, membership.until) == (timezone.localdate(), timezone.localdate())
    assert stage.evaluation.tally.cast == 2
    on = stage.evaluation.round.today
    verdict = Verdict(stage.scorecard.proposal, SUBSTANCE)
    refused = reasons_of(lambda: decisions.decide(stage.evaluation, verdict, by=stage.people.panel, on=on))
    assert NEEDS_OTHERS["evaluation.decide"] in refused
    assert not new(Decision).exists()
    assert client.post(reverse("workspace:publish", args=[uid])).status_code == 302
    assert not new(Publication).exists()


def test_alone_on_the_panel_she_reaches_no_quorum_and_confirms_nothing_of_her_own():
    user = person(*NETWORK_ROLES, country="XS")
    before_it = Stage("decision", votes=0)
    on = before_it.evaluation.round.today
    decisions.declare(before_it.evaluation, by=user)
    decisions.vote(before_it.scorecard, before_it.scorecard.proposal, "I.", by=user)
    verdict = Verdict(before_it.scorecard.proposal, SUBSTANCE)
    refused = reasons_of(lambda: decisions.decide(before_it.evaluation, verdict, by=user, on=on))
    assert NEEDS_OTHERS["evaluation.decide"] in refused
    refused = reasons_of(lambda: perform(before_it.evaluation, "vote_again", by=user))
    assert NEEDS_OTHERS["evaluation.vote_again"] in refused

    after = Stage("decided", people=before_it.people, round=before_it.round, country="XB")
    appeal = after.appeal
    appeals.declare(appeal, by=user)
    for outcome, move in ((after.decision.outcome, "appeal.dismiss"), ("deferred", "appeal.uphold")):
        appeals.vote(appeal, outcome, "I.", by=user)
        verdict = Verdict(outcome, SUBSTANCE)
        assert NEEDS_OTHERS[move] in reasons_of(lambda verdict=verdict: appeals.rule(appeal, verdict, by=user, on=on))

    corrected = Stage("decided", people=before_it.people, round=before_it.round, country="XC")
    decisions.declare(corrected.evaluation, by=user)
    verdict = Verdict(corrected.decision.outcome, SUBSTANCE)
    proposed = corrections.propose(corrected.evaluation, verdict, by=user, on=on)
    refused = reasons_of(lambda: perform(proposed, "confirm", by=user, on=on))
    assert refused == {NEEDS_OTHERS["correction.confirm"]}
    assert (new(Decision).count(), Ruling.objects.count()) == (2, 0)


def test_she_rules_on_no_condition_that_she_checked():
    user, stage = person(*NETWORK_ROLES, country="XS"), Stage("published")
    DeclarationFactory(evaluation=stage.evaluation, user=user)
    requirement = RequirementFactory(decision=stage.decision)
    checked = FulfilmentFactory(requirement=requirement, state="evidence_sent")
    perform(checked, "record_check", by=user, note="We read it.", seems_met=True)
    for move, needs in (("meet", {}), ("fail", {}), ("extend", {"until": stage.decision.valid_until})):
        refused = reasons_of(
            lambda move=move, needs=needs: perform(checked, move, by=user, note="So it is.", **needs),
        )
        assert NEEDS_OTHERS[f"fulfilment.{move}"] in refused


def test_she_withdraws_no_accreditation_that_she_proposed_to_withdraw(her):
    user, client = her
    stage = Stage("published")
    own = WithdrawalFactory(accreditation=stage.decision.accreditation, proposed_by=user)
    before = outcomes()
    assert reasons_of(lambda: perform(own, "confirm", by=user)) == {NEEDS_OTHERS["withdrawal.confirm"]}
    refused = client.post(reverse("workspace:confirm_withdrawal", args=[own.uid]), {"read": "1"})
    assert (refused.status_code, outcomes()) == (403, before)
    assert reasons_of(lambda: perform(stage.decision.accreditation, "withdraw", by=user)) == {"not_permitted"}
    assert outcomes() == before


def test_a_member_who_left_or_is_tied_confirms_no_correction_through_another():
    stage = Stage("decided")
    on = stage.evaluation.round.today
    verdict = Verdict(stage.decision.outcome, SUBSTANCE)
    proposed = corrections.propose(stage.evaluation, verdict, by=stage.people.second, on=on)
    end_roles(stage.people.second, Role.PANEL_MEMBER)
    refused = reasons_of(lambda: perform(proposed, "confirm", by=stage.people.panel, on=on))
    assert refused == {"proposer_has_no_right"}
    perform(proposed, "drop", by=stage.people.panel, note="Its author left.")


# --- The pages about people ------------------------------------------------------------------------------------------

POSTS: dict[str, Callable[[Stage, User], tuple[list[Any], dict[str, str]]]] = {
    "invite": lambda _stage, her: ([], invitation(her.email, Role.PANEL_MEMBER)),
    "invite_again": lambda _stage, her: ([InvitationFactory(email=her.email, role=Role.PANEL_MEMBER).uid], {}),
    "withdraw_invitation": lambda _stage, _her: ([InvitationFactory(role=Role.PANEL_MEMBER).uid], {}),
    "end_role": lambda stage, _her: ([stage.people.panel.memberships.get().pk], {}),
    "move_person_change": lambda _stage, her: ([PersonChangeFactory(proposed_by=her).uid, "confirm"], {}),
    "person_ties": lambda stage, _her: ([stage.people.panel.uid], {"country": stage.hotline.country}),
    "account": lambda stage, her: (
        [],
        {"name": her.name, "language": "en", "time_zone": "Europe/Brussels", "country": stage.hotline.country},
    ),
    "declare_stake": lambda stage, _her: ([], {"hotline": str(HotlineFactory().pk), "reason": "None."}),
    "system_keys": lambda stage, _her: ([stage.hotline.country], {"name": "Hers", "days": "30"}),
    "end_system_key": lambda stage, her: ([stage.hotline.country, _key(stage, her)], {}),
    "send_letter_again": lambda _stage, _her: (
        [Letter.objects.create(to_address="a@example.org", subject="A").uid],
        {},
    ),
}
"""The arguments and the fields of every POST of the pages about people, each as harmful as it can be."""


def _key(stage: Stage, her: User) -> Any:
    return make_key(stage.hotline, "Hers", timezone.localdate() + timedelta(days=9), by=her)[0].uid


def patterns() -> list[URLPattern]:
    return [*pages.urlpatterns, *api_keys.urlpatterns, *outbox.urlpatterns]


def takes_posts(pattern: URLPattern) -> bool:
    """Whether a POST with nothing in it does not end as one to an address that only shows."""
    return pattern.name not in {"people", "outbox", "letter"}


def test_every_post_of_the_pages_about_people_is_tried():
    assert {pattern.name for pattern in patterns() if takes_posts(pattern)} == set(POSTS)


@pytest.mark.parametrize("name", POSTS)
def test_no_post_about_people_changes_an_outcome_or_who_decides_on_it(her, name):
    user, client = her
    stage = Stage("decision", votes=3)
    args, sent = POSTS[name](stage, user)
    before = outcomes()
    answer = client.post(reverse(f"workspace:{name}", args=args), sent)
    assert answer.status_code < 500
    assert outcomes() == before
    assert stage.evaluation.tally.cast == 3


def test_a_post_to_a_page_that_only_shows_changes_nothing(her):
    user, client = her
    stage = Stage("decision")
    before = outcomes()
    shown = {"people": [], "hotlines": [], "hotline": [stage.hotline.country], "outbox": []}
    for name, args in shown.items():
        assert client.post(reverse(f"workspace:{name}", args=args), {"user": user.pk}).status_code < 500
    assert outcomes() == before


# --- A tie -----------------------------------------------------------------------------------------------------------


def test_a_tied_coordinator_is_told_who_acts_instead_and_what_to_do_if_nobody_can(sign_in: Callable[..., Client]):
    stage = Stage("decided")
    tied = person(Role.MCE_COORDINATOR)
    give_role(tied, Role.CONTRIBUTOR, stage.hotline)
    end_roles(tied, Role.CONTRIBUTOR)
    client = sign_in(Client(), tied)
    address = reverse("workspace:publish", args=[stage.evaluation.uid])
    refused = client.post(address)
    assert refused.status_code == 403
    assert f"A coordinator whom nothing ties to it does this: {stage.people.mce.name}." in refused.content.decode()
    end_roles(stage.people.mce, Role.MCE_COORDINATOR)
    refused = client.post(address)
    assert (refused.status_code, new(Publication).exists()) == (403, False)
    assert "Invite somebody without a tie on the page People, who does it then." in refused.content.decode()
    assert client.get(reverse("workspace:evaluation", args=[stage.evaluation.uid])).status_code == 200
