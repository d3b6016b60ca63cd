"""URLs of the workspace. All require signing in: see `signed_in`."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, path

from portal.workspace import text_versions, unresolved_texts
from portal.workspace.accreditation import urls
from portal.workspace.assessment import assigning, carried, remark_proofs, replies, response, self_assessment
from portal.workspace.assessment.evidence import urls as evidence
from portal.workspace.assessment.workbook import pages as workbook
from portal.workspace.consultation import urls as consultation
from portal.workspace.evaluation import declaration, pages, sending_back, submissions, traits
from portal.workspace.exchange import urls as exchange
from portal.workspace.figures import corrections, file
from portal.workspace.figures import pages as figures
from portal.workspace.mapping import pages as matching
from portal.workspace.mapping import saved_mappings, sums, table_layout
from portal.workspace.panel import declarations, deliberation
from portal.workspace.panel import pages as panel
from portal.workspace.people import api_keys, hotlines, outbox
from portal.workspace.people import pages as people
from portal.workspace.practices import urls as practices
from portal.workspace.recommendations import urls as recommendations
from portal.workspace.redirects import redirect_get_to_page
from portal.workspace.rounds import board_file, extension, letter
from portal.workspace.rounds import corrections as round_corrections
from portal.workspace.rounds import pages as rounds
from portal.workspace.rounds.teams import pages as round_teams
from portal.workspace.scorecard import pages as scorecard
from portal.workspace.scorecard import publication, report, what_if, why
from portal.workspace.series import urls as series
from portal.workspace.teamwork import urls as teamwork
from portal.workspace.visits import agenda, arranging, calendar_file, checklist, dates, interests, profile, visit
from portal.workspace.visits import workbook as visit_workbook
from portal.workspace.visits.desk import questions, review
from portal.workspace.visits.recording import divergences, files, findings, late, observations, offline, rows
from portal.workspace.visits.sheets import pages as sheets


def signed_in(patterns: Iterable[URLPattern]) -> list[URLPattern]:
    """Require signing in for every pattern; a GET of a form-only URL redirects to the page of the form."""
    guarded = []
    for pattern in patterns:
        pattern.callback = login_required(redirect_get_to_page(pattern.callback))
        guarded.append(pattern)
    return guarded


app_name = "workspace"
urlpatterns = signed_in(
    [
        path("", pages.home, name="home"),
        path("rounds/", rounds.rounds, name="rounds"),
        path("rounds/new/", rounds.new_round, name="new_round"),
        path("rounds/<uuid:uid>/", rounds.board, name="board"),
        path("rounds/<uuid:uid>/board.<str:kind>", board_file.board_file, name="board_file"),
        path("rounds/<uuid:uid>/plan/", rounds.edit_round, name="edit_round"),
        *round_corrections.urlpatterns,
        *extension.urlpatterns,
        *letter.urlpatterns,
        *round_teams.urlpatterns,
        path("rounds/<uuid:uid>/move/<str:name>/", rounds.make_move, name="move_round"),
        path("evaluations/<uuid:uid>/", pages.overview, name="evaluation"),
        path("evaluations/<uuid:uid>/move/<str:name>/", pages.make_move, name="move"),
        *traits.urlpatterns,
        *sending_back.urlpatterns,
        *declaration.urlpatterns,
        *submissions.urlpatterns,
        *corrections.urlpatterns,
        path("evaluations/<uuid:uid>/carried/", carried.carried, name="carried"),
        path("evaluations/<uuid:uid>/answers/<str:standard>/", self_assessment.answers, name="answers"),
        path("evaluations/<uuid:uid>/answers/<str:standard>/<str:code>/", self_assessment.save, name="save_answer"),
        *assigning.urlpatterns,
        *evidence.urlpatterns,
        *workbook.urlpatterns,
        *visit.urlpatterns,
        *arranging.urlpatterns,
        *dates.urlpatterns,
        *calendar_file.urlpatterns,
        *interests.urlpatterns,
        *agenda.urlpatterns,
        *review.urlpatterns,
        *questions.urlpatterns,
        *profile.urlpatterns,
        path("evaluations/<uuid:uid>/findings/<str:standard>/", findings.findings, name="findings"),
        path("evaluations/<uuid:uid>/findings/<str:standard>/<str:code>/", findings.save, name="save_finding"),
        *observations.urlpatterns,
        *sheets.urlpatterns,
        *checklist.urlpatterns,
        *visit_workbook.urlpatterns,
        *divergences.urlpatterns,
        *offline.urlpatterns,
        *rows.urlpatterns,
        *late.urlpatterns,
        *files.urlpatterns,
        path("evaluations/<uuid:uid>/scorecard/", scorecard.scorecard, name="scorecard"),
        path("evaluations/<uuid:uid>/why/<path:code>/", why.why, name="why"),
        path("evaluations/<uuid:uid>/what-if/", what_if.what_if, name="what_if"),
        path("evaluations/<uuid:uid>/judge/", scorecard.judge, name="judge"),
        path("evaluations/<uuid:uid>/response/", response.response, name="response"),
        path("evaluations/<uuid:uid>/response/give/", response.give, name="give_response"),
        path("evaluations/<uuid:uid>/response/accept/", response.accept, name="accept_finding"),
        *remark_proofs.urlpatterns,
        path("evaluations/<uuid:uid>/response/<str:code>/", response.save, name="save_remark"),
        *replies.urlpatterns,
        path("evaluations/<uuid:uid>/panel/", deliberation.deliberation, name="deliberation"),
        path("evaluations/<uuid:uid>/panel/declare/", declarations.declare, name="declare"),
        path("evaluations/<uuid:uid>/panel/vote/", deliberation.vote, name="vote"),
        path("evaluations/<uuid:uid>/panel/comment/", deliberation.comment, name="comment"),
        path("evaluations/<uuid:uid>/decision/", deliberation.decide, name="decide"),
        path("evaluations/<uuid:uid>/report/", report.report, name="report"),
        *publication.urlpatterns,
        path("printings/<uuid:uid>/", report.progress, name="printing"),
        path("reports/<uuid:uid>.pdf", report.download, name="report_pdf"),
        *text_versions.urlpatterns,
        path("unresolved/<uuid:uid>/", unresolved_texts.show, name="unresolved"),
        path("unresolved/<uuid:uid>/use/", unresolved_texts.use_text, name="use_text"),
        path("unresolved/<uuid:uid>/discard/", unresolved_texts.discard_text, name="discard_text"),
        path("session/", unresolved_texts.session, name="session"),
        path("panel/", panel.panel, name="panel"),
        path("figures/", figures.mine, name="figures"),
        path("hotlines/", hotlines.hotlines, name="hotlines"),
        path("hotlines/<str:code>/", hotlines.hotline, name="hotline"),
        path("figures/of/<str:code>/", figures.of_hotline, name="hotline_figures"),
        path("figures/example.csv", figures.example_file, name="example_file"),
        path("figures/example-<str:level>.csv", figures.example_file, name="example_records"),
        path("figures/<uuid:uid>/", file.statistics, name="statistics"),
        path("figures/<uuid:uid>/columns/", matching.match_columns, name="match_columns"),
        path("figures/<uuid:uid>/columns/sums/", sums.add_up_choices, name="add_up_choices"),
        path("figures/<uuid:uid>/table/", table_layout.choose_table, name="choose_table"),
        path("figures/of/<str:code>/forget/<int:pk>/", saved_mappings.forget_matching, name="forget_matching"),
        path("figures/<uuid:uid>/undo/", file.undo, name="undo_statistics"),
        path("figures/<uuid:uid>/explain/", file.explain_warnings, name="explain_statistics"),
        path("figures/<uuid:uid>/move/<str:name>/", file.make_move, name="move_statistics"),
        *series.urlpatterns,
        *recommendations.urlpatterns,
        *practices.urlpatterns,
        *exchange.urlpatterns,
        *urls.urlpatterns,
        *consultation.urlpatterns,
        *teamwork.urlpatterns,
        *people.urlpatterns,
        *api_keys.urlpatterns,
        *outbox.urlpatterns,
    ]
)
urlpatterns += calendar_file.by_token
