"""Discussions of an indicator: comments, who may be asked, what asks a person, and what is resolved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from evaluation.assessment.judgements import Closed, Conflict
from evaluation.guards.permissions import is_allowed
from evaluation.models import (
    HOTLINE_ROLES,
    Audience,
    Discussion,
    DiscussionComment,
    DiscussionCommentVersion,
    Evaluation,
    Membership,
    Mention,
    Role,
    Stake,
    TeamMember,
    User,
)
from evaluation.models.teamwork.discussion import right_to
from evaluation.queries import independent_of
from evaluation.teamwork.assignments import members_of


class InvalidComment(ValueError):
    """The values are not valid. `code` is `no_words` or `no_reader`: somebody is asked who may not read it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Posted:
    """The comment is saved; `asked` are the people whom it asks for the first time."""

    comment: DiscussionComment
    asked: tuple[User, ...] = ()


# --- Who reads ------------------------------------------------------------------------------------------------------


def readers_of(evaluation: Evaluation, audience: str) -> list[User]:
    """Return who may read a discussion today, by name: the same as asking the table of each person. One query.

    Each has `is_of_hotline` and `is_of_mce`.
    """
    hotline = evaluation.hotline
    roles = Membership.objects.today().filter(user=OuterRef("pk"))
    own = Exists(roles.filter(role__in=HOTLINE_ROLES, hotline=hotline))
    people = User.objects.filter(is_active=True).annotate(is_of_hotline=own)
    of_mce = Exists(roles.filter(role=Role.MCE_COORDINATOR))
    readers = Q(is_of_hotline=True)
    if audience == Audience.REVIEW:
        seat = Exists(TeamMember.objects.filter(visit__evaluation=evaluation, user=OuterRef("pk")))
        begun = Membership.objects.filter(user=OuterRef("pk"), hotline=hotline, since__lte=timezone.localdate())
        declared = Stake.objects.filter(user=OuterRef("pk"), hotline=hotline)
        is_independent = ~Q(country=hotline.country) & ~Exists(begun) & ~Exists(declared)
        assesses = Q(seat) & Q(Exists(roles.filter(role=Role.ASSESSOR)))
        readers |= (Q(of_mce) | assesses) & is_independent
    return list(people.annotate(is_of_mce=of_mce).filter(readers).order_by("name", "pk"))


def readable_by(user: User) -> QuerySet[Discussion]:
    """Return the discussions that a person may read: the same as asking the table of each. No query of its own."""
    if not user.is_active:
        return Discussion.objects.none()
    seen = Q(evaluation__hotline__in=user.hotlines_as(*HOTLINE_ROLES))
    seat = TeamMember.objects.filter(visit__evaluation=OuterRef("evaluation"), user=user)
    if user.has_role(Role.MCE_COORDINATOR):
        reviews = Q()
    elif user.has_role(Role.ASSESSOR):
        reviews = Q(Exists(seat))
    else:
        return Discussion.objects.filter(seen)
    return Discussion.objects.filter(
        seen | (Q(audience=Audience.REVIEW) & reviews & independent_of(user, "evaluation__hotline"))
    )


# --- Reading ---------------------------------------------------------------------------------------------------------


def find_discussion(evaluation: Evaluation, code: str, audience: str) -> Discussion:
    """Return a discussion; one that has not begun is not saved yet."""
    found = evaluation.discussions.filter(code=code, audience=audience).select_related("resolved_by").first()
    found = found or Discussion(code=code, audience=audience)
    found.evaluation = evaluation
    return found


def comments_of(discussion: Discussion) -> list[DiscussionComment]:
    """Return the comments in their order, with authors and who is asked. Two queries."""
    if discussion.pk is None:
        return []
    return list(discussion.comments.select_related("by").prefetch_related("mentions__person"))


@dataclass(frozen=True, slots=True)
class Summary:
    """A discussion as a page links to it: how many comments, how many of them ask the reader."""

    audience: str
    code: str
    comments: int
    asking: int
    is_resolved: bool

    @property
    def is_open(self) -> bool:
        return self.comments > 0 and not self.is_resolved


