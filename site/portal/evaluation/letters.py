"""Letters about the moves of an evaluation."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from evaluation.answers.deadline.timing import last_days_of
from evaluation.models import Decision, Evaluation, Role, User
from evaluation.models.people.permissions import is_allowed
from evaluation.workflow import MoveMade, find_reasons
from portal.letters.declaration import (
    APPEAL,
    APPEAL_HERE,
    DECISION,
    IN_WORKSPACE,
    NOTE,
    OF_DECISION,
    OUTCOME,
    PAGE,
    SUBMIT_BY,
    THE_REASONS,
    THEIR_REASONS,
    THEIR_WORDS,
    VALID_UNTIL,
    Letter,
    declare_letters,
    names_of,
)
from portal.letters.outbox import Values, address_of
from portal.letters.recipients import (
    coordinators_mce_and_lead,
    holders_of,
    hotline_and_team,
    lead_of,
    mce_and_lead,
    panel_of,
    people_of,
    team_of,
)
from portal.presentation.reasons import show_reason
from portal.presentation.scorecard.decisions import sign_of

# --- Values ----------------------------------------------------------------------------------------------------------


def page_of(evaluation: Evaluation, name: str = "evaluation") -> str:
    return address_of(reverse(f"workspace:{name}", args=[evaluation.uid]))


def list_open(evaluation: Evaluation) -> str:
    """Return a line for each reason against submitting the self-assessment, in the active language."""
    reasons = (show_reason(reason, evaluation) for reason in find_reasons(evaluation, "submit", None))
    return "\n".join(f"- {reason.what}" for reason in reasons)


def values_of(evaluation: Evaluation, day: date | None) -> dict[str, Any]:
    """Return the values of a letter about an evaluation; the day is the last one of its self-assessment."""
    return {
        **names_of(evaluation),
        "page": page_of(evaluation),
        "date": day or "",
        "day": day or "",
        "zone": evaluation.round.clock_on(day) if day else "",
    }


def _values(made: MoveMade) -> Values:
    day = last_days_of([made.thing]).get(made.thing.pk)
    return {**values_of(made.thing, day), "note": made.note.strip()}


def values_of_decision(decision: Decision) -> dict[str, Any]:
    """Return the values of a decision, its conditions, and how it is contested."""
    evaluation, last_day = decision.evaluation, decision.last_day_to_appeal
    form = address_of(reverse("workspace:lodge_appeal", args=[decision.uid]))
    return {
        "outcome": lambda _reader: sign_of(evaluation, decision.outcome).name,
        "until": decision.valid_until or "",
        "reasons": decision.reasons,
        "conditions": lambda _reader: _list_conditions(decision),
        "day": last_day or "",
        "zone": evaluation.round.clock_on(last_day) if last_day else "",
        "appeal": lambda reader: form if is_allowed("appeal.lodge", reader, evaluation) else "",
    }


def _list_conditions(decision: Decision) -> str:
    """Return a line for each condition, with its last day, in the active language."""
    return "\n".join(
        gettext("%(number)d. %(condition)s (by %(day)s)")
        % {"number": number, "condition": f"{one.code} {one.text}".strip(), "day": date_format(one.due_on)}
        for number, one in enumerate(decision.requirements.all(), start=1)
    )


def _newest_decision(made: MoveMade) -> Decision:
    decision: Decision = made.thing.decisions.all()[0]
    return decision


def _values_of_newest(made: MoveMade) -> Values:
    return values_of_decision(_newest_decision(made)) | {
        "date": _newest_decision(made).hand_in_by or "",
        "recommendations": lambda _reader: _count_recommendations(made.thing),
        "public": address_of(reverse("pages:hotline", args=[made.thing.hotline.country])),
    }


def _count_recommendations(evaluation: Evaluation) -> str:
    """Return how many recommendations come with the decision, as sentences; empty if there is none."""
    asked = evaluation.recommendations.without_dropped().count()
    words = ngettext(
        "One recommendation comes with it. A coordinator of the hotline accepts or contests it in the plan.",
        "%(asked)s recommendations come with it. A coordinator of the hotline accepts or contests each in the plan.",
        asked,
    )
    return words % {"asked": asked} if asked else ""


def _draft_values(made: MoveMade) -> Values:
    day = made.thing.respond_by
    return {"day": day or "", "zone": made.thing.round.clock_on(day) if day else ""}


def _asked_codes(evaluation: Evaluation) -> list[str]:
    return list(evaluation.asked)


def _asked_changes(made: MoveMade) -> tuple[list[str], list[str]]:
    """Return the codes of the indicators that are newly asked and no longer asked, in the order of the edition."""
    before, after = made.before, _asked_codes(Evaluation.objects.get(pk=made.thing.pk))
    return [code for code in after if code not in before], [code for code in before if code not in after]


def _asks_others(made: MoveMade) -> bool:
    return any(_asked_changes(made))


def _values_of_asked(made: MoveMade) -> Values:
    newly, no_longer = _asked_changes(made)
    return {"newly": ", ".join(newly), "no_longer": ", ".join(no_longer)}


# --- Recipients and pages --------------------------------------------------------------------------------------------


def _hotline(made: MoveMade) -> list[User]:
    return people_of(made.thing.hotline)


def _hotline_and_team(made: MoveMade) -> list[User]:
    return hotline_and_team(made.thing)


def _team(made: MoveMade) -> list[User]:
    return team_of(made.thing)


def _lead(made: MoveMade) -> list[User]:
    return lead_of(made.thing)


def _mce_and_lead(made: MoveMade) -> list[User]:
    return mce_and_lead(made.thing)


def _mce_and_repliers(made: MoveMade) -> list[User]:
    """Return MCE and the team members who may reply to the hotline's response."""
    repliers = [person for person in team_of(made.thing) if is_allowed("evaluation.reply", person, made.thing)]
    return [*holders_of(Role.MCE_COORDINATOR), *repliers]


