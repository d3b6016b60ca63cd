"""Home, and the page of one evaluation: its stage, the reasons that prevent its moves, its steps."""

from uuid import UUID

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from evaluation import queries
from evaluation.answers.deadline.coverage import find_coverage
from evaluation.answers.deadline.timing import find_pace
from evaluation.discussions.discussions import sent_back_codes
from evaluation.models import Evaluation, Role, User
from evaluation.models.people.permissions import is_allowed
from evaluation.models.people.roles import HOTLINE_ROLES, TODAY_ROLES
from portal.access import find_evaluation
from portal.answers.changes import changes_for, describe_changes
from portal.answers.deadline import describe_deadline
from portal.answers.declaration import offer_submission
from portal.answers.evidence.listing import lapsing_context
from portal.answers.sending_back import may_return
from portal.answers.sharing import count_left, sharing_for
from portal.answers.submission_status import find_submission_status
from portal.answers.tasks import lines_of_answers
from portal.answers.traits import traits_context
from portal.figures.corrections import corrections_context
from portal.home.domain_progress import domain_rows
from portal.home.stage_dates import notes_of_stages
from portal.home.today import render_today
from portal.home.what_next import figures_for_mce, lines_of_hotlines, lines_of_stage, most_urgent_first
from portal.moves.pages import offered_moves, perform_move, shown_steps, stages
from portal.moves.stored_notes import pop_note
from portal.presentation.reasons import places_by_standard
from portal.recommendations.rows import due_soonest
from portal.requests.signed_in import SignedInRequest, keep_for_assessor
from portal.rounds.tasks import lines_of_coming_rounds
from portal.scorecards.publication import offer_publication


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """Show Today to the people of the network, and to a hotline's people their running evaluation."""
    user = request.user
    hotlines = user.hotlines_as(*HOTLINE_ROLES)
    own = list(queries.running_first(queries.for_pages(Evaluation.objects.filter(hotline__in=hotlines))))
    if user.has_role(*TODAY_ROLES):
        return keep_for_assessor(request, render_today(request, own))
    if own and len(hotlines) == 1:
        return redirect("workspace:evaluation", own[0].uid)
    if user.has_role(Role.GUIDE_EDITOR) and not own:
        return redirect("wagtailadmin_home")
    return render(
        request,
        "home/home.html",
        {
            "evaluations": own,
            "due": due_soonest(own),
            "first_acts": lines_of_hotlines(own, user),
            "coming": lines_of_coming_rounds(hotlines),
        },
    )


@require_safe
def overview(request: SignedInRequest, uid: UUID) -> HttpResponse:
    evaluation = find_evaluation(request, uid)
    user = request.user
    if evaluation.is_open:  # read by several conditions and by the progress
        prefetch_related_objects([evaluation], "answers", "evidence")
    framework, asked = evaluation.framework, evaluation.asked
    coverage = find_coverage(evaluation)
    given = coverage.answered_codes
    texts = evaluation.round.edition.texts(get_language())
    visit = getattr(evaluation, "visit", None)
    sharing = sharing_for(evaluation, user)
    unanswered = list(coverage.unanswered)
    sent_back = sent_back_codes(evaluation)
    rounds = _rounds_of(evaluation, user)
    follows = bool(rounds) or is_allowed("recommendation.run", user, evaluation)
    on_home = rounds if rounds and rounds[0] == evaluation else [evaluation]
    due = due_soonest(on_home) if follows else []
    steps = queries.steps_of(evaluation, *([visit] if visit else []))
    pace = find_pace(evaluation, steps, coverage.left) if evaluation.is_open else None
    changes = changes_for(evaluation, user, steps)
    people = evaluation.hotline.memberships.today().select_related("user").order_by("-role", "user__name")
    standing = find_submission_status(evaluation, user, people, texts)
    moves = [
        *offer_submission(evaluation, standing),
        *offered_moves(evaluation, user, texts),
        *offer_publication(evaluation, user),
    ]
    left, with_nobody = count_left(sharing, people, unanswered) if sharing and unanswered else ([], 0)
    return render(
        request,
        "home/evaluation.html",
        {
            "evaluation": evaluation,
            "visit": visit,
            "stages": stages(evaluation, notes_of_stages(evaluation, steps, visit, pace.until if pace else None)),
            "moves": moves,
            "standing": standing,
            "moves_stand_above": standing is not None and standing.may_submit and bool(standing.reasons),
            "stored_note": pop_note(request),
            "progress": queries.progress_of(framework, asked.values(), given),
            "coverage": coverage,
            "domains": domain_rows(
                evaluation,
                given,
                texts,
                sent_back=sent_back,
                sharing=sharing,
                names={one.user_id: one.user.name for one in people},
            ),
            "are_sent_back": bool(sent_back),
            "questionnaire": _first_page(evaluation),
            "highest_obligation": texts[f"obligation/{framework.rule.highest_obligation.code}"],
            "other_rounds": [other for other in rounds if other != evaluation],
            "acts": most_urgent_first(
                [
                    *lines_of_hotlines(on_home, user),
                    *figures_for_mce(evaluation, user),
                    *lines_of_answers(evaluation, sharing, unanswered, sent_back, texts),
                    *lines_of_stage(evaluation, user, steps),
                ]
            ),
            **corrections_context(evaluation, user, pop_note(request, form="corrections")),
            "sharing": sharing,
            **lapsing_context(evaluation, user),
            **traits_context(evaluation, user, texts),
            "framework": framework,
            "texts": texts,
            "people": people,
            "left": left,
            "with_nobody": with_nobody,
            "team": visit.team.select_related("user") if visit else (),
            "changes": describe_changes(changes, evaluation, texts) if changes else [],
            "changed_since": changes.since if changes else None,
            "deadline": describe_deadline(evaluation, pace) if pace else None,
            "last_day": pace.until if pace else evaluation.answers_until,
            "steps": shown_steps(steps, evaluation),
            "may_return": may_return(evaluation, user),
            "may_answer": is_allowed("evaluation.answer", user, evaluation)
            and evaluation.state == Evaluation.State.SELF_ASSESSMENT,
            "due": due,
            "may_extend": evaluation.is_open and is_allowed("evaluation.run", user, evaluation),
            "has_plan": bool(due) or evaluation.is_decided,
            "may_arrange": is_allowed("visit.arrange", user, evaluation),
            "may_see_figures": is_allowed("hotline.view", user, evaluation.hotline),
            "may_deliberate": is_allowed("evaluation.deliberate", user, evaluation),
            "may_print": is_allowed("evaluation.print", user, evaluation),
            "states": Evaluation.State,
        },
    )


def _first_page(evaluation: Evaluation) -> str:
    """Return the URL of the questionnaire: of the first indicator that was sent back, or else of the first standard."""
    for code in evaluation.returned:
        return places_by_standard(evaluation, "answers", [code], None)[0].url
    return reverse("workspace:answers", args=[evaluation.uid, evaluation.framework.domains[0].standards[0].code])


def _rounds_of(evaluation: Evaluation, user: User) -> list[Evaluation]:
    """Return all evaluations of the hotline for its people, the running one first; none for others. One query."""
    if not is_allowed("evaluation.answer", user, evaluation):
        return []
    found = evaluation.hotline.evaluations.select_related("hotline", "round__edition").defer(
        "round__edition__structure"
    )
    return list(queries.running_first(found))


@require_POST
def make_move(request: SignedInRequest, uid: UUID, name: str) -> HttpResponse:
    evaluation = find_evaluation(request, uid)
    return perform_move(request, evaluation, name, back_to=reverse("workspace:evaluation", args=[uid]))
