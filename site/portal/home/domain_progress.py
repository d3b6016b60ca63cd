"""The progress of an evaluation by domain: the answers, the assigned people, and the last change."""

from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evaluation import queries
from evaluation.models import Answer, Evaluation, User
from evaluation.queries import Progress
from portal.answers.sharing import Sharing
from standards.framework import Domain, Indicator
from standards.models import Texts
from standards.presentation.sentences import Passage


@dataclass(frozen=True, slots=True)
class DomainRow:
    """A domain of the table: `first` is the standard to continue with, `people` those who have indicators of it.

    `group` is the title of the group whose first domain it is, or None.
    """

    code: str
    title: Passage
    group: Passage | None
    progress: Progress
    first: str
    back: int
    """How many of its answers were sent back with a question."""
    people: tuple[User, ...]
    moved: str
    """When and by whom an answer was last changed; empty without answers, and after the submission."""

    @property
    def back_percent(self) -> int:
        return self.back * 100 // self.progress.of if self.progress.of else 0

    @property
    def settled_percent(self) -> int:
        """The percentage that is answered and was not sent back."""
        return self.progress.percent - self.back_percent


def domain_rows(
    evaluation: Evaluation,
    given: set[str],
    texts: Texts,
    *,
    sent_back: Collection[str] = (),
    sharing: Sharing | None = None,
    names: Mapping[int, str] | None = None,
) -> list[DomainRow]:
    """Return the domains with their progress. No query for an open self-assessment whose answers are prefetched.

    `given` has the indicators with an answer or a figure, `sent_back` those with a question, `names` the names of the
    hotline's people by primary key.
    """
    asked, opened = evaluation.asked, evaluation.framework.group_starting_with
    newest = _newest_by_domain(evaluation) if evaluation.is_open else {}
    return [
        DomainRow(
            code=domain.code,
            title=texts[f"domain/{domain.code}/title"],
            group=texts[f"group/{opened[domain.code].code}"] if domain.code in opened else None,
            progress=progress,
            first=_first_to_do(domain, asked, given, evaluation.returned),
            back=sum(
                i.is_scored and i.code in given and i.code in sent_back and i.code in asked for i in domain.indicators
            ),
            people=tuple(sharing.people(i.code for i in domain.indicators)) if sharing else (),
            moved=_describe_moved(newest.get(domain.code), names or {}),
        )
        for domain, progress in queries.progress_by_domain(evaluation.framework, asked, given)
    ]


def _is_open(indicator: Indicator, given: Container[str]) -> bool:
    """Return whether the indicator still needs an answer from a person."""
    return indicator.is_scored and not indicator.from_figures and indicator.code not in given


def _first_to_do(
    domain: Domain, asked_indicators: Container[str], given: Container[str], returned: Container[str]
) -> str:
    """Return the first standard of the domain with an open or returned indicator, else its first standard."""
    for standard in domain.standards:
        if any(i.code in asked_indicators and (_is_open(i, given) or i.code in returned) for i in standard.indicators):
            return standard.code
    return domain.standards[0].code


def _newest_by_domain(evaluation: Evaluation) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    answers: Iterable[Answer] = evaluation.answers.all()
    for answer in answers:
        if answer.at is None or not answer.version or answer.code not in evaluation.asked:
            continue
        domain = evaluation.framework.domain_of[answer.code].code
        before = found.get(domain)
        if before is None or before.at is None or before.at < answer.at:
            found[domain] = answer
    return found


def _describe_moved(answer: Answer | None, names: Mapping[int, str]) -> str:
    if answer is None:
        return ""
    when = date_format(timezone.localtime(answer.at), "SHORT_DATE_FORMAT")
    name = names.get(answer.by_id or 0)
    return (
        _("Last changed %(when)s by %(name)s") % {"when": when, "name": name}
        if name
        else (_("Last changed %(when)s") % {"when": when})
    )
