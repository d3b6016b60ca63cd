"""The rules, the wishes and the reasons of an assignment as sentences."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_stubs_ext import StrOrPromise

from evaluation.visits.assignment import COSTS, Break, Cost, Rule, SeatExplanation
from portal.presentation.passages import language_name
from portal.rounds.teams.problem import RoundProblem

RULES: Mapping[Rule, StrOrPromise] = {
    Rule.COUNTRY_UNKNOWN: gettext_lazy("Nobody knows from which country %(name)s is."),
    Rule.OWN_COUNTRY: gettext_lazy("%(name)s is from the country of this hotline."),
    Rule.TIED: gettext_lazy("%(name)s has a tie to this hotline."),
    Rule.LAST_VISIT: gettext_lazy("%(name)s was on the last visit of this hotline."),
    Rule.ABSENT: gettext_lazy("%(name)s is not free on these days."),
    Rule.BUSY: gettext_lazy("%(name)s is on a visit on these days that is arranged already."),
    Rule.CANNOT_LEAD: gettext_lazy("%(name)s does not lead visits."),
    Rule.NO_VISIT_LEFT: gettext_lazy("%(name)s goes on no more visits in this round."),
    Rule.OTHER_VISIT: gettext_lazy("%(name)s would visit %(other)s on the same days."),
    Rule.SAME_PERSON: gettext_lazy("%(name)s cannot be lead and second. Choose two people."),
    Rule.SAME_COUNTRY: gettext_lazy("%(name)s is from the same country as the other member."),
    Rule.NOBODY_SPEAKS: gettext_lazy("Nobody of the team speaks a language of this hotline, and somebody could."),
}
SHORT_RULES: Mapping[Rule, StrOrPromise] = {
    Rule.COUNTRY_UNKNOWN: gettext_lazy("country not known"),
    Rule.OWN_COUNTRY: gettext_lazy("from this country"),
    Rule.TIED: gettext_lazy("tied to this hotline"),
    Rule.LAST_VISIT: gettext_lazy("on the last visit"),
    Rule.ABSENT: gettext_lazy("not free on these days"),
    Rule.BUSY: gettext_lazy("on another visit on these days"),
    Rule.CANNOT_LEAD: gettext_lazy("does not lead"),
    Rule.NO_VISIT_LEFT: gettext_lazy("no visit left in this round"),
    Rule.OTHER_VISIT: gettext_lazy("on another visit on these days"),
    Rule.SAME_PERSON: gettext_lazy("in the other seat"),
    Rule.SAME_COUNTRY: gettext_lazy("same country as the other member"),
    Rule.NOBODY_SPEAKS: gettext_lazy("nobody would speak the language"),
}


def describe_break(found: Break, of: RoundProblem) -> str:
    """Return a broken rule as a sentence."""
    other = of.evaluations.get(found.other)
    words = {"name": of.people[found.assessor].name, "other": other.hotline.name if other else ""}
    return str(RULES[found.rule]) % words


def list_languages(codes: Iterable[str]) -> str:
    return ", ".join(sorted(language_name(code) for code in codes))


def list_domains(keys: Iterable[str], of: RoundProblem) -> list[str]:
    """Return the codes of domains, in the order of the Guide."""
    wanted = set(keys)
    return [domain.code for domain in of.round.edition.framework.domains if domain.permanent_key in wanted]


def describe_seat(found: SeatExplanation, of: RoundProblem) -> list[str]:
    """Return the reasons for a member, and how many visits they do in the round."""
    reasons = []
    if found.languages:
        reasons.append(_("speaks %(languages)s") % {"languages": list_languages(found.languages)})
    if known := list_domains(found.concerns, of):
        reasons.append(_("knows %(domains)s") % {"domains": ", ".join(known)})
    reasons.append(_("was on visits before") if found.is_experienced else _("first visit"))
    reasons.append(_("visit %(number)d of at most %(most)d") % {"number": found.visits, "most": found.most_visits})
    return reasons


def describe_costs(costs: Mapping[Cost, int]) -> list[str]:
    """Return sentences about unmet wishes, except the load, which a table shows."""
    found = []
    for cost, amount in costs.items():
        count = amount // COSTS[cost]
        if cost is Cost.EMPTY:
            found.append(ngettext("%(n)d seat has nobody.", "%(n)d seats have nobody.", count) % {"n": count})
        elif cost is Cost.LANGUAGE:
            found.append(
                ngettext(
                    "%(n)d member speaks no language of the hotline.",
                    "%(n)d members speak no language of their hotline.",
                    count,
                )
                % {"n": count}
            )
        elif cost is Cost.CONCERN:
            found.append(
                ngettext(
                    "%(n)d domain of concern is known well by nobody of its team.",
                    "%(n)d domains of concern are known well by nobody of their team.",
                    count,
                )
                % {"n": count}
            )
        elif cost is Cost.NO_EXPERIENCE:
            found.append(
                ngettext(
                    "In %(n)d team nobody was on a visit before.", "In %(n)d teams nobody was on a visit before.", count
                )
                % {"n": count}
            )
        elif cost is Cost.NEW_LEAD:
            found.append(
                ngettext("%(n)d lead was on no visit before.", "%(n)d leads were on no visit before.", count)
                % {"n": count}
            )
    return found
