"""What waits in the network: recommendations, figures, questions, consultations, pages of the Guide and letters."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.models import Task

from evaluation import queries
from evaluation.follow_up.drafting import EDITABLE
from evaluation.follow_up.good_practice import practices_with_hotlines
from evaluation.follow_up.progress import UNDER_WAY
from evaluation.models import (
    Audience,
    Consultation,
    ConsultationComment,
    Evaluation,
    GoodPractice,
    PersonChange,
    Recommendation,
    Round,
    StatisticsImport,
    SystemKey,
    User,
)
from evaluation.teamwork.discussions import find_open_mentions
from portal.accounts import person_changes
from portal.letters.outbox import failing_letters
from portal.requests.stored_files import still_missing
from portal.workspace.today.source import Desk, Listing, Pending, Source, Waiting, begin_of, end_in, end_of

_CONFIRMED = StatisticsImport.State.CONFIRMED
KEYS_END_WITHIN = timedelta(days=21)
"""How long before its last day a key of a case system is listed."""


# --- Recommendations -------------------------------------------------------------------------------------------------


def _recommendations(state: str, allowed: Callable[[User], QuerySet[Evaluation]]) -> Listing:
    """Return the listing of the recommendations in a state, of the evaluations that a user may act on."""

    def pending(desk: Desk) -> Iterator[Pending]:
        in_state = Recommendation.objects.without_dropped().filter(state=state)
        listed = list(in_state.filter(evaluation__in=allowed(desk.user)).values_list("pk", "uid"))
        moved = queries.moved_at(in_state) if listed else {}
        for key, uid in listed:
            yield Pending(key, moved.get(uid))

    def read(_desk: Desk, keys: list[int]) -> Iterator[tuple[int, Waiting]]:
        listed = Recommendation.objects.filter(pk__in=keys, state=state).select_related("evaluation__hotline")
        moved = queries.moved_at(listed)
        for one in listed:
            title = f"{one.evaluation.hotline.name}, {one.code}"
            url = reverse("workspace:recommendation", args=[one.uid])
            yield one.pk, Waiting(one, title, url, moved.get(one.uid), one.title)

    return Listing(pending, read)


def _undecided(desk: Desk) -> Iterator[Waiting]:
    drafts = Recommendation.objects.undecided().filter(evaluation__state__in=EDITABLE).order_by()
    counts = dict(drafts.values_list("evaluation").annotate(Count("pk")))
    for evaluation in desk.load(Q(pk__in=drafts.values("evaluation"))):
        count = counts[evaluation.pk]
        words = ngettext(
            "%(count)d draft does not go with the findings: keep it or leave it out.",
            "%(count)d drafts do not go with the findings: keep them or leave them out.",
            count,
        )
        url = reverse("workspace:recommendations", args=[evaluation.uid])
        since = desk.came_at(evaluation)
        yield Waiting(evaluation, evaluation.hotline.name, url, since, words % {"count": count})


def _list_overdue(desk: Desk) -> Iterator[Pending]:
    """Yield each evaluation with overdue recommendations."""
    for evaluation, zone, first, _count in _count_overdue(queries.run_by(desk.user)):
        yield Pending(evaluation, end_in(zone, first), is_late=True)


def _count_overdue(evaluations: QuerySet[Evaluation]) -> Iterator[tuple[int, str, date, int]]:
    """Yield each evaluation with overdue recommendations: its key and time zone, the first deadline, the number."""
    zones = Round.objects.order_by().values_list("time_zone", flat=True).distinct()
    over = Q(pk__in=[])
    for zone in zones:  # a day is over at another time in each
        today = timezone.localdate(timezone=ZoneInfo(zone))
        over |= Q(due_on__lt=today, evaluation__round__time_zone=zone)
    overdue = Recommendation.objects.without_dropped().filter(over, state__in=UNDER_WAY, evaluation__in=evaluations)
    grouped = overdue.order_by().values_list("evaluation", "evaluation__round__time_zone")
    yield from grouped.annotate(Min("due_on"), Count("pk"))


def _read_overdue(_desk: Desk, keys: list[int]) -> Iterator[tuple[int, Waiting]]:
    """Yield these evaluations with the number of their overdue recommendations."""
    wanted = Evaluation.objects.filter(pk__in=keys).select_related("hotline", "round")
    evaluations = {evaluation.pk: evaluation for evaluation in wanted}
    for key, _zone, first, count in _count_overdue(Evaluation.objects.filter(pk__in=keys)):
        evaluation = evaluations[key]
        words = ngettext(
            "%(count)d recommendation is overdue, since %(day)s.",
            "%(count)d recommendations are overdue, the first since %(day)s.",
            count,
        ) % {"count": count, "day": date_format(first)}
        url = reverse("workspace:plan", args=[evaluation.uid])
        since = end_of(first, evaluation.round)
        yield key, Waiting(evaluation, evaluation.hotline.name, url, since, words, is_late=True)


def _practices(_desk: Desk) -> Iterator[Waiting]:
    """Yield the good practice whose text has the hotline's consent, so that it can be published."""
    consented = practices_with_hotlines().filter(state=GoodPractice.State.CONSENTED)
    moved = queries.moved_at(GoodPractice.objects.filter(state=GoodPractice.State.CONSENTED))
    for practice in consented:
        url = reverse("workspace:practice", args=[practice.uid])
        yield Waiting(practice, practice.hotline.name, url, moved.get(practice.uid), practice.title)


# --- Figures ---------------------------------------------------------------------------------------------------------


def _list_figures(desk: Desk) -> Iterator[Pending]:
    confirmed = StatisticsImport.objects.filter(queries.independent_of(desk.user), state=_CONFIRMED)
    moved = queries.moved_at(confirmed)
    for key, uid, uploaded_at in confirmed.order_by("pk").values_list("pk", "uid", "uploaded_at"):
        yield Pending(key, moved.get(uid, uploaded_at))


def _read_figures(_desk: Desk, keys: list[int]) -> Iterator[tuple[int, Waiting]]:
    confirmed = StatisticsImport.objects.filter(pk__in=keys, state=_CONFIRMED)
    moved = queries.moved_at(confirmed)
    for file in confirmed.select_related("hotline").defer("draft", "row_account", "problems"):
        url = reverse("workspace:statistics", args=[file.uid])
        since = moved.get(file.uid, file.uploaded_at)
        yield file.pk, Waiting(file, file.hotline.name, url, since, file.file_name)


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
_OVERDUE, _FIGURES = Listing(_list_overdue, _read_overdue), Listing(_list_figures, _read_figures)

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
    Source("drafts", gettext_lazy("Drafts to settle"), gettext_lazy("Settle"), "recommendation.edit", _undecided),
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
