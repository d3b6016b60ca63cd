"""The findings of invented assessors, and the sheets that they fill in.

Findings are mostly equal to the answers, sometimes lower or higher, and always have words.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time
from random import Random
from uuid import uuid4

from evaluation.answers.judgements import AnswerInput, save_finding, save_observation
from evaluation.models import Answer, Evaluation, User, Visit
from evaluation.queries import to_be_observed
from evaluation.visits.sheets.rows import DOES_NOT_APPLY, MET, NOT_MET, RowInput, save_sheet_row
from evaluation.visits.sheets.templates import Kind
from evaluation.workflow import perform
from portal.demonstration.answers import Character
from portal.demonstration.clock import Clock
from portal.demonstration.guide.library import is_practised
from portal.demonstration.words import further
from portal.visits.sheet_templates.reader import find_templates
from standards.framework import Indicator, Measure

RECORDED_APART = 12
"""How many indicators of a past visit each team member recorded separately. Few, so that building is fast."""

_AGREED_LOW = [
    "{coord} showed us what there is, {evidence}, and hid nothing: it is as the hotline writes.",
    "We asked for it by name ({evidence}). The answer describes it well; on paper there is little more.",
    "The team in {city} knows this weakness and has ideas for it. What we saw of it agrees with the answer.",
    "We looked for {evidence} and found what the hotline told us beforehand. {deputy} has begun a list of what is missing.",
    "It was the first thing that {deputy} spoke of when we came to {city}. We saw the same at the desk.",
    "Two operators told us on their own what the hotline writes. For {evidence} we found {a draft|a few pages|nothing that is in use}.",
    "Confirmed on both days, and on the night shift too: {evidence} is not where it should be.",
    "As answered. {expert} would take it on if {ministry} paid for {two|three|four} more hours a week.",
]
_LESS = [
    "We found less than the answer says: of {evidence} the newer part was not used by the shift that we sat with.",
    "The paper is in order; on the {night|late|weekend} shift it was not known. So we stand a level below the hotline.",
    "{coord} takes a level more. Of what we asked for ({evidence}) a part was from before {the move|the new system|last summer}.",
]
_SAME_NUMBER = [
    "Counted again with {deputy}: the same.",
    "Our own count over {two|three|four} months agrees within a point.",
    "We took {month} and counted by hand; the number holds.",
]
_EXCEPTION = [
    "We asked {police} and {ngo}: it is so, and the hotline has no part in it.",
    "{coord} showed us the rule by which it does not apply here.",
    "We looked for a case of it and found none; the reason that the hotline gives holds.",
]


def _evidence_words(evaluation: Evaluation, indicator: Indicator) -> str:
    text = str(evaluation.round.edition.texts("en")[f"indicator/{indicator.code}/evidence"])
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _lowest_level(who: Character, indicator: Indicator, evaluation: Evaluation) -> int:
    """Return the lowest level that a finding may have without changing the outcome of the line."""
    if who.line.outcome in ("accredited", "conditional") and evaluation.framework.has_highest_obligation(indicator):
        return 1 if indicator.code in who.weak_points else 2
    return 0


def _finding(who: Character, indicator: Indicator, answer: Answer, evaluation: Evaluation) -> AnswerInput:
    def fill(templates: list[str], kind: str) -> str:
        evidence = _evidence_words(evaluation, indicator)
        return who.words.fill(templates, who.facts, who.dice, further()[kind], evidence=evidence)

    def bank(kind: str) -> str:
        return who.words.find_text(indicator.code, kind, who.facts, who.dice)

    if answer.not_applicable:
        return AnswerInput(not_applicable=True, words=fill(_EXCEPTION, "seen"))
    if indicator.measure is Measure.NUMERIC:
        return AnswerInput(value=answer.value, words=bank("seen") or fill(_SAME_NUMBER, "seen"))
    level, best = answer.level or 0, evaluation.framework.scale.best
    chance = who.dice.random()
    if indicator.measure is Measure.YES_NO:
        return AnswerInput(level=level, words=bank("seen") if level == best else fill(_AGREED_LOW, "gap"))
    if chance < 0.17 and level > _lowest_level(who, indicator, evaluation):
        return AnswerInput(level=level - 1, words=bank("gap") if level == best else fill(_LESS, "gap"))
    if chance > 0.94 and level == best - 1 and indicator.code not in who.weak_points:
        return AnswerInput(level=best, words=bank("seen"))
    if level == best:
        is_chosen = who.dice.random() < 0.1 or is_practised(who.line.country, indicator.code)
        return AnswerInput(level=level, words=bank("seen"), good_practice=is_chosen)
    return AnswerInput(
        level=level, words=bank("gap") if level == best - 1 and chance > 0.4 else fill(_AGREED_LOW, "gap")
    )


def _fill_in_sheets(
    clock: Clock, who: Character, evaluation: Evaluation, team: tuple[User, ...], contacts: int
) -> None:
    """Let the last of the team make test contacts, and the lead check ten files and talk with the shift lead.

    Uses random numbers of its own, so that the rest of the story does not depend on them.
    """
    dice, templates = Random(f"sheets {who.line.country}"), find_templates()  # noqa: S311 - no secret
    visit, day = Visit.objects.get(evaluation=evaluation), evaluation.round.today
    channels = ("telephone", "telephone", "telephone", "chat", "web_form")
    language = next(iter(evaluation.hotline.language_codes), "en")
    for number in range(contacts):
        clock.wait(3)
        keys = [criterion.key for criterion in templates[Kind.CONTACTS].criteria]
        marks = dict(zip(keys, dice.choices((MET, NOT_MET, DOES_NOT_APPLY), (18, 2, 1), k=len(keys)), strict=True))
        called = RowInput(channels[number % 5], language, day, time(9 + number // 2, 30 * (number % 2)), marks=marks)
        save_sheet_row(visit, templates[Kind.CONTACTS], uuid4(), called, version=0, by=team[-1])
    files = templates[Kind.FILES]
    counts = {criterion.key: dice.randint(7, 10) for criterion in files.criteria}
    looked = RowInput(looked_at=10, topic="closed this year, drawn at random", marks=counts)
    save_sheet_row(visit, files, uuid4(), looked, version=0, by=team[0])
    words = "Two at the desk at any hour; who is alone at night calls the shift lead at home."
    talked = RowInput(role="shift lead", topic="nights and weekends", day=day, words=words)
    save_sheet_row(visit, templates[Kind.INTERVIEWS], uuid4(), talked, version=0, by=team[0])


def record(
    clock: Clock,
    who: Character,
    evaluation: Evaluation,
    team: tuple[User, ...],
    moments: tuple[datetime, ...],
    part: float,
) -> Iterator[datetime]:
    """Let each team member record the share `part` of the indicators to be observed, over the days of the visit."""
    answers = {answer.code: answer for answer in evaluation.answers.all()}
    seen = to_be_observed(evaluation)
    seen = seen[: int(len(seen) * part)]
    share = -(-len(seen) // len(moments)) or 1
    for number, moment in enumerate(moments):
        yield moment
        if number == 0:
            _fill_in_sheets(clock, who, evaluation, team, contacts=4)
        for indicator in seen[number * share : (number + 1) * share]:
            _observe(clock, who, evaluation, team, indicator, answers[indicator.code])


def _observe(
    clock: Clock, who: Character, evaluation: Evaluation, team: tuple[User, ...], indicator: Indicator, answer: Answer
) -> None:
    """Let each team member record an indicator: the first one the later finding, the others sometimes a level apart."""
    finding = _finding(who, indicator, answer, evaluation)
    for place, member in enumerate(team):
        clock.wait(who.dice.randint(2, 6))
        observed = _other_view(who, indicator, finding, evaluation) if place else finding
        save_observation(evaluation, indicator.code, observed, version=0, by=member)


def _other_view(who: Character, indicator: Indicator, finding: AnswerInput, evaluation: Evaluation) -> AnswerInput:
    """Return the observation of a second assessor: one in five is a level next to that of the first."""
    level = finding.level
    if level is None or indicator.measure is not Measure.SCALE or who.dice.random() > 0.2:
        return replace(finding, words="", good_practice=False)
    best = evaluation.framework.scale.best
    return replace(finding, level=level - 1 if level == best else level + 1, good_practice=False)


def record_and_agree(
    clock: Clock, who: Character, evaluation: Evaluation, team: tuple[User, ...], moments: tuple[datetime, ...]
) -> Iterator[datetime]:
    """Let the team record the first indicators separately and finish, then write all other findings together."""
    answers = {answer.code: answer for answer in evaluation.answers.all()}
    seen = to_be_observed(evaluation)
    yield moments[0]
    for indicator in seen[:RECORDED_APART]:
        _observe(clock, who, evaluation, team, indicator, answers[indicator.code])
    _fill_in_sheets(clock, who, evaluation, team, contacts=10)
    for member in team:
        perform(Visit.objects.get(evaluation=evaluation), "finish_recording", by=member)
    left = dict(evaluation.findings.filter(version=0).values_list("code", "version"))
    still = [indicator for indicator in seen if indicator.code in left]
    share = -(-len(still) // len(moments[1:])) or 1
    for number, moment in enumerate(moments[1:]):
        yield moment
        for place, indicator in enumerate(still[number * share : (number + 1) * share]):
            clock.wait(who.dice.randint(4, 12))
            finding = _finding(who, indicator, answers[indicator.code], evaluation)
            save_finding(evaluation, indicator.code, finding, version=0, by=team[place % len(team)])
