"""The page of a discussion: the comments for those who may read it, and the people whom each mentions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.answers.judgements import Closed, Conflict
from evaluation.discussions.discussions import (
    InvalidComment,
    Posted,
    add_comment,
    comments_of,
    delete_comment,
    edit_comment,
    find_discussion,
    note_read,
    readers_of,
    reopen,
    resolve,
)
from evaluation.models import Audience, Discussion, DiscussionComment, User
from evaluation.models.discussions.discussion import right_to
from portal.access import find_evaluation, require
from portal.answers.saving import Fields, read_submission
from portal.discussions.letters import write_mention_letters
from portal.presentation.form_values import read_words
from portal.requests.signed_in import SignedInRequest, refuse_foreign_form


@dataclass(slots=True)
class CommentForm:
    """The form of a new comment or of an own comment, with the unsaved text and its problem."""

    row: DiscussionComment | None = None
    words: str = ""
    mentioned: frozenset[UUID] = frozenset()
    version: int = 0
    problem: str = ""
    theirs: DiscussionComment | None = None
    """The comment as saved by a concurrent request."""
    save_uid: UUID = field(default_factory=uuid4)

    @property
    def name(self) -> str:
        """The suffix of its ids on the page."""
        return str(self.row.pk) if self.row else "new"

    @property
    def is_opened(self) -> bool:
        return bool(self.problem or self.theirs)


def edit_form(comment: DiscussionComment) -> CommentForm:
    mentioned = frozenset(mention.person.uid for mention in comment.mentions.all() if mention.withdrawn_at is None)
    return CommentForm(comment, comment.words, mentioned, comment.version)


@dataclass(slots=True)
class ShownComment:
    """A comment on the page; `form` is set for its author, while the discussion takes comments."""

    row: DiscussionComment
    asked: list[User]
    asks_reader: bool
    form: CommentForm | None
    edit_url: str
    delete_url: str


def _find(request: SignedInRequest, uid: UUID, audience: str, code: str, *, has_words: bool = False) -> Discussion:
    """Return a discussion. Raises 404 if the user may not see the evaluation, 403 if they may not read the discussion.

    A discussion that cannot begin raises 404, unless the request has a text, which is then shown as unsaved.
    """
    evaluation = find_evaluation(request, uid)
    if audience not in Audience.values or code not in evaluation.framework.indicators:
        raise Http404
    require(request, right_to(audience), evaluation)
    found = find_discussion(evaluation, code, audience)
    if found.pk is None and not found.takes_comments and not has_words:
        raise Http404
    return found


def _find_comment(discussion: Discussion, request: SignedInRequest, pk: int) -> DiscussionComment:
    """Return a comment of the user. Raises Http404 for those of others."""
    comments = DiscussionComment.objects.prefetch_related("mentions__person")
    comment = get_object_or_404(comments, pk=pk, discussion=discussion.pk, by=request.user)
    comment.discussion = discussion
    return comment


def _page(discussion: Discussion, fragment: str = "") -> HttpResponseRedirect:
    args = [discussion.evaluation.uid, discussion.audience, discussion.code]
    return HttpResponseRedirect(reverse("workspace:discussion", args=args) + fragment)


def _read_uids(texts: Iterable[str]) -> frozenset[UUID]:
    """Return the uids of the chosen people. Raises InvalidComment."""
    try:
        return frozenset(map(UUID, texts))
    except ValueError as wrong:
        raise InvalidComment("no_reader") from wrong


def _describe(invalid: InvalidComment) -> str:
    return {
        "no_words": _("Write something first."),
        "no_reader": _("Somebody whom you ask may not read this any more. Choose again."),
    }[invalid.code]


def _deleted() -> str:
    return _("This was not saved: you deleted this comment elsewhere. Copy your words if you need them.")


def _closed() -> str:
    return _("This was not saved: no comments are taken here any more. Copy your words if you need them.")


@require_http_methods(["GET", "HEAD", "POST"])
def discussion(request: SignedInRequest, uid: UUID, audience: str, code: str) -> HttpResponse:
    """Show the comments on an indicator with the form of a new one, and save that."""
    found = _find(request, uid, audience, code, has_words=request.method == "POST")
    if request.method != "POST":
        return _draw(request, found)
    return _save(request, found, CommentForm())


@require_POST
def edit(request: SignedInRequest, uid: UUID, audience: str, code: str, pk: int) -> HttpResponse:
    """Edit an own comment. After a concurrent edit, show both texts."""
    found = _find(request, uid, audience, code)
    return _save(request, found, edit_form(_find_comment(found, request, pk)))


def _save(request: SignedInRequest, found: Discussion, form: CommentForm) -> HttpResponse:
    if refusal := refuse_foreign_form(request):
        return refusal
    submission = read_submission(Fields(request.POST, "", alone=True))
    form.words = read_words(request.POST, "words")
    form.version, form.save_uid = submission.version, submission.save_uid or form.save_uid
    try:
        form.mentioned = _read_uids(request.POST.getlist("mention"))
        result = _write(request, found, form)
    except InvalidComment as invalid:
        form.problem = _describe(invalid)
        return _draw(request, found, form, status=422)
    if isinstance(result, Posted):
        return _page(found, f"#c{result.comment.pk}")
    if isinstance(result, Conflict):
        form.theirs, form.version, form.save_uid = result.theirs, result.theirs.version, uuid4()
        return _draw(request, found, form, status=409)
    now = find_discussion(find_evaluation(request, found.evaluation.uid), found.code, found.audience)
    form.problem = _deleted() if form.row and now.takes_comments else _closed()
    return _draw(request, now, form, status=423)


@transaction.atomic
def _write(request: SignedInRequest, found: Discussion, form: CommentForm) -> Posted | Conflict | Closed:
    """Save the comment, with letters to the people whom it newly mentions."""
    values: dict[str, Any] = {"words": form.words, "mentioned": form.mentioned, "by": request.user}
    if form.row is None:
        result: Posted | Conflict | Closed = add_comment(
            found.evaluation, found.code, found.audience, save_uid=form.save_uid, **values
        )
    else:
        result = edit_comment(form.row, version=form.version, save_uid=form.save_uid, **values)
    if isinstance(result, Posted):
        write_mention_letters(found.evaluation, found.code, found.audience, result.asked, by=request.user)
    return result


@require_POST
def delete(request: SignedInRequest, uid: UUID, audience: str, code: str, pk: int) -> HttpResponse:
    """Delete the text of an own comment."""
    found = _find(request, uid, audience, code)
    return _redirect(request, found, delete_comment(_find_comment(found, request, pk), by=request.user), f"#c{pk}")


@require_POST
def resolve_it(request: SignedInRequest, uid: UUID, audience: str, code: str) -> HttpResponse:
    found = _find(request, uid, audience, code)
    return _redirect(request, found, resolve(found, by=request.user))


@require_POST
def reopen_it(request: SignedInRequest, uid: UUID, audience: str, code: str) -> HttpResponse:
    found = _find(request, uid, audience, code)
    return _redirect(request, found, reopen(found, by=request.user))


@require_POST
def mark_read(request: SignedInRequest, uid: UUID, audience: str, code: str) -> HttpResponse:
    """Record that the user has read the comments that mention them, without an answer."""
    found = _find(request, uid, audience, code)
    note_read(found, request.user)
    return _page(found)


def _redirect(request: SignedInRequest, found: Discussion, is_done: bool, fragment: str = "") -> HttpResponse:
    if not is_done:
        messages.error(request, _("Nothing was changed: no comments are taken here any more."))
    return _page(found, fragment)


def _draw(
    request: SignedInRequest, found: Discussion, form: CommentForm | None = None, status: int = 200
) -> HttpResponse:
    evaluation, code, user = found.evaluation, found.code, request.user
    texts = evaluation.round.edition.texts(get_language())
    answer = evaluation.answers.filter(code=code).select_related("by").first()
    standard = evaluation.framework.standard_of[code]
    comments = [_show(found, comment, user, form) for comment in comments_of(found)]
    readers = [one for one in readers_of(evaluation, found.audience) if one.pk != user.pk]
    context = {
        "evaluation": evaluation,
        "discussion": found,
        "code": code,
        "is_review": found.audience == Audience.REVIEW,
        "wording": texts[f"indicator/{code}/wording"],
        "answer": answer,
        "answer_level": "" if answer is None or answer.level is None else texts[f"level/{answer.level}"],
        "scale": evaluation.framework.scale,
        "place": f"{reverse('workspace:answers', args=[evaluation.uid, standard.code])}#i{code}",
        "returned": evaluation.returned.get(code, ()) if found.audience == Audience.REVIEW else (),
        "comments": comments,
        "asks_reader": any(comment.asks_reader for comment in comments),
        "is_open": found.takes_comments,
        "groups": _groups(readers),
        "form": form if form and form.row is None else CommentForm(),
        "lost": _lost(found, comments, form),
    }
    return render(request, "discussions/discussion.html", context, status=status)


def _lost(found: Discussion, comments: Iterable[ShownComment], form: CommentForm | None) -> CommentForm | None:
    """Return the unsaved form if no other form of the page shows it."""
    if form is None or not form.problem:
        return None
    is_shown = any(one.form is form for one in comments) if form.row else found.takes_comments
    return None if is_shown else form


def _show(found: Discussion, comment: DiscussionComment, user: User, form: CommentForm | None) -> ShownComment:
    mentions = [mention for mention in comment.mentions.all() if mention.withdrawn_at is None]
    own = None
    if comment.by_id == user.pk and found.takes_comments and not comment.is_deleted:
        own = form if form and form.row and form.row.pk == comment.pk else edit_form(comment)
    asks_reader = any(mention.person_id == user.pk and mention.answered_at is None for mention in mentions)
    args = [found.evaluation.uid, found.audience, found.code, comment.pk]
    return ShownComment(
        row=comment,
        asked=[mention.person for mention in mentions],
        asks_reader=asks_reader,
        form=own,
        edit_url=reverse("workspace:edit_discussion_comment", args=args),
        delete_url=reverse("workspace:delete_discussion_comment", args=args),
    )


def _groups(readers: Iterable[Any]) -> list[tuple[str, list[User]]]:
    """Return the people who can be mentioned, in groups; empty groups are left out."""
    groups: dict[str, list[User]] = {_("Of the hotline"): [], _("Of MCE"): [], _("Assessors"): []}
    own, mce, assessors = groups.values()
    for reader in readers:
        (own if reader.is_of_hotline else mce if reader.is_of_mce else assessors).append(reader)
    return [(title, people) for title, people in groups.items() if people]
