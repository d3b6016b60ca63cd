"""The responses of invented hotlines, and the panel's votes and decisions, based on the findings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from evaluation.answers.judgements import AnswerInput
from evaluation.engine.scoring import as_tenths
from evaluation.models import Document, Evaluation, Recommendation, Scorecard, User
from evaluation.models.evaluation import find_remarks
from evaluation.panel import decisions
from evaluation.response.replies import save_reply
from evaluation.response.response import (
    GENERAL_REMARK,
    accept_findings,
    add_remark_proof,
    find_acceptable,
    respond,
    save_remark,
)
from evaluation.scorecards import read_result
from evaluation.workflow import perform
from portal.demonstration.answers import Character
from portal.demonstration.clock import Clock
from standards.framework import Measure

_REMARKS = [
    "What the team missed is there now: {evidence}, changed in {month} and sent with this response.",
    "This was in place when the team came, and {deputy} could have shown it. What is attached is of {month}.",
    "The team came on a week with {three|four} ill colleagues in {city}. {evidence_begins}: last year's is complete and was not asked for.",
    "We ask for another look. {expert} could have explained it and was at {uni} on that day.",
    "The finding describes the desk in {city2}, which takes no calls of this line. In {city} it has been so since {month}, as {ministry} knows.",
]
_CHANGES = [
    "What is attached was in use on both days in {city}; nobody asked {deputy} for it, and we should have. The finding under {code} changes.",
    "{expert} went through it with us by telephone, paper in hand ({evidence}). We saw less than there was, and correct {code}.",
]
_REPLIES = [
    "On both days in {city} the former one was in use. What we saw under {code} stands; that it was changed in {month} is noted.",
    "We have read what came with the response ({evidence}). It is good, and newer than our visit; the level stays.",
    "{expert} was not there, that is true. We asked {deputy} and two operators instead, who answered alike.",
    "On {code} the hotline and we describe the same thing and name it differently. The level stays.",
    "We went through our notes of the {first|second} day again. For {code} three people told us the same, apart from each other.",
]
_ON_THE_WHOLE = [
    "Two days and a night with people who know the work: we learned from the questions. The draft is fair, and {standard} is what we begin with.",
    "The draft tells us nothing that we would be ashamed of, and two things that we did not see. On {standard} we differ, in words rather than in substance.",
    "We thank the team, and {ngo}, whose {four|five} volunteers sat at the desk meanwhile. The remarks on {standard} came at the right time: our board meets in {month}.",
]
_VOTES = [
    "I read {weakest} twice. What was seen agrees with what was said, and the hotline knows the gap ({weak_title}).",
    "{strongest} is the best that I have read this year. {weakest} holds me from more, not from this.",
    "The figures carry it, and so do the findings. On {weak_title} I would want a word within the year.",
    "For me {weak_title} weighs most. The response on it is honest and comes with a day.",
    "The distance between answers and findings is small. Under {weakest} the team was stern, and rightly so.",
    "I began with doubts about {weakest} and ended with the same vote as the proposal's reasons. {strongest} stands.",
]
_REASONS = {
    "accredited": [
        "The panel accredits {org}. Every essential indicator is in place or largely so, and the whole stands at {overall} per cent; {strongest} is a strength that others may learn from. The weakest domain is {weakest}. The panel spoke longest about {weak_code}, “{weak_title}”, and found the response of the hotline convincing.",
        "{org} is accredited. What it says of itself and what the team saw lie close together in all domains, and {overall} per cent is no accident of counting. Under {weakest} the panel would like to see more; the recommendation on {weak_code}, “{weak_title}”, says what.",
        "A child or a parent who rings {org} meets people who know what to do, at any hour that the team tried. The panel accredits it, with {overall} per cent on the whole, and notes {strongest} as the best of it. It asks the hotline to begin with {weak_code}, “{weak_title}”.",
        "The panel was of one mind: {org} does what the Guide asks, and shows it. {strongest} carries the evaluation; {weakest}, the lowest of the domains, is still well above what is needed. On {weak_code}, “{weak_title}”, the panel follows the team rather than the hotline.",
        "Accredited. In {city} and in {city2} the team found the same way of working, on paper and on shift. {overall} per cent on the whole; the distance between {strongest} and {weakest} is the only thing that surprised the panel, and {weak_code}, “{weak_title}”, would shorten it.",
        "{org} has answered each point of the draft with a paper or with a date, and neither the findings nor the figures speak against it. The panel accredits it at {overall} per cent. It will ask about {weak_code}, “{weak_title}”, at midterm, since {weakest} rests on it.",
        "The figures of the year agree with what was heard at the desk, which is rarer than it should be. {org} is accredited with {overall} per cent. {strongest} needs no word; for {weakest} the panel points to {weak_code}, “{weak_title}”.",
    ],
    "conditional": [
        "The panel accredits {org} for a year, with conditions. The whole stands at {overall} per cent and {strongest} is sound. What keeps it from full accreditation is essential: {weak_code}, “{weak_title}”. The conditions below are about that and nothing else.",
        "{org} works well where families notice it first, and {overall} per cent on the whole say so. But {weak_code}, “{weak_title}”, is among what the Guide insists on most, and the team could not see it in place. The panel therefore sets conditions, each with a day.",
        "With {overall} per cent {org} is near to what full accreditation asks. The panel did not pass over {weak_code}, “{weak_title}”: under {weakest} a child depends on it. A year is enough to mend it, as the response of the hotline says itself.",
        "Accredited with conditions. Nobody on the panel doubts the care of the people in {city}; {strongest} shows it. What is missing, {weak_code}, “{weak_title}”, does not depend on care alone, and the panel wants to see it in writing and in use.",
    ],
    "deferred": [
        "The panel defers its decision about {org}. {weakest} cannot be judged by what lies before us: {weak_code}, “{weak_title}”, rests on a paper that the response speaks of and that nobody on the panel has seen."
    ],
    "not_accredited": [
        "The panel does not accredit {org} in this round. The whole stands at {overall} per cent, and under essential indicators something is not in place at all, foremost {weak_code}, “{weak_title}”. Families who ring are met with care; what stands around the operators does not carry them yet. The panel asks MCE to find a partner hotline for {weakest}.",
        "{org} is not accredited. {overall} per cent on the whole hide how uneven it is: {strongest} could stand in any hotline, {weakest} in none. The panel thanks the people in {city} for showing everything, {weak_code}, “{weak_title}”, first of all, and hopes to see them in the next round.",
    ],
}
_DEPARTS = " The panel departs from the proposal: all members held {weak_code} to weigh more than the points it costs."
_QUESTION = [
    "Before I vote: on {weak_code} it is word against word. Did one of you look at the paper itself ({evidence})?"
]
_STAKE = "My organisation trained their volunteers in the year before last."


@dataclass(frozen=True, slots=True)
class View:
    """The weakest and strongest parts of an evaluation, in the edition's words."""

    slots: dict[str, str]
    weak: list[str]

    @classmethod
    def of(cls, evaluation: Evaluation) -> "View":
        texts = evaluation.round.edition.texts("en")
        framework = evaluation.framework
        card = read_result(_scorecard_of(evaluation))
        domains = sorted((d for d in card.domains if d.ratio is not None), key=lambda d: d.ratio or 0)
        short = [r.code for r in evaluation.recommendations.all()]
        weak = (
            [c for c in short if framework.has_highest_obligation(framework.indicators[c])]
            or short
            or list(framework.indicators)
        )
        code = weak[0]
        evidence = str(texts[f"indicator/{code}/evidence"])
        return cls(
            {
                "weakest": f"“{texts[f'domain/{domains[0].code}/title']}”",
                "strongest": f"“{texts[f'domain/{domains[-1].code}/title']}”",
                "standard": f"“{texts[f'standard/{framework.standard_of[code].code}/title']}”",
                "weak_code": code,
                "weak_title": str(texts[f"indicator/{code}/recommendation/title"])
                if code in short
                else "the small points",
                "evidence": evidence[:1].lower() + evidence[1:],
                "overall": f"{(as_tenths(card.overall) or 0) / 10:.1f}",
            },
            weak,
        )


