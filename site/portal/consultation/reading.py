"""The consulted text for invited users: its contents, and a standard with a comment and a vote on each indicator."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.answers.judgements import Closed
from evaluation.consultation.comments import InvalidComment, save_comment
from evaluation.consultation.draft_text import ConsultedDomain, ConsultedIndicator, ConsultedStandard
from evaluation.consultation.overview import visible_comments
from evaluation.models import Consultation, ConsultationComment, Urgency
from evaluation.models.people.permissions import is_allowed
from portal.access import find_consultation
from portal.answers.saving import Fields, read_submission
from portal.consultation.texts import ShownText, find_standard, find_text, shown_texts
from portal.presentation.form_values import fingerprint, read_words
from portal.presentation.moments import saved_words
from portal.requests.signed_in import SignedInRequest, refuse_foreign_form
from standards.presentation.sentences import Passage

OPEN = "open"
"""The value of the filter that shows only indicators without a comment or vote of the user."""


@dataclass(frozen=True, slots=True)
class StandardLine:
    """A standard in the contents: the number of its indicators, and of those the user has commented or voted on."""

    key: str
    code: str
    title: Passage
    indicators: int
    done: int

    @property
    def left(self) -> int:
        return self.indicators - self.done


@dataclass(frozen=True, slots=True)
class DomainLine:
    code: str
    title: Passage
    introduction: Passage
    standards: tuple[StandardLine, ...]


@require_safe
def contents(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the domains and standards; with `show=open`, those with indicators without a comment or vote of the user."""
    consultation = find_consultation(request, uid)
    text = find_text(consultation)
    mine = _own_keys(consultation, request)
    show = OPEN if request.GET.get("show") == OPEN else ""

    def line(standard: ConsultedStandard) -> StandardLine:
        done = sum(indicator.key in mine for indicator in standard.indicators)
        title = Passage(standard.title, text.language)
        return StandardLine(standard.key, standard.code, title, len(standard.indicators), done)

    def lines(domain: ConsultedDomain) -> DomainLine:
        found = tuple(one for one in map(line, domain.standards) if one.left or not show)
        title, introduction = (Passage(words, text.language) for words in (domain.title, domain.introduction))
        return DomainLine(domain.code, title, introduction, found)

    domains = [found for found in map(lines, text.domains) if found.standards]
    context = {
        "consultation": consultation,
        "introduction": Passage(text.introduction, text.language),
        "domains": domains,
        "total": len(text.indicators),
        "done": len(mine & set(text.indicators)),
        "show": show,
        "query": f"?show={show}" if show else "",
        **_rights(request, consultation),
    }
    return render(request, "consultation/contents.html", context)


def _own_keys(consultation: Consultation, request: SignedInRequest) -> set[str]:
    return set(consultation.comments.given().filter(by=request.user).values_list("key", flat=True))


def _rights(request: SignedInRequest, consultation: Consultation) -> dict[str, bool]:
    is_invited = is_allowed("consultation.comment", request.user, consultation)
    return {
        "is_invited": is_invited,
        "may_comment": is_invited and consultation.takes_comments,
        "is_over": is_invited and not consultation.takes_comments,
        "may_run": is_allowed("consultation.run", request.user),
    }


# --- A standard ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class CommentForm:
    """The user's own comment on an indicator: the saved one, and one that could not be saved."""

    name: str
    row: ConsultationComment | None
    submitted_words: str | None = None
    submitted_urgency: str = ""
    problem: str = ""
    draft_uid: UUID = field(default_factory=uuid4)

    @property
    def version(self) -> int:
        return self.row.version if self.row else 0

    @property
    def words(self) -> str:
        if self.submitted_words is not None:
            return self.submitted_words
        return self.row.words if self.row else ""

    @property
    def urgency(self) -> str:
        return self.submitted_urgency if self.submitted_words is not None else self._saved_urgency

    @property
    def _saved_urgency(self) -> str:
        return str(self.row.urgency or "") if self.row else ""

    @property
    def was(self) -> str:
        """The digest of the saved comment, by which a plain form saves only changed comments."""
        return fingerprint(self._saved_urgency, "", self.row.words if self.row else "", False)

    @property
    def saved_words(self) -> str:
        return saved_words(self.row.at) if self.row and not self.problem else ""

    @property
    def earlier(self) -> list[Any]:
        """The versions before the present one that contain text."""
        versions = self.row.versions.all() if self.row else ()
        return [one for one in versions if one.words and one.version < self.version]


@dataclass(frozen=True, slots=True)
class ReadIndicator:
    """An indicator with the user's comment and the other comments that they may read."""

    text: ShownText
    form: CommentForm
    others: list[ConsultationComment]

    @property
    def code(self) -> str:
        return self.text.indicator.code


@require_http_methods(["GET", "HEAD", "POST"])
def standard(request: SignedInRequest, uid: UUID, standard: str) -> HttpResponse:
    """Show a standard; with `show=open`, its indicators without a comment or vote. A plain form saves all of it."""
    if request.method != "POST":
        return _draw(request, find_consultation(request, uid), standard, {})
    consultation = find_consultation(request, uid, "consultation.comment")
    indicators = find_standard(find_text(consultation), standard).indicators
    return _save_plainly(request, consultation, standard, indicators)


