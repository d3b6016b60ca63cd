"""URLs of the hotline's response and the replies."""

from django.urls import path

from portal.response import remark_proofs, replies, response

urlpatterns = [
    path("evaluations/<uuid:uid>/response/", response.response, name="response"),
    path("evaluations/<uuid:uid>/response/give/", response.give, name="give_response"),
    path("evaluations/<uuid:uid>/response/accept/", response.accept, name="accept_finding"),
    *remark_proofs.urlpatterns,
    path("evaluations/<uuid:uid>/response/<str:code>/", response.save, name="save_remark"),
    *replies.urlpatterns,
]