def find_summaries(evaluation: Evaluation, user: User, codes: Iterable[str]) -> dict[str, list[Summary]]:
    """Return, by indicator, the discussions that a person may read: those begun, and those that can begin. One query."""
    readable = [audience for audience in Audience if is_allowed(right_to(audience), user, evaluation)]
    if not readable:
        return {}
    asking = Q(
        comments__mentions__person=user, comments__mentions__answered_at=None, comments__mentions__withdrawn_at=None
    )
    counted = evaluation.discussions.filter(audience__in=readable).annotate(
        written=Count("comments", filter=Q(comments__is_deleted=False), distinct=True),
        asking=Count("comments", filter=asking & Q(comments__is_deleted=False), distinct=True),
    )
    begun = {(row.audience, row.code): row for row in counted}
    found: dict[str, list[Summary]] = {}
    for code in codes:
        for audience in readable:
            if row := begun.get((audience, code)):
                summary = Summary(audience, code, row.written, row.asking, row.is_resolved)
            elif Discussion(evaluation=evaluation, code=code, audience=audience).takes_comments:
                summary = Summary(audience, code, 0, 0, is_resolved=False)
            else:
                continue
            found.setdefault(code, []).append(summary)
    return found


def find_asking(user: User, evaluations: Iterable[Evaluation] | None = None) -> list[Mention]:
    """Return the mentions that ask a person in what they may read, oldest first. One query.

    `evaluations` limits them. Each has its comment, discussion, evaluation and hotline.
    """
    mentions = Mention.objects.filter(
        person=user,
        answered_at=None,
        withdrawn_at=None,
        comment__is_deleted=False,
        comment__discussion__in=readable_by(user),
    )
    if evaluations is not None:
        mentions = mentions.filter(comment__discussion__evaluation__in=list(evaluations))
    return list(mentions.select_related("comment__discussion__evaluation__hotline"))


# --- Writing ---------------------------------------------------------------------------------------------------------


def _open(evaluation: Evaluation, code: str, audience: str, by: User) -> Discussion | None:
    """Lock the evaluation and return the discussion if comments are taken from this person; else None."""
    locked = Evaluation.objects.select_for_update(no_key=True).get(pk=evaluation.pk)
    discussion = find_discussion(locked, code, audience)
    return discussion if discussion.takes_comments and is_allowed(discussion.right, by, evaluation) else None


def _ask(comment: DiscussionComment, evaluation: Evaluation, mentioned: set[UUID], by: User) -> tuple[User, ...]:
    """Let the comment ask exactly these people, besides its author; return those whom it asks for the first time.

    Raises InvalidComment. Who is asked already and may not read it any more stays. Who is asked again after the
    question was taken back is not asked for the first time, and an answer given before stands.
    """
    before = {mention.person.uid: mention for mention in comment.mentions.select_related("person")}
    standing = {uid for uid, mention in before.items() if mention.withdrawn_at is None}
    readers = {reader.uid: reader for reader in readers_of(evaluation, comment.discussion.audience)}
    if mentioned - set(readers) - standing:
        raise InvalidComment("no_reader")
    _set_withdrawn(comment, standing - mentioned, timezone.now())
    _set_withdrawn(comment, (before.keys() - standing) & mentioned, None)
    asked = tuple(readers[uid] for uid in readers if uid in mentioned and uid not in before and uid != by.uid)
    Mention.objects.bulk_create(Mention(comment=comment, person=person) for person in asked)
    return asked


def _set_withdrawn(comment: DiscussionComment, people: Iterable[UUID], at: datetime | None) -> None:
    comment.mentions.filter(person__uid__in=list(people)).update(withdrawn_at=at)


@transaction.atomic
def add_comment(
    evaluation: Evaluation,
    code: str,
    audience: str,
    *,
    words: str,
    mentioned: Iterable[UUID] = (),
    by: User,
    save_uid: UUID | None = None,
) -> Posted | Closed:
    """Add a comment that asks the people with the uids `mentioned`; what asked its author there is answered by it.

    The same `save_uid` again adds nothing. Raises InvalidComment. Returns Closed if no comment is taken at this stage,
    or from this person; the evaluation is locked, so that nothing is added after that. A new comment reopens what was
    resolved.
    """
    words = words.strip()
    if not words:
        raise InvalidComment("no_words")
    discussion = _open(evaluation, code, audience, by)
    if discussion is None:
        return Closed()
    if save_uid and discussion.pk:
        again = DiscussionCommentVersion.objects.filter(
            comment__discussion=discussion, comment__by=by, save_uid=save_uid
        )
        if version := again.select_related("comment").first():
            return Posted(version.comment)
    discussion.resolved_at = discussion.resolved_by = None
    discussion.save()
    comment = DiscussionComment(discussion=discussion, by=by, version=0).write(words, save_uid=save_uid)
    asked = _ask(comment, evaluation, set(mentioned), by)
    _answer(discussion, by)
    return Posted(comment, asked)


