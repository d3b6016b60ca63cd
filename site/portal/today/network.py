"""What waits in the network: recommendations, figures, questions, consultations, pages of the Guide and letters."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.models import Task

from evaluation import queries
from evaluation.discussions.discussions import find_open_mentions
from evaluation.models import (
    Audience,
    Consultation,
    ConsultationComment,
    Evaluation,
    GoodPractice,
    PersonChange,
    Recommendation,
    StatisticsImport,
    SystemKey,
    User,
)
from evaluation.practices import practices_with_hotlines
from evaluation.recommendations.drafting import EDITABLE
from evaluation.recommendations.progress import UNDER_WAY
from portal.accounts import person_changes
from portal.letters.outbox import failing_letters
from portal.requests.stored_files import still_missing
from portal.today.evaluations import about, since_it_came
from portal.today.source import Desk, Listing, Pending, Source, Stream, Waiting, begin_of, end_in

_CONFIRMED = StatisticsImport.State.CONFIRMED
KEYS_END_WITHIN = timedelta(days=21)
"""How long before its last day a key of a case system is listed."""


# --- Recommendations -------------------------------------------------------------------------------------------------


def _recommendations(state: str, allowed: Callable[[User], QuerySet[Evaluation]]) -> Listing:
    """Return the listing of the recommendations in a state, of the evaluations that a user may act on."""
    in_state = Recommendation.objects.without_dropped().filter(state=state)

    def find(desk: Desk) -> Iterator[Stream]:
        listed = in_state.filter(evaluation__in=desk.among(allowed(desk.user)).order_by())
        yield Stream(listed.annotate(since=queries.state_since(Recommendation.kind)), order=_AS_IN_LISTS)

    def read(_desk: Desk, pending: Sequence[Pending]) -> Iterator[tuple[int, Waiting]]:
        since = {one.key: one.since for one in pending}
        for one in in_state.filter(pk__in=list(since)).select_related("evaluation__hotline"):
            title = f"{one.evaluation.hotline.name}, {one.code}"
            url = reverse("workspace:recommendation", args=[one.uid])
            yield one.pk, Waiting(one, title, url, since[one.pk], one.title)

    return Listing(find, read)


_AS_IN_LISTS = tuple(Recommendation._meta.ordering or ())


def _find_drafts(desk: Desk) -> Iterator[Stream]:
    """Yield each evaluation with drafts that somebody must keep or leave out."""
    drafts = Recommendation.objects.undecided().filter(evaluation=OuterRef("pk"))
    found = since_it_came(desk, queries.verified_by(desk.user))
    yield Stream(found.filter(Exists(drafts), state__in=EDITABLE))


def _read_drafts(desk: Desk, pending: Sequence[Pending]) -> Iterator[tuple[int, Waiting]]:
    drafts = Recommendation.objects.undecided().filter(evaluation__in=[one.key for one in pending]).order_by()
    counts = dict(drafts.values_list("evaluation").annotate(Count("pk")))
    for one in pending:
        if count := counts.get(one.key):
            words = ngettext(
                "%(count)d draft does not go with the findings: keep it or leave it out.",
                "%(count)d drafts do not go with the findings: keep them or leave them out.",
                count,
            )
            yield one.key, about(desk.shown[one.key], one, "recommendations", words % {"count": count})


def _find_overdue(desk: Desk) -> Iterator[Stream]:
    """Yield each evaluation with overdue recommendations, by the first of their days."""
    evaluations = desk.among(queries.run_by(desk.user)).order_by()
    under_way = _under_way().filter(evaluation__in=evaluations)

    def overdue(zone: str, today: date) -> QuerySet[Any]:
        own = under_way.filter(due_on__lt=today, evaluation__round__time_zone=zone)
        return own.order_by().values("evaluation").annotate(since=Min("due_on"))

    yield from desk.by_day(overdue, end_in, order=("evaluation",), key="evaluation")


def _under_way() -> QuerySet[Recommendation]:
    return Recommendation.objects.without_dropped().filter(state__in=UNDER_WAY)


def _read_overdue(desk: Desk, pending: Sequence[Pending]) -> Iterator[tuple[int, Waiting]]:
    """Yield these evaluations with the number of their overdue recommendations."""
    over = Q(pk__in=[])
    for zone in desk.zones:
        over |= Q(due_on__lt=timezone.localdate(timezone=ZoneInfo(zone)), evaluation__round__time_zone=zone)
    overdue = _under_way().filter(over, evaluation__in=[one.key for one in pending]).order_by()
    counts = dict(overdue.values_list("evaluation").annotate(Count("pk")))
    for one in pending:
        if count := counts.get(one.key):
            words = ngettext(
                "%(count)d recommendation is overdue, since %(day)s.",
                "%(count)d recommendations are overdue, the first since %(day)s.",
                count,
            ) % {"count": count, "day": date_format(one.day)}
            yield one.key, about(desk.shown[one.key], one, "plan", words, is_late=True)


def _practices(_desk: Desk) -> Iterator[Waiting]:
    """Yield the good practice whose text has the hotline's consent, so that it can be published."""
    consented = practices_with_hotlines().filter(state=GoodPractice.State.CONSENTED)
    moved = queries.moved_at(GoodPractice.objects.filter(state=GoodPractice.State.CONSENTED))
    for practice in consented:
        url = reverse("workspace:practice", args=[practice.uid])
        yield Waiting(practice, practice.hotline.name, url, moved.get(practice.uid), practice.title)


