"""The comments on a standard, for those who run the consultation: each gets a resolution and an answer."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evaluation.consultation.comments import InvalidComment, StaleVersion, answer_comment
from evaluation.consultation.overview import Counts, count_by_indicator, sum_of
from evaluation.models import CommentAnswer, Consultation, ConsultationComment
from portal.access import find_consultation
from portal.consultation.texts import ShownText, find_standard, find_text, shown_texts
from portal.presentation.form_values import read_words
from portal.requests.signed_in import SignedInRequest
from standards.presentation.sentences import Passage

ON_A_PAGE = 20
UNRESOLVED = "unresolved"


@dataclass(slots=True)
class AnswerForm:
    """The answer to a comment: the saved one, or a submitted one that could not be saved."""

    comment: ConsultationComment
    resolution: str
    words: str
    problem: str = ""

    @property
    def comment_version(self) -> int:
        return self.comment.version

    @property
    def version(self) -> int:
        return self.comment.any_answer.version if self.comment.any_answer else 0

    @property
    def is_of_earlier_words(self) -> bool:
        """Whether the comment has changed since it was answered."""
        return self.comment.any_answer is not None and self.comment.present_answer is None


@dataclass(frozen=True, slots=True)
class Answered:
    """An indicator with its votes and the comments of this page."""

    text: ShownText
    counts: Counts
    forms: list[AnswerForm]


@require_safe
def answers(request: SignedInRequest, uid: UUID, standard: str) -> HttpResponse:
    return _draw(request, find_consultation(request, uid, "consultation.run"), standard)


@require_POST
def answer(request: SignedInRequest, uid: UUID, standard: str, pk: int) -> HttpResponse:
    """Answer one comment; an answer that could not be saved stays in its form."""
    consultation = find_consultation(request, uid, "consultation.run")
    find_standard(find_text(consultation), standard)
    comment = get_object_or_404(consultation.comments, pk=pk)
    resolution, words = request.POST.get("resolution", ""), read_words(request.POST, "words")
    try:
        answer_comment(
            comment,
            resolution=resolution,
            words=words,
            comment_version=_number(request.POST.get("comment_version", "")),
            version=_number(request.POST.get("version", "")),
            by=request.user,
        )
    except InvalidComment as invalid:
        problem = {
            "no_resolution": _("Say what becomes of the comment."),
            "no_reason": _("Say why it is not taken up: its author reads it."),
        }[invalid.code]
        return _draw(request, consultation, standard, AnswerForm(comment, resolution, words, problem), status=422)
    except StaleVersion:
        problem = _(
            "The comment or its answer has changed since you opened this page. Both are shown as they are now. What you "
            "typed is still here: look at it and save again."
        )
        return _draw(request, consultation, standard, AnswerForm(comment, resolution, words, problem), status=409)
    return HttpResponseRedirect(f"{_address(request, consultation, standard)}#i{comment.code}")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _address(request: SignedInRequest, consultation: Consultation, standard: str) -> str:
    page = reverse("workspace:comment_answers", args=[consultation.uid, standard])
    kept = {name: request.GET[name] for name in ("show", "page") if name in request.GET}
    return f"{page}?{urlencode(kept)}" if kept else page


def _draw(
    request: SignedInRequest,
    consultation: Consultation,
    key: str,
    failed: AnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    text = find_text(consultation)
    found = find_standard(text, key)
    shown = {one.indicator.key: one for one in shown_texts(consultation, text, found.indicators)}
    order = list(shown)
    show = UNRESOLVED if request.GET.get("show") == UNRESOLVED else ""
    failed_pk = failed.comment.pk if failed else None
    comments = consultation.comments.filter(~Q(words="") | Q(pk=failed_pk), key__in=order)
    kept = [
        comment
        for comment in comments.select_related("by", "hotline", "answer__by")
        if not show or comment.is_unresolved or comment.pk == failed_pk
    ]
    kept.sort(key=lambda comment: (order.index(comment.key), -(comment.urgency or 0), comment.pk))
    page = Paginator(kept, ON_A_PAGE).get_page(_page_of(kept, failed_pk) or request.GET.get("page"))
    counts = count_by_indicator(consultation)
    groups: dict[str, list[AnswerForm]] = {}
    for comment in page:
        groups.setdefault(comment.key, []).append(_form_of(comment, failed))
    waiting = (
        other for other in text.standards.values() if other.key != key and _unresolved_of(other.indicators, counts)
    )
    context = {
        "consultation": consultation,
        "standard": found,
        "title": Passage(found.title, text.language),
        "groups": [Answered(shown[one], counts.get(one, Counts()), forms) for one, forms in groups.items()],
        "page": page,
        "show": show,
        "number": sum_of(counts, order),
        "resolutions": CommentAnswer.Resolution.choices,
        "action_query": _address(request, consultation, key).partition("?")[2],
        "after": next(waiting, None),
        "problems": [{"text": failed.problem, "target": f"answer-{failed.comment.pk}"}] if failed else [],
    }
    return render(request, "consultation/answers.html", context, status=status)


def _page_of(comments: list[ConsultationComment], pk: int | None) -> int | None:
    """Return the number of the page that contains the comment with this key, or None if there is none."""
    return next((place // ON_A_PAGE + 1 for place, comment in enumerate(comments) if comment.pk == pk), None)


def _unresolved_of(indicators: Any, counts: dict[str, Counts]) -> int:
    return sum_of(counts, (indicator.key for indicator in indicators)).unresolved


def _form_of(comment: ConsultationComment, failed: AnswerForm | None) -> AnswerForm:
    """Return the form of a comment, with the submitted answer if it could not be saved."""
    if failed and failed.comment.pk == comment.pk:
        return AnswerForm(comment, failed.resolution, failed.words, failed.problem)
    given = comment.any_answer
    return AnswerForm(comment, given.resolution if given else "", given.words if given else "")