def _scorecard_of(evaluation: Evaluation) -> Scorecard:
    scorecard = evaluation.latest_scorecard
    assert scorecard is not None  # the panel votes after the evaluation was judged
    return scorecard


def _fill_words(who: Character, view: View, templates: list[str]) -> str:
    return who.words.fill(templates, who.facts, who.dice, **view.slots)


def type_remarks(evaluation: Evaluation, who: Character, coordinator: User) -> None:
    """Respond to the draft: contest some findings, one with a document, accept others, and remark on the whole."""
    texts = evaluation.round.edition.texts("en")
    answers = {answer.code: answer for answer in evaluation.answers.all()}
    lowered = [
        f.code
        for f in evaluation.findings.order_by("pk")
        if f.is_given and (f.level or 0) < (answers[f.code].level or 0)
    ]
    for code in lowered[:3]:
        evidence = str(texts[f"indicator/{code}/evidence"])
        slots = {"evidence": evidence[:1].lower() + evidence[1:], "evidence_begins": evidence}
        save_remark(evaluation, code, who.words.fill(_REMARKS, who.facts, who.dice, **slots), version=0, by=coordinator)
    document = Document.objects.filter(hotline=evaluation.hotline).order_by("pk").first()
    for code in lowered[:1]:
        add_remark_proof(evaluation, code, by=coordinator, thing=document or f"https://example.org/{code}")
    accept_findings(evaluation, [*lowered[3:], *find_acceptable(evaluation)[:4]], by=coordinator)
    words = who.words.fill(_ON_THE_WHOLE, who.facts, who.dice, **View.of(evaluation).slots)
    save_remark(evaluation, GENERAL_REMARK, words, version=0, by=coordinator)