@require_POST
def save(request: SignedInRequest, uid: UUID, standard: str, key: str) -> HttpResponse:
    """Save one comment. Respond to a script with JSON, to a plain form with a redirect to the page."""
    consultation = find_consultation(request, uid, "consultation.comment")
    indicators = find_standard(find_text(consultation), standard).indicators
    indicator = next((one for one in indicators if one.key == key), None)
    if indicator is None:
        raise Http404
    if request.headers.get("Accept") != "application/json":
        return _save_plainly(request, consultation, standard, indicators, pressed=indicator)
    if refusal := refuse_foreign_form(request):
        return refusal
    form, version = _save_one(request, consultation, indicator, Fields(request.POST, key, alone=True))
    if form.problem:
        return JsonResponse({"problem": form.problem}, status=422)  # the browser keeps the unsaved text
    return JsonResponse({"version": version, "saved": saved_words(timezone.now()), "missing": ""})


def _save_plainly(
    request: SignedInRequest,
    consultation: Consultation,
    standard: str,
    indicators: Iterable[ConsultedIndicator],
    pressed: ConsultedIndicator | None = None,
) -> HttpResponse:
    if refusal := refuse_foreign_form(request):
        return refusal
    failed = {}
    for indicator in indicators:
        fields = Fields(request.POST, indicator.key)
        if f"version-{indicator.key}" not in request.POST or not fields.is_changed:
            continue
        form, _version = _save_one(request, consultation, indicator, fields)
        if form.problem:
            failed[indicator.key] = form
    if failed:
        return _draw(request, consultation, standard, failed, status=422 if consultation.takes_comments else 423)
    page = reverse("workspace:consulted_standard", args=[consultation.uid, standard])
    return HttpResponseRedirect(f"{page}#i{pressed.code}" if pressed else page)


def _save_one(
    request: SignedInRequest, consultation: Consultation, indicator: ConsultedIndicator, fields: Fields
) -> tuple[CommentForm, int]:
    """Save one comment. Return its form, with the problem if there is one, and the saved version or else 0."""
    words, urgency = read_words(fields, "words"), fields.get("level")
    form = CommentForm(indicator.key, None, words, urgency)
    submission = read_submission(fields)
    form.draft_uid = submission.draft_uid
    try:
        result = save_comment(
            consultation,
            indicator.key,
            indicator.code,
            words=words,
            urgency=_read_urgency(urgency),
            by=request.user,
            save_uid=submission.save_uid,
        )
    except InvalidComment:
        form.problem = _("Choose one of the three, or none.")
        return form, 0
    if isinstance(result, Closed):
        form.problem = _(
            "This was not saved: the consultation takes no comments any more. Copy your words if you need them."
        )
        return form, 0
    return form, result.version


def _read_urgency(text: str) -> int | None:
    """Return the vote, or None for an empty text. Raises InvalidComment."""
    if not text:
        return None
    if text not in {str(value) for value in Urgency.values}:
        raise InvalidComment("no_such_urgency")
    return int(text)


def _draw(
    request: SignedInRequest, consultation: Consultation, key: str, failed: dict[str, CommentForm], status: int = 200
) -> HttpResponse:
    text = find_text(consultation)
    found = find_standard(text, key)
    keys = [one.key for one in found.indicators]
    own = consultation.comments.filter(by=request.user, key__in=keys).select_related("by", "hotline", "answer__by")
    mine = {comment.key: comment for comment in own.prefetch_related("versions")}
    others: dict[str, list[ConsultationComment]] = {}
    for comment in visible_comments(consultation, request.user).filter(key__in=keys).exclude(by=request.user):
        others.setdefault(comment.key, []).append(comment)
    show = OPEN if request.GET.get("show") == OPEN else ""
    rows = []
    for shown in shown_texts(consultation, text, found.indicators):
        row = mine.get(shown.indicator.key)
        if show and row and row.is_given:
            continue
        form = failed.get(shown.indicator.key) or CommentForm(shown.indicator.key, row)
        form.row = row
        rows.append(ReadIndicator(shown, form, others.get(shown.indicator.key, [])))
    order = list(text.standards)
    place = order.index(key)
    context = {
        "consultation": consultation,
        "standard": found,
        "title": Passage(found.title, text.language),
        "introduction": Passage(found.introduction, text.language),
        "domain": Passage(text.domain_of[key].title, text.language),
        "rows": rows,
        "show": show,
        "query": f"?show={show}" if show else "",
        "before": text.standards[order[place - 1]] if place else None,
        "after": text.standards[order[place + 1]] if place + 1 < len(order) else None,
        "urgencies": [("", _("no vote")), *((str(value), label) for value, label in Urgency.choices)],
        "problems": [
            {"text": f"{row.code}: {row.form.problem}", "target": f"words-{row.form.name}"}
            for row in rows
            if row.form.problem
        ],
        **_rights(request, consultation),
    }
    return render(request, "consultation/standard.html", context, status=status)
