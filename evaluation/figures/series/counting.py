"""Choose the files of a hotline that count, now or at an earlier moment.

A file counts while it is confirmed or accepted. Two files of one level never count for the same period: a confirmed
file replaces the accepted one that it will supersede.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Protocol, Self, TypeVar

from evaluation.models import StatisticsImport, Step


class CoversPeriod(Protocol):
    def overlaps(self, other: Self, /) -> bool: ...


File = TypeVar("File", bound=CoversPeriod)


def choose_counting(files: Iterable[File], is_accepted: Callable[[File], bool]) -> list[File]:
    """Return the files that count, in their order. `files` must all be confirmed or accepted."""
    files = list(files)
    confirmed = [file for file in files if not is_accepted(file)]
    return [file for file in files if not is_accepted(file) or not any(map(file.overlaps, confirmed))]


def counting_imports(hotline: int, start: date, end: date, *, at: datetime | None = None) -> list[StatisticsImport]:
    """Return the files within a period that count now, or that counted `at` a moment.

    A file counted if it was confirmed or accepted by then and not yet superseded.
    """
    within = StatisticsImport.objects.filter(hotline=hotline).within(start, end).defer("draft")
    files = list(within.order_by("period_start", "uploaded_at", "pk"))
    if at is None:
        states = {file.uid: str(file.state) for file in files}
    else:
        steps = Step.objects.filter(kind=StatisticsImport.kind, uid__in=[file.uid for file in files], at__lte=at)
        states = {step.uid: step.target for step in steps.order_by("seq")}
    return choose_counting(
        (file for file in files if states.get(file.uid) in StatisticsImport.COUNTING),
        lambda file: states[file.uid] == StatisticsImport.State.ACCEPTED,
    )