# --- Figures ---------------------------------------------------------------------------------------------------------


def _find_figures(desk: Desk) -> Iterator[Stream]:
    confirmed = StatisticsImport.objects.filter(queries.independent_of(desk.user), state=_CONFIRMED)
    yield Stream(confirmed.annotate(since=Coalesce(queries.state_since(StatisticsImport.kind), "uploaded_at")))


def _read_figures(_desk: Desk, pending: Sequence[Pending]) -> Iterator[tuple[int, Waiting]]:
    since = {one.key: one.since for one in pending}
    confirmed = StatisticsImport.objects.filter(pk__in=list(since), state=_CONFIRMED)
    for file in confirmed.select_related("hotline").defer("draft", "row_account", "problems"):
        url = reverse("workspace:statistics", args=[file.uid])
        yield file.pk, Waiting(file, file.hotline.name, url, since[file.pk], file.file_name)


def _keys(_desk: Desk) -> Iterator[Waiting]:
    """Yield the keys that end soon or have ended, unless the hotline has a newer one."""
    ending = SystemKey.objects.filter(ended_at=None, expires_on__lte=timezone.localdate() + KEYS_END_WITHIN)
    newer = SystemKey.objects.filter(
        hotline=OuterRef("hotline"), ended_at=None, expires_on__gt=timezone.localdate() + KEYS_END_WITHIN
    )
    for key in ending.exclude(Exists(newer)).select_related("hotline"):
        url = reverse("workspace:system_keys", args=[key.hotline.country])
        why = _("The key “%(name)s” of its case system is valid until %(day)s.")
        since = datetime.combine(key.expires_on - KEYS_END_WITHIN, time.min, timezone.get_default_timezone())
        words = why % {"name": key.name, "day": date_format(key.expires_on)}
        yield Waiting(key.hotline, key.hotline.name, url, since, words)


# --- Comments and texts ----------------------------------------------------------------------------------------------


def _questions(desk: Desk) -> Iterator[Waiting]:
    """Yield the comments of review discussions that mention the user; hotlines have theirs on their own pages."""
    mentions = [one for one in find_open_mentions(desk.user) if one.comment.discussion.audience == Audience.REVIEW]
    prefetch_related_objects(mentions, "comment__discussion__evaluation__visit__team")
    for mention in mentions:
        comment, discussion = mention.comment, mention.comment.discussion
        args = [discussion.evaluation.uid, discussion.audience, discussion.code]
        title = f"{discussion.evaluation.hotline.name}, {discussion.code}"
        yield Waiting(discussion, title, reverse("workspace:discussion", args=args), comment.written_at)


def _unanswered(_desk: Desk) -> Iterator[Waiting]:
    comments = ConsultationComment.objects.unresolved().order_by().values_list("consultation")
    counted = {key: (count, first) for key, count, first in comments.annotate(Count("pk"), Min("at"))}
    for consultation in Consultation.objects.filter(pk__in=list(counted)):
        count, first = counted[consultation.pk]
        words = ngettext("%(count)d comment has no answer.", "%(count)d comments have no answer.", count)
        url = reverse("workspace:consultation", args=[consultation.uid])
        yield Waiting(consultation, consultation.name, url, first, words % {"count": count})


