"""URLs of accreditations: their page, their conditions, their withdrawal, and the status of a hotline."""

from django.urls import path

from portal.accreditation import conditions, pages, withdrawals

urlpatterns = [
    *conditions.urlpatterns,
    *withdrawals.urlpatterns,
    path("accreditations/", pages.accreditations, name="accreditations"),
    path("accreditations/<uuid:uid>/", pages.accreditation, name="accreditation"),
    path("accreditations/<uuid:uid>/move/<str:name>/", pages.make_move, name="move_accreditation"),
    path("accreditations/<uuid:uid>/renewal/", pages.renew, name="renew"),
    path("hotlines/<str:code>/status", pages.status, name="status"),
]
