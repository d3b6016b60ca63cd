"""A change of a person's roles or country. What gives power over an outcome is proposed by one and confirmed by another."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.models.people.permissions import may
from evaluation.models.people.roles import GIVEN_BY_TWO, GUARDED_ROLES, Role
from evaluation.models.reasons import Condition, Reason
from evaluation.models.states import StateField, Stateful, transition

if TYPE_CHECKING:
    from evaluation.models.people.user import User


class PersonChangeState(models.TextChoices):
    """The states of a change; defined here for the constraint of the model."""

    WRITTEN = "written", pgettext_lazy("change of a person", "written")
    PROPOSED = "proposed", pgettext_lazy("change of a person", "waits for a second person")
    CONFIRMED = "confirmed", pgettext_lazy("change of a person", "confirmed")
    DROPPED = "dropped", pgettext_lazy("change of a person", "dropped")


@Condition
def nobody_else_is_needed(change: "PersonChange") -> Iterator[Reason]:
    """No second person has to confirm it."""
    if change.needs_a_second_person:
        yield Reason("needs_a_second_person")


@Condition
def nothing_has_changed_since(change: "PersonChange") -> Iterator[Reason]:
    """The account is open; the role to be ended is still held, or the country is still the former one."""
    user, membership = change.user, change.membership
    if (
        (user is not None and not user.is_active)
        or (membership is not None and membership.ended_at is not None)
        or (change.what == change.What.COUNTRY and user is not None and user.country != change.former_country)
    ):
        yield Reason("changed_since")


class PersonChange(Stateful):
    """A role to be given or ended, or another country. It is kept with its steps, as the history of the person."""

    kind = "person_change"

    class What(models.TextChoices):
        GIVE_ROLE = "give_role", pgettext_lazy("change of a person", "give a role")
        END_ROLE = "end_role", pgettext_lazy("change of a person", "end a role")
        COUNTRY = "country", pgettext_lazy("change of a person", "another country")

    State = PersonChangeState

    what = models.CharField(max_length=10, choices=What.choices)
    state = StateField(_("state"), default=State.WRITTEN, choices=State.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="changes"
    )
    """None if the person has no account yet."""
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=10, default="en")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True)
    hotline = models.ForeignKey("evaluation.Hotline", on_delete=models.PROTECT, null=True, blank=True)
    membership = models.ForeignKey("evaluation.Membership", on_delete=models.PROTECT, null=True, blank=True)
    """The role to be ended."""
    country = models.CharField(_("country"), max_length=2, blank=True)
    """The new country; of a person who gets a role, the country if it is not known yet."""
    former_country = models.CharField(max_length=2, blank=True)
    was_mistaken = models.BooleanField(_("The country before was a mistake"), default=False)
    """Whether the former country was never theirs. Otherwise its hotlines become declared ties."""
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, editable=False)
    """When it was made or dropped. Since then it is frozen."""

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["what", "email", "role"],
                condition=Q(state=PersonChangeState.PROPOSED),
                name="one_proposed_change_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_proposed(self) -> bool:
        return self.state == self.State.PROPOSED

    @property
    def gives_a_role(self) -> bool:
        return self.what == self.What.GIVE_ROLE

    @property
    def role_and_hotline(self) -> str:
        """The name of the role, with the name of the hotline if there is one."""
        role = self.get_role_display()
        return f"{role}, {self.hotline.name}" if self.hotline else role

    def is_about(self, user: "User") -> bool:
        return self.email == user.email

    def is_proposed_by(self, user: "User") -> bool:
        return self.proposed_by_id == user.pk

    @property
    def needs_a_second_person(self) -> bool:
        """Whether it gives or takes power over an outcome: a role of MCE or the panel, a role of one's own, a tie.

        The role that acts for a hotline is given by two people, too. One person can end it.
        """
        is_of_oneself = self.is_about(self.proposed_by)
        if self.what == self.What.COUNTRY:
            return True
        if self.gives_a_role:
            return is_of_oneself or self.role in GIVEN_BY_TWO
        return not is_of_oneself and self.role in GUARDED_ROLES

    @transition(
        state,
        State.WRITTEN,
        State.CONFIRMED,
        conditions=[nobody_else_is_needed],
        permission=may("people.invite"),
        custom={"by_form": True},
    )
    def make(self) -> None:
        """Make a change that needs no second person."""
        self.closed_at = timezone.now()

    @transition(
        state,
        State.WRITTEN,
        State.PROPOSED,
        conditions=[nothing_has_changed_since],
        permission=may("people.propose"),
        custom={"by_form": True},
    )
    def propose(self) -> None:
        """Propose the change to a second person."""

    @transition(
        state,
        State.PROPOSED,
        State.CONFIRMED,
        conditions=[nothing_has_changed_since],
        permission=may("people.confirm"),
        custom={"by_system": True},
    )
    def confirm(self) -> None:
        """Confirm the change as the second person: it is made. The system does so by a command of the operator."""
        self.closed_at = timezone.now()

    @transition(state, State.PROPOSED, State.DROPPED, permission=may("people.drop"))
    def drop(self) -> None:
        """Drop the change: nothing changes."""
        self.closed_at = timezone.now()
