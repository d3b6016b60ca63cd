"""List the documents and addresses of an evaluation, each once, with the answers to which it is attached."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from evaluation.answers.evidence.validity import KeyDates, Lapse, key_dates_of
from evaluation.files.documents import link_once, require_open
from evaluation.models import Document, Evaluation, Evidence, User


@dataclass(slots=True)
class ListedEvidence:
    """A document or an address. Without links, a document of the hotline that the evaluation does not use."""

    document: Document | None
    address: str = ""
    links: list[Evidence] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The value that identifies it in forms: the uid of the document, or of the first link to the address."""
        return str(self.document.uid if self.document else self.links[0].uid)

    @property
    def name(self) -> str:
        return self.document.name if self.document else self.address

    @property
    def size(self) -> int:
        return self.document.size if self.document else 0

    @property
    def codes(self) -> list[str]:
        """The codes of the answers to which it is attached, in the order of the Guide."""
        return [link.code for link in self.links]

    @property
    def added_by(self) -> User:
        if self.links:
            return self.links[0].added_by
        assert self.document is not None  # an address has links
        return self.document.uploaded_by

    @property
    def added_at(self) -> datetime:
        """When it was last attached to an answer of the evaluation, or else when it was uploaded."""
        if self.links:
            return max(link.added_at for link in self.links)
        assert self.document is not None
        return self.document.uploaded_at

    @property
    def begins_on(self) -> date | None:
        return self.links[0].begins_on if self.links else None

    @property
    def ends_on(self) -> date | None:
        return self.links[0].ends_on if self.links else None

    def lapse(self, dates: KeyDates | None) -> Lapse | None:
        return dates.lapse_of(self.begins_on, self.ends_on) if dates else None


def list_evidence(evaluation: Evaluation, *, with_unused: bool = False) -> list[ListedEvidence]:
    """Return all evidence of the evaluation; with `with_unused`, also the hotline's other documents.

    One query; two with `with_unused`.
    """
    found = _group(evaluation, evaluation.evidence.all())
    if not with_unused:
        return found
    others = Document.objects.filter(hotline=evaluation.hotline_id).exclude(links__evaluation=evaluation)
    return [*found, *map(ListedEvidence, others.select_related("uploaded_by").order_by("pk"))]


def find_lapsing(evaluation: Evaluation) -> list[ListedEvidence]:
    """Return the evidence that has ended, is not in force yet or ends too early, by its last day. At most one query."""
    dates = key_dates_of(evaluation)
    if dates is None:
        return []
    dated = _group(evaluation, evaluation.evidence.exclude(begins_on=None, ends_on=None))
    return sorted((one for one in dated if one.lapse(dates)), key=lambda one: one.ends_on or date.max)


def _group(evaluation: Evaluation, links: QuerySet[Evidence]) -> list[ListedEvidence]:
    """Group the links by document or address, in the order of the Guide."""
    order = {code: number for number, code in enumerate(evaluation.framework.indicators)}
    found: dict[tuple[int | None, str], ListedEvidence] = {}
    links = links.select_related("document", "added_by").order_by("pk")
    for link in sorted(links, key=lambda one: order.get(one.code, len(order))):
        link.evaluation = evaluation
        key = (link.document_id, link.address)
        found.setdefault(key, ListedEvidence(link.document, link.address)).links.append(link)
    return list(found.values())


def attach_to_answer(evaluation: Evaluation, code: str, things: Iterable[ListedEvidence], *, by: User) -> int:
    """Attach documents and addresses of the hotline to another answer. Raises Unacceptable.

    Return how many were not attached to it already.
    """
    things = list(things)
    with transaction.atomic():
        for thing in things[:1]:
            require_open(evaluation, thing.name, code)
        linked = [
            link_once(evaluation, code, document=thing.document, address=thing.address, by=by) for thing in things
        ]
    return sum(is_new for _link, is_new in linked)