@transaction.atomic
def edit_comment(
    comment: DiscussionComment,
    *,
    words: str,
    mentioned: Iterable[UUID] = (),
    version: int,
    by: User,
    save_uid: UUID | None = None,
) -> Posted | Conflict | Closed:
    """Replace the words of one's own comment and whom it asks, if `version` is its version.

    Nobody is asked twice by a letter. The same `save_uid` again changes nothing. Raises InvalidComment. Returns Closed
    if no comment is taken any more, if it is deleted or somebody else's.
    """
    words = words.strip()
    if not words:
        raise InvalidComment("no_words")
    locked = _lock(comment, by)
    if locked is None or locked.is_deleted:
        return Closed()
    if save_uid and locked.versions.filter(save_uid=save_uid).exists():
        return Posted(locked)
    if locked.version != version and locked.words != words:
        return Conflict(locked)
    asked = _ask(locked, comment.discussion.evaluation, set(mentioned), by)
    return Posted(locked if locked.words == words else locked.write(words, save_uid=save_uid), asked)


@transaction.atomic
def delete_comment(comment: DiscussionComment, *, by: User) -> bool:
    """Take the words of one's own comment away; that there was one stays visible, and its versions are kept.

    Returns False if no comment is taken any more, or if it is somebody else's.
    """
    locked = _lock(comment, by)
    if locked is None:
        return False
    if not locked.is_deleted:
        locked.is_deleted = True
        locked.write("")
        locked.mentions.all().delete()
    return True


def _lock(comment: DiscussionComment, by: User) -> DiscussionComment | None:
    """Return the comment locked and fresh if this person may change it now; else None."""
    discussion = comment.discussion
    if _open(discussion.evaluation, discussion.code, discussion.audience, by) is None or comment.by_id != by.pk:
        return None
    locked = DiscussionComment.objects.select_for_update().get(pk=comment.pk)
    locked.discussion = discussion
    return locked


def resolve(discussion: Discussion, *, by: User) -> bool:
    """Resolve a discussion, which then asks nobody; False if it takes no comments, or from this person."""
    return _set_resolved(discussion, by, timezone.now())


def reopen(discussion: Discussion, *, by: User) -> bool:
    return _set_resolved(discussion, by, None)


@transaction.atomic
def _set_resolved(discussion: Discussion, by: User, at: Any) -> bool:
    found = _open(discussion.evaluation, discussion.code, discussion.audience, by)
    if found is None or found.pk is None:
        return False
    if found.is_resolved != (at is not None):
        found.resolved_at, found.resolved_by = at, by if at else None
        found.save()
        if at is not None:
            _answer(found)
    return True


def note_read(discussion: Discussion, user: User) -> int:
    """Note that a person has read what asks them there and adds nothing; return how many comments asked."""
    return _answer(discussion, user) if discussion.pk else 0


def _answer(discussion: Discussion, *people: User) -> int:
    """Let the comments ask these people no more, or nobody; return how many mentions asked."""
    asking = Mention.objects.filter(comment__discussion=discussion, answered_at=None, withdrawn_at=None)
    return (asking.filter(person__in=people) if people else asking).update(answered_at=timezone.now())


def sent_back_codes(evaluation: Evaluation) -> set[str]:
    """Return the indicators that came back: those sent back, or else whose discussion with the reviewers is open again.

    Empty unless the self-assessment is open. One query.
    """
    if not evaluation.is_open:
        return set()
    if evaluation.fixed_codes is not None:
        return set(evaluation.returned)
    return set(_comments_sent_back(evaluation).values_list("discussion__code", flat=True))


def questions_sent_back(evaluation: Evaluation, codes: Iterable[str]) -> dict[str, DiscussionComment]:
    """Return what the reviewers wrote last on each of these indicators that came back with a question. Two queries."""
    own = {member.pk for member in members_of(evaluation.hotline)}
    written = _comments_sent_back(evaluation).filter(discussion__code__in=list(codes)).exclude(by__in=own)
    return {comment.discussion.code: comment for comment in written.select_related("by", "discussion")}


def _comments_sent_back(evaluation: Evaluation) -> QuerySet[DiscussionComment]:
    return DiscussionComment.objects.filter(
        discussion__evaluation=evaluation,
        discussion__audience=Audience.REVIEW,
        discussion__resolved_at=None,
        is_deleted=False,
    )