def _panel(made: MoveMade) -> list[User]:
    return panel_of(made.thing)


def _coordinators_mce_and_lead(made: MoveMade) -> list[User]:
    return coordinators_mce_and_lead(made.thing)


def _hotline_mce_and_lead(made: MoveMade) -> list[User]:
    return [*_hotline(made), *_mce_and_lead(made)]


def _hotline_mce_and_panel(made: MoveMade) -> list[User]:
    return [*_hotline(made), *holders_of(Role.MCE_COORDINATOR), *_panel(made)]


def _awaits_replies(made: MoveMade) -> bool:
    """Whether the hotline contests findings: the panel is notified after the replies."""
    return bool(made.thing.awaits_replies)


def _awaits_no_replies(made: MoveMade) -> bool:
    return not _awaits_replies(made)


def _returns_some(made: MoveMade) -> bool:
    return bool(made.needs.get("returned"))


def _returns_all(made: MoveMade) -> bool:
    return not _returns_some(made)


def _is_deferred(made: MoveMade) -> bool:
    return bool(_newest_decision(made).hand_in_by)


def _is_final(made: MoveMade) -> bool:
    return not _is_deferred(made)


def _visit_page(made: MoveMade, _reader: User) -> str:
    return page_of(made.thing, "visit")


def _response_page(made: MoveMade, _reader: User) -> str:
    return page_of(made.thing, "response")


def _replies_page(made: MoveMade, reader: User) -> str:
    """Return the page of the replies for those who may reply, and of the response for others."""
    return page_of(made.thing, "replies" if is_allowed("evaluation.reply", reader, made.thing) else "response")


def _scorecard_page(made: MoveMade, _reader: User) -> str:
    return page_of(made.thing, "scorecard")


def _panel_page(made: MoveMade, reader: User) -> str:
    """Return the page on which a member votes, or first declares to have no stake."""
    return page_of(made.thing, "deliberation" if is_allowed("evaluation.decide", reader, made.thing) else "declare")


# --- Up to the panel -------------------------------------------------------------------------------------------------

