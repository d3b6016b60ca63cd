"""URLs of the pages after a decision: appeals, corrections, accreditations, and the status of a hotline."""

from django.urls import path

from portal.workspace.accreditation import conditions, pages, withdrawals
from portal.workspace.panel import appeals, corrections, declarations

urlpatterns = [
    *conditions.urlpatterns,
    *withdrawals.urlpatterns,
    path("accreditations/", pages.accreditations, name="accreditations"),
    path("accreditations/<uuid:uid>/", pages.accreditation, name="accreditation"),
    path("accreditations/<uuid:uid>/move/<str:name>/", pages.make_move, name="move_accreditation"),
    path("accreditations/<uuid:uid>/renewal/", pages.renew, name="renew"),
    path("hotlines/<str:code>/status", pages.status, name="status"),
    path("appeals/", appeals.appeals, name="appeals"),
    path("appeals/<uuid:uid>/", appeals.appeal, name="appeal"),
    path("appeals/<uuid:uid>/declare/", declarations.declare_on_appeal, name="declare_on_appeal"),
    path("appeals/<uuid:uid>/vote/", appeals.vote, name="vote_on_appeal"),
    path("appeals/<uuid:uid>/ruling/", appeals.rule, name="rule"),
    path("appeals/<uuid:uid>/move/<str:name>/", appeals.make_move, name="move_appeal"),
    path("decisions/<uuid:uid>/appeal/", appeals.lodge, name="lodge_appeal"),
    path("withdrawals/<uuid:uid>/appeal/", appeals.lodge_against_withdrawal, name="appeal_withdrawal"),
    path("evaluations/<uuid:uid>/correction/", corrections.correction, name="correction"),
    path("evaluations/<uuid:uid>/score-again/", corrections.score_again, name="score_again"),
    path(
        "evaluations/<uuid:uid>/correction/<uuid:correction>/confirm/", corrections.confirm, name="confirm_correction"
    ),
    path(
        "evaluations/<uuid:uid>/correction/<uuid:correction>/move/<str:name>/",
        corrections.make_move,
        name="move_correction",
    ),
]