def give_response(evaluation: Evaluation, coordinator: User) -> None:
    respond(evaluation, by=coordinator)


def _find_rising(evaluation: Evaluation) -> dict[str, int]:
    """Return the first contested finding on a scale that is not at its best level, with the next level."""
    scale, indicators = evaluation.framework.scale, evaluation.framework.indicators
    contested = [remark.code for remark in find_remarks(evaluation)]
    found = evaluation.findings.filter(code__in=contested, level__lt=scale.best).order_by("pk")
    levels = [(one.code, one.level) for one in found if indicators[one.code].measure is Measure.SCALE]
    return {code: level + 1 for code, level in levels[:1] if level is not None}


def answer_remarks(clock: Clock, evaluation: Evaluation, who: Character, lead: User, *, rises: bool) -> None:
    """Reply to each remark as lead assessor, and hand the replies to the panel. With `rises`, raise one finding."""
    texts = evaluation.round.edition.texts("en")
    levels = _find_rising(evaluation) if rises else {}
    for remark in find_remarks(evaluation):
        clock.wait(who.dice.randint(6, 25))
        evidence = str(texts[f"indicator/{remark.code}/evidence"])
        slots = {"evidence": evidence[:1].lower() + evidence[1:], "code": remark.code}
        words = who.words.fill(_CHANGES if remark.code in levels else _REPLIES, who.facts, who.dice, **slots)
        reply = AnswerInput(level=levels.get(remark.code), words=words)
        save_reply(evaluation, remark.code, reply, version=0, by=lead)
    if evaluation.awaits_replies:
        perform(evaluation, "answer_remarks", by=lead)


def deliberate(clock: Clock, evaluation: Evaluation, who: Character, members: Sequence[User]) -> None:
    """Let two members vote differently, one only comment, and the last one declare a stake."""
    scorecard = _scorecard_of(evaluation)
    view = View.of(evaluation)
    fill_words = partial(_fill_words, who, view)
    *voters, speaker, tied = members
    for member in (*voters, speaker):
        decisions.declare(evaluation, by=member)
    rungs = [outcome.code for outcome in evaluation.framework.rule.ranked_outcomes]
    other = rungs[-1] if scorecard.proposal != rungs[-1] else rungs[-2]
    for member, outcome in zip(voters, (scorecard.proposal, other), strict=False):
        clock.wait(170)
        decisions.vote(scorecard, outcome, fill_words(_VOTES), by=member)
    clock.wait(55)
    decisions.comment(scorecard, fill_words(_QUESTION), by=speaker)
    decisions.declare(evaluation, by=tied, stake=_STAKE)


def decide(
    clock: Clock, evaluation: Evaluation, who: Character, members: Sequence[User], sits: datetime
) -> Iterator[datetime]:
    """Let all members vote alike in the week before, and the first one record the decision at the meeting."""
    scorecard = _scorecard_of(evaluation)
    outcome = who.line.voted or scorecard.proposal
    view = View.of(evaluation)
    fill_words = partial(_fill_words, who, view)
    for member in members:
        clock.wait(who.dice.randint(20, 200))
        decisions.declare(evaluation, by=member)
        decisions.vote(scorecard, outcome, fill_words(_VOTES), by=member)
    yield sits
    reasons = fill_words(_REASONS[outcome]) + (fill_words([_DEPARTS]) if outcome != scorecard.proposal else "")
    verdict = decisions.Verdict(outcome, reasons, _demands(evaluation, view, outcome))
    decisions.decide(evaluation, verdict, by=members[0], on=timezone.localdate())


def _demands(evaluation: Evaluation, view: View, outcome: str) -> tuple[decisions.Demand, ...]:
    """Return requirements on the weakest indicators, with deadlines."""
    if not evaluation.framework.rule.sets_conditions(outcome):
        return ()
    looked_for = dict(Recommendation.objects.filter(evaluation=evaluation).values_list("code", "look_for"))
    today = timezone.localdate()
    return tuple(
        decisions.Demand(
            f"To be shown: {looked_for[code][:1].lower()}{looked_for[code][1:]}.", today + timedelta(days=days), code
        )
        for code, days in zip([c for c in view.weak if c in looked_for], (120, 200, 260), strict=False)
    ) or (
        decisions.Demand(
            "To be shown: the minutes of a review by the board within the year.", today + timedelta(days=200)
        ),
    )
