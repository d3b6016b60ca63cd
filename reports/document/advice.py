"""The requirements of the decision, and the recommendations, numbered by priority and order of the Guide."""

from reports.document.composer import Composer
from reports.document.facts import RecommendationFacts
from reports.document.labels import name_priority
from reports.document.shape import Demand, Recommendation


def compose_demands(composer: Composer) -> tuple[Demand, ...]:
    """Return the requirements of the accreditation, the earliest due day first."""
    ordered = sorted(composer.facts.decision.demands, key=lambda demand: demand.due_on)
    return tuple(
        Demand(
            composer.locale.gettext("by {day}").format(day=composer.locale.day(d.due_on)),
            d.code,
            composer.written(d.text),
        )
        for d in ordered
    )


def compose_recommendations(composer: Composer) -> tuple[Recommendation, ...]:
    place = {code: number for number, code in enumerate(composer.framework.indicators)}
    ordered = sorted(composer.facts.recommendations, key=lambda advice: (advice.priority, place[advice.code]))
    return tuple(_compose(composer, number, advice) for number, advice in enumerate(ordered, start=1))


def _compose(composer: Composer, number: int, advice: RecommendationFacts) -> Recommendation:
    locale, indicator = composer.locale, composer.card.indicators[advice.code]
    no_level, at_level = locale.gettext("{obligation}, no level"), locale.gettext("{obligation}, level {level}")
    state = composer.sentence(
        no_level if indicator.level is None else at_level,
        obligation=composer.obligation(indicator.obligation),
        level=indicator.level,
    )
    return Recommendation(
        number=number,
        code=advice.code,
        priority=advice.priority,
        priority_name=name_priority(advice.priority, locale),
        state=state,
        title=composer.written(advice.title),
        text=composer.written(advice.text),
        look_for=composer.written(advice.look_for),
        owner="" if composer.facts.extent else advice.owner.strip() or locale.gettext("to be named by the hotline"),
        due=locale.day(advice.due_on) if advice.due_on else locale.gettext("to be agreed"),
    )


def format_recommendations(composer: Composer, recommendations: tuple[Recommendation, ...], codes: set[str]) -> str:
    """Format the recommendations on these indicators: their numbers, or how many if there are more than three."""
    numbers = [recommendation.number for recommendation in recommendations if recommendation.code in codes]
    if not numbers:
        return ""
    if len(numbers) > 3:
        return composer.locale.ngettext("{count} recommendation", "{count} recommendations", len(numbers)).format(
            count=len(numbers)
        )
    return composer.locale.ngettext("recommendation {numbers}", "recommendations {numbers}", len(numbers)).format(
        numbers=", ".join(map(str, numbers))
    )
