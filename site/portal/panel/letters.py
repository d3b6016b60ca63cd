"""Letters about appeals against a decision and about its correction."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluation.models import Appeal, Correction, Role, User
from evaluation.models.people.permissions import is_allowed
from evaluation.workflow import MoveMade
from portal.evaluation.letters import page_of, values_of_decision
from portal.letters.declaration import (
    APPEAL,
    APPEAL_HERE,
    DECISION,
    IN_WORKSPACE,
    OF_DECISION,
    OUTCOME,
    PAGE,
    THEIR_REASONS,
    THEIR_WORDS,
    Letter,
    declare_letters,
    names_of,
)
from portal.letters.outbox import Values, address_of
from portal.letters.recipients import coordinators_and_mce, coordinators_mce_and_lead, holders_of, lead_of, panel_of

# --- Appeals ---------------------------------------------------------------------------------------------------------


def _values_of_appeal(made: MoveMade) -> Values:
    appeal = made.thing
    evaluation = appeal.evaluation
    page = address_of(reverse("workspace:appeal", args=[appeal.uid]))
    of_decision = {} if _is_of_withdrawal(made) else values_of_decision(evaluation.decisions.all()[0])
    return {**names_of(evaluation), **of_decision, "note": made.sealed, "page": page}


def _is_of_withdrawal(made: MoveMade) -> bool:
    return made.thing.withdrawal_id is not None


def _is_of_decision(made: MoveMade) -> bool:
    return not _is_of_withdrawal(made)


def _concerned(made: MoveMade) -> list[User]:
    return coordinators_mce_and_lead(made.thing.evaluation)


def _concerned_by_withdrawal(made: MoveMade) -> list[User]:
    return coordinators_and_mce(made.thing.evaluation)


def _hearing(made: MoveMade) -> list[User]:
    """Return the members of the panel who may hear the appeal."""
    return [one for one in holders_of(Role.PANEL_MEMBER) if is_allowed("appeal.declare", one, made.thing)]


def _page_without_appeal(made: MoveMade, reader: User) -> str:
    """Return the page of the appeal; for the lead, who only learns of it and of its result, that of the evaluation."""
    appeal = made.thing
    if reader in lead_of(appeal.evaluation):
        return page_of(appeal.evaluation)
    return address_of(reverse("workspace:appeal", args=[appeal.uid]))


declare_letters(
    "decisions",
    Letter(
        name="appeal_lodge",
        moves=("lodge",),
        to=_concerned,
        when=_is_of_decision,
        page=_page_without_appeal,
        subject=_("%(hotline)s: an appeal is lodged"),
        body=(
            _(
                "%(hotline)s contests the panel’s decision in the round %(round)s. Members of the panel who had no "
                "part in the decision hear the appeal. Nothing is published about it."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="appeal_hear",
        moves=("lodge",),
        to=_hearing,
        when=_is_of_decision,
        subject=_("An appeal of %(hotline)s is to be heard"),
        body=(
            _(
                "%(hotline)s contests the panel’s decision in the round %(round)s. You had no part in that "
                "decision: declare whether anything ties you to the hotline, read the grounds, and vote."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="appeal_uphold",
        moves=("uphold",),
        to=_concerned,
        when=_is_of_decision,
        page=_page_without_appeal,
        subject=_("%(hotline)s: the appeal is upheld"),
        body=(
            _(
                "The appeal of %(hotline)s in the round %(round)s is upheld. A new decision takes the place of the "
                "contested one. The report is printed anew; until the new decision is published, what is public "
                "stays as it is. No further appeal is possible."
            ),
            *DECISION,
            PAGE,
        ),
        optional=OF_DECISION,
    ),
    Letter(
        name="appeal_dismiss",
        moves=("dismiss",),
        to=_concerned,
        when=_is_of_decision,
        page=_page_without_appeal,
        subject=_("%(hotline)s: the appeal is dismissed"),
        body=(
            _(
                "The appeal of %(hotline)s in the round %(round)s is dismissed. The decision stands, and no further appeal "
                "is possible."
            ),
            OUTCOME,
            THEIR_REASONS,
            PAGE,
        ),
    ),
    Letter(
        name="appeal_withdraw",
        moves=("withdraw",),
        to=_concerned,
        when=_is_of_decision,
        page=_page_without_appeal,
        subject=_("%(hotline)s: the appeal is withdrawn"),
        body=(
            _("%(hotline)s has withdrawn its appeal in the round %(round)s. The decision stands."),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        group="accreditations",
        name="withdrawal_lodge",
        moves=("lodge",),
        to=_concerned_by_withdrawal,
        when=_is_of_withdrawal,
        subject=_("%(hotline)s: an appeal against the withdrawal is lodged"),
        body=(
            _("%(hotline)s contests the withdrawal of its accreditation. Members of the panel hear the appeal."),
            PAGE,
        ),
    ),
    Letter(
        group="accreditations",
        name="withdrawal_hear",
        moves=("lodge",),
        to=_hearing,
        when=_is_of_withdrawal,
        subject=_("An appeal of %(hotline)s is to be heard"),
        body=(
            _(
                "%(hotline)s contests the withdrawal of its accreditation. Declare whether anything ties you to the hotline, "
                "read the ground and the statement, and vote."
            ),
            PAGE,
        ),
    ),
    Letter(
        group="accreditations",
        name="withdrawal_uphold",
        moves=("uphold",),
        to=_concerned_by_withdrawal,
        when=_is_of_withdrawal,
        subject=_("%(hotline)s: the accreditation is reinstated"),
        body=(
            _(
                "The appeal of %(hotline)s against the withdrawal of its accreditation is upheld. The accreditation is as it "
                "was before the withdrawal."
            ),
            THEIR_REASONS,
            PAGE,
        ),
    ),
    Letter(
        group="accreditations",
        name="withdrawal_dismiss",
        moves=("dismiss",),
        to=_concerned_by_withdrawal,
        when=_is_of_withdrawal,
        subject=_("%(hotline)s: the accreditation stays withdrawn"),
        body=(
            _(
                "The appeal of %(hotline)s against the withdrawal of its accreditation is dismissed. No further appeal is "
                "possible. A new round can bring another accreditation."
            ),
            THEIR_REASONS,
            PAGE,
        ),
    ),
    Letter(
        group="accreditations",
        name="withdrawal_withdraw",
        moves=("withdraw",),
        to=_concerned_by_withdrawal,
        when=_is_of_withdrawal,
        subject=_("%(hotline)s: the appeal is withdrawn"),
        body=(
            _(
                "%(hotline)s has withdrawn its appeal against the withdrawal of its accreditation. The withdrawal stands."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    machine=Appeal,
    values=_values_of_appeal,
)


# --- Corrections -----------------------------------------------------------------------------------------------------


def _values_of_correction(made: MoveMade) -> Values:
    correction = made.thing
    evaluation = correction.evaluation
    page = page_of(evaluation, "correction" if made.move == "propose" else "scorecard")
    decision = values_of_decision(evaluation.decisions.all()[0])
    return {**names_of(evaluation), **decision, "note": correction.reasons, "page": page}


def _panel(made: MoveMade) -> list[User]:
    return panel_of(made.thing.evaluation)


declare_letters(
    "decisions",
    Letter(
        name="correction_propose",
        moves=("propose",),
        to=_panel,
        subject=_("%(hotline)s: a correction waits for a second member"),
        body=(
            _(
                "A member of the panel proposes to correct the decision about %(hotline)s in the round %(round)s. "
                "A second member confirms it or drops it."
            ),
            THEIR_REASONS,
            PAGE,
        ),
    ),
    Letter(
        name="correction_confirm",
        moves=("confirm",),
        to=_concerned,
        subject=_("%(hotline)s: the decision is corrected"),
        body=(
            _(
                "The panel has corrected its decision about %(hotline)s in the round %(round)s. The new decision "
                "takes the place of the former one; the report is printed anew."
            ),
            *DECISION,
            APPEAL,
            APPEAL_HERE,
            IN_WORKSPACE,
        ),
        optional=OF_DECISION,
    ),
    machine=Correction,
    values=_values_of_correction,
)
