"""Members declare, vote and comment; one of them records the majority's outcome, with reasons and requirements."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import override

from evaluation.models import (
    Comment,
    Decision,
    Declaration,
    Evaluation,
    Recommendation,
    Requirement,
    Role,
    Scorecard,
    Stake,
    Step,
    Vote,
)
from evaluation.models.ballot import Tally
from evaluation.models.people.permissions import is_allowed
from evaluation.models.reasons import Reason
from evaluation.panel.appeals import to_be_heard_by
from evaluation.panel.decisions import (
    Demand,
    Verdict,
    comment,
    decide,
    declare,
    find_decision_reasons,
    vote,
    write_decision,
)
from evaluation.panel.departures import OWN_WORDS_TO_DEPART, count_own_words
from evaluation.workflow import LETTERS, Letters, Refusal, find_reasons, perform
from standards.framework import Procedure
from standards.presentation.condition_sentences import describe_condition
from tests.bystander import new
from tests.factories import (
    SUBSTANCE,
    AppealFactory,
    CommentFactory,
    DeclarationFactory,
    MembershipFactory,
    RecommendationFactory,
    RequirementFactory,
    ResponseFactory,
    RoundFactory,
    ScorecardFactory,
    StakeFactory,
    TeamMemberFactory,
    VoteFactory,
    agree,
    end_roles,
    evaluation_of,
    person,
    released_edition,
    scorecard_of,
)
from tests.small_edition import SMALL
from tests.stage import STATES, Stage

pytestmark = pytest.mark.django_db

ON = date(2026, 5, 4)
LATER = date(2026, 11, 4)
OUTSIDE = Reason("requirement_without_day", day=ON + timedelta(days=31), last=ON.replace(year=2027))
WRITTEN = (Scorecard, Decision, Requirement, Declaration, Vote, Comment, Stake, Step)


def verdict(outcome: str = "accredited", reasons: str = SUBSTANCE, *asked: Demand) -> Verdict:
    if outcome == "conditional" and not asked:
        asked = (Demand("Name a deputy.", LATER, "1.1.2"),)
    return Verdict(outcome, reasons, asked)


def counted() -> tuple[int, ...]:
    return (*(model.objects.count() for model in WRITTEN), *new(Recommendation).values_list("state", flat=True))


def assert_refused(act, *reasons: Reason) -> None:
    before = counted()
    with pytest.raises(Refusal) as caught:
        act()
    assert caught.value.reasons == reasons
    assert counted() == before


def before_the_panel(outcome: str = "accredited") -> Stage:
    """Return an evaluation before the panel, whose members agree."""
    stage = Stage.minimal("decision")
    stage.agree(outcome)
    return stage


# --- Declaring -------------------------------------------------------------------------------------------------------


def test_a_member_declares_that_nothing_ties_them():
    stage = Stage.minimal("decision")
    declaration = declare(stage.evaluation, by=stage.people.panel)
    assert (declaration.evaluation, declaration.user, declaration.has_stake) == (
        stage.evaluation,
        stage.people.panel,
        False,
    )
    assert is_allowed("evaluation.decide", stage.people.panel, stage.evaluation)


def test_a_declared_stake_shuts_the_member_out_at_once_and_stays_on_record():
    stage = Stage.minimal("decision")
    declare(stage.evaluation, by=stage.people.panel)
    assert is_allowed("evaluation.decide", stage.people.panel, stage.evaluation)
    declare(stage.evaluation, by=stage.people.panel, stake="  I advised them in 2024. ")
    assert Stake.objects.get().reason == new(Declaration).last().reason == "I advised them in 2024."
    assert not is_allowed("evaluation.decide", stage.people.panel, stage.evaluation)
    assert not is_allowed("evaluation.view", stage.people.panel, stage.evaluation)
    assert_refused(lambda: declare(stage.evaluation, by=stage.people.panel), Reason("has_a_stake"))
    assert_refused(lambda: vote(stage.scorecard, "accredited", "Yes.", by=stage.people.panel), Reason("has_a_stake"))


def test_a_stake_is_told_in_words():
    stage = Stage.minimal("decision")
    assert_refused(lambda: declare(stage.evaluation, by=stage.people.panel, stake=" \n"), Reason("no_words"))


@pytest.mark.parametrize("state", STATES[: STATES.index("decision")])
def test_nobody_declares_before_the_time(state):
    stage = Stage.minimal(state)
    assert_refused(lambda: declare(stage.evaluation, by=stage.people.panel), Reason("wrong_state"))


@pytest.mark.parametrize("state", ["decided", "published"])
def test_who_declares_after_the_decision_reads_it_and_had_no_part_in_it(state):
    stage, later = Stage.minimal(state), person(Role.PANEL_MEMBER)
    assert not is_allowed("evaluation.view", later, stage.evaluation)
    declare(stage.evaluation, by=later)
    assert is_allowed("evaluation.view", later, stage.evaluation)
    appeal = AppealFactory(decision=stage.evaluation.decisions.get(), lodged_by=stage.coordinator)
    assert is_allowed("appeal.hear", later, appeal)
    assert [list(to_be_heard_by(member)) for member in (later, stage.people.panel)] == [[appeal], []]


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("mce", "not_permitted"),
        ("lead", "not_permitted"),
        ("assessor", "not_permitted"),
        ("coordinator", "not_permitted"),
    ],
)
def test_only_members_declare_vote_and_comment(who, why):
    stage = Stage.minimal("decision")
    by = stage.user(who)
    for act in (
        lambda: declare(stage.evaluation, by=by),
        lambda: vote(stage.scorecard, "accredited", "Yes.", by=by),
        lambda: comment(stage.scorecard, "Look.", by=by),
    ):
        assert_refused(act, Reason(why))


# --- Voting and commenting -------------------------------------------------------------------------------------------


def test_a_member_votes_after_declaring():
    stage = Stage.minimal("decision")
    assert_refused(lambda: vote(stage.scorecard, "accredited", "Yes.", by=stage.people.panel), Reason("not_declared"))
    declare(stage.evaluation, by=stage.people.panel)
    kept = vote(stage.scorecard, "conditional", "  1.1.2 is thin. ", by=stage.people.panel)
    assert (kept.scorecard, kept.user, kept.outcome, kept.words) == (
        stage.scorecard,
        stage.people.panel,
        "conditional",
        "1.1.2 is thin.",
    )


def test_a_comment_is_no_vote():
    stage = Stage.minimal("decision")
    assert_refused(lambda: comment(stage.scorecard, "Look at 1.1.2.", by=stage.people.panel), Reason("not_declared"))
    declare(stage.evaluation, by=stage.people.panel)
    comment(stage.scorecard, " Look at 1.1.2. ", by=stage.people.panel)
    assert new(Comment).get().words == "Look at 1.1.2."
    assert stage.evaluation.tally == Tally({})


def test_a_vote_has_words_and_an_outcome_of_the_edition():
    stage = Stage.minimal("decision")
    declare(stage.evaluation, by=stage.people.panel)
    assert_refused(
        lambda: vote(stage.scorecard, "splendid", "  ", by=stage.people.panel),
        Reason("no_words"),
        Reason("no_such_outcome"),
    )
    assert_refused(lambda: comment(stage.scorecard, "\n", by=stage.people.panel), Reason("no_words"))


def test_the_newest_vote_of_each_member_counts():
    stage = Stage.minimal("decision")
    agree(stage.scorecard, *stage.people.jury, outcome="accredited")
    VoteFactory(scorecard=stage.scorecard, user=stage.people.panel, outcome="conditional")
    assert stage.evaluation.tally == Tally({"accredited": 2, "conditional": 1})


def test_a_new_scorecard_asks_for_new_votes():
    stage = before_the_panel()
    old = stage.scorecard
    scorecard_of(stage.evaluation)
    assert stage.evaluation.tally.cast == 0
    assert_refused(lambda: vote(old, "accredited", "Again.", by=stage.people.panel), Reason("scored_again"))
    vote(stage.scorecard, "accredited", "Again.", by=stage.people.panel)
    assert stage.evaluation.tally == Tally({"accredited": 1})


TIES = {
    "a declared stake": lambda stage: StakeFactory(user=stage.people.panel, hotline=stage.evaluation.hotline),
    "the same country": lambda stage: (
        type(stage.people.panel)
        .objects.filter(pk=stage.people.panel.pk)
        .update(country=stage.evaluation.hotline.country)
    ),
    "a role in the hotline once": lambda stage: MembershipFactory(
        user=stage.people.panel, role=Role.CONTRIBUTOR, hotline=stage.evaluation.hotline, until=date(2021, 1, 1)
    ),
    "a seat in the team": lambda stage: TeamMemberFactory(visit=stage.visit, user=stage.people.panel),
    "a role that has ended today": lambda stage: end_roles(stage.people.panel, Role.PANEL_MEMBER),
    "a declaration that was withdrawn": lambda stage: DeclarationFactory(
        evaluation=stage.evaluation, user=stage.people.panel, has_stake=True
    ),
    "an account that is closed": lambda stage: (
        type(stage.people.panel).objects.filter(pk=stage.people.panel.pk).update(is_active=False)
    ),
}


@pytest.mark.parametrize("tie", list(TIES))
def test_the_vote_of_somebody_who_is_tied_by_now_counts_no_more(tie):
    stage = before_the_panel()
    TIES[tie](stage)
    assert stage.evaluation.tally == Tally({"accredited": 2})
    with pytest.raises(Refusal) as caught:
        decide(stage.evaluation, verdict(), by=stage.people.jury[1], on=ON)
    assert caught.value.reasons == (Reason("no_quorum", have=2, need=3),)
    assert [vote.user for vote in stage.scorecard.uncounted_votes] == [stage.people.panel]


@pytest.mark.parametrize("tie", ["a declared stake", "a role that has ended today"])
def test_what_ends_after_the_decision_was_recorded_leaves_its_votes(tie):
    stage = before_the_panel()
    decide(stage.evaluation, verdict(), by=stage.people.jury[1], on=ON)
    TIES[tie](stage)
    assert stage.evaluation.tally == Tally({"accredited": 3})
    assert stage.scorecard.uncounted_votes == []


def test_only_more_than_half_is_a_majority():
    assert Tally.of(["a", "a", "b"]).winner == "a"
    assert Tally.of(["a", "a", "b", "b"]).winner is None
    assert Tally.of(["a", "a", "b", "c"]).winner is None
    assert Tally.of([]).winner is None


# --- Deciding --------------------------------------------------------------------------------------------------------


def test_a_member_records_what_was_voted_for():
    stage = before_the_panel()
    decision = decide(stage.evaluation, verdict(reasons="  All is well. \n"), by=stage.people.jury[2], on=ON)
    assert (decision.scorecard, decision.outcome, decision.departs, decision.kind, decision.replaces) == (
        stage.evaluation.latest_scorecard,
        "accredited",
        False,
        "first",
        None,
    )
    assert (decision.reasons, decision.decided_by, decision.decided_on) == ("All is well.", stage.people.jury[2], ON)
    assert stage.evaluation.state == "decided"
    step = Step.objects.get(kind=Evaluation.kind, uid=stage.evaluation.uid, move="decide")
    assert step.words.note == "All is well."
    assert stage.evaluation.current_decision == decision


def test_everything_that_stands_in_the_way_is_told():
    stage = Stage.minimal("decision")
    assert find_decision_reasons(stage.evaluation, stage.people.panel) == [Reason("not_declared")]
    declare(stage.evaluation, by=stage.people.panel)
    assert find_decision_reasons(stage.evaluation, stage.people.panel) == [
        Reason("no_quorum", have=0, need=3),
        Reason("not_voted"),
    ]
    agree(stage.scorecard, stage.people.jury[0], outcome="accredited")
    agree(stage.scorecard, stage.people.jury[1], outcome="deferred")
    assert find_decision_reasons(stage.evaluation, stage.people.panel) == [
        Reason("no_quorum", have=2, need=3),
    ]
    agree(stage.scorecard, stage.people.jury[2], outcome="deferred")
    assert find_decision_reasons(stage.evaluation, stage.people.panel) == []
    assert find_decision_reasons(stage.evaluation, stage.people.mce) == [Reason("not_permitted")]


def test_a_single_vote_does_not_depart_from_the_proposal():
    """The edition has a quorum of one vote, and requires two to depart from the proposal."""
    lenient = replace(SMALL, code="T9", procedure=Procedure(quorum=1, departing=2))
    round_ = RoundFactory(edition=released_edition(lenient), state="open")
    evaluation = evaluation_of(round=round_, state="decision")
    scorecard = ScorecardFactory(evaluation=evaluation)
    one, two = person(Role.PANEL_MEMBER), person(Role.PANEL_MEMBER)
    agree(scorecard, one, outcome="deferred")
    assert find_decision_reasons(evaluation, one) == [Reason("not_enough_to_depart", have=1, need=2)]
    agree(scorecard, one)
    assert find_decision_reasons(evaluation, one) == []
    agree(scorecard, one, two, outcome="deferred")
    assert find_decision_reasons(evaluation, one) == []


def test_who_has_not_voted_does_not_record_the_decision():
    stage = before_the_panel()
    fourth = person(Role.PANEL_MEMBER)
    DeclarationFactory(evaluation=stage.evaluation, user=fourth)
    until = stage.evaluation.round.today + timedelta(days=3)
    awaited = Reason("still_voting", names=(fourth.name,), day=until)
    assert_refused(lambda: decide(stage.evaluation, verdict(), by=fourth, on=ON), awaited, Reason("not_voted"))


def test_a_decision_waits_for_members_who_declared_until_the_time_to_vote_is_over(monkeypatch):
    stage = before_the_panel()
    fourth = person(Role.PANEL_MEMBER)
    DeclarationFactory(evaluation=stage.evaluation, user=fourth)
    until = stage.evaluation.round.today + timedelta(days=3)
    awaited = Reason("still_voting", names=(fourth.name,), day=until)
    assert_refused(lambda: decide(stage.evaluation, verdict(), by=stage.people.panel, on=ON), awaited)
    with monkeypatch.context() as patched:
        later = timezone.now() + timedelta(days=4)
        patched.setattr(timezone, "now", lambda: later)
        assert find_decision_reasons(stage.evaluation, stage.people.panel) == []
    agree(stage.scorecard, fourth, outcome="deferred")
    assert find_decision_reasons(stage.evaluation, stage.people.panel) == [], "all have voted"


@pytest.mark.parametrize(
    ("outcomes", "winner"),
    [
        (["accredited", "accredited", "not_accredited", "not_accredited"], "not_accredited"),
        (["accredited", "accredited", "conditional", "not_accredited"], "conditional"),
        (["accredited", "deferred", "not_accredited"], "deferred"),
        (["accredited", "accredited", "not_accredited"], "accredited"),
    ],
)
def test_on_a_tie_the_less_favourable_outcome_holds_unless_the_edition_lets_members_vote_again(outcomes, winner):
    assert Tally.of(outcomes, SMALL).winner == winner
    again = replace(SMALL, procedure=replace(SMALL.procedure, votes_again_on_ties=True))
    assert Tally.of(outcomes, again).winner == (winner if winner == "accredited" else None)


def test_a_tie_of_four_is_recorded_as_the_less_favourable_outcome():
    stage = before_the_panel()
    fourth = person(Role.PANEL_MEMBER)
    DeclarationFactory(evaluation=stage.evaluation, user=fourth)
    for member in (stage.people.third, fourth):
        agree(stage.scorecard, member, outcome="not_accredited")
    found = decide(stage.evaluation, Verdict("not_accredited", SUBSTANCE), by=fourth, on=ON)
    assert (found.outcome, stage.evaluation.tally.majority) == ("not_accredited", None)


def tied_panel(monkeypatch, **procedure):
    """Return a stage on which four members are tied, two for `accredited`, by an edition with this procedure."""
    stage = before_the_panel()
    fourth = person(Role.PANEL_MEMBER)
    DeclarationFactory(evaluation=stage.evaluation, user=fourth)
    for member in (stage.people.third, fourth):
        agree(stage.scorecard, member, outcome="not_accredited")
    edited = replace(stage.framework, procedure=replace(stage.framework.procedure, **procedure))
    monkeypatch.setattr(type(stage.round.edition), "framework", property(lambda _edition: edited))
    return stage, fourth


def again(stage):
    return Evaluation.objects.get(pk=stage.evaluation.pk)


def test_the_vote_of_the_chair_counts_double_on_a_tie_and_the_recorded_reasons_say_so(monkeypatch):
    stage, _fourth = tied_panel(monkeypatch, chair_breaks_ties=True)
    assert again(stage).tally.winner == "not_accredited", "no chair voted"
    MembershipFactory(user=stage.people.panel, role=Role.PANEL_CHAIR)
    assert (again(stage).tally.winner, again(stage).tally.majority) == ("accredited", None)
    found = decide(again(stage), verdict(), by=stage.people.panel, on=ON)
    assert found.outcome == "accredited"
    assert found.reasons.endswith("The vote of the panel’s chair counted double.")
    end_roles(stage.people.panel, Role.PANEL_CHAIR)
    assert again(stage).latest_scorecard.tally_of(stage.scorecard.counted_votes).winner == "accredited", (
        "as it was then"
    )


def test_a_chair_with_a_stake_or_one_of_two_chairs_breaks_no_tie(monkeypatch):
    stage, fourth = tied_panel(monkeypatch, chair_breaks_ties=True)
    MembershipFactory(user=stage.people.panel, role=Role.PANEL_CHAIR)
    MembershipFactory(user=fourth, role=Role.PANEL_CHAIR)
    assert again(stage).tally.winner == "not_accredited"
    end_roles(fourth, Role.PANEL_CHAIR)
    assert again(stage).tally.winner == "accredited"
    StakeFactory(user=stage.people.panel, hotline=stage.hotline)
    assert again(stage).tally.casting is None
    assert again(stage).tally.majority == "not_accredited", "two of three votes that count"


def test_after_a_tie_everybody_votes_once_more_and_only_once(monkeypatch):
    stage, fourth = tied_panel(monkeypatch, votes_again_on_ties=True)
    members = (stage.people.panel, stage.people.second, stage.people.third, fourth)
    assert again(stage).tally.winner is None
    perform(again(stage), "vote_again", by=fourth)
    card = again(stage).latest_scorecard
    assert (again(stage).tally.cast, len(card.former_votes), card.votes.count()) == (0, 4, 5), "one had voted twice"
    for member, outcome in zip(members, ["accredited"] * 2 + ["not_accredited"] * 2, strict=True):
        vote(again(stage).latest_scorecard, outcome, "I stay.", by=member)
    final = Reason("second_vote_is_final")
    assert_refused(lambda: vote(again(stage).latest_scorecard, "deferred", "No.", by=fourth), final)
    with pytest.raises(Refusal):
        perform(again(stage), "vote_again", by=fourth)
    assert again(stage).tally.winner == "not_accredited"
    found = decide(again(stage), Verdict("not_accredited", SUBSTANCE), by=fourth, on=ON)
    assert found.reasons.endswith("The less favourable one holds, as the edition says.")


def test_without_a_tie_or_by_an_edition_without_a_second_vote_nobody_votes_again(monkeypatch):
    stage = before_the_panel()
    assert [reason.code for reason in find_reasons(stage.evaluation, "vote_again", stage.people.panel)] == [
        "no_second_vote"
    ]
    tied, fourth = tied_panel(monkeypatch, votes_again_on_ties=False)
    assert "no_second_vote" in [reason.code for reason in find_reasons(again(tied), "vote_again", fourth)]


def test_another_outcome_than_the_one_voted_for_is_refused():
    stage = before_the_panel("deferred")
    assert_refused(
        lambda: decide(stage.evaluation, verdict(), by=stage.people.panel, on=ON), Reason("not_what_was_voted")
    )


@pytest.mark.parametrize(
    ("outcome", "on", "until", "hand_in_by"),
    [
        ("accredited", date(2026, 5, 4), date(2029, 5, 4), None),
        ("accredited", date(2024, 2, 29), date(2027, 2, 28), None),
        ("conditional", date(2026, 5, 31), date(2027, 5, 31), None),
        ("conditional", date(2024, 2, 29), date(2025, 2, 28), None),
        ("deferred", date(2026, 5, 4), None, date(2026, 11, 4)),
        ("deferred", date(2026, 8, 31), None, date(2027, 2, 28)),
        ("not_accredited", date(2026, 5, 4), None, None),
    ],
)
def test_a_decision_is_valid_for_the_months_of_its_outcome(outcome, on, until, hand_in_by):
    stage = before_the_panel(outcome)
    asked = [Demand("Name a deputy.", on + timedelta(days=60))] if outcome == "conditional" else []
    decision = decide(stage.evaluation, verdict(outcome, SUBSTANCE, *asked), by=stage.people.panel, on=on)
    assert (decision.valid_until, decision.hand_in_by) == (until, hand_in_by)
    assert decision.departs == (outcome != "accredited")


def test_the_recommendations_are_issued_except_what_was_dropped():
    stage = before_the_panel()
    dropped = RecommendationFactory(evaluation=stage.evaluation, code="3.2.1", is_dropped=True)
    decide(stage.evaluation, verdict(), by=stage.people.panel, on=ON)
    dropped.refresh_from_db()
    assert {r.code: r.state for r in stage.evaluation.recommendations.all()} == {"1.1.2": "issued", "3.2.1": "drafted"}
    assert list(new(Step).order_by("pk").values_list("kind", "move")) == [
        ("evaluation", "decide"),
        ("recommendation", "issue"),
    ]


@pytest.mark.parametrize("reasons", ["", "  \n "])
def test_a_decision_has_written_reasons(reasons):
    stage = before_the_panel()
    act = lambda: decide(stage.evaluation, verdict(reasons=reasons), by=stage.people.panel, on=ON)  # noqa: E731 - tried below
    assert_refused(act, Reason("no_reasons"))


@pytest.mark.parametrize(
    ("reasons", "own_words"),
    [
        ("We depart.", 2),
        ("No. " * 40, 1),
    ],
)
def test_reasons_to_depart_say_more_than_the_rule_does(reasons, own_words):
    stage = before_the_panel("deferred")
    assert_refused(
        lambda: decide(stage.evaluation, Verdict("deferred", reasons), by=stage.people.panel, on=ON),
        Reason("thin_reasons", have=own_words, need=OWN_WORDS_TO_DEPART),
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_sentences_of_the_rule_are_no_reasons_in_the_language_of_the_page(language):
    stage = before_the_panel("deferred")
    texts = stage.evaluation.round.edition.texts(language)
    with override(language):
        sentences = [
            str(describe_condition(c, SMALL, texts)) for outcome in SMALL.rule.outcomes for c in outcome.conditions
        ]
        reasons = " ".join([*sentences, str(texts["outcome/accredited"]), "Voilà."])
        assert count_own_words(stage.evaluation, reasons) == 1


def test_nothing_more_is_asked_of_reasons_that_follow_the_proposal():
    stage = before_the_panel()
    assert not decide(stage.evaluation, verdict(reasons="We agree."), by=stage.people.panel, on=ON).departs


def test_a_decision_is_an_outcome_of_the_edition():
    stage = before_the_panel()
    assert_refused(
        lambda: decide(stage.evaluation, Verdict("splendid", ""), by=stage.people.panel, on=ON),
        Reason("no_such_outcome"),
    )


# --- Requirements ----------------------------------------------------------------------------------------------------


def test_an_accreditation_with_conditions_names_them_with_their_days():
    stage = before_the_panel("conditional")
    asked = (Demand("Train the night shift.", date(2026, 12, 1)), Demand(" Name a deputy. ", LATER, "1.1.2"))
    decision = decide(stage.evaluation, verdict("conditional", SUBSTANCE, *asked), by=stage.people.panel, on=ON)
    assert list(decision.requirements.values_list("text", "due_on", "code")) == [
        ("Name a deputy.", LATER, "1.1.2"),
        ("Train the night shift.", date(2026, 12, 1), ""),
    ]


@pytest.mark.parametrize(
    ("outcome", "asked", "why"),
    [
        ("conditional", (), "no_requirements"),
        ("conditional", (Demand("  ", LATER),), "requirement_without_words"),
        ("conditional", (Demand("Train them.", None),), OUTSIDE),
        ("conditional", (Demand("Train them.", ON),), OUTSIDE),
        ("conditional", (Demand("Train them.", ON + timedelta(days=30)),), OUTSIDE),
        ("conditional", (Demand("Train them.", ON.replace(year=2027) + timedelta(days=1)),), OUTSIDE),
        ("conditional", (Demand("Train them.", LATER, "7.7.7"),), "requirement_without_indicator"),
        ("accredited", (Demand("Train them.", LATER),), "requirements_not_asked"),
        ("deferred", (Demand("Train them.", LATER),), "requirements_not_asked"),
    ],
)
def test_conditions_are_whole_and_only_where_they_belong(outcome, asked, why):
    stage = before_the_panel(outcome)
    act = lambda: decide(stage.evaluation, Verdict(outcome, SUBSTANCE, asked), by=stage.people.panel, on=ON)  # noqa: E731 - tried below
    assert_refused(act, why if isinstance(why, Reason) else Reason(why))


@pytest.mark.everywhere
def test_a_decision_can_take_the_place_of_another():
    """An appeal and a correction replace a decision in this way."""
    stage = Stage.minimal("decided")
    first = stage.evaluation.current_decision
    second = write_decision(
        stage.evaluation,
        stage.scorecard,
        verdict("conditional"),
        kind="appeal",
        by=stage.people.panel,
        on=ON,
        replaces=first,
    )
    assert (second.kind, second.replaces, first.replaced_by) == ("appeal", first, second)
    with pytest.raises(Refusal, match="no_reasons"):
        write_decision(
            stage.evaluation, stage.scorecard, verdict(reasons=""), kind="correction", by=stage.people.panel, on=ON
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        write_decision(
            stage.evaluation, stage.scorecard, verdict(), kind="appeal", by=stage.people.panel, on=ON, replaces=first
        )


# --- Permissions and dates -------------------------------------------------------------------------------------------


def test_who_has_a_stake_does_not_decide():
    stage = before_the_panel()
    tied = person(Role.PANEL_MEMBER, country=stage.evaluation.hotline.country)
    agree(stage.scorecard, tied)
    assert_refused(lambda: decide(stage.evaluation, verdict(), by=tied, on=ON), Reason("has_a_stake"))


def test_who_assessed_it_does_not_decide():
    stage = before_the_panel()
    both = person(Role.ASSESSOR, Role.PANEL_MEMBER)
    TeamMemberFactory(visit=stage.visit, user=both)
    assert_refused(lambda: decide(stage.evaluation, verdict(), by=both, on=ON), Reason("assessed_it"))


@pytest.mark.parametrize(
    ("who", "why"), [("mce", "not_permitted"), ("lead", "not_permitted"), ("coordinator", "not_permitted")]
)
def test_only_the_panel_decides(who, why):
    stage = before_the_panel()
    assert_refused(lambda: decide(stage.evaluation, verdict(), by=stage.user(who), on=ON), Reason(why))


@pytest.mark.parametrize("state", [state for state in STATES if state != "decision"])
def test_nothing_is_decided_before_or_after_its_time(state):
    stage = Stage.minimal(state)
    assert_refused(lambda: decide(stage.evaluation, verdict(), by=stage.people.panel, on=ON), Reason("wrong_state"))


def test_a_decision_whose_move_is_refused_is_not_half_written():
    """The copy in memory says that the evaluation is open; the row says that it is decided."""
    stage = before_the_panel()
    old = Evaluation.objects.get(pk=stage.evaluation.pk)
    decide(stage.evaluation, verdict(), by=stage.people.panel, on=ON)
    assert_refused(lambda: decide(old, verdict(), by=stage.people.panel, on=ON), Reason("wrong_state"))


def test_a_letter_that_cannot_be_written_takes_the_decision_back_and_the_recommendations_with_it(monkeypatch):
    stage = before_the_panel()
    drafted = list(stage.evaluation.recommendations.values_list("state", "is_dropped"))

    def fail(_made):
        assert stage.evaluation.recommendations.filter(state="issued").exists()
        raise OSError

    monkeypatch.setitem(LETTERS, (Evaluation.kind, "decide"), Letters(fail))
    with pytest.raises(OSError):  # noqa: PT011 - the one above
        decide(stage.evaluation, verdict(), by=stage.people.panel, on=ON)
    stage.evaluation.refresh_from_db()
    assert (stage.evaluation.state, stage.evaluation.decisions.count()) == ("decision", 0)
    assert list(stage.evaluation.recommendations.values_list("state", "is_dropped")) == drafted


def test_perform_called_directly_counts_the_votes_too():
    """The same conditions apply to a direct move, even by the system, and an existing decision is no vote."""
    stage = Stage.minimal("decision")
    write_decision(stage.evaluation, stage.scorecard, verdict(), kind="first", by=stage.people.panel, on=ON)
    declare(stage.evaluation, by=stage.people.panel)
    few = Reason("no_quorum", have=0, need=3)
    for by, reasons in ((stage.people.panel, (few,)), (None, (few, Reason("not_permitted")))):
        with pytest.raises(Refusal) as caught:
            perform(stage.evaluation, "decide", by=by, verdict=verdict(), on=ON)
        assert caught.value.reasons == reasons
    stage.agree("deferred")
    with pytest.raises(Refusal) as caught:
        perform(stage.evaluation, "decide", by=stage.people.panel, verdict=verdict(), on=ON)
    assert caught.value.reasons == (Reason("not_what_was_voted"),)


# --- After a deferral ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["decided", "published"])
def test_a_deferred_evaluation_is_taken_up_again_and_decided_anew(state):
    stage = before_the_panel("deferred")
    deferral = decide(stage.evaluation, verdict("deferred"), by=stage.people.panel, on=ON)
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state=state)
    perform(stage.evaluation, "resume", by=stage.people.mce, note="The figures of 2025.")
    stage.visit.refresh_from_db()
    assert (stage.evaluation.state, stage.visit.state) == ("self_assessment", "proposed")
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state="decision")
    scorecard_of(stage.evaluation)
    assert_refused(
        lambda: decide(stage.evaluation, verdict(), by=stage.people.panel, on=ON),
        Reason("no_quorum", have=0, need=3),
        Reason("not_voted"),
    )
    stage.agree("accredited")
    second = decide(stage.evaluation, verdict(), by=stage.people.panel, on=LATER)
    assert (second.replaces, second.scorecard != deferral.scorecard) == (deferral, True)


def test_only_a_deferral_is_taken_up_again():
    stage = before_the_panel()
    decide(stage.evaluation, verdict(), by=stage.people.panel, on=ON)
    with pytest.raises(Refusal, match="no_hold"):
        perform(stage.evaluation, "resume", by=stage.people.mce, note="Again.")
    assert (stage.evaluation.state, stage.visit.state) == ("decided", "closed")


# --- Immutability ----------------------------------------------------------------------------------------------------


@pytest.mark.everywhere
def test_what_the_panel_wrote_is_frozen():
    stage = Stage.minimal("decision")
    stage.agree()
    CommentFactory(scorecard=stage.scorecard, user=stage.people.panel)
    remark = ResponseFactory(scorecard=scorecard_of(stage.evaluation), remarks={"1.1.2": "Not so."}).remarks.get()
    decision = write_decision(stage.evaluation, stage.scorecard, verdict(), kind="first", by=stage.people.panel, on=ON)
    requirement = RequirementFactory(decision=decision)
    changes = [
        (stage.evaluation.declarations.first(), {"has_stake": True}),
        (stage.scorecard.votes.model.objects.first(), {"outcome": "deferred"}),
        (new(Comment).get(), {"words": "Never mind."}),
        (remark, {"words": "Never mind."}),
        (remark.response, {"words": "Never mind."}),
        (requirement, {"due_on": LATER}),
        (decision, {"outcome": "deferred"}),
        (decision.scorecard, {"proposal": "deferred"}),
    ]
    for thing, change in changes:
        rows = type(thing).objects.filter(pk=thing.pk)
        with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
            rows.update(**change)
        table = type(thing)._meta.db_table
        with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
