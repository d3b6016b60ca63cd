"""How invented hotlines respond to their drafts, and how the invented panel votes and decides."""

from datetime import timedelta

from django.utils import timezone

from evaluation import deciding
from evaluation.models import Evaluation, User
from evaluation.replying import are_due, find_remarks, hand_over, keep_reply
from evaluation.responding import ON_THE_WHOLE, keep_remark, respond
from portal.post import tell_of_step

_VOTES = (
    "What was seen agrees with what was said, and the gaps are known and small.",
    "I read the response on the night shift twice. It changes the picture, not the level.",
    "The essentials stand. I would want to see the training of volunteers by the end of the year.",
)
_REASONS = {
    "follows": (
        "The panel follows the proposal. Every essential indicator was seen, and the differences between the hotline "
        "and the team are small and explained."
    ),
    "accredited": (
        "The panel departs from the proposal. What was missing on the day of the visit was shown with the response, "
        "and nothing essential is open any more."
    ),
    "conditional": (
        "The panel departs from the proposal. What is essential stands, but two weaknesses that the team saw at night "
        "must be mended before the accreditation can be a full one."
    ),
    "deferred": (
        "The panel defers its decision. The agreement with the police that the hotline speaks of was not among its "
        "evidence, and three essential indicators rest on it."
    ),
}
_DEMANDS = (
    ("Two people on every night shift, shown by the rota of three months in a row.", 120),
    ("A signed protocol with the police, with the name of the officer to call.", 200),
)


def type_remarks(evaluation: Evaluation, coordinator: User) -> None:
    """Contest the first finding that differs from the answer, and say something on the whole."""
    answers = {answer.code: answer for answer in evaluation.answers.all()}
    differing = [f.code for f in evaluation.findings.order_by("pk") if f.is_given and f.level != answers[f.code].level]
    for code in differing[:2]:
        words = "The rota was changed a week before the visit. The new one was on the wall, and we sent it afterwards."
        keep_remark(evaluation, code, words, version=0, by=coordinator)
    words = "The team was fair, and the two nights it spent with us showed what we can do and what we cannot yet."
    keep_remark(evaluation, ON_THE_WHOLE, words, version=0, by=coordinator)


def give_response(evaluation: Evaluation, coordinator: User) -> None:
    evaluation = Evaluation.objects.get(pk=evaluation.pk)
    type_remarks(evaluation, coordinator)
    respond(evaluation, by=coordinator, tell=lambda step: tell_of_step(step.move, evaluation, by=coordinator))
    if are_due(evaluation):
        answer_remarks(evaluation, evaluation.visit.lead.user)


def answer_remarks(evaluation: Evaluation, lead: User) -> None:
    """The lead assessor answers each remark and hands the answers to the panel."""
    words = "We have seen the new rota. On the days of the visit the old one was in use, so what we saw stands."
    for remark in find_remarks(evaluation):
        keep_reply(evaluation, remark.code, words, version=0, by=lead)
    hand_over(evaluation, by=lead, tell=lambda step: tell_of_step(step.move, evaluation, by=lead))


def deliberate(evaluation: Evaluation, members: list[User]) -> None:
    """Two have voted and do not agree, one has only commented, and the last one has a stake and stepped aside."""
    evaluation = Evaluation.objects.get(pk=evaluation.pk)
    scorecard = evaluation.scorecards.latest()
    *voters, speaker, tied = members
    for member in (*voters, speaker):
        deciding.declare(evaluation, by=member)
    rungs = [outcome.code for outcome in evaluation.framework.rule.ladder]
    for member, outcome, words in zip(voters, (scorecard.proposal, rungs[-2]), _VOTES, strict=False):
        deciding.vote(scorecard, outcome, words, by=member)
    words = "Before I vote: did anybody see the protocol with the police that the response speaks of?"
    deciding.comment(scorecard, words, by=speaker)
    deciding.declare(evaluation, by=tied, stake="My organisation trained their volunteers in 2025.")


def decide(evaluation: Evaluation, members: list[User], outcome: str = "") -> None:
    """Everybody votes alike, for the proposal unless an outcome is named; the first member records it."""
    evaluation = Evaluation.objects.get(pk=evaluation.pk)
    scorecard = evaluation.scorecards.latest()
    outcome = outcome or scorecard.proposal
    for member, words in zip(members, _VOTES, strict=True):
        deciding.declare(evaluation, by=member)
        deciding.vote(scorecard, outcome, words, by=member)
    reasons = _REASONS["follows" if outcome == scorecard.proposal else outcome]
    today = timezone.localdate()
    asked = ()
    if deciding.asks_for_requirements(evaluation.framework, outcome):
        codes = [recommendation.code for recommendation in evaluation.recommendations.all()[:2]] or [""]
        asked = tuple(
            deciding.Demand(words, today + timedelta(days=days), code)
            for code, (words, days) in zip(codes, _DEMANDS, strict=False)
        )
    deciding.decide(
        evaluation,
        deciding.Verdict(outcome, reasons, asked),
        by=members[0],
        on=today,
        tell=lambda step: tell_of_step(step.move, evaluation, by=members[0], note=reasons),
    )
