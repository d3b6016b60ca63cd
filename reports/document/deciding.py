"""What the panel decided, as the headline of the report, and every day that follows from it, in order."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from reports.document.shape import Pair, Recommendation
from reports.document.speech import Teller


def write_headline(tell: Teller) -> str:
    """The outcome that the panel gave, until when, and by when its conditions must be met."""
    say, decided = tell.say, tell.facts.decided
    outcome = tell.outcome(decided.outcome).text
    if decided.hand_in_by:
        return say.gettext("“{outcome}”: what is missing is due by {day}").format(
            outcome=outcome, day=say.day(decided.hand_in_by)
        )
    days = [demand.due_on for demand in decided.demands]
    if decided.valid_until and days:
        return say.ngettext(
            "“{outcome}” until {day}, with {count} condition to be met by {last}",
            "“{outcome}” until {day}, with {count} conditions to be met by {last}",
            len(days),
        ).format(outcome=outcome, day=say.day(decided.valid_until), count=len(days), last=say.day(max(days)))
    if decided.valid_until:
        return say.gettext("“{outcome}” until {day}").format(outcome=outcome, day=say.day(decided.valid_until))
    return say.gettext("“{outcome}”").format(outcome=outcome)


def compose_next(tell: Teller, recommendations: tuple[Recommendation, ...]) -> tuple[Pair, ...]:
    """Every day ahead in order, after what the hotline has to do now."""
    say = tell.say
    days = sorted((*_of_the_decision(tell), *_of_conditions(tell), *_of_recommendations(tell, recommendations)))
    told = [Pair(say.day(day), sentence) for day, sentence in days]
    open_ = sum(advice.due_on is None for advice in tell.facts.advice)
    if not open_:
        return tuple(told)
    sentence = say.ngettext(
        "The hotline names who works on {count} recommendation, and by when.",
        "The hotline names who works on {count} recommendations, and by when.",
        open_,
    )
    return (Pair(say.gettext("now"), sentence.format(count=open_)), *told)


def _of_the_decision(tell: Teller) -> Iterator[tuple[date, str]]:
    say, decided = tell.say, tell.facts.decided
    if decided.last_day_to_appeal:
        yield decided.last_day_to_appeal, say.gettext("Last day on which the hotline may contest the decision.")
    if decided.hand_in_by:
        yield decided.hand_in_by, say.gettext("Last day to hand in what is missing.")
    if decided.valid_until:
        sentence = say.gettext("“{outcome}” ends, unless there is a new decision.")
        yield decided.valid_until, sentence.format(outcome=tell.outcome(decided.outcome).text)


def _of_conditions(tell: Teller) -> Iterator[tuple[date, str]]:
    """Conditions by their number in the list, which has the nearest day first."""
    due: dict[date, list[int]] = defaultdict(list)
    for number, demand in enumerate(sorted(tell.facts.decided.demands, key=lambda demand: demand.due_on), start=1):
        due[demand.due_on].append(number)
    for day, numbers in due.items():
        sentence = tell.say.ngettext(
            "Condition {numbers} must be met.", "Conditions {numbers} must be met.", len(numbers)
        )
        yield day, sentence.format(numbers=tell.listed([str(number) for number in numbers]))


def _of_recommendations(tell: Teller, recommendations: tuple[Recommendation, ...]) -> Iterator[tuple[date, str]]:
    due: dict[date, list[int]] = defaultdict(list)
    numbers_of = {recommendation.code: recommendation.number for recommendation in recommendations}
    for advice in tell.facts.advice:
        if advice.due_on is not None:
            due[advice.due_on].append(numbers_of[advice.code])
    for day, numbers in due.items():
        sentence = tell.say.ngettext(
            "Recommendation {numbers} is due.", "Recommendations {numbers} are due.", len(numbers)
        )
        yield day, sentence.format(numbers=tell.listed([str(number) for number in sorted(numbers)]))
