"""Counts of a consultation by indicator and by participant, and the comments that a user may read."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from evaluation.consultation.draft_text import ConsultedText, read_data
from evaluation.models import (
    CommentAnswer,
    Consultation,
    ConsultationComment,
    ConsultationText,
    Urgency,
    User,
)
from evaluation.models.consultation import counts_of
from evaluation.models.people.permissions import is_allowed


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of comments and votes on one or several indicators."""

    worded: int = 0
    unresolved: int = 0
    votes: tuple[int, ...] = (0,) * len(Urgency)
    """The number of votes by urgency, the lowest urgency first."""

    def __add__(self, other: "Counts") -> "Counts":
        votes = tuple(one + another for one, another in zip(self.votes, other.votes, strict=True))
        return Counts(self.worded + other.worded, self.unresolved + other.unresolved, votes)

    @property
    def voters(self) -> int:
        return sum(self.votes)

    @property
    def for_change(self) -> int:
        """The number of votes for changing the indicator in this edition or before its release."""
        return self.voters - self.votes[0]

    @property
    def named_votes(self) -> list[tuple[Any, int]]:
        """The number of votes with the label of each urgency, the most urgent first."""
        return [(urgency.label, number) for urgency, number in zip(Urgency, self.votes, strict=True)][::-1]

    @property
    def weight(self) -> tuple[int, ...]:
        """The sort key for urgency: the votes from the highest urgency down, then the number of comments."""
        return (*reversed(self.votes), self.worded)


def read_text(consultation: Consultation) -> ConsultedText:
    """Return the text that was copied when the consultation opened. Raises ConsultationText.DoesNotExist before."""
    return read_data(ConsultationText.objects.get(consultation=consultation).content)


def count_by_indicator(consultation: Consultation) -> dict[str, Counts]:
    """Return the counts of the indicators with a comment or vote, by permanent key. One query."""
    grouped: Any = consultation.comments.given().order_by().values("key")  # mypy does not know annotations by variable
    rows = grouped.annotate(**counts_of())
    return {
        row["key"]: Counts(
            row["worded"], row["unresolved"], tuple(row[f"votes_{urgency.value}"] for urgency in Urgency)
        )
        for row in rows
    }


def sum_of(counts: dict[str, Counts], keys: Iterable[str]) -> Counts:
    return sum((counts[key] for key in keys if key in counts), Counts())


@dataclass(frozen=True, slots=True)
class Participation:
    """An invited hotline or assessor, and the number of indicators that they commented or voted on."""

    name: str
    indicators: int


def find_participation(consultation: Consultation) -> tuple[list[Participation], list[Participation]]:
    """Return the participation of the invited hotlines, and of the invited assessors. A constant number of queries.

    An indicator counts once per hotline, even if several of its users commented on it.
    """
    given = consultation.comments.given().order_by()
    by_hotline = dict(given.values_list("hotline").annotate(indicators=Count("key", distinct=True)))
    by_assessor = dict(given.filter(hotline=None).values_list("by").annotate(number=Count("pk")))
    hotlines = [Participation(hotline.name, by_hotline.get(hotline.pk, 0)) for hotline in consultation.hotlines.all()]
    assessors = [Participation(person.name, by_assessor.get(person.pk, 0)) for person in consultation.assessors.all()]
    return hotlines, assessors


def count_resolutions(consultation: Consultation) -> dict[CommentAnswer.Resolution, int]:
    """Return the number of comments with each resolution. Answers to earlier versions do not count. One query."""
    rows = dict(
        consultation.comments.worded()
        .filter(answer__comment_version=F("version"))
        .order_by()
        .values_list("answer__resolution")
        .annotate(number=Count("pk"))
    )
    return {resolution: rows.get(resolution.value, 0) for resolution in CommentAnswer.Resolution}


# --- Readers ---------------------------------------------------------------------------------------------------------


def visible_comments(consultation: Consultation, user: User) -> QuerySet[ConsultationComment]:
    """Return the comments that a user may read, with their author, hotline and answer.

    Users who run the consultation can read all. Invited users can read their own and those of their hotlines; after it
    closed, all.
    """
    given = consultation.comments.given().select_related("by", "hotline", "answer__by")
    if is_allowed("consultation.run", user):
        return given
    if not consultation.invites(user):
        return given.none()
    if consultation.is_closed:
        return given
    return given.filter(Q(by=user) | Q(hotline__in=consultation.hotlines_of(user)))


def consultations_of(user: User) -> list[Consultation]:
    """Return the consultations that a user may see, newest first. A constant number of queries."""
    every = Consultation.objects.prefetch_related("hotlines", "assessors")
    return [consultation for consultation in every if is_allowed("consultation.view", user, consultation)]
