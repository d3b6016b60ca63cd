"""The public register: the status of every hotline, and of one hotline on a day."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evaluation.accreditation.publication import expected_history
from evaluation.accreditation.status import (
    EXPIRED,
    SUSPENDED,
    WITHDRAWN,
    Published,
    Status,
    histories_of,
    read_status,
)
from evaluation.cached import update_parts
from evaluation.models import Accreditation, Decision, Evaluation, Hotline, Operation, Publication, Round
from evaluation.queries import followed_up
from evaluation.versions import Source, steps_of_kind, today_by_zone
from standards.models import Edition, Texts
from standards.presentation.collation import sort_key
from standards.presentation.folding import fold
from standards.presentation.symbols import outcome_kind

GIVEN_UP = "given_up"
KINDS = (
    *("accredited", "conditional", SUSPENDED, "deferred", "running"),
    *("refused", WITHDRAWN, GIVEN_UP, EXPIRED, "none"),
)
"""The kinds of status in the order of lists.

`refused` is an examined hotline that was not accredited, under an edition that makes this public. An accreditation is
`given_up` by the hotline, and `withdrawn` by Missing Children Europe. `none` is any other hotline.
"""


@dataclass(frozen=True, slots=True)
class RegisterStatus:
    """The status of a hotline on a day: its style `kind`, its `label`, and its source."""

    kind: str
    label: Any
    status: Status
    until: date | None = None

    @property
    def decision(self) -> Decision | None:
        return self.status.decision

    @property
    def ended_on(self) -> date | None:
        """The day since which there is no accreditation, unless it expired."""
        return self.status.since if self.kind in (SUSPENDED, WITHDRAWN, GIVEN_UP, "refused") else None


@dataclass(frozen=True)
class RegisterEntry:
    """A hotline in the register."""

    hotline: Hotline
    register_status: RegisterStatus
    operator: str
    """The present operator."""

    @property
    def code(self) -> str:
        return self.hotline.country

    @cached_property
    def searched(self) -> str:
        return fold(f"{self.hotline.name} {self.hotline.recorded_name} {self.hotline.code} {self.operator}")


def words_of_kind(kind: str) -> str:
    """Return the name of a kind of status in lists, independent of editions."""
    return {
        "accredited": _("Accredited"),
        "conditional": _("With conditions"),
        "suspended": _("Suspended"),
        "deferred": _("Deferred"),
        "running": _("Being evaluated"),
        "refused": _("Not accredited"),
        WITHDRAWN: _("Accreditation withdrawn"),
        GIVEN_UP: _("Accreditation given up"),
        EXPIRED: _("Accreditation expired"),
        "none": _("No accreditation"),
    }[kind]


@dataclass(frozen=True, slots=True)
class _Fact:
    """The status of a day without texts: small enough to be cached for every hotline."""

    status: str
    since: date | None
    until: date | None
    outcome: str = ""
    """The outcome of its decision; empty if there is none."""
    edition: int = 0
    is_accredited: bool = False
    is_held: bool = False
    is_refused: bool = False


def read_register() -> list[RegisterEntry]:
    """Return every hotline with its status, by name in the reader's order. A constant number of queries.

    Statuses are cached for the day: they depend on publications and steps of accreditations, which are only ever added,
    and only hotlines with new ones are read again. Names, operators and texts are read each time.
    """
    unsorted = Hotline.objects.order_by().only("country", "code", "recorded_name", "is_invented")
    hotlines = sorted(unsorted, key=lambda one: sort_key(one.name))
    operators = dict(Operation.objects.filter(is_current=True).order_by().values_list("hotline", "operator__name"))
    facts, running = update_parts("register-3", today_by_zone(), _sources(), _read_facts), _being_evaluated()
    editions = {fact.edition for fact in facts.values() if fact.outcome}
    known = {edition.pk: edition for edition in Edition.objects.defer("structure").filter(pk__in=editions)}
    texts = _StatusTexts(known)
    return [
        RegisterEntry(
            one, texts.describe(facts.get(one.pk, _NOTHING), is_running=one.pk in running), operators.get(one.pk, "")
        )
        for one in hotlines
    ]


def _sources() -> list[Source[int]]:
    """Return the objects that a status depends on besides the day, by hotline."""
    return [
        Source(Publication.objects.all(), ("decision__evaluation__hotline",)),
        Source(Accreditation.objects.all(), ("hotline",)),
        steps_of_kind(Accreditation.kind, _accredited),
    ]


def _accredited(uids: set[Any]) -> Iterable[int]:
    return Accreditation.objects.filter(uid__in=uids).values_list("hotline", flat=True)


def _read_facts(hotlines: set[int] | None) -> dict[int, _Fact]:
    """Return the facts of these hotlines, or of all. Hotlines without a publication are left out."""
    published = Publication.objects.values("decision__evaluation__hotline")
    known = (
        Hotline.objects.filter(pk__in=published) if hotlines is None else Hotline.objects.filter(pk__in=hotlines)
    ).only("pk")
    histories = {key: history for key, history in histories_of(known).items() if history}
    return {key: _fact(_public_status(history, _today(history))) for key, history in histories.items()}


def _public_status(history: Sequence[Published], day: date) -> Status:
    """Return the status at the end of `day` without a refusal that the edition does not make public.

    In its place is what ended the accreditation before, if that was public, or nothing.
    """
    status = read_status(history, day)
    decision = status.decision
    if decision is None or not _refuses(decision) or decision.evaluation.framework.procedure.publishes_refusals:
        return status
    number = next(number for number, one in enumerate(history) if one.publication.decision == decision)
    earlier = _public_status(history[number + 1 :], day)
    if earlier.decision is not None and (earlier.kind in (EXPIRED, WITHDRAWN) or _refuses(earlier.decision)):
        return earlier
    return Status()


def _refuses(decision: Decision) -> bool:
    """Whether a decision neither accredits nor defers."""
    return decision.valid_until is None and decision.hand_in_by is None


def hides_refusals() -> bool:
    """Whether a hotline shown without an accreditation may have been refused one: it is so in some edition."""
    return any(not edition.framework.procedure.publishes_refusals for edition in Edition.objects.defer("structure"))


def _fact(status: Status) -> _Fact:
    decision = status.decision
    if decision is None:
        return _Fact(status.kind, status.since, status.until)
    has_given_up = status.kind == WITHDRAWN and status.step is not None and status.step.move == "give_up"
    return _Fact(
        *(GIVEN_UP if has_given_up else status.kind, status.since, status.until),
        outcome=decision.outcome,
        edition=decision.evaluation.round.edition_id,
        is_accredited=status.is_accredited,
        is_held=decision.hand_in_by is not None,
        is_refused=_refuses(decision),
    )


_NOTHING = _fact(Status())
"""The facts of a hotline without a publication."""


class _StatusTexts:
    """Describes facts in the texts of their editions; each outcome is described once."""

    def __init__(self, editions: Mapping[int, Edition]) -> None:
        self._editions, self._texts = editions, _texts_of(editions.values())
        self._outcomes: dict[tuple[int, str], tuple[str, Any]] = {}
        self._words: dict[str, str] = {}

    def describe(self, fact: _Fact, *, is_running: bool) -> RegisterStatus:
        status = Status(fact.status, fact.since, fact.until)
        if fact.status == SUSPENDED:
            return self._named(SUSPENDED, status)
        if fact.is_accredited:
            return RegisterStatus(*self._outcome(fact.edition, fact.outcome), status, fact.until)
        if is_running:
            return self._named("running", status)
        if fact.is_held:
            return RegisterStatus(*self._outcome(fact.edition, fact.outcome), status)
        if fact.is_refused:
            _kind, label = self._outcome(fact.edition, fact.outcome)
            return RegisterStatus("refused", label, status)
        return self._named(fact.status, status)

    def _named(self, kind: str, status: Status) -> RegisterStatus:
        return RegisterStatus(kind, self._words.setdefault(kind, words_of_kind(kind)), status)

    def _outcome(self, edition: int, code: str) -> tuple[str, Any]:
        if (edition, code) not in self._outcomes:
            kind = outcome_kind(self._editions[edition].framework, code)
            self._outcomes[edition, code] = kind, self._texts[edition][f"outcome/{code}"]
        return self._outcomes[edition, code]


def register_status_of(hotline: Hotline, day: date | None = None) -> RegisterStatus:
    """Return the status of a hotline on a day, with its source; by default today in its last round's zone."""
    return _describe_status(hotline, histories_of([hotline])[hotline.pk], day)


