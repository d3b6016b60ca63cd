"""All evidence of an evaluation on one page, and the page that attaches existing evidence to one more answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.answers.evidence.listing import ListedEvidence, attach_to_answer, find_lapsing, list_evidence
from evaluation.answers.evidence.validity import KeyDates, describe_force, key_dates_of
from evaluation.files.kinds import Unacceptable
from evaluation.models import Evaluation, User
from evaluation.models.people.permissions import is_allowed
from portal.access import find_evaluation
from portal.answers.evidence.attaching import find_to_answer
from portal.answers.self_assessment import PAGE
from portal.presentation.form_values import read_words
from portal.presentation.indicators.evidence import lapse_tag
from portal.presentation.uploaded_files import describe_refused_change
from portal.requests.signed_in import SignedInRequest, refuse_foreign_form
from standards.presentation.collation import sort_key

ON_A_PAGE = 50
MOST_LAPSING = 5
"""How many are shown on the page of the evaluation, which links to the list for more."""

FILTERS: dict[str, tuple[Any, Callable[[ListedEvidence, KeyDates | None], bool]]] = {
    "used": (gettext_lazy("used"), lambda one, _dates: bool(one.links)),
    "ending": (gettext_lazy("ended or ending"), lambda one, dates: one.lapse(dates) is not None),
    "documents": (gettext_lazy("documents"), lambda one, _dates: bool(one.links) and one.document is not None),
    "addresses": (gettext_lazy("addresses"), lambda one, _dates: one.document is None),
    "unused": (gettext_lazy("not used in this round"), lambda one, _dates: not one.links),
}
"""By the value in the address: the label, and the predicate of the evidence that is listed."""

ORDERS: dict[str, tuple[Any, Callable[[ListedEvidence], Any], bool]] = {
    "newest": (gettext_lazy("Newest first"), lambda one: one.added_at, True),
    "name": (gettext_lazy("Name"), lambda one: sort_key(one.name), False),
    "end": (gettext_lazy("Ends first"), lambda one: one.ends_on or date.max, False),
    "size": (gettext_lazy("Largest first"), lambda one: one.size, True),
}
"""By the value in the address: the label, the sort key, and whether the order is descending."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filter, order and search text of the list."""

    show: str
    order: str
    words: str

    @classmethod
    def read(cls, request: SignedInRequest, *, default: str) -> "Wanted":
        show, order = request.GET.get("show", ""), request.GET.get("order", "")
        return cls(
            show=show if show in FILTERS else default,
            order=order if order in ORDERS else "newest",
            words=read_words(request.GET, "q").strip(),
        )

    def narrow(self, things: list[ListedEvidence], dates: KeyDates | None) -> list[ListedEvidence]:
        """Return the evidence that matches the filter and the search, sorted."""
        fits = FILTERS[self.show][1]
        return self.search([one for one in things if fits(one, dates)])

    def search(self, things: list[ListedEvidence]) -> list[ListedEvidence]:
        """Return the evidence whose name contains the search text, or that is attached at this code, sorted."""
        words = self.words.casefold()
        left = [one for one in things if words in one.name.casefold() or self.words in one.codes]
        _label, key, is_reverse = ORDERS[self.order]
        return sorted(left, key=key, reverse=is_reverse)


def show_listed(
    evaluation: Evaluation, thing: ListedEvidence, dates: KeyDates | None, *, may_change: bool
) -> dict[str, Any]:
    """Return one piece of evidence for the evidence component, with links to the answers that use it."""
    uid = evaluation.uid
    added = _("%(name)s, %(day)s") % {
        "name": thing.added_by.name,
        "day": date_format(timezone.localtime(thing.added_at), "SHORT_DATE_FORMAT"),
    }
    size = filesizeformat(thing.size) if thing.document else ""
    parts = (size, describe_force(thing.begins_on, thing.ends_on), added)
    places = [(code, PAGE.address(evaluation, PAGE.standard_of(evaluation, code), code)) for code in thing.codes]
    item: dict[str, Any] = {
        "key": thing.key,
        "name": thing.name,
        "meta": " · ".join(part for part in parts if part),
        "places": places,
        "url": reverse("workspace:document", args=[uid, thing.document.uid]) if thing.document else thing.address,
        "is_address": thing.document is None,
        **lapse_tag(thing.lapse(dates)),
    }
    if may_change and any(map(evaluation.is_answer_open, thing.codes)):
        item["dates_url"] = reverse("workspace:evidence_item", args=[uid, thing.links[0].uid])
    return item


