"""Releases of the network's years: MCE reviews a draft, releases it as reviewed, or retracts it from the site."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evaluation import queries
from evaluation.figures.publishing.draft_task import Computing, find_draft, forget_failure, version_of
from evaluation.figures.publishing.network_years import count_accepted
from evaluation.figures.publishing.release import (
    Draft,
    draft_release,
    find_release,
    newest_releases,
    publish,
    read_source,
)
from evaluation.figures.publishing.year_data import from_text
from evaluation.models import NetworkRelease, NetworkYear
from evaluation.workflow import Refusal
from portal.access import require
from portal.figures.series.deliveries import DeliveryFilter
from portal.moves.pages import offered_moves, perform_move, shown_steps
from portal.presentation.form_values import read_words
from portal.presentation.moves import words_of
from portal.presentation.network_figures import draw_in_every_language, show_year
from portal.presentation.reasons import show_reason
from portal.presentation.refusals import report_refusal
from portal.requests.signed_in import SignedInRequest


@dataclass(frozen=True, slots=True)
class ShownYear:
    """A year in the list: its public release, and how many hotlines have accepted figures."""

    year: int
    network_year: NetworkYear | None
    release: NetworkRelease | None
    accepted: int


@require_safe
def releases(request: SignedInRequest) -> HttpResponse:
    """List the years with accepted or public figures, newest first."""
    require(request, "statistics.publish")
    wanted = DeliveryFilter.read(request)
    return render(
        request, "figures/series/releases.html", {"wanted": wanted, "years": _years(invented=wanted.is_invented)}
    )


def _years(*, invented: bool) -> Sequence[ShownYear]:
    known = {one.year: one for one in NetworkYear.objects.filter(is_invented=invented)}
    newest, accepted = newest_releases(known.values()), count_accepted(invented=invented)
    years = sorted({*known, *accepted}, reverse=True)
    return [
        ShownYear(year, one, newest.get(one.pk) if one else None, accepted.get(year, 0))
        for year in years
        for one in [known.get(year)]
    ]


@require_safe
def release_of_year(request: SignedInRequest, year: int) -> HttpResponse:
    """Show the next release of a year as the public would see it, the reasons against it, and earlier releases.

    While the worker computes it, the page says so and requests this part of itself again. `for` in its address is the
    digest of what it waits for, so that it tells when the figures have changed.
    """
    require(request, "statistics.publish")
    wanted = DeliveryFilter.read(request)
    found = _find_year(year, wanted)
    source = read_source(year, invented=wanted.is_invented)
    version = version_of(source)
    has_changed = request.GET.get("for", version) != version or "changed" in request.GET
    return _show(request, found, find_draft(source), wanted, has_changed=has_changed)


@require_POST
def compute_again(request: SignedInRequest, year: int) -> HttpResponse:
    """Ask the worker again for a draft that it could not compute."""
    require(request, "statistics.publish")
    wanted = DeliveryFilter.read(request)
    _find_year(year, wanted)
    forget_failure(read_source(year, invented=wanted.is_invented))
    return redirect(_address(year, wanted))


def _show(
    request: SignedInRequest,
    found: NetworkYear,
    draft: Draft | Computing,
    wanted: DeliveryFilter,
    *,
    note: str = "",
    has_changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    public = newest_releases([found]).get(found.pk) if found.pk else None
    context = {
        "wanted": wanted,
        "year": found.year,
        "found": found,
        "states": NetworkYear.State,
        "public": public,
        "note": note,
        "has_changed": has_changed,
        "formers": found.pk and found.releases.defer("document", "basis").order_by("-number"),
        "moves": offered_moves(found, request.user) if found.pk else [],
        "steps": shown_steps(queries.steps_of(found)) if found.pk else [],
    }
    if isinstance(draft, Draft):
        latest = public if draft.reasons else None
        context |= {
            "draft": draft,
            "shut_reasons": [show_reason(reason) for reason in draft.reasons],
            "stays": latest is not None,
            "network": show_year(from_text(latest.document) if latest else draft.year_tables),
        }
    else:
        context["computing"] = draft
    name = "next_release" if request.htmx else "release"
    return render(request, f"figures/series/{name}.html", context, status=status)


def _find_year(year: int, wanted: DeliveryFilter) -> NetworkYear:
    """Return the year; before its first release, without a row. Raises Http404 without accepted figures."""
    found: NetworkYear | None = NetworkYear.objects.filter(year=year, is_invented=wanted.is_invented).first()
    if found is None and year not in count_accepted(invented=wanted.is_invented):
        raise Http404
    return found or NetworkYear(year=year, is_invented=wanted.is_invented)


@require_POST
def publish_year(request: SignedInRequest, year: int) -> HttpResponse:
    """Release the draft that the form showed. A refused form keeps its note."""
    require(request, "statistics.publish")
    wanted, note = DeliveryFilter.read(request), read_words(request.POST, "note")
    _find_year(year, wanted)
    shown_digest = read_words(request.POST, "sha256")
    try:
        publish(year, invented=wanted.is_invented, sha256=shown_digest, by=request.user, note=note)
    except Refusal as refusal:
        report_refusal(request, refusal)
        draft = draft_release(year, invented=wanted.is_invented)  # computed to publish it
        return _show(request, _find_year(year, wanted), draft, wanted, note=note, status=409)
    if release := find_release(year, invented=wanted.is_invented):
        draw_in_every_language(from_text(release.document))
    done = words_of(NetworkYear(), "publish").done
    messages.success(request, _("%(act)s. This is recorded in the log.") % {"act": done})
    return redirect(_address(year, wanted))


@require_POST
def move_year(request: SignedInRequest, year: int, name: str) -> HttpResponse:
    require(request, "statistics.publish")
    wanted = DeliveryFilter.read(request)
    found = get_object_or_404(NetworkYear, year=year, is_invented=wanted.is_invented)
    return perform_move(request, found, name, back_to=_address(year, wanted))


def _address(year: int, wanted: DeliveryFilter) -> str:
    of = "invented" if wanted.is_invented else "real"
    return f"{reverse('workspace:network_release', args=[year])}?of={of}"
