"""What is to be done next about a consultation: comments are given, and answered."""

from collections.abc import Iterator

from django.db.models import Count, Exists, Min, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evaluation.models import Consultation, ConsultationComment
from portal.tasks import Task, TaskKind, TaskSearch, Waiting, begin_of

ANSWER = Task("consultation.run", "consultation", gettext_lazy("Answer"))
COMMENT = Task("consultation.comment", "consulted_text", gettext_lazy("Read"))


def _unanswered(_search: TaskSearch) -> Iterator[Waiting]:
    comments = ConsultationComment.objects.unresolved().order_by().values_list("consultation")
    counted = {key: (count, first) for key, count, first in comments.annotate(Count("pk"), Min("at"))}
    for consultation in Consultation.objects.filter(pk__in=list(counted)):
        count, first = counted[consultation.pk]
        words = ngettext("%(count)d comment has no answer.", "%(count)d comments have no answer.", count)
        yield Waiting(consultation, consultation.name, ANSWER.url(consultation), first, words % {"count": count})


def _invitations(search: TaskSearch) -> Iterator[Waiting]:
    has_commented = Exists(ConsultationComment.objects.given().filter(by=search.user, consultation=OuterRef("pk")))
    open_ = Consultation.objects.filter(state=Consultation.State.OPEN).exclude(has_commented)
    for consultation in open_.prefetch_related("hotlines", "assessors"):
        if consultation.takes_comments:
            why = _("Open until %(day)s.") % {"day": date_format(consultation.closes_on)}
            since = begin_of(consultation.opens_on, consultation)
            yield Waiting(consultation, consultation.name, COMMENT.url(consultation), since, why)


TASKS = (
    TaskKind("comments", gettext_lazy("Comments to answer"), ANSWER, _unanswered),
    TaskKind("consultations", gettext_lazy("Consultations to comment on"), COMMENT, _invitations),
)
