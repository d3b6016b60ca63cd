"""What is to be done next about figures: the hotline confirms its files, MCE accepts them and renews its keys."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation import queries
from evaluation.models import Role, StatisticsImport, SystemKey, User
from portal.tasks import Line, Listing, Pending, Stream, Task, TaskKind, TaskSearch, Waiting

File = StatisticsImport.State

ACCEPT = Task("statistics.accept", "statistics", gettext_lazy("To the figures"))
NEW_KEY = Task("statistics.connect", "system_keys", gettext_lazy("New key"))
KEYS_END_WITHIN = timedelta(days=21)
"""How long before its last day a key of a case system is listed."""


def _find_figures(search: TaskSearch) -> Iterator[Stream]:
    confirmed = StatisticsImport.objects.filter(queries.independent_of(search.user), state=File.CONFIRMED)
    yield Stream(confirmed.annotate(since=Coalesce(queries.state_since(StatisticsImport.kind), "uploaded_at")))


def _read_figures(_search: TaskSearch, pending: Sequence[Pending]) -> Iterator[tuple[int, Waiting]]:
    since = {one.key: one.since for one in pending}
    confirmed = StatisticsImport.objects.filter(pk__in=list(since), state=File.CONFIRMED)
    for file in confirmed.select_related("hotline").defer("draft", "row_account", "problems"):
        yield file.pk, Waiting(file, file.hotline.name, ACCEPT.url(file), since[file.pk], file.file_name)


def _keys(_search: TaskSearch) -> Iterator[Waiting]:
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


TASKS = (
    TaskKind("figures", gettext_lazy("Files to accept"), ACCEPT, Listing(_find_figures, _read_figures)),
    TaskKind("keys", gettext_lazy("Keys that end"), NEW_KEY, _keys),
)


def lines_of_files(hotlines: set[int], user: User) -> Iterator[Line]:
    """Yield lines for files of figures that wait for the hotline's people."""
    coordinated = user.hotlines_as(Role.COORDINATOR)
    waiting = (File.CHECKED, File.UNMATCHED, File.RETURNED)
    files = StatisticsImport.objects.filter(hotline__in=hotlines, state__in=waiting).select_related("hotline")
    for file in files.order_by("pk"):
        what, why = {
            File.CHECKED: (
                _("The figures in %(file)s are checked and wait to be confirmed"),
                _("Read them, then confirm them: until then they count nowhere.")
                if file.hotline_id in coordinated
                else _("A coordinator of your hotline confirms them: until then they count nowhere."),
            ),
            File.UNMATCHED: (
                _("The columns of %(file)s wait to be matched"),
                _("Say what each column holds: until then nothing is read from the file."),
            ),
            File.RETURNED: (
                _("The figures in %(file)s are sent back to you"),
                _("Read why, then hand in a corrected file."),
            ),
        }[File(file.state)]
        yield Line(
            what=what % {"file": file.file_name},
            why=why,
            url=reverse("workspace:statistics", args=[file.uid]),
            act=_("Check"),
            kind="stop" if file.state == File.RETURNED else "wait",
        )
