"""The register of the texts of reasons against a move, each with the page on which the reason can be resolved.

Each noun declares the texts of its reasons. Those that any move can have are declared here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluation.models import Evaluation
from evaluation.models.reasons import Reason
from evaluation.models.states import Stateful
from standards.models import Texts
from standards.presentation.sentences import Passage

Sentences = tuple[str | Promise, str | Promise] | Callable[[Reason], tuple[str, str]]
"""What is wrong, and what can be done about it.

A pair of texts may contain `%(day)s` (or `%(first)s`) and `%(last)s`, `%(names)s` (or `%(name)s` and `%(hotline)s` for
the first and the second), `%(codes)s`, `%(count)d`, `%(have)d` and `%(need)d`. A function returns other pairs.
"""
Address = Callable[[Reason, Evaluation], str]
"""Returns the URL on which the reason can be resolved."""


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
    codes: tuple[str, ...] = ()
    """The indicators that it is about."""
    standards: tuple[PlacesOfStandard, ...] = ()
    """The same indicators by standard, in the order of the edition, each with its URL."""

    @property
    def count(self) -> int:
        return len(self.codes)

    @property
    def sentence(self) -> str:
        return f"{self.what}. {self.why or list_codes(self.codes)}".strip()


@dataclass(frozen=True, slots=True)
class _Declared:
    sentences: Sentences
    page: str
    places: str
    address: Address | None

    def describe(self, reason: Reason) -> tuple[str, str]:
        if callable(self.sentences):
            return self.sentences(reason)
        what, why = self.sentences
        values = _values_of(reason)
        return what % values, why % values


_REASONS: dict[str, _Declared] = {}


def declare_reasons(
    sentences: Mapping[str, Sentences], *, page: str = "", places: str = "", address: Address | None = None
) -> None:
    """Declare the texts of reasons, by code, and where they can be resolved.

    That is the `page` of the evaluation, for reasons that are shown at it; for reasons about indicators the page of
    each standard, of which `places` is the view; or another `address`. Raises ValueError for a code that has texts.
    """
    if twice := sentences.keys() & _REASONS.keys():
        raise ValueError(f"These reasons have texts already: {sorted(twice)}")

    _REASONS.update({code: _Declared(words, page, places, address) for code, words in sentences.items()})


def show_reason(reason: Reason, thing: Stateful | None = None, texts: Texts | None = None) -> ShownReason:
    """Describe a reason; with the evaluation or what belongs to it, linked to the page on which to act.

    With the texts of the edition, its indicators are grouped under the titles of their standards.
    """
    declared = _REASONS[reason.code]
    what, why = declared.describe(reason)
    evaluation = getattr(thing, "evaluation", thing)
    if not isinstance(evaluation, Evaluation):
        return ShownReason(what, why, codes=reason.codes)
    standards = places_by_standard(evaluation, declared.places, reason.codes, texts) if declared.places else ()
    url = standards[0].url if standards else ""
    if declared.address:
        url = declared.address(reason, evaluation)
    elif declared.page and thing is evaluation:
        url = reverse(f"workspace:{declared.page}", args=[evaluation.uid])
    return ShownReason(what, why, url, reason.codes, standards)


def places_by_standard(
    evaluation: Evaluation, view: str, codes: Sequence[str], texts: Texts | None
) -> tuple[PlacesOfStandard, ...]:
    """Return indicators by standard, each with the URL of its place on the page of that standard."""
    found: dict[str, list[tuple[str, str]]] = {}
    for code in codes:
        standard = evaluation.framework.standard_of[code].code
        url = f"{reverse(f'workspace:{view}', args=[evaluation.uid, standard])}#i{code}"
        found.setdefault(standard, []).append((code, url))
    return tuple(
        PlacesOfStandard(standard, texts[f"standard/{standard}/title"] if texts else None, tuple(places))
        for standard, places in found.items()
    )


def list_codes(codes: Sequence[str]) -> str:
    """Return the first codes, and the number of further ones."""
    shown = ", ".join(codes[:6])
    if len(codes) > 6:
        return gettext("%(codes)s and %(count)d more") % {"codes": shown, "count": len(codes) - 6}
    return shown


def _values_of(reason: Reason) -> dict[str, str | int]:
    day = date_format(reason.day) if reason.day else ""
    values: dict[str, str | int] = {"day": day, "first": day, "last": date_format(reason.last) if reason.last else ""}
    values |= {"names": ", ".join(reason.names), **dict(zip(("name", "hotline"), reason.names, strict=False))}
    values |= {"codes": list_codes(reason.codes), "count": reason.count, "have": reason.have, "need": reason.need}
    return values


def _wrong_state(reason: Reason) -> tuple[str, str]:
    what = gettext("This is not the stage for it")
    if not reason.states:
        return what, gettext("Somebody may have moved it on. Look at the page again.")
    now, *stages = (gettext("“%(stage)s”") % {"stage": state.label} for state in (reason.state, *reason.states))
    words = {"now": now, "stage": stages[0], "stages": ", ".join(stages)}
    if len(stages) == 1:
        why = gettext("This can be done while it stands at %(stage)s. It now stands at %(now)s.")
    else:
        why = gettext("This can be done while it stands at one of these: %(stages)s. It now stands at %(now)s.")
    return what, why % words


declare_reasons(
    {
        "wrong_state": _wrong_state,
        "not_permitted": (_("Your role does not allow this"), _("Ask the coordinator of your team.")),
        "has_a_stake": (
            _("You have a tie with this hotline"),
            _("Who comes from the same country, worked there or declared a stake neither assesses nor decides."),
        ),
        "own_country_unknown": (
            _("Nobody knows from which country you are"),
            _("Say it in your account first: who comes from the hotline’s country neither assesses nor decides."),
        ),
        "needs_note": (_("Say why"), _("The words go to the log and to those concerned.")),
    }
)
