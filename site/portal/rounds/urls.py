"""URLs of rounds."""

from django.urls import path

from portal.rounds import board_file, corrections, extension, messages, pages
from portal.rounds.teams import pages as teams

urlpatterns = [
    path("rounds/", pages.rounds, name="rounds"),
    path("rounds/new/", pages.new_round, name="new_round"),
    path("rounds/<uuid:uid>/", pages.board, name="board"),
    path("rounds/<uuid:uid>/board.<str:kind>", board_file.board_file, name="board_file"),
    path("rounds/<uuid:uid>/plan/", pages.edit_round, name="edit_round"),
    path("rounds/<uuid:uid>/move/<str:name>/", pages.make_move, name="move_round"),
    *corrections.urlpatterns,
    *extension.urlpatterns,
    *messages.urlpatterns,
    *teams.urlpatterns,
]
