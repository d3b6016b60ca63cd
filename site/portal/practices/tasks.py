"""What is to be done next about good practice: its hotline agrees and answers, MCE publishes."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evaluation import queries
from evaluation.models import GoodPractice, Role, User
from evaluation.practices import practices_waiting_for_consent, practices_with_hotlines, waiting_questions
from portal.tasks import Line, Task, TaskKind, TaskSearch, Waiting

PUBLISH = Task("practice.publish", "practice", gettext_lazy("To the text"))


def _practices(_search: TaskSearch) -> Iterator[Waiting]:
    """Yield the good practice whose text has the hotline's consent, so that it can be published."""
    consented = practices_with_hotlines().filter(state=GoodPractice.State.CONSENTED)
    moved = queries.moved_at(GoodPractice.objects.filter(state=GoodPractice.State.CONSENTED))
    for practice in consented:
        name, since = practice.hotline.name, moved.get(practice.uid)
        yield Waiting(practice, name, PUBLISH.url(practice), since, practice.title)


TASKS = (TaskKind("practices", gettext_lazy("Good practice to publish"), PUBLISH, _practices),)


def lines_of_practices(hotlines: set[int], user: User) -> Iterator[Line]:
    """Yield the lines of a hotline: a text to agree to, and questions to answer. Two queries."""
    for practice in practices_waiting_for_consent(hotlines & user.hotlines_as(Role.COORDINATOR)):
        yield Line(
            what=_("May “%(title)s” be published as your good practice?") % {"title": practice.title},
            why=_("Read the text. Nothing is published unless you agree."),
            url=reverse("workspace:practice", args=[practice.uid]),
        )
    asked: dict[Any, list[Any]] = {}
    for question in waiting_questions(hotlines):
        asked.setdefault(question.practice.uid, []).append(question)
    for uid, questions in asked.items():
        words = ngettext(
            "%(count)d question about your good practice “%(title)s”",
            "%(count)d questions about your good practice “%(title)s”",
            len(questions),
        )
        yield Line(
            what=words % {"count": len(questions), "title": questions[0].practice.title},
            why=", ".join(dict.fromkeys(question.hotline.name for question in questions)),
            url=reverse("workspace:practice", args=[uid]) + "#questions-list",
            icon="comment",
        )
