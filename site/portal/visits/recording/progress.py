"""Recording on a visit for pages: who has finished, and the observations once the team may read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from evaluation.answers.entered_answers import EnteredAnswer
from evaluation.answers.unresolved_texts import Kind, late_texts_of
from evaluation.models import LateRow, Observation, RecordedFile, RecordingDevice, TeamMember, User, Visit
from evaluation.models.people.permissions import is_allowed
from evaluation.models.visits.visit import find_divergent, find_waiting_rows
from evaluation.visits.recording import READABLE_IN, join_observations, seat_of
from evaluation.visits.sheets.late_rows import find_own_late_rows
from evaluation.visits.sheets.templates import Kind as SheetKind
from portal.visits.shown.sheets import name_row


@dataclass(frozen=True, slots=True)
class ShownRecording:
    """Who of the team has finished. While they record, a page shows nothing else about the others' records."""

    team: Sequence[TeamMember]
    is_own: bool
    """Whether the user is on the team."""
    has_finished: bool
    """Whether the user has finished."""
    is_entered: bool
    devices: Sequence[RecordingDevice] = ()
    """Devices with unsent texts: the user's own while the team records, all of them once it compares."""
    differing: int = 0
    left: int = 0
    """On how many indicators the assessors differ, and how many of these have no finding."""
    late: Sequence["ShownLateRow"] = ()
    """The rows that came too late: the user's own while the team records, all of them once it compares."""
    own_late: int = 0
    """How many texts and undecided rows of the user came too late."""
    may_decide: bool = False
    """Whether the user decides on rows that came too late."""
    may_take_back: bool = False


@dataclass(frozen=True, slots=True)
class ShownLateRow:
    row: LateRow
    kind: str
    name: str
    waits: bool


def show_recording(visit: Visit, user: User) -> ShownRecording | None:
    """Return the progress of recording; None before the visit begins, and if nobody recorded separately."""
    if visit.state != Visit.State.UNDER_WAY and visit.state not in READABLE_IN:
        return None
    seat, team = seat_of(visit, user), list(visit.team.all())
    late = _late_rows(visit, user)
    own_late = sum(one.waits and one.row.by_id == user.pk for one in late)
    if seat:
        own_late += late_texts_of(user, visit.evaluation, Kind.OBSERVATION).count()
    unsent = visit.devices.filter(unsent__gt=0).select_related("by")
    if visit.state == Visit.State.UNDER_WAY:
        has_finished = seat is not None and seat.finished_at is not None
        devices = list(unsent.filter(by=user)) if seat else []
        may_take_back = seat is not None and not has_finished
        return ShownRecording(
            *(team, seat is not None, has_finished, False, devices),
            late=late,
            own_late=own_late,
            may_take_back=may_take_back,
        )
    devices = list(unsent) if visit.state == Visit.State.FINDINGS_ENTERED else []
    if not devices and not late and not visit.observations.exists():
        return None
    divergent = find_divergent(visit)
    left = [one for one in visit.evaluation.findings.all() if one.code in divergent and not one.is_given]
    may_decide = visit.state == Visit.State.FINDINGS_ENTERED and is_allowed("visit.sign_off", user, visit)
    return ShownRecording(
        *(team, seat is not None, True, True, devices, len(divergent), len(left), late, own_late),
        may_decide=may_decide,
    )


def _late_rows(visit: Visit, user: User) -> list[ShownLateRow]:
    """Return the rows that came too late and that the user may read. At most five queries."""
    if visit.state in READABLE_IN:
        waiting = {late.pk for late in find_waiting_rows(visit)}
        left_out = LateRow.Decision.LEFT_OUT
        rows = [late for late in visit.late_rows.all() if late.pk in waiting or late.decision == left_out]
    else:
        rows = find_own_late_rows(visit, user)
        waiting = {late.pk for late in rows if not late.decision}
    return [
        ShownLateRow(late, str(SheetKind(late.kind).label), name_row(late, late.kind), late.pk in waiting)
        for late in rows
    ]


@dataclass(frozen=True, slots=True)
class Original:
    """The observation of one assessor, and the form values with which the team adopts it as its finding."""

    seen: Observation
    taken: Mapping[str, str]
    files: list[dict[str, Any]] = field(default_factory=list)
    """The files that this assessor attached to it, for the evidence component."""


def readable_files(visit: Visit, user: User) -> QuerySet[RecordedFile]:
    """Return the files that the user may read: their own while the team records, then those of all.

    While the findings are agreed on, only those of the present team, as its observations.
    """
    shown = Q() if visit.state in READABLE_IN else Q(by=user)
    if visit.state == Visit.State.FINDINGS_ENTERED:
        shown = Q(by__in=visit.team.values("user"))
    return visit.files.filter(shown).select_related("by").order_by("code", "by__name", "at", "pk")


def readable_observations(visit: Visit) -> Mapping[str, Sequence[Original]]:
    """Return the observations of every assessor, by indicator; nothing while they record separately.

    While the findings are agreed on, only those of the present team: somebody who left it may have a stake.
    """
    found: dict[str, list[Original]] = {}
    if visit.state in READABLE_IN:
        present = {member.user_id for member in visit.team.all()}
        for seen in visit.observations.select_related("by").order_by("by__name", "pk"):
            if seen.is_given and (visit.state != Visit.State.FINDINGS_ENTERED or seen.by_id in present):
                found.setdefault(seen.code, []).append(Original(seen, _as_taken(seen)))
    return found


def standard_view(arranged: Visit, user: User) -> str:
    """Return the URL name of the page of a standard: the user's observations while they record, else the findings."""
    records = arranged.state == Visit.State.UNDER_WAY and is_allowed("visit.observe", user, arranged)
    return "workspace:observations" if records else "workspace:findings"


def _as_taken(seen: Observation) -> Mapping[str, str]:
    """Return an observation as the form values of a finding, the text prefixed with its author's name."""
    words = join_observations([seen])["words"]
    entered = EnteredAnswer.of(seen)
    values = {
        "level": entered.level,
        "value": entered.value,
        "words": f"{seen.by.name}: {words}" if words else "",
        "good_practice": "on" if entered.good_practice else "",
    }
    return {name: value for name, value in values.items() if value}
