"""What is to be done next about visits between hotlines, by the coordinator of the host."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from evaluation.models import Exchange, Role, User
from portal.tasks import Line

State = Exchange.State


def lines_of_exchanges(hotlines: set[int], user: User) -> Iterator[Line]:
    """Yield the lines of a hotline: requests to answer, and reports to read. One query."""
    hosted = Exchange.objects.filter(host__in=hotlines & user.hotlines_as(Role.COORDINATOR))
    for exchange in hosted.filter(state__in=(State.REQUESTED, State.HELD)).select_related("visitor").order_by("pk"):
        what, why = {
            State.REQUESTED: (
                _("The hotline of %(visitor)s would like to visit you"),
                _("Accept the visit, or say why it is not possible."),
            ),
            State.HELD: (
                _("The hotline of %(visitor)s reports on its visit to you"),
                _("Read the report, then close the visit."),
            ),
        }[State(exchange.state)]
        yield Line(
            what=what % {"visitor": exchange.visitor.name},
            why=why,
            url=reverse("workspace:exchange", args=[exchange.uid]),
        )