def expected_register_status(decision: Decision) -> RegisterStatus:
    """Return the status of the hotline as it will be once `decision` is published now."""
    return _describe_status(decision.evaluation.hotline, expected_history(decision), is_published=True)


def _describe_status(
    hotline: Hotline, history: Sequence[Published], day: date | None = None, *, is_published: bool = False
) -> RegisterStatus:
    status = _public_status(history, day or _today(history))
    running = set() if day or is_published else _being_evaluated()
    editions = {e.pk: e for e in [status.decision.evaluation.round.edition]} if status.decision else {}
    shown = _StatusTexts(editions).describe(_fact(status), is_running=hotline.pk in running)
    return replace(shown, status=status)


def _today(history: Sequence[Published]) -> date:
    return history[0].publication.decision.evaluation.round.today if history else timezone.localdate()


def _being_evaluated() -> set[int]:
    """Return the hotlines in an open round without a published decision, or whose deferral was resumed.

    A hotline that was accredited in the round and has a follow-up visit is not included, whatever its result. Pending
    corrections and decisions on appeal are confidential until they are published.
    """
    under_way = Evaluation.objects.filter(round__state=Round.State.OPEN).exclude(
        state__in=(Evaluation.State.PUBLISHED, Evaluation.State.EXCUSED)
    )
    under_way = under_way.exclude(followed_up())
    return set(
        under_way.exclude(state=Evaluation.State.DECIDED, decisions__publication__isnull=False).values_list(
            "hotline", flat=True
        )
    )


def _texts_of(editions: Iterable[Edition]) -> dict[int, Texts]:
    """Return the texts of the editions in the reader's language; one query per edition."""
    return {edition.pk: edition.texts(get_language()) for edition in {e.pk: e for e in editions}.values()}


def count_statuses(entries: list[RegisterEntry]) -> list[dict[str, Any]]:
    """Count hotlines by status, in the order of lists. Rare statuses are included only if they occur."""
    counted = Counter(entry.register_status.kind for entry in entries)
    return [
        {"kind": kind, "label": words_of_kind(kind), "count": counted[kind]}
        for kind in KINDS
        if counted[kind] or kind in ("accredited", "conditional", "running", "none")
    ]
