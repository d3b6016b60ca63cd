"""Reasons, refusals and steps in words, with a link to the very place where something can be done about them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext, pgettext_lazy

from evaluation.conditions import Reason
from evaluation.models import Evaluation
from evaluation.models.states import Stateful


@dataclass(frozen=True, slots=True)
class Blocker:
    """One line of the list of what stands in the way."""

    what: str
    why: str = ""
    url: str = ""
    count: int = 0


def _listed(codes: Iterable[str]) -> str:
    """The first codes, and how many more."""
    codes = list(codes)
    shown = ", ".join(codes[:6])
    if len(codes) > 6:
        return gettext("%(codes)s and %(count)d more") % {"codes": shown, "count": len(codes) - 6}
    return shown


def _names(reason: Reason) -> str:
    return ", ".join(reason.names)


def _standard_url(evaluation: Evaluation, view: str, code: str) -> str:
    standard = evaluation.framework.standard_of[code]
    return f"{reverse(f'workspace:{view}', args=[evaluation.uid, standard.code])}#i{code}"


def _unanswered(reason: Reason) -> tuple[str, str]:
    what = ngettext("%(count)d indicator has no answer", "%(count)d indicators have no answer", reason.count) % {
        "count": reason.count
    }
    if not reason.essential:
        return what, _listed(reason.codes)
    why = ngettext(
        "%(count)d of them essential. An essential indicator without an answer counts as missing at the decision.",
        "%(count)d of them essential. An essential indicator without an answer counts as missing at the decision.",
        reason.essential,
    ) % {"count": reason.essential}
    return what, why


_ABOUT_INDICATORS: dict[str, Callable[[Reason], tuple[str, str]]] = {
    "unanswered": _unanswered,
    "exception_without_reason": lambda r: (
        ngettext(
            "%(count)d “not applicable” has no reason", "%(count)d “not applicable” have no reason", r.count
        ) % {"count": r.count},
        _listed(r.codes),
    ),
    "yes_without_evidence": lambda r: (
        ngettext("%(count)d yes has no evidence", "%(count)d yes answers have no evidence", r.count)
        % {"count": r.count},
        gettext("An essential “yes” needs at least one document or address: %(codes)s.")
        % {"codes": _listed(r.codes)},
    ),
    "no_finding": lambda r: (
        ngettext("%(count)d indicator has no finding", "%(count)d indicators have no finding", r.count)
        % {"count": r.count},
        _listed(r.codes),
    ),
    "difference_without_words": lambda r: (
        ngettext(
            "%(count)d finding differs from the answer and does not say why",
            "%(count)d findings differ from the answer and do not say why",
            r.count,
        ) % {"count": r.count},
        _listed(r.codes),
    ),
}  # fmt: skip

_FINDING_CODES = ("no_finding", "difference_without_words")

_PLAIN: dict[str, tuple[str, str]] = {
    "wrong_state": (
        gettext_lazy("This is not the stage for it"),
        gettext_lazy("Somebody may have moved it on. Look at the page again."),
    ),
    "not_permitted": (
        gettext_lazy("Your role does not allow this"),
        gettext_lazy("Ask the coordinator of your team."),
    ),
    "has_a_stake": (
        gettext_lazy("You have a tie with this hotline"),
        gettext_lazy("Who comes from the same country, worked there or declared a stake neither assesses nor decides."),
    ),
    "needs_note": (gettext_lazy("Say why"), gettext_lazy("The words go to the log and to those concerned.")),
    "no_visit": (gettext_lazy("No study visit is arranged"), gettext_lazy("Set its dates and its team.")),
    "no_lead": (gettext_lazy("The team has no lead assessor"), gettext_lazy("Choose one who leads and signs off.")),
    "visit_has_begun": (gettext_lazy("The study visit has begun"), ""),
    "not_accepted": (gettext_lazy("The self-assessment is not accepted yet"), ""),
    "not_signed_off": (gettext_lazy("The findings are not signed off"), gettext_lazy("The lead assessor does this.")),
    "no_scorecard": (gettext_lazy("The findings are not scored yet"), ""),
    "no_decision": (gettext_lazy("The panel has not written its decision"), ""),
    "no_report": (gettext_lazy("The report is not printed"), gettext_lazy("Print it, then publish.")),
    "no_hotline": (gettext_lazy("No hotline is chosen"), gettext_lazy("Choose at least one.")),
    "no_reasons": (gettext_lazy("Write the reasons"), gettext_lazy("They go to the hotline word for word.")),
    "no_such_outcome": (gettext_lazy("Choose an outcome"), ""),
}

_ABOUT_PEOPLE: dict[str, tuple[str, str]] = {
    "team_has_a_stake": (
        gettext_lazy("On the team with a tie to this hotline: %(names)s"),
        gettext_lazy("Who comes from the same country, worked there or declared a stake cannot assess it."),
    ),
    "not_an_assessor": (gettext_lazy("Not an assessor: %(names)s"), gettext_lazy("Choose somebody with that role.")),
    "not_published": (gettext_lazy("Not published yet: %(names)s"), ""),
}


def blocker(reason: Reason, thing: Stateful | None = None) -> Blocker:
    """A reason in words; with the evaluation or visit it is about, linked to the place to act."""
    if reason.code in _ABOUT_PEOPLE:
        what, why = _ABOUT_PEOPLE[reason.code]
        return Blocker(str(what) % {"names": _names(reason)}, str(why), count=reason.count)
    if reason.code in _ABOUT_INDICATORS:
        what, why = _ABOUT_INDICATORS[reason.code](reason)
        evaluation = getattr(thing, "evaluation", thing)
        view = "findings" if reason.code in _FINDING_CODES else "answers"
        url = _standard_url(evaluation, view, reason.codes[0]) if isinstance(evaluation, Evaluation) else ""
        return Blocker(what, why, url, reason.count)
    what, why = _PLAIN[reason.code]
    url = ""
    if isinstance(thing, Evaluation) and reason.code in ("no_visit", "no_lead"):
        url = reverse("workspace:visit", args=[thing.uid])
    if isinstance(thing, Evaluation) and reason.code == "no_report":
        url = reverse("workspace:report", args=[thing.uid])
    return Blocker(str(what), str(why), url)


@dataclass(frozen=True, slots=True)
class MoveWords:
    """A move as a button (`act`), as a line of the log (`done`), and what its words are asked with."""

    act: str
    done: str
    ask: str = ""


MOVES: dict[tuple[str, str], MoveWords] = {
    ("round", "open"): MoveWords(gettext_lazy("Open the round"), gettext_lazy("Round opened")),
    ("round", "close"): MoveWords(gettext_lazy("Close the round"), gettext_lazy("Round closed")),
    ("evaluation", "submit"): MoveWords(gettext_lazy("Submit"), gettext_lazy("Self-assessment submitted")),
    ("evaluation", "send_back"): MoveWords(
        gettext_lazy("Send back"),
        gettext_lazy("Self-assessment sent back"),
        gettext_lazy("What is to be completed?"),
    ),
    ("evaluation", "accept"): MoveWords(
        gettext_lazy("Accept and send the team"), gettext_lazy("Self-assessment accepted")
    ),
    ("evaluation", "begin_report"): MoveWords(gettext_lazy("Begin the report"), gettext_lazy("Report begun")),
    ("evaluation", "propose"): MoveWords(
        gettext_lazy("Score and propose to the panel"), gettext_lazy("Scored and proposed to the panel")
    ),
    ("evaluation", "send_back_to_assessors"): MoveWords(
        gettext_lazy("Send back to the lead assessor"),
        gettext_lazy("Sent back to the lead assessor"),
        gettext_lazy("What could the panel not follow?"),
    ),
    ("evaluation", "decide"): MoveWords(gettext_lazy("Record the decision"), gettext_lazy("Decision recorded")),
    ("evaluation", "publish"): MoveWords(gettext_lazy("Publish the outcome"), gettext_lazy("Outcome published")),
    ("visit", "begin"): MoveWords(gettext_lazy("Begin the visit"), gettext_lazy("Visit begun")),
    ("visit", "sign_off"): MoveWords(gettext_lazy("Sign off the findings"), gettext_lazy("Findings signed off")),
    ("statistics", "confirm"): MoveWords(gettext_lazy("Confirm the figures"), gettext_lazy("Figures confirmed")),
    ("statistics", "supersede"): MoveWords(
        gettext_lazy("Supersede"), gettext_lazy("Figures superseded by a later file")
    ),
    ("recommendation", "issue"): MoveWords(pgettext_lazy("move", "Issue"), gettext_lazy("Recommendation issued")),
}

BACKWARD = {"send_back", "send_back_to_assessors"}
"""Moves that lead back, which the timeline shows as a diamond."""


def words_of(thing: Stateful, name: str) -> MoveWords:
    return MOVES[thing.kind, name]


def refusal_message(blockers: Iterable[Blocker]) -> str:
    return "; ".join(blocker.what for blocker in blockers)


def obligation_words(obligation: str) -> str:
    return {
        "essential": pgettext("obligation", "essential"),
        "core": pgettext("obligation", "core"),
        "developmental": pgettext("obligation", "developmental"),
    }[obligation]
