"""Files of figures that wait for the people of a hotline."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from evaluation.models import Role, StatisticsImport, User

File = StatisticsImport.State


def waiting_files(hotlines: set[int], user: User) -> Iterable[dict[str, Any]]:
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
        yield {
            "what": what % {"file": file.file_name},
            "why": why,
            "url": reverse("workspace:statistics", args=[file.uid]),
            "act": _("Check"),
            "kind": "stop" if file.state == File.RETURNED else "wait",
        }
