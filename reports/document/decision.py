"""The headline of the report, and the dates that follow from the decision, in order."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from reports.document.composer import Composer
from reports.document.shape import DatedStep, Recommendation
from standards.presentation.sentences import Sentence


def compose_headline(composer: Composer) -> Sentence:
    """Return the outcome with its validity and the deadline of its requirements."""
    locale, decided = composer.locale, composer.facts.decision
    outcome = composer.outcome(decided.outcome)
    if decided.hand_in_by:
        message = locale.gettext("“{outcome}”: what is missing is due by {day}")
        return composer.sentence(message, outcome=outcome, day=locale.day(decided.hand_in_by))
    days = [demand.due_on for demand in decided.demands]
    if decided.valid_until and days:
        message = locale.ngettext(
            "“{outcome}” until {day}, with {count} condition to be met by {last}",
            "“{outcome}” until {day}, with {count} conditions to be met by {last}",
            len(days),
        )
        until, last = locale.day(decided.valid_until), locale.day(max(days))
        return composer.sentence(message, outcome=outcome, day=until, count=len(days), last=last)
    if decided.valid_until:
        return composer.sentence(
            locale.gettext("“{outcome}” until {day}"), outcome=outcome, day=locale.day(decided.valid_until)
        )
    return composer.sentence(locale.gettext("“{outcome}”"), outcome=outcome)


def compose_next(composer: Composer, recommendations: tuple[Recommendation, ...]) -> tuple[DatedStep, ...]:
    """Return the dates that follow from the decision, in order. What the hotline must do at once comes first."""
    locale = composer.locale
    days = sorted(
        (
            *_next_after_decision(composer),
            *_next_for_requirements(composer),
            *_next_for_recommendations(composer, recommendations),
        ),
        key=lambda step: (step[0], str(step[1])),
    )
    steps = [DatedStep(locale.day(day), sentence) for day, sentence in days]
    unplanned = sum(advice.due_on is None for advice in composer.facts.recommendations)
    if not unplanned:
        return tuple(steps)
    sentence = locale.ngettext(
        "The hotline names who works on {count} recommendation, and by when.",
        "The hotline names who works on {count} recommendations, and by when.",
        unplanned,
    )
    return (DatedStep(locale.gettext("now"), composer.sentence(sentence, count=unplanned)), *steps)


def _next_after_decision(composer: Composer) -> Iterator[tuple[date, Sentence]]:
    locale, decided = composer.locale, composer.facts.decision
    if decided.last_day_to_appeal:
        sentence = locale.gettext("Last day on which the hotline may contest the decision.")
        yield decided.last_day_to_appeal, composer.sentence(sentence)
    if decided.hand_in_by:
        yield decided.hand_in_by, composer.sentence(locale.gettext("Last day to hand in what is missing."))
    if decided.valid_until:
        sentence = locale.gettext("“{outcome}” ends, unless there is a new decision.")
        yield decided.valid_until, composer.sentence(sentence, outcome=composer.outcome(decided.outcome))


def _next_for_requirements(composer: Composer) -> Iterator[tuple[date, Sentence]]:
    """Yield the due days of requirements, with their numbers in the list of `compose_demands`."""
    due: dict[date, list[int]] = defaultdict(list)
    for number, demand in enumerate(sorted(composer.facts.decision.demands, key=lambda demand: demand.due_on), start=1):
        due[demand.due_on].append(number)
    for day, numbers in due.items():
        sentence = composer.locale.ngettext(
            "Condition {numbers} must be met.", "Conditions {numbers} must be met.", len(numbers)
        )
        yield day, composer.sentence(sentence, numbers=composer.listed([str(number) for number in numbers]))


def _next_for_recommendations(
    composer: Composer, recommendations: tuple[Recommendation, ...]
) -> Iterator[tuple[date, Sentence]]:
    due: dict[date, list[int]] = defaultdict(list)
    numbers_of = {recommendation.code: recommendation.number for recommendation in recommendations}
    for advice in composer.facts.recommendations:
        if advice.due_on is not None:
            due[advice.due_on].append(numbers_of[advice.code])
    for day, numbers in due.items():
        sentence = composer.locale.ngettext(
            "Recommendation {numbers} is due.", "Recommendations {numbers} are due.", len(numbers)
        )
        yield day, composer.sentence(sentence, numbers=composer.listed([str(number) for number in sorted(numbers)]))