declare_letters(
    "rounds",
    Letter(
        name="readmit",
        moves=("readmit",),
        to=_hotline,
        subject=_("%(hotline)s is in the round %(round)s again"),
        body=(
            _(
                "Missing Children Europe took %(hotline)s into the round %(round)s again. Everything you wrote is "
                "there. The last day of the self-assessment is %(date)s, 23:59 (time zone %(zone)s)."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="excuse",
        moves=("excuse",),
        to=_hotline_and_team,
        subject=_("%(hotline)s is excused from the round %(round)s"),
        body=(
            _(
                "Missing Children Europe excused %(hotline)s from the round %(round)s. What is written stays "
                "readable and can no longer be changed."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    machine=Evaluation,
    values=_values,
)

declare_letters(
    "evaluations",
    Letter(
        name="submit",
        moves=("submit",),
        to=_mce_and_lead,
        subject=_("%(hotline)s has submitted its self-assessment"),
        body=(
            _(
                "The hotline of %(hotline)s has submitted its self-assessment in the round %(round)s. The desk "
                "review can begin."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="send_back",
        moves=("send_back",),
        to=_hotline,
        when=_returns_all,
        subject=_("Your self-assessment came back to you"),
        body=(
            _(
                "Missing Children Europe sent the self-assessment of %(hotline)s in the round %(round)s back to "
                "you. Everything you wrote is there; complete what is named below and submit again."
            ),
            SUBMIT_BY,
            THEIR_WORDS,
            PAGE,
        ),
        optional=NOTE | {"day"},
    ),
    Letter(
        name="reopen_answers",
        moves=("send_back", "reopen_answers"),
        to=_hotline,
        when=_returns_some,
        subject=_("Some of your indicators came back to you"),
        body=(
            _(
                "Missing Children Europe sent indicators of the self-assessment of %(hotline)s in the round %(round)s "
                "back to you. Only these can be changed; all others stay as submitted. Change them or reply why they "
                "stay, then submit again."
            ),
            SUBMIT_BY,
            THEIR_WORDS,
            PAGE,
        ),
        optional=NOTE | {"day"},
    ),
    Letter(
        name="set_traits",
        moves=("set_traits",),
        to=_hotline,
        when=_asks_others,
        values=_values_of_asked,
        subject=_("%(hotline)s: other indicators are asked of you"),
        body=(
            _(
                "Missing Children Europe changed the traits of %(hotline)s in the round %(round)s, by which some "
                "indicators are asked of a hotline. Everything you wrote is there."
            ),
            _("From now on asked: %(newly)s."),
            _("No longer asked: %(no_longer)s."),
            PAGE,
        ),
        optional=frozenset(("newly", "no_longer")),
        examples={"newly": "1.1.2, 4.1.2", "no_longer": "9.1.1"},
    ),
    Letter(
        name="accept",
        moves=("accept",),
        to=_team,
        page=_visit_page,
        subject=_("%(hotline)s: the study visit can begin"),
        body=(
            _(
                "Missing Children Europe accepted the self-assessment of %(hotline)s in the round %(round)s. You "
                "are on the team of its study visit."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="count_corrections",
        moves=("count_corrections",),
        to=_hotline_and_team,
        subject=_("%(hotline)s: corrected figures count from now on"),
        body=(
            _(
                "Figures of %(hotline)s were corrected and accepted after its self-assessment in the round "
                "%(round)s was submitted. Missing Children Europe has let the corrected figures count from now on."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="reopen_findings",
        moves=("reopen_findings",),
        to=_team,
        page=_visit_page,
        subject=_("%(hotline)s: the findings are open again"),
        body=(
            _(
                "The findings about %(hotline)s in the round %(round)s are open again. Look at what is named "
                "below, change what has to be changed, and sign off once more."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="propose",
        moves=("propose",),
        to=_hotline,
        page=_response_page,
        values=_draft_values,
        subject=_("%(hotline)s: the draft is ready for your response"),
        body=(
            _(
                "The findings about %(hotline)s in the round %(round)s are scored. Read the draft and say where "
                "the facts are wrong, or that you have nothing to add, by %(day)s, 23:59 (time zone %(zone)s). After that "
                "the panel may decide without your word."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="take_back",
        moves=("take_back",),
        to=_hotline,
        subject=_("%(hotline)s: the draft is taken back"),
        body=(
            _(
                "The draft about %(hotline)s in the round %(round)s is taken back to be worked on. You need not "
                "respond now; what you have typed is kept, and you get the draft again."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="respond",
        moves=("respond",),
        to=_mce_and_lead,
        when=_awaits_no_replies,
        page=_response_page,
        subject=_("%(hotline)s has responded to the draft"),
        body=(
            _(
                "%(hotline)s has given its response to the draft in the round %(round)s. It lies before the panel, "
                "and you can read it here:"
            ),
            PAGE,
        ),
    ),
    Letter(
        name="contested",
        moves=("respond",),
        to=_mce_and_repliers,
        when=_awaits_replies,
        page=_replies_page,
        subject=_("%(hotline)s contests findings of the draft"),
        body=(
            _(
                "%(hotline)s has given its response to the draft in the round %(round)s and contests some of the "
                "findings. The assessors answer each of them; then the panel can vote."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="answer_remarks",
        moves=("answer_remarks",),
        to=_hotline,
        page=_response_page,
        subject=_("%(hotline)s: the assessors have answered you"),
        body=(
            _(
                "The assessors have answered what %(hotline)s contests in the draft of the round %(round)s. The page says "
                "which findings stay, which have changed, and why. The panel reads it with your response."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="before_the_panel",
        moves=("respond", "go_on_without_response", "answer_remarks"),
        to=_panel,
        when=_awaits_no_replies,
        page=_panel_page,
        subject=_("%(hotline)s is ready for your decision"),
        body=(
            _(
                "The findings about %(hotline)s in the round %(round)s are scored, and the hotline has had its "
                "time to respond. Declare whether you have a stake, then vote."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="vote_again",
        moves=("vote_again",),
        to=_panel,
        page=_panel_page,
        subject=_("%(hotline)s: vote once more"),
        body=(
            _(
                "The votes about %(hotline)s in the round %(round)s were a tie, and the votes were cleared. Every member "
                "votes once more. There is no third vote."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="send_back_to_assessors",
        moves=("send_back_to_assessors",),
        to=_lead,
        page=_scorecard_page,
        subject=_("%(hotline)s came back from the panel"),
        body=(
            _("The panel sent the evaluation of %(hotline)s in the round %(round)s back to you."),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    machine=Evaluation,
    values=_values,
    read_before={"set_traits": _asked_codes},
)


# --- The decision and what follows it --------------------------------------------------------------------------------

declare_letters(
    "decisions",
    Letter(
        name="decide",
        moves=("decide",),
        to=_coordinators_mce_and_lead,
        when=_is_final,
        page=_scorecard_page,
        values=_values_of_newest,
        subject=_("%(hotline)s: the panel has decided"),
        body=(
            _("The panel has decided about %(hotline)s in the round %(round)s. The report follows."),
            *DECISION,
            "{recommendations}",
            APPEAL,
            APPEAL_HERE,
            IN_WORKSPACE,
        ),
        optional=OF_DECISION | {"recommendations"},
    ),
    Letter(
        name="defer",
        moves=("decide",),
        to=_coordinators_mce_and_lead,
        when=_is_deferred,
        page=_scorecard_page,
        values=_values_of_newest,
        subject=_("%(hotline)s: the decision is deferred"),
        body=(
            _(
                "The panel has deferred its decision about %(hotline)s in the round %(round)s, because something "
                "is missing."
            ),
            OUTCOME,
            THE_REASONS,
            _(
                "What is missing must be handed in by the end of %(date)s. Missing Children Europe takes the evaluation up "
                "again for that, and writes to the hotline then."
            ),
            APPEAL,
            APPEAL_HERE,
            IN_WORKSPACE,
        ),
        optional=OF_DECISION,
    ),
    Letter(
        name="publish",
        moves=("publish",),
        to=_hotline_mce_and_lead,
        values=_values_of_newest,
        subject=_("%(hotline)s: the outcome is public"),
        body=(
            _(
                "The outcome of %(hotline)s in the round %(round)s is in the public register now, and the report "
                "is in the workspace."
            ),
            OUTCOME,
            VALID_UNTIL,
            (_("Its public page:"), "\n{public}"),
            IN_WORKSPACE,
        ),
        optional=frozenset(("until",)),
    ),
    Letter(
        name="resume",
        moves=("resume",),
        to=_hotline,
        subject=_("%(hotline)s: hand in what was missing"),
        body=(
            _(
                "The evaluation of %(hotline)s in the round %(round)s is taken up again. Everything you wrote is "
                "there; complete what is named below and submit again."
            ),
            SUBMIT_BY,
            THEIR_WORDS,
            PAGE,
        ),
        optional=NOTE | {"day"},
    ),
    Letter(
        name="follow_up",
        moves=("follow_up",),
        to=_hotline_and_team,
        subject=_("%(hotline)s: a follow-up visit is planned"),
        body=(
            _(
                "Missing Children Europe plans a follow-up visit of %(hotline)s in the round %(round)s. The accreditation "
                "stays as it is meanwhile, with its conditions and recommendations."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="end_follow_up",
        moves=("end_follow_up",),
        to=_hotline_and_team,
        subject=_("%(hotline)s: the follow-up is over"),
        body=(
            _(
                "The follow-up visit of %(hotline)s in the round %(round)s has ended without a new decision. The "
                "accreditation stays as it is."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    machine=Evaluation,
    values=_values,
)

declare_letters(
    "accreditations",
    Letter(
        name="reconsider",
        moves=("reconsider",),
        to=_hotline_mce_and_panel,
        subject=_("%(hotline)s: the panel decides anew"),
        body=(
            _("The panel takes its decision about %(hotline)s up again and votes anew. Until then the outcome stays."),
            THEIR_REASONS,
            PAGE,
        ),
    ),
    Letter(
        name="keep_decision",
        moves=("keep_decision",),
        to=_hotline_mce_and_panel,
        subject=_("%(hotline)s: the decision stays as it is"),
        body=(
            _("The panel leaves its decision about %(hotline)s as it is. It may still extend the unmet condition."),
            THEIR_REASONS,
            PAGE,
        ),
    ),
    machine=Evaluation,
    values=_values,
)