def _invitations(desk: Desk) -> Iterator[Waiting]:
    has_commented = Exists(ConsultationComment.objects.given().filter(by=desk.user, consultation=OuterRef("pk")))
    open_ = Consultation.objects.filter(state=Consultation.State.OPEN).exclude(has_commented)
    for consultation in open_.prefetch_related("hotlines", "assessors"):
        if consultation.takes_comments:
            url = reverse("workspace:consulted_text", args=[consultation.uid])
            why = _("Open until %(day)s.") % {"day": date_format(consultation.closes_on)}
            yield Waiting(consultation, consultation.name, url, begin_of(consultation.opens_on, consultation), why)


def _approvals(desk: Desk) -> Iterator[Waiting]:
    for task in Task.objects.filter(active=True).specific():
        states = task.get_task_states_user_can_moderate(desk.user)
        for state in states.filter(status="in_progress").select_related("revision"):
            page = reverse("wagtailadmin_pages:edit", args=[state.revision.object_id])
            yield Waiting(None, state.revision.object_str, page, state.started_at, task.name)


def _failed(_desk: Desk) -> Iterator[Waiting]:
    for letter in failing_letters().select_related("to_user"):
        name = letter.to_user.name if letter.to_user else letter.to_address
        url = reverse("workspace:letter", args=[letter.uid])
        yield Waiting(letter, name, url, letter.written_at, letter.subject, is_late=True)


def _missing_files(_desk: Desk) -> Iterator[Waiting]:
    for missing in still_missing():
        why = _("It was stored and cannot be read. Ask who runs the server to put it back from a backup.")
        yield Waiting(None, missing.name, missing.address, missing.asked_at, why, is_late=True)


def _changes_of_people(_desk: Desk) -> Iterator[Waiting]:
    proposed = PersonChange.objects.filter(state=PersonChange.State.PROPOSED)
    for change in proposed.select_related("hotline", "proposed_by"):
        url = f"{reverse('workspace:people')}#waiting"
        yield Waiting(change, change.name, url, change.proposed_at, person_changes.describe(change))


State = Recommendation.State
_DRAFTS = Listing(_find_drafts, _read_drafts, EDITABLE, is_about_evaluations=True)
_OVERDUE = Listing(_find_overdue, _read_overdue, is_about_evaluations=True)
_FIGURES = Listing(_find_figures, _read_figures)

SOURCES = (
    Source(
        "people",
        gettext_lazy("Changes of people to confirm"),
        gettext_lazy("Confirm or drop"),
        "people.confirm",
        _changes_of_people,
    ),
    Source(
        "contested",
        gettext_lazy("Contested recommendations"),
        gettext_lazy("Answer"),
        "recommendation.run",
        _recommendations(State.CONTESTED, queries.run_by),
    ),
    Source(
        "verify",
        gettext_lazy("Recommendations to verify"),
        gettext_lazy("Look at the proof"),
        "recommendation.verify",
        _recommendations(State.EVIDENCE_SUBMITTED, queries.verified_by),
    ),
    Source(
        "close",
        gettext_lazy("Recommendations to close"),
        gettext_lazy("Close"),
        "recommendation.run",
        _recommendations(State.VERIFIED, queries.run_by),
    ),
    Source("drafts", gettext_lazy("Drafts to settle"), gettext_lazy("Settle"), "recommendation.edit", _DRAFTS),
    Source(
        "overdue", gettext_lazy("Overdue recommendations"), gettext_lazy("To the plan"), "recommendation.run", _OVERDUE
    ),
    Source(
        "practices",
        gettext_lazy("Good practice to publish"),
        gettext_lazy("To the text"),
        "practice.publish",
        _practices,
    ),
    Source("figures", gettext_lazy("Files to accept"), gettext_lazy("To the figures"), "statistics.accept", _FIGURES),
    Source("keys", gettext_lazy("Keys that end"), gettext_lazy("New key"), "statistics.connect", _keys),
    Source(
        "asked",
        gettext_lazy("Comments that ask you"),
        gettext_lazy("Answer"),
        "discussion.review",
        _questions,
    ),
    Source("comments", gettext_lazy("Comments to answer"), gettext_lazy("Answer"), "consultation.run", _unanswered),
    Source(
        "consultations",
        gettext_lazy("Consultations to comment on"),
        gettext_lazy("Read"),
        "consultation.comment",
        _invitations,
    ),
    Source("approvals", gettext_lazy("Pages to approve"), gettext_lazy("Read"), "guide.edit", _approvals),
    Source("letters", gettext_lazy("Letters that failed"), gettext_lazy("To the letter"), "outbox.view", _failed),
    Source(
        "files", gettext_lazy("Files that are missing"), gettext_lazy("To the file"), "network.follow", _missing_files
    ),
)
