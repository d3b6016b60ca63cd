"""Evidence on a page: its size, when it is in force, who added it, where else it is used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evaluation.answers.evidence.validity import KeyDates, Lapse, describe_force, key_dates_of
from evaluation.models import Evaluation, Evidence

MOST_PLACES = 4
"""If more other answers use it, only their number is shown."""

LAPSES: dict[Lapse, tuple[Any, str]] = {
    Lapse.ENDED: (gettext_lazy("ended"), "stop"),
    Lapse.NOT_YET: (gettext_lazy("not in force yet"), "wait"),
    Lapse.BEFORE_VISIT: (gettext_lazy("ends before the visit"), "wait"),
    Lapse.BEFORE_DECISION: (gettext_lazy("ends before the decision"), "wait"),
}
"""The text and the kind of the tag of each lapse."""

Uses = dict[tuple[int | None, str], list[str]]
"""The codes of the answers that use a document or an address, by both."""


@dataclass(frozen=True, slots=True)
class EvidenceContext:
    """The context of the evidence of an evaluation. Without dates, no warnings are shown."""

    dates: KeyDates | None = None
    uses: Uses = field(default_factory=dict)

    def others(self, link: Evidence) -> list[str]:
        """Return the other answers that have the same document or address."""
        return [code for code in self.uses.get((link.document_id, link.address), ()) if code != link.code]

    def lapse_of(self, link: Evidence) -> Lapse | None:
        return self.dates.lapse_of(link.begins_on, link.ends_on) if self.dates else None


def evidence_context(evaluation: Evaluation, links: Iterable[Evidence]) -> EvidenceContext:
    """Return the context of these links. One query, none without links; one more for the visit if any has days."""
    links, uses = list(links), Uses()
    if not links:
        return EvidenceContext()
    same = Q(document__in={one.document_id for one in links if one.document_id}) | Q(
        address__in={one.address for one in links if one.address}
    )
    order = {code: number for number, code in enumerate(evaluation.framework.indicators)}
    for document, address, code in evaluation.evidence.filter(same).values_list("document", "address", "code"):
        uses.setdefault((document, address), []).append(code)
    for codes in uses.values():
        codes.sort(key=lambda code: order.get(code, len(order)))
    is_dated = any(one.begins_on or one.ends_on for one in links)
    return EvidenceContext(key_dates_of(evaluation) if is_dated else None, uses)


def _describe_others(codes: list[str]) -> str:
    if not codes:
        return ""
    if len(codes) <= MOST_PLACES:
        return _("also used at %(codes)s") % {"codes": ", ".join(codes)}
    words = ngettext("also used at %(count)d other answer", "also used at %(count)d other answers", len(codes))
    return words % {"count": len(codes)}


def describe(link: Evidence, context: EvidenceContext) -> str:
    """Return one line: the size, when it is in force, who added it and when, and where else it is used."""
    added = _("%(name)s, %(day)s") % {
        "name": link.added_by.name,
        "day": date_format(timezone.localtime(link.added_at), "SHORT_DATE_FORMAT"),
    }
    parts = (
        filesizeformat(link.document.size) if link.document else "",
        describe_force(link.begins_on, link.ends_on),
        added,
        _describe_others(context.others(link)),
    )
    return " · ".join(part for part in parts if part)


def lapse_tag(lapse: Lapse | None) -> Mapping[str, Any]:
    """Return the tag of the evidence component."""
    if lapse is None:
        return {}
    words, kind = LAPSES[lapse]
    return {"tag": words, "tag_kind": kind}


def show_evidence(link: Evidence, context: EvidenceContext, *, removable: bool) -> dict[str, Any]:
    """Return one document or address for the evidence component."""
    uid = link.evaluation.uid
    item = {"meta": describe(link, context), **lapse_tag(context.lapse_of(link))}
    if removable:
        item["remove_url"] = reverse("workspace:remove_evidence", args=[uid, link.code, link.uid])
        item["dates_url"] = reverse("workspace:evidence_item", args=[uid, link.uid])
    if link.document is None:
        return item | {"name": link.address, "url": link.address, "is_address": True}
    return item | {"name": link.document.name, "url": reverse("workspace:document", args=[uid, link.document.uid])}
