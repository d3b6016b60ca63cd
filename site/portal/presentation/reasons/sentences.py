"""The texts of reasons against a move, each with a link to the page on which the reason can be resolved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from evaluation.models import Evaluation
from evaluation.models.reasons import Reason
from evaluation.models.states import Stateful
from portal.presentation.reasons.accreditation import ACCREDITATION_REASONS
from portal.presentation.reasons.consultation import CONSULTATION_REASONS
from portal.presentation.reasons.learning import LEARNING_REASONS
from portal.presentation.reasons.network_year import RELEASE_REASONS
from portal.presentation.reasons.panel import PANEL_REASONS
from portal.presentation.reasons.people import PEOPLE_REASONS
from portal.presentation.reasons.rounds import ROUND_REASONS
from portal.presentation.reasons.visits import VISIT_REASONS
from portal.presentation.reasons.words import names_of
from standards.framework import Framework
from standards.models import Texts
from standards.presentation.sentences import Passage
from standards.presentation.symbols import tag_kind


@dataclass(frozen=True, slots=True)
class PlacesOfStandard:
    """Indicators of one standard, each with the URL where the reason can be resolved."""

    code: str
    title: Passage | None
    """None if the page does not read the texts of the edition."""
    places: tuple[tuple[str, str], ...]

    @property
    def url(self) -> str:
        return self.places[0][1]


@dataclass(frozen=True, slots=True)
class ShownReason:
    """A reason in a list: what is missing, why it matters, and the page on which it can be resolved."""

    what: str
    why: str = ""
    url: str = ""
    count: int = 0
    codes: tuple[str, ...] = ()
    """The indicators that it is about."""
    standards: tuple[PlacesOfStandard, ...] = ()
    """The same indicators by standard, in the order of the edition, each with its URL."""

    @property
    def sentence(self) -> str:
        return f"{self.what}. {self.why or _listed(self.codes)}".strip()


def _listed(codes: Sequence[str]) -> str:
    """Return the first codes, and the number of further ones."""
    shown = ", ".join(codes[:6])
    if len(codes) > 6:
        return gettext("%(codes)s and %(count)d more") % {"codes": shown, "count": len(codes) - 6}
    return shown


def _standard_url(evaluation: Evaluation, view: str, code: str) -> str:
    standard = evaluation.framework.standard_of[code]
    return f"{reverse(f'workspace:{view}', args=[evaluation.uid, standard.code])}#i{code}"


def _unanswered(reason: Reason) -> tuple[str, str]:
    what = ngettext("%(count)d indicator has no answer", "%(count)d indicators have no answer", reason.count) % {
        "count": reason.count
    }
    if not reason.highest_count:
        return what, ""
    why = ngettext(
        "The Guide insists most on %(count)d of them. Without an answer it counts as missing at the decision.",
        "The Guide insists most on %(count)d of them. Without an answer they count as missing at the decision.",
        reason.highest_count,
    ) % {"count": reason.highest_count}
    return what, why


def _why_figures(reason: Reason) -> str:
    why = gettext("Send in the figures, or say in the declaration why they are missing: %(codes)s.") % {
        "codes": _listed(reason.codes)
    }
    if not reason.highest_count:
        return why
    insists = ngettext(
        "The Guide insists most on %(count)d of them.",
        "The Guide insists most on %(count)d of them.",
        reason.highest_count,
    ) % {"count": reason.highest_count}
    return f"{insists} {why}"


_ABOUT_INDICATORS: dict[str, Callable[[Reason], tuple[str, str]]] = {
    "unanswered": _unanswered,
    "figures_missing": lambda r: (
        ngettext(
            "%(count)d indicator is filled from figures and has none",
            "%(count)d indicators are filled from figures and have none",
            r.count,
        ) % {"count": r.count},
        _why_figures(r),
    ),
    "exception_without_reason": lambda r: (
        ngettext(
            "%(count)d “not applicable” has no reason", "%(count)d “not applicable” have no reason", r.count
        ) % {"count": r.count},
        "",
    ),
    "yes_without_evidence": lambda r: (
        ngettext("%(count)d yes has no evidence", "%(count)d yes answers have no evidence", r.count)
        % {"count": r.count},
        gettext("Where the Guide asks for evidence, a “yes” needs at least one document or address: %(codes)s.")
        % {"codes": _listed(r.codes)},
    ),
    "unchanged_since_sent_back": lambda r: (
        ngettext(
            "%(count)d indicator that was sent back is unchanged",
            "%(count)d indicators that were sent back are unchanged",
            r.count,
        ) % {"count": r.count},
        gettext("Change the answer or its evidence, or reply to the reviewers why it stays: %(codes)s.")
        % {"codes": _listed(r.codes)},
    ),
    "not_returnable": lambda r: (
        ngettext(
            "%(count)d indicator cannot be sent back", "%(count)d indicators cannot be sent back", r.count
        ) % {"count": r.count},
        gettext("The hotline does not answer it, or it is not asked any more: %(codes)s.")
        % {"codes": _listed(r.codes)},
    ),
    "no_finding": lambda r: (
        ngettext("%(count)d indicator has no finding", "%(count)d indicators have no finding", r.count)
        % {"count": r.count},
        "",
    ),
    "carried_over": lambda r: (
        ngettext(
            "%(count)d answer from last time has not been looked at again",
            "%(count)d answers from last time have not been looked at again",
            r.count,
        ) % {"count": r.count},
        gettext("Say that it is still true, or change it: %(codes)s.") % {"codes": _listed(r.codes)},
    ),
    "difference_without_words": lambda r: (
        ngettext(
            "%(count)d finding differs from the answer and does not say why",
            "%(count)d findings differ from the answer and do not say why",
            r.count,
        ) % {"count": r.count},
        "",
    ),
    "divergence_without_words": lambda r: (
        ngettext(
            "%(count)d finding on which the assessors differed does not say how they agreed",
            "%(count)d findings on which the assessors differed do not say how they agreed",
            r.count,
        ) % {"count": r.count},
        "",
    ),
    "contested_without_words": lambda r: (
        ngettext(
            "%(count)d finding has evidence against it and no words",
            "%(count)d findings have evidence against them and no words",
            r.count,
        ) % {"count": r.count},
        gettext("Say what is wrong, or take the evidence away: %(codes)s.") % {"codes": _listed(r.codes)},
    ),
    "remarks_without_reply": lambda r: (
        ngettext(
            "%(count)d remark of the hotline has no answer", "%(count)d remarks of the hotline have no answer", r.count
        ) % {"count": r.count},
        gettext("Answer each of them, then hand the answers to the panel: %(codes)s.") % {"codes": _listed(r.codes)},
    ),
    "replies_of_tied_authors": lambda r: (
        ngettext(
            "%(count)d answer is by somebody who has a stake in the hotline now, or decides on it",
            "%(count)d answers are by somebody who has a stake in the hotline now, or decides on it",
            r.count,
        ) % {"count": r.count},
        gettext("Somebody else looks at it, and saves it as their own or changes it: %(codes)s.")
        % {"codes": _listed(r.codes)},
    ),
    "remarks_unanswered": lambda r: (
        ngettext(
            "The assessors have not answered %(count)d remark of the hotline yet",
            "The assessors have not answered %(count)d remarks of the hotline yet",
            r.count,
        ) % {"count": r.count},
        gettext("The panel reads and votes when it has their answers."),
    ),
}  # fmt: skip

_FINDING_CODES = ("no_finding", "difference_without_words", "divergence_without_words")
_REMARK_PAGES = {
    "contested_without_words": "response",
    "remarks_without_reply": "replies",
    "replies_of_tied_authors": "replies",
}
"""The page on which such a reason is resolved."""
_REMARK_CODES = (*_REMARK_PAGES, "remarks_unanswered")


def _url_of_remarks(reason: Reason, evaluation: object) -> str:
    """Return the URL of the first remark, for users who write or answer remarks; empty for the panel."""
    page = _REMARK_PAGES.get(reason.code)
    if page is None or not isinstance(evaluation, Evaluation):
        return ""
    return f"{reverse(f'workspace:{page}', args=[evaluation.uid])}#r{reason.codes[0]}"


_PLAIN: dict[str, tuple[str | Promise, str | Promise]] = {
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
    "own_country_unknown": (
        gettext_lazy("Nobody knows from which country you are"),
        gettext_lazy(
            "Say it in your account first: who comes from the hotline’s country neither assesses nor decides."
        ),
    ),
    "no_answer_awaited": (
        gettext_lazy("No answer to the hotline is awaited"),
        gettext_lazy("It contests nothing, or the panel has the answers already."),
    ),
    "needs_note": (gettext_lazy("Say why"), gettext_lazy("The words go to the log and to those concerned.")),
    "nothing_sent_back": (
        gettext_lazy("No indicator is chosen"),
        gettext_lazy("Write the reason at each indicator that is sent back."),
    ),
    "no_answer_is_fixed": (
        gettext_lazy("Every answer can be changed already"),
        gettext_lazy("The self-assessment is with the hotline as a whole."),
    ),
    "not_signed": (
        gettext_lazy("The declaration is not signed"),
        gettext_lazy("Read it, tick the box below it, and submit again."),
    ),
    "answers_changed": (
        gettext_lazy("Answers were changed while you read"),
        gettext_lazy("What is declared now stands on this page. Read it again, then tick the box."),
    ),
    "corrections_changed": (
        gettext_lazy("The corrections changed since you opened the page"),
        gettext_lazy("Read them as they are now, then count them."),
    ),
    "no_corrections": (
        gettext_lazy("No figure was corrected since the submission"),
        gettext_lazy("A correction is shown here once Missing Children Europe accepted its file."),
    ),
    "traits_not_stated": (
        gettext_lazy("Nobody has said yet which traits the hotline has"),
        gettext_lazy("Missing Children Europe does this: it decides what is asked of the hotline."),
    ),
    "no_visit": (gettext_lazy("No study visit is arranged"), gettext_lazy("Set its dates and its team.")),
    "no_lead": (gettext_lazy("The team has no lead assessor"), gettext_lazy("Choose one who leads and signs off.")),
    "visit_has_begun": (gettext_lazy("The study visit has begun"), ""),
    "lead_not_finished": (
        gettext_lazy("The lead assessor has not finished recording"),
        gettext_lazy("Say that you have finished, then go on without the others."),
    ),
    "has_finished": (
        gettext_lazy("You have finished recording already"),
        gettext_lazy("It can be taken back until all of the team have finished."),
    ),
    "has_not_finished": (gettext_lazy("You are still recording"), ""),
    "not_accepted": (gettext_lazy("The self-assessment is not accepted yet"), ""),
    "not_signed_off": (gettext_lazy("The findings are not signed off"), gettext_lazy("The lead assessor does this.")),
    "no_scorecard": (gettext_lazy("The findings are not scored yet"), ""),
    "no_decision": (gettext_lazy("The panel has not written its decision"), ""),
    "no_report": (
        gettext_lazy("The report of the decision that stands is not printed"),
        gettext_lazy("Print it, then publish."),
    ),
    "no_public_report": (
        gettext_lazy("The version of the report for the public is not printed in every language of the report"),
        gettext_lazy("Prepare it on the page of the publication."),
    ),
    "no_extent": (gettext_lazy("It is not chosen what becomes public"), gettext_lazy("Choose it.")),
    "decision_is_newer": (
        gettext_lazy("A newer decision came in between"),
        gettext_lazy("Look at what becomes public now."),
    ),
    "no_proof": (
        gettext_lazy("Nothing is shown yet"),
        gettext_lazy("Add a document or an address, or say why there can be neither."),
    ),
    "too_many_waiting": (
        gettext_lazy("Too many files of this hotline are waiting"),
        gettext_lazy("Wait until they are read, or say what the columns of those mean that wait for it."),
    ),
    "looks_personal": (
        gettext_lazy("It looks like an e-mail address, a telephone number or a date"),
        gettext_lazy("Say it without. What you write is kept and read, so name nobody."),
    ),
    "earlier_files_changed": (
        gettext_lazy("Another file for this time was confirmed or taken back while you looked at this page"),
        gettext_lazy("Look again at what keeps counting and what stops. What you ticked is still ticked."),
    ),
    "warnings_unexplained": (
        gettext_lazy("The checks noticed something that nobody has explained yet"),
        gettext_lazy("Write a sentence about each point, and save them."),
    ),
    "no_hotline": (gettext_lazy("No hotline is chosen"), gettext_lazy("Choose at least one.")),
    "no_reasons": (gettext_lazy("Write the reasons"), gettext_lazy("They go to the hotline word for word.")),
    "no_such_outcome": (gettext_lazy("Choose an outcome"), ""),
}

_ABOUT_PEOPLE: dict[str, tuple[str | Promise, str | Promise]] = {
    "not_everybody_finished": (
        gettext_lazy("Still recording: %(names)s"),
        gettext_lazy("The findings are entered when all of the team have finished."),
    ),
    "team_tied_by_country": (
        gettext_lazy("From the country of this hotline: %(names)s"),
        gettext_lazy("Who comes from the same country cannot assess it."),
    ),
    "team_tied_by_role": (
        gettext_lazy("Has or had a role at this hotline: %(names)s"),
        gettext_lazy("Who works or worked there cannot assess it."),
    ),
    "team_tied_by_declared": (
        gettext_lazy("Declared a tie with this hotline: %(names)s"),
        gettext_lazy(
            "Whoever declared a tie cannot assess it. Their words stand on the page of their ties, in People."
        ),
    ),
    "country_unknown": (
        gettext_lazy("Nobody knows from which country they are: %(names)s"),
        gettext_lazy("Ask them and note it in People, or let them say it in their account."),
    ),
    "not_an_assessor": (gettext_lazy("Not an assessor: %(names)s"), gettext_lazy("Choose somebody with that role.")),
    "not_published": (gettext_lazy("Not published yet: %(names)s"), ""),
}


def _stage_words(reason: Reason) -> str:
    """Describe the states in which the move is possible, and the present state."""
    now, *stages = (gettext("“%(stage)s”") % {"stage": state.label} for state in (reason.state, *reason.states))
    words = {"now": now, "stage": stages[0], "stages": ", ".join(stages)}
    if len(stages) == 1:
        return gettext("This can be done while it stands at %(stage)s. It now stands at %(now)s.") % words
    return gettext("This can be done while it stands at one of these: %(stages)s. It now stands at %(now)s.") % words


_PAGES = {
    "no_visit": "arrange_visit",
    "no_lead": "visit",
    "dates_not_agreed": "visit",
    "no_report": "report",
    "rescored_otherwise": "deliberation",
    "no_public_report": "publish",
}
"""The page of an evaluation on which a reason is resolved."""

_OF_ROOMS = (
    PANEL_REASONS
    | PEOPLE_REASONS
    | ACCREDITATION_REASONS
    | RELEASE_REASONS
    | ROUND_REASONS
    | VISIT_REASONS
    | CONSULTATION_REASONS
    | LEARNING_REASONS
)
"""Reasons whose texts are in modules of their own."""


def places_by_standard(
    evaluation: Evaluation, view: str, codes: Sequence[str], texts: Texts | None
) -> tuple[PlacesOfStandard, ...]:
    """Return indicators by standard, each with the URL of its place on the page of that standard."""
    found: dict[str, list[tuple[str, str]]] = {}
    for code in codes:
        place = (code, _standard_url(evaluation, view, code))
        found.setdefault(evaluation.framework.standard_of[code].code, []).append(place)
    return tuple(
        PlacesOfStandard(standard, texts[f"standard/{standard}/title"] if texts else None, tuple(places))
        for standard, places in found.items()
    )


def show_reason(reason: Reason, thing: Stateful | None = None, texts: Texts | None = None) -> ShownReason:
    """Describe a reason; with its evaluation or visit, linked to the page on which to act.

    With the texts of the edition, its indicators are grouped under the titles of their standards.
    """
    if reason.code in _ABOUT_PEOPLE:
        what, why = _ABOUT_PEOPLE[reason.code]
        return ShownReason(str(what) % {"names": names_of(reason)}, str(why), count=reason.count)
    if reason.code in _ABOUT_INDICATORS:
        what, why = _ABOUT_INDICATORS[reason.code](reason)
        evaluation = getattr(thing, "evaluation", thing)
        if reason.code in _REMARK_CODES:
            return ShownReason(what, why, _url_of_remarks(reason, evaluation), reason.count)
        view = "findings" if reason.code in _FINDING_CODES else "answers"
        if not isinstance(evaluation, Evaluation):
            return ShownReason(what, why, "", reason.count, reason.codes)
        standards = places_by_standard(evaluation, view, reason.codes, texts)
        if reason.code == "figures_missing":
            url = reverse("workspace:hotline_figures", args=[evaluation.hotline.country])
            return ShownReason(what, why, url, reason.count, reason.codes, standards)
        return ShownReason(what, why, standards[0].url, reason.count, reason.codes, standards)
    if in_words := _OF_ROOMS.get(reason.code):
        return ShownReason(*in_words(reason), _url_at_evaluation(reason, thing))
    what, why = _PLAIN[reason.code]
    if reason.code == "wrong_state" and reason.states:
        why = _stage_words(reason)
    return ShownReason(str(what), str(why), _url_at_evaluation(reason, thing))


def _url_at_evaluation(reason: Reason, thing: Stateful | None) -> str:
    """Return the URL of the page of an evaluation on which the reason is resolved; empty if there is none."""
    page = _PAGES.get(reason.code)
    return reverse(f"workspace:{page}", args=[thing.uid]) if page and isinstance(thing, Evaluation) else ""


@dataclass(frozen=True, slots=True)
class ObligationTag:
    """The tag of an obligation: the edition's own name for it, and its style."""

    kind: str
    name: Passage


def obligation_tag(framework: Framework, texts: Texts, obligation: str) -> ObligationTag:
    return ObligationTag(tag_kind(framework, obligation), texts[f"obligation/{obligation}"])
