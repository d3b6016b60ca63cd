"""Where a hotline stands on any day, read from what was published and from the steps of its accreditations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from django.utils import timezone

from evaluation.models import Accreditation, Decision, Hotline, Publication, Step

NONE, SUSPENDED, WITHDRAWN, EXPIRED = "none", "suspended", "withdrawn", "expired"


@dataclass(frozen=True, slots=True)
class Status:
    """How a hotline stands at the end of a day: `kind` is the code of an accrediting outcome, or one of the above.

    `decision` is what it rests on, `accreditation` what that granted, and `step` the walked arrow it follows from.
    """

    kind: str = NONE
    since: date | None = None
    until: date | None = None
    decision: Decision | None = None
    accreditation: Accreditation | None = None
    step: Step | None = None

    @property
    def is_accredited(self) -> bool:
        """Holds an accreditation that is neither suspended nor over."""
        return self.kind not in (NONE, SUSPENDED, WITHDRAWN, EXPIRED)


_READ_ELSEWHERE = ("replace", "expire", "check_midterm", "take_back_expiry", "take_back_expiry_suspended")
"""Being replaced is read from the newer publication, being over from the last day; a check changes nothing.

Nor does an expiry that was taken back: it was none.
"""
_BEGINNINGS = ("begin", "begin_suspended")
"""They belong to the publication, on whichever side of midnight they were written."""


@dataclass(frozen=True, slots=True)
class Published:
    """A publication with what began with it, if anything did, and the steps of that in their order."""

    publication: Publication
    accreditation: Accreditation | None
    steps: Sequence[Step]


def status_on(hotline: Hotline, day: date) -> Status:
    """Where the hotline stood, stands or will stand at the end of `day`, by what is written today."""
    return read_status(histories_of([hotline])[hotline.pk], day)


def histories_of(hotlines: Iterable[Hotline]) -> dict[int, list[Published]]:
    """What was published of each hotline, newest first, by the hotline's key. Three queries for any number of them."""
    found: dict[int, list[Published]] = {hotline.pk: [] for hotline in hotlines}
    publications = list(
        Publication.objects.filter(decision__evaluation__hotline__in=list(found))
        .select_related(
            "decision__evaluation__hotline",
            "decision__evaluation__operator",
            "decision__evaluation__round__edition",
        )
        .defer("decision__evaluation__round__edition__structure", "decision__reasons")
        .order_by("-at", "-pk")
    )
    begun = {a.decision_id: a for a in Accreditation.objects.filter(hotline__in=list(found)).select_related("hotline")}
    steps: dict[object, list[Step]] = {}
    walked = Step.objects.filter(kind=Accreditation.kind, uid__in=[a.uid for a in begun.values()])
    for step in walked.select_related("words").order_by("seq"):
        steps.setdefault(step.uid, []).append(step)
    for publication in publications:
        accreditation = begun.get(publication.decision_id)
        if accreditation:
            accreditation.decision = publication.decision
        published = Published(publication, accreditation, steps.get(accreditation.uid, []) if accreditation else [])
        found[publication.decision.evaluation.hotline_id].append(published)
    return found


def read_status(history: Sequence[Published], day: date) -> Status:
    """The status that a history, newest first, gives for a day.

    A deferral decides nothing: what was granted before goes on beside it. A decision that could grant something and
    with which nothing began came after a withdrawal, which goes on as well.
    """
    known = [published for published in history if published.publication.day <= day]
    for published in known:
        decision = published.publication.decision
        if decision.hand_in_by is not None:
            continue
        if decision.valid_until is None:
            return Status(since=published.publication.day, decision=decision)
        if published.accreditation is not None:
            return _read_accreditation(published, published.accreditation, decision.valid_until, day)
    return Status(decision=known[0].publication.decision, since=known[0].publication.day) if known else Status()


def _read_accreditation(published: Published, accreditation: Accreditation, last: date, day: date) -> Status:
    decision, zone = published.publication.decision, accreditation.zone
    step, since = None, published.publication.day
    for walked in published.steps:
        on = timezone.localdate(walked.at, zone)
        if walked.move in _READ_ELSEWHERE or (on > day and walked.move not in _BEGINNINGS):
            continue
        step, since = walked, max(on, since)
    state = step.target if step else Accreditation.State.VALID
    read = partial(Status, decision=decision, accreditation=accreditation, until=last)
    if state == Accreditation.State.WITHDRAWN:
        return read(WITHDRAWN, since=since, step=step)
    if day > last:
        over = next((walked for walked in reversed(published.steps) if walked.move == "expire"), None)
        return read(EXPIRED, since=last + timedelta(days=1), step=over)
    kind = SUSPENDED if state == Accreditation.State.SUSPENDED else decision.outcome
    return read(kind, since=since, step=step)
