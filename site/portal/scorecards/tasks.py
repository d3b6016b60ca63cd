"""What is to be done next about a scorecard: the signed-off findings are scored."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation import queries
from evaluation.models import Evaluation, User
from evaluation.models.people.permissions import is_allowed
from portal.tasks import Line, Stream, Task, TaskKind, TaskSearch, list_evaluations, since_it_came

SCORE = Task(
    "evaluation.judge",
    "scorecard",
    gettext_lazy("To the scorecard"),
    gettext_lazy("Score the findings and send the draft to the hotline"),
    gettext_lazy("The findings are signed off and are being scored"),
)


def _find_to_score(search: TaskSearch) -> Iterator[Stream]:
    yield Stream(since_it_came(search, queries.judged_by(search.user)).filter(state=Evaluation.State.REPORT))


TASKS = (
    TaskKind(
        "reports",
        gettext_lazy("Findings to score"),
        SCORE,
        list_evaluations(SCORE, _find_to_score, lambda *_given: "", Evaluation.State.REPORT),
    ),
)


def line_of_scoring(evaluation: Evaluation, user: User) -> Line:
    why = _("The findings are signed off. What counts is kept, and the hotline has its time to respond.")
    if not is_allowed(SCORE.right, user, evaluation):
        why = _("The hotline gets the draft and may respond to it.")
    return SCORE.line(evaluation, user, why)
