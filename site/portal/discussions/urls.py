"""URLs of the teamwork of a hotline's people."""

from django.urls import path

from portal.discussions import discussions, indicators, presence

_ONE = "evaluations/<uuid:uid>/"
_DISCUSSION = f"{_ONE}discussions/<str:audience>/<str:code>/"

urlpatterns = [
    path(f"{_ONE}indicators/", indicators.indicators, name="indicators"),
    path(f"{_ONE}indicators/give/", indicators.give, name="assign_standards"),
    path(f"{_ONE}present/<str:standard>/", presence.present, name="present"),
    path(_DISCUSSION, discussions.discussion, name="discussion"),
    path(f"{_DISCUSSION}resolve/", discussions.resolve_it, name="resolve_discussion"),
    path(f"{_DISCUSSION}reopen/", discussions.reopen_it, name="reopen_discussion"),
    path(f"{_DISCUSSION}read/", discussions.mark_read, name="read_discussion"),
    path(f"{_DISCUSSION}<int:pk>/edit/", discussions.edit, name="edit_discussion_comment"),
    path(f"{_DISCUSSION}<int:pk>/delete/", discussions.delete, name="delete_discussion_comment"),
]
