"""URLs of good practice."""

from django.urls import path

from portal.practices import actions, pages, questions

_ONE = "good-practice/<uuid:uid>/"

urlpatterns = [
    path("good-practice/", pages.practices, name="practices"),
    path("evaluations/<uuid:uid>/good-practice/<str:code>/", actions.propose, name="propose_practice"),
    path(_ONE, pages.practice, name="practice"),
    path(f"{_ONE}text/", actions.edit, name="edit_practice"),
    path(f"{_ONE}consent/", actions.consent, name="consent_practice"),
    path(f"{_ONE}move/<str:name>/", actions.make_move, name="move_practice"),
    path(f"{_ONE}thanks/", questions.thanks, name="thank_practice"),
    path(f"{_ONE}questions/", questions.ask, name="ask_practice"),
    path(f"{_ONE}questions/<uuid:question>/answer/", questions.answer, name="answer_practice"),
    path(f"{_ONE}questions/<uuid:question>/hide/", questions.hide, name="hide_practice_question"),
]
