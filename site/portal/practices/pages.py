"""The list of good practice, and the page of one: its public text, moves, thanks and questions."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_safe

from evaluation import queries
from evaluation.models import Finding, GoodPractice, PracticeQuestion, User
from evaluation.models.people.permissions import is_allowed
from evaluation.practices import (
    count_thanks,
    library_of_others,
    practices_of,
    proposable_findings,
    readable_questions,
)
from evaluation.workflow import arrow
from portal.access import find_practice
from portal.handbook.practice import GoodPracticePage
from portal.handbook.reader import find_parts
from portal.moves.pages import offered_moves, shown_steps
from portal.moves.stored_notes import pop_note
from portal.requests.signed_in import SignedInRequest
from standards.models import Texts
from standards.presentation.reading_language import content_language

MOST_PROPOSABLE = 50
"""The most notes that are offered at once."""


class ConsentForm(forms.Form):
    """The consent of a coordinator; `read` is the digest of the text that the page showed."""

    agreed = forms.BooleanField(
        label=gettext_lazy("I have read this text. On behalf of the hotline, I agree that it is published."),
        help_text=gettext_lazy("You can withdraw this at any time. If the text is changed, you are asked again."),
        error_messages={"required": gettext_lazy("Tick this if the hotline agrees. If it does not, say why below.")},
    )
    read = forms.CharField(widget=forms.HiddenInput)


class QuestionForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Your question to the hotline"),
        max_length=PracticeQuestion.LONGEST,
        help_text=gettext_lazy("People of every hotline can read it. No names of persons, no case."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=PracticeQuestion.LONGEST,
        help_text=gettext_lazy("People of every hotline can read it. It can be given once."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_safe
def practices(request: SignedInRequest) -> HttpResponse:
    """List the good practice that the user follows, the notes to propose, and the published practice of others."""
    user = request.user
    own = list(practices_of(user))
    offered = list(proposable_findings(user)[:MOST_PROPOSABLE])
    known: dict[int, Texts] = {}
    return render(
        request,
        "practices/practices.html",
        {
            "practices": own,
            "offered": [_show_note(finding, known) for finding in offered],
            "library": library_of_others(user).exclude(pk__in=[one.pk for one in own]),
        },
    )


def _show_note(finding: Finding, known: dict[int, Texts]) -> dict[str, Any]:
    """Return a note that can be proposed; the texts of each edition are read once."""
    evaluation = finding.evaluation
    wording = wording_of(finding, known)
    return {"finding": finding, "evaluation": evaluation.uid, "hotline": evaluation.hotline, "wording": wording}


def wording_of(finding: Finding, known: dict[int, Texts]) -> Any:
    edition = finding.evaluation.round.edition
    if edition.pk not in known:
        known[edition.pk] = edition.texts(get_language())
    return known[edition.pk][f"indicator/{finding.code}/wording"]


def page_of(found: GoodPractice, anchor: str = "") -> str:
    return reverse("workspace:practice", args=[found.uid]) + anchor


@require_safe
def practice(request: SignedInRequest, uid: UUID) -> HttpResponse:
    return render_practice(request, find_practice(request, uid))


def render_practice(
    request: SignedInRequest,
    found: GoodPractice,
    *,
    consent: ConsentForm | None = None,
    question: QuestionForm | None = None,
    answers: dict[UUID, AnswerForm] | None = None,
) -> HttpResponse:
    """Render the page, with invalid submitted forms; `answers` are those to questions, by uid."""
    user = request.user
    may_consent = arrow(found, "consent") is not None and is_allowed("practice.consent", user, found)
    may_thank = is_allowed("practice.thank", user, found)
    given = [form for form in (consent, question, *(answers or {}).values()) if form]
    follows = _follows(user, found)
    return render(
        request,
        "practices/practice.html",
        {
            "practice": found,
            "states": GoodPractice.State,
            "language": settings.LANGUAGE_CODE,
            "follows": follows,
            "part": next(iter(find_parts([found.key], content_language())), None),
            "public_url": _public_url(found),
            "moves": offered_moves(found, user) if follows else [],
            "leads_on": found.state in (GoodPractice.State.PROPOSED, GoodPractice.State.CONSENTED),
            "stored_note": pop_note(request),
            "may_edit": arrow(found, "revise") is not None and is_allowed("practice.write", user, found),
            "consent_form": (consent or ConsentForm(initial={"read": found.digest})) if may_consent else None,
            "may_thank": may_thank,
            "has_thanked": may_thank and found.thanks.filter(by=user).exists(),
            "thanks": count_thanks(found),
            "question_form": (question or QuestionForm()) if may_thank else None,
            "questions": _show_questions(found, user, answers or {}),
            "may_moderate": is_allowed("practice.moderate", user, found),
            "wrong": next((form for form in given if form.errors), None),
            "steps": shown_steps(queries.steps_of(found)) if follows else [],
        },
        status=422 if any(form.errors for form in given) else 200,
    )


def _follows(user: User, found: GoodPractice) -> bool:
    """Return whether the user sees more than the public text: the state, the moves and the steps."""
    return any(is_allowed(f"practice.{right}", user, found) for right in ("write", "answer"))


def _public_url(found: GoodPractice) -> str:
    page = GoodPracticePage.public().filter(practice=found).select_related("locale").first()
    return page.get_url() or "" if page else ""


def _show_questions(found: GoodPractice, user: User, answers: dict[UUID, AnswerForm]) -> list[dict[str, Any]]:
    may_answer = is_allowed("practice.answer", user, found)

    def form_of(question: PracticeQuestion) -> AnswerForm | None:
        if question.uid in answers:
            return answers[question.uid]
        return AnswerForm(prefix=f"q{question.pk}") if may_answer and not question.answer else None

    return [{"question": one, "form": form_of(one)} for one in readable_questions(found, user)]
