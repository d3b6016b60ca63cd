"""What the panel decided, as the headline of the report, and every day that follows from it, in order."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from reports.document.shape import DatedStep, Recommendation
from reports.document.speech import Teller
from standards.presentation.sentences import Sentence


def write_headline(tell: Teller) -> Sentence:
    """The outcome that the panel gave, until when, and by when its conditions must be met."""
    say, decided = tell.say, tell.facts.decided
    outcome = tell.outcome(decided.outcome)
    if decided.hand_in_by:
        message = say.gettext("“{outcome}”: what is missing is due by {day}")
        return tell.sentence(message, outcome=outcome, day=say.day(decided.hand_in_by))
    days = [demand.due_on for demand in decided.demands]
    if decided.valid_until and days:
        message = say.ngettext(
            "“{outcome}” until {day}, with {count} condition to be met by {last}",
            "“{outcome}” until {day}, with {count} conditions to be met by {last}",
            len(days),
        )
        until, last = say.day(decided.valid_until), say.day(max(days))
        return tell.sentence(message, outcome=outcome, day=until, count=len(days), last=last)
    if decided.valid_until:
        return tell.sentence(say.gettext("“{outcome}” until {day}"), outcome=outcome, day=say.day(decided.valid_until))
    return tell.sentence(say.gettext("“{outcome}”"), outcome=outcome)


def compose_next(tell: Teller, recommendations: tuple[Recommendation, ...]) -> tuple[DatedStep, ...]:
    """Every day ahead in order, after what the hotline has to do now."""
    say = tell.say
    days = sorted(
        (*_of_the_decision(tell), *_of_conditions(tell), *_of_recommendations(tell, recommendations)),
        key=lambda step: (step[0], str(step[1])),
    )
    told = [DatedStep(say.day(day), sentence) for day, sentence in days]
    open_ = sum(advice.due_on is None for advice in tell.facts.advice)
    if not open_:
        return tuple(told)
    sentence = say.ngettext(
        "The hotline names who works on {count} recommendation, and by when.",
        "The hotline names who works on {count} recommendations, and by when.",
        open_,
    )
    return (DatedStep(say.gettext("now"), tell.sentence(sentence, count=open_)), *told)


def _of_the_decision(tell: Teller) -> Iterator[tuple[date, Sentence]]:
    say, decided = tell.say, tell.facts.decided
    if decided.last_day_to_appeal:
        sentence = say.gettext("Last day on which the hotline may contest the decision.")
        yield decided.last_day_to_appeal, tell.sentence(sentence)
    if decided.hand_in_by:
        yield decided.hand_in_by, tell.sentence(say.gettext("Last day to hand in what is missing."))
    if decided.valid_until:
        sentence = say.gettext("“{outcome}” ends, unless there is a new decision.")
        yield decided.valid_until, tell.sentence(sentence, outcome=tell.outcome(decided.outcome))


def _of_conditions(tell: Teller) -> Iterator[tuple[date, Sentence]]:
    """Conditions by their number in the list, which has the nearest day first."""
    due: dict[date, list[int]] = defaultdict(list)
    for number, demand in enumerate(sorted(tell.facts.decided.demands, key=lambda demand: demand.due_on), start=1):
        due[demand.due_on].append(number)
    for day, numbers in due.items():
        sentence = tell.say.ngettext(
            "Condition {numbers} must be met.", "Conditions {numbers} must be met.", len(numbers)
        )
        yield day, tell.sentence(sentence, numbers=tell.listed([str(number) for number in numbers]))


def _of_recommendations(tell: Teller, recommendations: tuple[Recommendation, ...]) -> Iterator[tuple[date, Sentence]]:
    due: dict[date, list[int]] = defaultdict(list)
    numbers_of = {recommendation.code: recommendation.number for recommendation in recommendations}
    for advice in tell.facts.advice:
        if advice.due_on is not None:
            due[advice.due_on].append(numbers_of[advice.code])
    for day, numbers in due.items():
        sentence = tell.say.ngettext(
            "Recommendation {numbers} is due.", "Recommendations {numbers} are due.", len(numbers)
        )
        yield day, tell.sentence(sentence, numbers=tell.listed([str(number) for number in sorted(numbers)]))
