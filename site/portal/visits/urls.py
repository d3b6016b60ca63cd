"""URLs of study visits: planning, desk review, recording."""

from django.urls import path

from portal.visits import agenda, arranging, calendar_file, checklist, dates, interests, profile, visit, workbook
from portal.visits.desk import questions, review
from portal.visits.recording import divergences, files, findings, late, observations, offline, rows
from portal.visits.sheets import pages as sheets

urlpatterns = [
    path("evaluations/<uuid:uid>/findings/<str:standard>/", findings.findings, name="findings"),
    path("evaluations/<uuid:uid>/findings/<str:standard>/<str:code>/", findings.save, name="save_finding"),
    *visit.urlpatterns,
    *arranging.urlpatterns,
    *dates.urlpatterns,
    *calendar_file.urlpatterns,
    *interests.urlpatterns,
    *agenda.urlpatterns,
    *review.urlpatterns,
    *questions.urlpatterns,
    *profile.urlpatterns,
    *observations.urlpatterns,
    *sheets.urlpatterns,
    *checklist.urlpatterns,
    *workbook.urlpatterns,
    *divergences.urlpatterns,
    *offline.urlpatterns,
    *rows.urlpatterns,
    *late.urlpatterns,
    *files.urlpatterns,
]