def lapsing_context(evaluation: Evaluation, user: User) -> dict[str, Any]:
    """Return the evidence that ends too early, for the page of the evaluation."""
    found, dates = find_lapsing(evaluation), key_dates_of(evaluation)
    may_change = evaluation.is_open and is_allowed("evaluation.answer", user, evaluation)
    return {
        "lapsing": [show_listed(evaluation, one, dates, may_change=may_change) for one in found[:MOST_LAPSING]],
        "lapsing_more": len(found[MOST_LAPSING:]),
        "lapsing_url": f"{reverse('workspace:evidence', args=[evaluation.uid])}?show=ending&order=end",
    }


@require_safe
def evidence(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """List the evidence, for users who see the evaluation; unused documents for the hotline's people only."""
    evaluation = find_evaluation(request, uid)
    is_own = is_allowed("evaluation.answer", request.user, evaluation)
    things, dates = list_evidence(evaluation, with_unused=is_own), key_dates_of(evaluation)
    wanted = Wanted.read(request, default="used")
    counts = {name: sum(fits(one, dates) for one in things) for name, (_label, fits) in FILTERS.items()}
    show = partial(show_listed, evaluation, dates=dates, may_change=is_own and evaluation.is_open)
    page = Paginator(wanted.narrow(things, dates), ON_A_PAGE).get_page(request.GET.get("page"))
    documents = [one for one in things if one.document and one.links]
    return render(
        request,
        "answers/evidence/list.html",
        {
            "evaluation": evaluation,
            "wanted": wanted,
            "page": page,
            "items": [show(one) for one in page],
            "filters": [
                (name, f"{label} ({counts[name]})")
                for name, (label, _fits) in FILTERS.items()
                if counts[name] or name in (wanted.show, "used")
            ],
            "orders": [(name, order[0]) for name, order in ORDERS.items()],
            "document_count": len(documents),
            "document_size": sum(one.size for one in documents),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def use(request: SignedInRequest, uid: UUID, code: str) -> HttpResponse:
    """Attach evidence that the hotline already has to the answer to one indicator."""
    evaluation = find_to_answer(request, uid, code)
    things = [one for one in list_evidence(evaluation, with_unused=True) if code not in one.codes]
    place = PAGE.address(evaluation, PAGE.standard_of(evaluation, code), code)
    problem = ""
    if request.method == "POST":
        if refusal := refuse_foreign_form(request):
            return refusal
        keys = set(request.POST.getlist("chosen"))
        chosen = [one for one in things if one.key in keys]
        problem = "" if chosen else _("Choose at least one.")
        try:
            attach_to_answer(evaluation, code, chosen, by=request.user)
        except Unacceptable as refused:
            problem = describe_refused_change(refused)
        if not problem:
            return HttpResponseRedirect(place)
    dates, wanted = key_dates_of(evaluation), Wanted.read(request, default="used")
    page = Paginator(wanted.search(things), ON_A_PAGE).get_page(request.GET.get("page"))
    texts = evaluation.round.edition.texts(get_language())
    return render(
        request,
        "answers/evidence/use.html",
        {
            "evaluation": evaluation,
            "code": code,
            "wording": texts[f"indicator/{code}/wording"],
            "wanted": wanted,
            "page": page,
            "items": [show_listed(evaluation, one, dates, may_change=False) for one in page],
            "problem": problem,
            "has_any": bool(things),
            "back": place,
        },
        status=422 if problem else 200,
    )
