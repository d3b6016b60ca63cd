"""URLs of texts that could not be saved, and of earlier versions."""

from django.urls import path

from portal.unresolved import pages, versions

urlpatterns = [
    path("unresolved/<uuid:uid>/", pages.show, name="unresolved"),
    path("unresolved/<uuid:uid>/use/", pages.use_text, name="use_text"),
    path("unresolved/<uuid:uid>/discard/", pages.discard_text, name="discard_text"),
    path("session/", pages.session, name="session"),
    *versions.urlpatterns,
]
