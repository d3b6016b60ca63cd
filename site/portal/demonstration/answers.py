"""The answers of invented hotlines: levels by quality, with texts, evidence and dates."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from random import Random

from evaluation.answers.judgements import AnswerInput, save_answer
from evaluation.files.documents import attach_address, attach_document
from evaluation.models import Evaluation, Evidence, User
from portal.demonstration.clock import Clock, at
from portal.demonstration.documents import write_pdf
from portal.demonstration.hotlines import Line
from portal.demonstration.words import Facts, Words
from standards.framework import Indicator, Measure
from standards.framework.units import PERCENT

SEND_FILES = ("QO", "XA", "XC", "XD", "XI", "XN", "XR", "XZ")
"""The hotlines that have a document among their evidence."""
KEPT = 0.25
"""The share of earlier answers that a renewing hotline leaves as they are, of those whose level is the same."""
SESSIONS = 9
"""Days on which a hotline answers."""


@dataclass
class Character:
    """The answering behaviour of a hotline in one evaluation: its random numbers, and its strength in each domain."""

    line: Line
    facts: Facts
    words: Words
    dice: Random
    strength: dict[str, float] = field(default_factory=dict)
    weak_points: set[str] = field(default_factory=set)
    """Essential indicators below the level that the best outcome requires."""

    def prepare(self, evaluation: Evaluation) -> None:
        framework = evaluation.framework
        spread = 0.03 if self.line.outcome == "accredited" else 0.13
        self.strength = {d.code: self.line.quality + self.dice.gauss(0, spread) for d in framework.domains}
        scales = [
            i.code
            for i in framework.indicators.values()
            if i.measure is Measure.SCALE and framework.has_highest_obligation(i)
        ]
        weak = {"conditional": 2, "not_accredited": 4}.get(self.line.outcome, 0)
        self.weak_points = set(self.dice.sample(scales, weak))

    def level(self, indicator: Indicator, evaluation: Evaluation) -> int:
        """Return a level whose mean follows the strength in its domain, within the limits of the outcome."""
        framework = evaluation.framework
        strength = self.strength[framework.domain_of[indicator.code].code]
        essential = framework.has_highest_obligation(indicator)
        if indicator.code in self.weak_points:
            return 1 if self.line.outcome == "conditional" else 0
        if indicator.measure is Measure.YES_NO:
            sure = essential and self.line.outcome in ("accredited", "conditional")
            return 3 if sure or self.dice.random() < strength + 0.18 else 0
        level = min(3, max(0, round(self.dice.gauss(3 * strength + 0.15, 0.55))))
        least = {"accredited": 2, "conditional": 2}.get(self.line.outcome, 0) if essential else 0
        return max(level, least)

    def answer_for(self, indicator: Indicator, evaluation: Evaluation) -> AnswerInput:
        """Return the answer: level or number, with words."""
        code = indicator.code
        if indicator.not_applicable and self.dice.random() < 0.13:
            words = self.words.find_text(code, "na", self.facts, self.dice)
            return AnswerInput(not_applicable=True, words=words)
        if indicator.measure is Measure.NUMERIC:
            strength = self.strength[evaluation.framework.domain_of[code].code]
            value = self.number(indicator, strength)
            return AnswerInput(value=value, words=self.words.find_text(code, "value", self.facts, self.dice))
        level = self.level(indicator, evaluation)
        kind = str(level) if indicator.measure is Measure.SCALE else ("yes" if level else "no")
        return AnswerInput(level=level, words=self.words.find_text(code, kind, self.facts, self.dice))

    def number(self, indicator: Indicator, strength: float) -> Decimal:
        """Return a percentage, or a number of attended meetings."""
        if indicator.unit != PERCENT:
            return Decimal(self.dice.randint(2, 6))
        middle = self.dice.uniform(35, 75) if not indicator.bands else 62 + 37 * strength
        return Decimal(str(round(min(100.0, max(20.0, self.dice.gauss(middle, 4))), 1)))


def answer(
    clock: Clock, who: Character, evaluation: Evaluation, authors: tuple[User, ...], begins: date, ends: date
) -> Iterator[datetime]:
    """Answer the indicators over several days; the authors take turns."""
    who.prepare(evaluation)
    indicators = [i for i in evaluation.framework.indicators.values() if not i.from_figures]
    indicators = indicators[: int(len(indicators) * who.line.answered)]
    share = -(-len(indicators) // SESSIONS) or 1
    for number in range(0, len(indicators), share):
        day = begins + (ends - begins) * (number // share) // SESSIONS
        yield at(day, who.dice.randint(9, 14), who.dice.randint(0, 59))
        by = authors[(number // share) % len(authors)]
        for indicator in indicators[number : number + share]:
            clock.wait(who.dice.randint(3, 11))
            given = _keep(who, evaluation, indicator, who.answer_for(indicator, evaluation))
            save_answer(evaluation, indicator.code, given, version=0, by=by)
            if indicator.evidence_required and given.level == evaluation.framework.scale.best:
                _attach(who, evaluation, indicator, by)


def _keep(who: Character, evaluation: Evaluation, indicator: Indicator, given: AnswerInput) -> AnswerInput:
    """Return the earlier answer in place of the new one for some of the indicators whose level has not changed."""
    before = evaluation.answers.get(code=indicator.code)
    dice = Random(f"kept {who.line.country} {indicator.code}")  # noqa: S311 - invented
    if not before.has_judgement or before.level is None or before.level != given.level or dice.random() > KEPT:
        return given
    return replace(given, words=before.words)


def _attach(who: Character, evaluation: Evaluation, indicator: Indicator, by: User) -> None:
    """Attach evidence to an answer: for some hotlines the first one as a file, all others as addresses.

    What was carried over from an earlier round is attached already.
    """
    if Evidence.objects.filter(evaluation=evaluation, code=indicator.code).exists():
        return
    title = evaluation.round.edition.texts("en")[f"indicator/{indicator.code}/evidence"]
    if (
        who.line.country in SEND_FILES
        and not Evidence.objects.filter(evaluation__hotline=evaluation.hotline_id).exists()
    ):
        paper = write_pdf(f"{who.line.operator}: {title}", evaluation.answers.get(code=indicator.code).words)
        attach_document(evaluation, indicator.code, content=paper, name=f"{title}.pdf", limit=10**6, by=by)
        return
    address = f"https://{who.line.country.lower()}.example/papers/{indicator.code.replace('.', '-')}"
    attach_address(evaluation, indicator.code, address=address, by=by)
