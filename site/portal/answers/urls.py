"""URLs of the self-assessment: answers, evidence, workbook, submission."""

from django.urls import path

from portal.answers import assigning, carried, declaration, self_assessment, sending_back, submissions, traits
from portal.answers.evidence import urls as evidence
from portal.answers.workbook import pages as workbook

urlpatterns = [
    path("evaluations/<uuid:uid>/carried/", carried.carried, name="carried"),
    path("evaluations/<uuid:uid>/answers/<str:standard>/", self_assessment.answers, name="answers"),
    path("evaluations/<uuid:uid>/answers/<str:standard>/<str:code>/", self_assessment.save, name="save_answer"),
    *traits.urlpatterns,
    *sending_back.urlpatterns,
    *declaration.urlpatterns,
    *submissions.urlpatterns,
    *assigning.urlpatterns,
    *evidence.urlpatterns,
    *workbook.urlpatterns,
]
