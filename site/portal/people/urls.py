"""URLs of people and hotlines."""

from django.urls import path

from portal.people import api_keys, hotlines, outbox, pages

urlpatterns = [
    path("hotlines/", hotlines.hotlines, name="hotlines"),
    path("hotlines/<str:code>/", hotlines.hotline, name="hotline"),
    *pages.urlpatterns,
    *api_keys.urlpatterns,
    *outbox.urlpatterns,
]
