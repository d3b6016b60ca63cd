"""URLs of consultations."""

from django.urls import path

from portal.consultation import answers, pages, plan, reading, report

_ONE = "consultations/<uuid:uid>/"

urlpatterns = [
    path("consultations/", pages.consultations, name="consultations"),
    path("consultations/new/", plan.new_consultation, name="new_consultation"),
    path(_ONE, pages.consultation, name="consultation"),
    path(f"{_ONE}plan/", plan.edit_consultation, name="edit_consultation"),
    path(f"{_ONE}extend/", plan.extend_consultation, name="extend_consultation"),
    path(f"{_ONE}move/<str:name>/", pages.make_move, name="move_consultation"),
    path(f"{_ONE}read/", reading.contents, name="consulted_text"),
    path(f"{_ONE}read/<str:standard>/", reading.standard, name="consulted_standard"),
    path(f"{_ONE}read/<str:standard>/<str:key>/", reading.save, name="save_comment"),
    path(f"{_ONE}answers/<str:standard>/", answers.answers, name="comment_answers"),
    path(f"{_ONE}answers/<str:standard>/<int:pk>/", answers.answer, name="answer_comment"),
    path(f"{_ONE}report/", report.report, name="consultation_report"),
    path(f"{_ONE}report.<str:kind>", report.download, name="consultation_file"),
]
