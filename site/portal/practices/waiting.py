"""The good practice that waits for the people of a hotline, as lines for Home."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.models import Role, User
from evaluation.practices import practices_waiting_for_consent, waiting_questions


def practice_acts(hotlines: set[int], user: User) -> Iterable[dict[str, Any]]:
    """Yield lines for the list “What next” of a hotline: a text to agree to, and questions to answer. Two queries."""
    for practice in practices_waiting_for_consent(hotlines & user.hotlines_as(Role.COORDINATOR)):
        yield {
            "what": _("May “%(title)s” be published as your good practice?") % {"title": practice.title},
            "why": _("Read the text. Nothing is published unless you agree."),
            "url": reverse("workspace:practice", args=[practice.uid]),
            "kind": "wait",
        }
    asked: dict[Any, list[Any]] = {}
    for question in waiting_questions(hotlines):
        asked.setdefault(question.practice.uid, []).append(question)
    for uid, questions in asked.items():
        words = ngettext(
            "%(count)d question about your good practice “%(title)s”",
            "%(count)d questions about your good practice “%(title)s”",
            len(questions),
        )
        yield {
            "what": words % {"count": len(questions), "title": questions[0].practice.title},
            "why": ", ".join(dict.fromkeys(question.hotline.name for question in questions)),
            "url": reverse("workspace:practice", args=[uid]) + "#questions-list",
            "icon": "comment",
            "kind": "wait",
        }
