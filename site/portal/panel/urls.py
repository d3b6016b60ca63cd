"""URLs of the panel: deliberations and decisions, appeals, corrections."""

from django.urls import path

from portal.panel import appeals, corrections, declarations, deliberation, pages

urlpatterns = [
    path("panel/", pages.panel, name="panel"),
    path("evaluations/<uuid:uid>/panel/", deliberation.deliberation, name="deliberation"),
    path("evaluations/<uuid:uid>/panel/declare/", declarations.declare, name="declare"),
    path("evaluations/<uuid:uid>/panel/vote/", deliberation.vote, name="vote"),
    path("evaluations/<uuid:uid>/panel/comment/", deliberation.comment, name="comment"),
    path("evaluations/<uuid:uid>/decision/", deliberation.decide, name="decide"),
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
