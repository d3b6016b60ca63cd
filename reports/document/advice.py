"""What the decision asks for, and the recommendations, numbered by priority and then in the order of the Guide."""

from reports.document.facts import Advice
from reports.document.labels import name_priority
from reports.document.shape import Demand, Recommendation
from reports.document.speech import Teller


def compose_demands(tell: Teller) -> tuple[Demand, ...]:
    """The conditions of the accreditation, the nearest day first."""
    ordered = sorted(tell.facts.decided.demands, key=lambda demand: demand.due_on)
    return tuple(
        Demand(tell.say.gettext("by {day}").format(day=tell.say.day(d.due_on)), d.code, tell.written(d.text))
        for d in ordered
    )


def compose_recommendations(tell: Teller) -> tuple[Recommendation, ...]:
    place = {code: number for number, code in enumerate(tell.framework.indicators)}
    ordered = sorted(tell.facts.advice, key=lambda advice: (advice.priority, place[advice.code]))
    return tuple(_compose(tell, number, advice) for number, advice in enumerate(ordered, start=1))


def _compose(tell: Teller, number: int, advice: Advice) -> Recommendation:
    say, indicator = tell.say, tell.card.indicators[advice.code]
    no_level, at_level = say.gettext("{obligation}, no level"), say.gettext("{obligation}, level {level}")
    standing = tell.sentence(
        no_level if indicator.level is None else at_level,
        obligation=tell.obligation(indicator.obligation),
        level=indicator.level,
    )
    return Recommendation(
        number=number,
        code=advice.code,
        priority=advice.priority,
        priority_name=name_priority(advice.priority, say),
        standing=standing,
        title=tell.written(advice.title),
        text=tell.written(advice.text),
        look_for=tell.written(advice.look_for),
        owner=advice.owner.strip() or say.gettext("to be named by the hotline"),
        due=say.day(advice.due_on) if advice.due_on else say.gettext("to be agreed"),
    )


def name_remedy(tell: Teller, recommendations: tuple[Recommendation, ...], codes: set[str]) -> str:
    """Which recommendations are about these indicators: their numbers, or how many when there are more than three."""
    numbers = [recommendation.number for recommendation in recommendations if recommendation.code in codes]
    if not numbers:
        return ""
    if len(numbers) > 3:
        return tell.say.ngettext("{count} recommendation", "{count} recommendations", len(numbers)).format(
            count=len(numbers)
        )
    return tell.say.ngettext("recommendation {numbers}", "recommendations {numbers}", len(numbers)).format(
        numbers=", ".join(map(str, numbers))
    )
