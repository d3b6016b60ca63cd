"""Discussions of an indicator: readers, comments, mentions of users, and resolution."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from evaluation.answers.judgements import Closed, Conflict
from evaluation.discussions.assignments import members_of
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
from evaluation.models.discussions.discussion import right_to
from evaluation.models.people.permissions import is_allowed
from evaluation.queries import independent_of


class InvalidComment(ValueError):
    """The comment is not valid. `code` is `no_words` or `no_reader`: it mentions a user who may not read it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Posted:
    """The comment is saved. `asked` are the users whom it mentions for the first time."""

    comment: DiscussionComment
    asked: tuple[User, ...] = ()


# --- Readers --------------------------------------------------------------------------------------------------------


def readers_of(evaluation: Evaluation, audience: str) -> list[User]:
    """Return the users who may read a discussion today, by name, as the permission table has it. One query.

    Each is annotated with `is_of_hotline` and `is_of_mce`.
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
    """Return the discussions that a user may read, as the permission table has it. Makes no query."""
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
    """Return the discussion of an indicator; an unsaved one if it has not begun."""
    found = evaluation.discussions.filter(code=code, audience=audience).select_related("resolved_by").first()
    found = found or Discussion(code=code, audience=audience)
    found.evaluation = evaluation
    return found


def comments_of(discussion: Discussion) -> list[DiscussionComment]:
    """Return the comments in order, with their authors and mentions. At most three queries."""
    if discussion.pk is None:
        return []
    return list(discussion.comments.select_related("by").prefetch_related("mentions__person"))


@dataclass(frozen=True, slots=True)
class Summary:
    """The summary of a discussion: the number of comments, and how many of them mention the reader and are open."""

    audience: str
    code: str
    comments: int
    asking: int
    is_resolved: bool

    @property
    def is_open(self) -> bool:
        return self.comments > 0 and not self.is_resolved


def find_summaries(evaluation: Evaluation, user: User, codes: Iterable[str]) -> dict[str, list[Summary]]:
    """Return the discussions that a user may read, by indicator: those begun, and those that can begin. One query."""
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


def find_open_mentions(user: User, evaluations: Iterable[Evaluation] | None = None) -> list[Mention]:
    """Return the open mentions of a user in discussions that they may read, oldest first. One query.

    `evaluations` limits them. The comment, discussion, evaluation and hotline of each are loaded.
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
    """Lock the evaluation, and return the discussion if this user can comment now, else None."""
    locked = Evaluation.objects.select_for_update(no_key=True).get(pk=evaluation.pk)
    discussion = find_discussion(locked, code, audience)
    return discussion if discussion.takes_comments and is_allowed(discussion.right, by, evaluation) else None


def _ask(comment: DiscussionComment, evaluation: Evaluation, mentioned: set[UUID], by: User) -> tuple[User, ...]:
    """Set the users whom a comment mentions, without its author. Return those mentioned for the first time.

    Raises InvalidComment. An existing mention of a user who may not read the discussion any more can be kept. A mention
    that is repeated after its withdrawal does not count as the first, and stays answered if it was.
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
    """Add a comment that mentions the users with the uids `mentioned`. It answers open mentions of its author.

    A repeated `save_uid` adds nothing. Raises InvalidComment. Returns Closed if comments cannot be added in this stage,
    or not by this user; the evaluation is locked, so that none is added later. A new comment reopens a resolved
    discussion.
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
    _open_mentions(discussion).filter(person=by).update(answered_at=timezone.now())
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
    """Replace the words and mentions of the user's own comment if `version` is current.

    No second letter is sent for a mention. A repeated `save_uid` changes nothing. Raises InvalidComment. Returns Closed
    if comments cannot be changed any more, or if the comment is deleted or another user's.
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
    """Delete the words and mentions of the user's own comment. The row and its versions are kept.

    Returns False if comments cannot be changed any more, or if it is another user's.
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
    """Lock the comment and return it as stored if this user may change it now, else None."""
    discussion = comment.discussion
    if _open(discussion.evaluation, discussion.code, discussion.audience, by) is None or comment.by_id != by.pk:
        return None
    locked = DiscussionComment.objects.select_for_update().get(pk=comment.pk)
    locked.discussion = discussion
    return locked


def resolve(discussion: Discussion, *, by: User) -> bool:
    """Resolve a discussion, which closes its mentions. Return False if this user cannot comment in it now."""
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
            _open_mentions(found).update(answered_at=at)
    return True


def note_read(discussion: Discussion, user: User) -> int:
    """Mark the open mentions of a user in a discussion as answered, without a comment. Return their number."""
    return _open_mentions(discussion).filter(person=user).update(answered_at=timezone.now()) if discussion.pk else 0


def _open_mentions(discussion: Discussion) -> QuerySet[Mention]:
    return Mention.objects.filter(comment__discussion=discussion, answered_at=None, withdrawn_at=None)


def sent_back_codes(evaluation: Evaluation) -> set[str]:
    """Return the codes that were sent back; if the whole was, those with an unresolved discussion with the reviewers.

    Empty unless the self-assessment is open. One query.
    """
    if not evaluation.is_open:
        return set()
    if evaluation.fixed_codes is not None:
        return set(evaluation.returned)
    return set(_comments_sent_back(evaluation).values_list("discussion__code", flat=True))


def questions_sent_back(evaluation: Evaluation, codes: Iterable[str]) -> dict[str, DiscussionComment]:
    """Return the last comment of the reviewers in the unresolved discussion of each indicator. Two queries."""
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
