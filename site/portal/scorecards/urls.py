"""URLs of scorecards, and of the reports and publications of outcomes."""

from django.urls import path

from portal.scorecards import pages, publication, report, what_if, why

urlpatterns = [
    path("evaluations/<uuid:uid>/scorecard/", pages.scorecard, name="scorecard"),
    path("evaluations/<uuid:uid>/why/<path:code>/", why.why, name="why"),
    path("evaluations/<uuid:uid>/what-if/", what_if.what_if, name="what_if"),
    path("evaluations/<uuid:uid>/judge/", pages.judge, name="judge"),
    path("evaluations/<uuid:uid>/report/", report.report, name="report"),
    path("printings/<uuid:uid>/", report.progress, name="printing"),
    path("reports/<uuid:uid>.pdf", report.download, name="report_pdf"),
    *publication.urlpatterns,
]
