"""The mapping of one edition's indicators to another's, in the CMS: pairs are proposed, then confirmed or rejected."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from evaluation.models.people.permissions import is_allowed
from evaluation.rounds.renewal import carry_over_confirmed
from portal.cms.compare import Choice, choose
from portal.cms.guide import refuse_role
from standards.editions.compared import decide, read_mapping
from standards.editions.comparison import (
    Basis,
    EditionMapping,
    MappedPair,
    Obstacle,
    Pair,
    Standing,
    compare_indicators,
    is_question,
)
from standards.public_guide.changes import ChangeReader, ShownChange

OPEN, DECIDED, ALL = "open", "decided", "all"
VIEWS = (OPEN, DECIDED, ALL)


@dataclass(frozen=True, slots=True)
class MappedRow:
    """A pair as it is shown. `value` identifies it in a form, with the digest of the questions that were shown."""

    mapped: MappedPair
    value: str
    before: str
    now: str
    basis: str
    standing: str
    obstacle: str
    changes: tuple[ShownChange, ...]

    @property
    def may_be_confirmed(self) -> bool:
        return self.mapped.standing not in (Standing.UNCHANGED, Standing.CONFIRMED) and self.mapped.obstacle is None

    @property
    def may_be_rejected(self) -> bool:
        return self.mapped.standing is not Standing.REJECTED


@require_http_methods(["GET", "POST"])
def mapping(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the pairs of two editions; a POST confirms or rejects some of them."""
    choice = choose(request, page_id)
    found = read_mapping(choice.before, choice.now)
    view = request.GET.get("show", OPEN)
    view = view if view in VIEWS else OPEN
    may_decide = is_allowed("guide.release", request.user)
    if request.method == "POST":
        if not may_decide:
            return refuse_role(request, "guide.release")
        _decide(request, choice, found)
        return redirect(choice.address("guide_mapping", show=view))
    pairs = [mapped for mapped in found.mapped if _is_shown(mapped, view)]
    reader = ChangeReader(found.before, found.now, (choice.before.source_language, choice.now.source_language))
    context = {
        "title": _("Which indicator is which"),
        "icon": "list-ul",
        "page": choice.page,
        "choice": choice,
        "view": view,
        "views": [
            {"name": name, "label": label, "url": choice.address("guide_mapping", show=name), "number": number}
            for name, label, number in _views(found)
        ],
        "rows": [_row(mapped, found, reader) for mapped in pairs],
        "identical": len(_identical(found)),
        "unchanged": sum(mapped.standing is Standing.UNCHANGED for mapped in found.mapped),
        "new": [(code, found.now.text(f"indicator/{code}/wording")) for code in found.unpaired_now],
        "removed": [(code, found.before.text(f"indicator/{code}/wording")) for code in found.unpaired_before],
        "former": [
            (code, found.before.text(f"indicator/{code}/wording")) for code in found.before.framework.indicators
        ],
        "present": [(code, found.now.text(f"indicator/{code}/wording")) for code in found.now.framework.indicators],
        "may_decide": may_decide and choice.before.code != choice.now.code,
        "compare_url": choice.address("guide_compare"),
    }
    return TemplateResponse(request, "standards/mapping.html", context)


def _views(found: EditionMapping) -> Iterable[tuple[str, str, int]]:
    labels = {
        OPEN: pgettext("pairs of indicators", "to decide"),
        DECIDED: pgettext("pairs of indicators", "decided"),
        ALL: pgettext("pairs of indicators", "all"),
    }
    return ((name, label, sum(_is_shown(mapped, name) for mapped in found.mapped)) for name, label in labels.items())


def _is_shown(mapped: MappedPair, view: str) -> bool:
    return view == ALL or (mapped.decision is not None if view == DECIDED else mapped.needs_decision)


def _identical(found: EditionMapping) -> list[Pair]:
    """Return the undecided pairs whose questions are identical, word for word."""
    return [mapped.pair for mapped in found.mapped if mapped.needs_decision and found.asks_the_same(mapped.pair)]


