"""The status of a hotline on any day, from its publications and the steps of its accreditations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from django.utils import timezone

from evaluation.models import Accreditation, Decision, Hotline, Publication, Step

NONE, SUSPENDED, WITHDRAWN, EXPIRED = "none", "suspended", "withdrawn", "expired"


@dataclass(frozen=True, slots=True)
class Status:
    """The status at the end of a day: `kind` is the code of an accrediting outcome, or one of the constants above.

    `decision` is its source, `accreditation` the accreditation that it granted, and `step` the step that led to the
    status.
    """

    kind: str = NONE
    since: date | None = None
    until: date | None = None
    decision: Decision | None = None
    accreditation: Accreditation | None = None
    step: Step | None = None

    @property
    def is_accredited(self) -> bool:
        """Whether there is an accreditation that is not suspended, withdrawn or expired."""
        return self.kind not in (NONE, SUSPENDED, WITHDRAWN, EXPIRED)


_IGNORED = (
    *("replace", "expire", "check_midterm", "take_back_expiry", "take_back_expiry_suspended"),
    "restore_replaced",
)
"""The moves that are ignored: a replacement is read from the newer publication, and an expiry from the last day.

A mid-term check changes nothing, and a reverted expiry counts as no expiry.
"""
_BEGINNINGS = ("begin", "begin_suspended")
"""The moves that count on the day of the publication, even if their steps are written after midnight."""


@dataclass(frozen=True, slots=True)
class Published:
    """A publication, the accreditation that began with it, if any, and the steps of that accreditation in order."""

    publication: Publication
    accreditation: Accreditation | None
    steps: Sequence[Step]


def status_on(hotline: Hotline, day: date) -> Status:
    """Return the status of the hotline at the end of `day`, past or future, based on the stored data."""
    return read_status(histories_of([hotline])[hotline.pk], day)


def histories_of(hotlines: Iterable[Hotline]) -> dict[int, list[Published]]:
    """Return the publications of each hotline, newest first, by its key. Three queries."""
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
    recorded = Step.objects.filter(kind=Accreditation.kind, uid__in=[a.uid for a in begun.values()])
    for step in recorded.select_related("words").order_by("seq"):
        steps.setdefault(step.uid, []).append(step)
    for publication in publications:
        accreditation = begun.get(publication.decision_id)
        if accreditation:
            accreditation.decision = publication.decision
        published = Published(publication, accreditation, steps.get(accreditation.uid, []) if accreditation else [])
        found[publication.decision.evaluation.hotline_id].append(published)
    return found


def read_status(history: Sequence[Published], day: date) -> Status:
    """Return the status at the end of `day` from a history, which is ordered newest first.

    Deferrals are skipped: an earlier accreditation remains valid. An accrediting decision without an accreditation is
    skipped too: it was published after a withdrawal, which remains in force.
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
    for step_read in published.steps:
        on = timezone.localdate(step_read.at, zone)
        if step_read.move in _IGNORED or (on > day and step_read.move not in _BEGINNINGS):
            continue
        step, since = step_read, max(on, since)
    state = step.target if step else Accreditation.State.VALID
    read = partial(Status, decision=decision, accreditation=accreditation, until=last)
    if state == Accreditation.State.WITHDRAWN:
        return read(WITHDRAWN, since=since, step=step)
    if day > last:
        over = next((step_read for step_read in reversed(published.steps) if step_read.move == "expire"), None)
        return read(EXPIRED, since=last + timedelta(days=1), step=over)
    kind = SUSPENDED if state == Accreditation.State.SUSPENDED else decision.outcome
    return read(kind, since=since, step=step)
