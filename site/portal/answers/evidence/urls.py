"""URLs of evidence. A URL about one answer contains the code of its indicator."""

from django.urls import path

from portal.answers.evidence import attaching, downloading, item, listing, removing, uploading

_ALL = "evaluations/<uuid:uid>/evidence/"

urlpatterns = [
    path(_ALL, listing.evidence, name="evidence"),
    path("evaluations/<uuid:uid>/evidence.zip", downloading.archive, name="evidence_archive"),
    path(f"{_ALL}<uuid:link>/", item.evidence_item, name="evidence_item"),
    path(f"{_ALL}<str:code>/", attaching.add, name="add_evidence"),
    path(f"{_ALL}<str:code>/uploads/", uploading.begin, name="begin_upload"),
    path(f"{_ALL}<str:code>/uploads/<uuid:upload>/", uploading.receive, name="receive_part"),
    path(f"{_ALL}<str:code>/use/", listing.use, name="use_evidence"),
    path(f"{_ALL}<str:code>/<uuid:link>/remove/", removing.remove, name="remove_evidence"),
    path(f"{_ALL}<str:code>/put-back/<str:token>/", removing.restore, name="restore_evidence"),
    path("evaluations/<uuid:uid>/documents/<uuid:document>/", attaching.download, name="document"),
]