def _row(mapped: MappedPair, found: EditionMapping, reader: ChangeReader) -> MappedRow:
    pair = mapped.pair
    changes = compare_indicators(found.before, pair.before, found.now, pair.now)
    return MappedRow(
        mapped,
        f"{pair.before} {pair.now} {found.questions(pair)}",
        found.before.text(f"indicator/{pair.before}/wording"),
        found.now.text(f"indicator/{pair.now}/wording"),
        _describe_basis(pair.basis),
        _describe_standing(mapped.standing),
        _describe_obstacle(mapped.obstacle) if mapped.obstacle else "",
        tuple(reader.of_indicator(c, pair.before, pair.now) for c in changes if is_question(c.name)),
    )


def _describe_basis(basis: Basis) -> str:
    return {
        Basis.KEY: _("the same permanent key"),
        Basis.CODE: _("the same code and kind"),
        Basis.WORDING: _("nearly the same words"),
        Basis.HAND: _("chosen by hand"),
    }[basis]


def _describe_standing(standing: Standing) -> str:
    return {
        Standing.UNCHANGED: _("unchanged: answers are carried"),
        Standing.OPEN: _("not decided: answers are not carried"),
        Standing.CONFIRMED: _("confirmed: answers are carried"),
        Standing.REJECTED: _("rejected: answers are not carried"),
        Standing.OUTDATED: _("changed since it was decided: answers are not carried"),
    }[standing]


def _describe_obstacle(obstacle: Obstacle) -> str:
    return {
        Obstacle.KIND: _("It is answered in another way, so that no answer can be carried."),
        Obstacle.SCALE: _("The scale has other levels, so that no answer can be carried."),
        Obstacle.ASKED_ANEW: _("It is marked as asked anew, so that no answer is carried."),
    }[obstacle]


def _decide(request: HttpRequest, choice: Choice, found: EditionMapping) -> None:
    """Store the decisions of the form. A pair whose questions changed since they were shown is left as it is."""
    if request.POST.get("act") == "identical":
        pairs, stale, is_confirmed = _identical(found), 0, True
    elif request.POST.get("act") == "add":
        pairs, stale, is_confirmed = _read_new(request, found), 0, True
    else:
        is_confirmed = not request.POST.get("reject") and request.POST.get("act") != "reject"
        one = request.POST.get("confirm") or request.POST.get("reject")
        pairs, stale = _read(found, [one] if one else request.POST.getlist("pair"))
    if is_confirmed:
        known = {mapped.pair: mapped for mapped in found.mapped}
        pairs = [pair for pair in pairs if pair not in known or known[pair].obstacle is None]
    with transaction.atomic():
        written = decide(choice.before, choice.now, found, pairs, is_confirmed=is_confirmed, by=request.user)
        if written and is_confirmed and choice.before.released and choice.now.released:
            carried = carry_over_confirmed(choice.before.released, choice.now.released)
        else:
            carried = None
    if written:
        sentence = (
            ngettext("%(count)s pair is confirmed.", "%(count)s pairs are confirmed.", written)
            if is_confirmed
            else ngettext("%(count)s pair is rejected.", "%(count)s pairs are rejected.", written)
        )
        messages.success(request, sentence % {"count": written})
    if carried and carried.answers:
        sentence = ngettext(
            "%(count)s answer was carried over to open self-assessments, where there was none yet.",
            "%(count)s answers were carried over to open self-assessments, where there was none yet.",
            carried.answers,
        )
        messages.success(request, sentence % {"count": carried.answers})
    if stale:
        messages.warning(request, _("Something was changed while you looked at it. Look again and decide."))
    elif not written:
        messages.warning(request, _("Nothing was decided. Choose a pair that can be."))


def _read(found: EditionMapping, values: Iterable[str]) -> tuple[list[Pair], int]:
    """Return the selected pairs that are unchanged since they were shown, and the number of the others."""
    known = {(mapped.pair.before, mapped.pair.now): mapped.pair for mapped in found.mapped}
    pairs, stale = [], 0
    for value in values:
        before, _blank, rest = value.partition(" ")
        now, _blank, questions = rest.partition(" ")
        pair = known.get((before, now))
        if pair is None or found.questions(pair) != questions:
            stale += 1
        else:
            pairs.append(pair)
    return pairs, stale


def _read_new(request: HttpRequest, found: EditionMapping) -> list[Pair]:
    before, now = request.POST.get("former", ""), request.POST.get("present", "")
    if before not in found.before.framework.indicators or now not in found.now.framework.indicators:
        return []
    known = {(mapped.pair.before, mapped.pair.now): mapped.pair for mapped in found.mapped}
    return [known.get((before, now), Pair(before, now, Basis.HAND))]
