"""Thanks for a good practice, and questions to its hotline."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from evaluation import practices
from evaluation.models import GoodPractice
from evaluation.workflow import Refusal
from portal.access import find_practice, find_practice_question
from portal.practices.letters import write_answer_letters, write_question_letters
from portal.practices.pages import AnswerForm, QuestionForm, page_of, render_practice
from portal.presentation.refusals import raise_if_forbidden
from portal.requests.signed_in import SignedInRequest


@contextmanager
def _refused_as_page(found: GoodPractice) -> Iterator[None]:
    """Raise 403 if the right was lost since the practice was looked up."""
    try:
        yield
    except Refusal as refusal:
        raise_if_forbidden(refusal, found)
        raise


@require_POST
def thanks(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Record thanks, or withdraw them with `back`."""
    found = find_practice(request, uid, "practice.thank")
    with _refused_as_page(found):
        if request.POST.get("back"):
            practices.withdraw_thanks(found, by=request.user)
        else:
            practices.add_thanks(found, by=request.user)
    return HttpResponseRedirect(page_of(found, "#thanks"))


def _describe_limit(refused: practices.TooManyQuestions) -> str:
    return _(
        "You have asked %(count)d questions in 24 hours, which is the most. Your words stay here: ask again after "
        "%(time)s."
    ) % {
        "count": practices.QUESTIONS_A_DAY,
        "time": date_format(timezone.localtime(refused.until), "SHORT_DATETIME_FORMAT"),
    }


@require_POST
def ask(request: SignedInRequest, uid: UUID) -> HttpResponse:
    found = find_practice(request, uid, "practice.thank")
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return render_practice(request, found, question=form)
    try:
        with _refused_as_page(found), transaction.atomic():
            question, is_new = practices.ask_question(found, form.cleaned_data["words"], by=request.user)
            if is_new:
                write_question_letters(question)
    except practices.TooManyQuestions as refused:
        form.add_error("words", _describe_limit(refused))
        return render_practice(request, found, question=form)
    messages.success(request, _("The hotline gets your question. You get a letter with its answer."))
    return HttpResponseRedirect(page_of(found, "#questions-list"))


@require_POST
def answer(request: SignedInRequest, uid: UUID, question: UUID) -> HttpResponse:
    """Answer a question, once. An answer that came too late stays in its form."""
    found = find_practice_question(request, uid, question, "practice.answer")
    form = AnswerForm(request.POST, prefix=f"q{found.pk}")
    if not form.is_valid():
        return render_practice(request, found.practice, answers={found.uid: form})
    was_answered = bool(found.answer)
    with _refused_as_page(found.practice), transaction.atomic():
        is_given = practices.answer_question(found, form.cleaned_data["answer"], by=request.user)
        if is_given and not was_answered:
            found.refresh_from_db()
            write_answer_letters(found)
    if not is_given:
        form.add_error("answer", _("A colleague has answered meanwhile. Their answer is above; yours was not sent."))
        return render_practice(request, found.practice, answers={found.uid: form})
    messages.success(request, _("Your answer is sent."))
    return HttpResponseRedirect(page_of(found.practice, "#questions-list"))


@require_POST
def hide(request: SignedInRequest, uid: UUID, question: UUID) -> HttpResponse:
    """Hide a question and its answer from other hotlines, or show it again with `show`."""
    found = find_practice_question(request, uid, question, "practice.moderate")
    with _refused_as_page(found.practice):
        practices.hide_question(found, is_hidden=not request.POST.get("show"), by=request.user)
    return HttpResponseRedirect(page_of(found.practice, "#questions-list"))
