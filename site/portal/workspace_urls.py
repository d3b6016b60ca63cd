"""The URLs of the workspace, below `/work/`: those of each noun. All require signing in: see `signed_in`."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_required
from django.urls import URLPattern

from portal.accreditation import urls as accreditation
from portal.answers import urls as answers
from portal.consultation import urls as consultation
from portal.discussions import urls as discussions
from portal.exchanges import urls as exchanges
from portal.figures import urls as figures
from portal.home import urls as home
from portal.panel import urls as panel
from portal.people import urls as people
from portal.practices import urls as practices
from portal.recommendations import urls as recommendations
from portal.requests.redirects import redirect_get_to_page
from portal.response import urls as response
from portal.rounds import urls as rounds
from portal.scorecards import urls as scorecards
from portal.unresolved import urls as unresolved
from portal.visits import calendar_file
from portal.visits import urls as visits


def signed_in(patterns: Iterable[URLPattern]) -> list[URLPattern]:
    """Require signing in for every pattern; a GET of a form-only URL redirects to the page of the form."""
    guarded = []
    for pattern in patterns:
        pattern.callback = login_required(redirect_get_to_page(pattern.callback))
        guarded.append(pattern)
    return guarded


app_name = "workspace"
urlpatterns = signed_in(
    [
        *home.urlpatterns,
        *rounds.urlpatterns,
        *answers.urlpatterns,
        *visits.urlpatterns,
        *scorecards.urlpatterns,
        *response.urlpatterns,
        *panel.urlpatterns,
        *unresolved.urlpatterns,
        *figures.urlpatterns,
        *recommendations.urlpatterns,
        *practices.urlpatterns,
        *exchanges.urlpatterns,
        *accreditation.urlpatterns,
        *consultation.urlpatterns,
        *discussions.urlpatterns,
        *people.urlpatterns,
    ]
)
urlpatterns += calendar_file.by_token
