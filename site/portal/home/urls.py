"""URLs of the hotline's home and of an evaluation's page."""

from django.urls import path

from portal.home import pages

urlpatterns = [
    path("", pages.home, name="home"),
    path("evaluations/<uuid:uid>/", pages.overview, name="evaluation"),
    path("evaluations/<uuid:uid>/move/<str:name>/", pages.make_move, name="move"),
]
