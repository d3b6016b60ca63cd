"""Users and their roles. A role is a membership with dates. Changes take effect at the next request."""

import unicodedata
import uuid
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.management.base import CommandError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from evaluation.models.people.roles import HOTLINE_ROLES, INDEPENDENT_ROLES, Role
from evaluation.models.people.ties import clear_cached_ties


def normalise_email(email: str) -> str:
    """Normalise an e-mail address: NFKC, without surrounding whitespace, in lower case."""
    return unicodedata.normalize("NFKC", email).strip().lower()


class _NeverTrue:
    """The attribute of a field whose stored value has no effect: it reads as False, whatever is stored."""

    def __init__(self, field: models.Field[Any, Any]) -> None:
        self.field = field

    def __get__(self, user: models.Model | None, owner: type | None = None) -> Any:
        return self if user is None else False

    def __set__(self, user: models.Model, value: object) -> None:
        user.__dict__[self.field.attname] = False


class _SuperuserField(models.BooleanField[bool, bool]):
    """The column of Django's superusers, without effect.

    Django and Wagtail let a superuser do everything in many places, past the table of permissions. The column stays, as
    Wagtail queries it.
    """

    descriptor_class = _NeverTrue

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.BooleanField", args, kwargs


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **details: Any) -> "User":
        user = self.model(email=normalise_email(email), **details)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, *_: Any, **__: Any) -> "User":
        raise CommandError("There are no superusers: rights come from roles. Use invite_first_coordinator.")

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=normalise_email(email or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A user. The e-mail address is the user name."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=50, default="Europe/Brussels")
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        help_text=_("Two letters. An assessor or panel member never looks at a hotline of the same country."),
    )
    declined_reminders = models.JSONField(_("reminders that are not wanted"), default=list, blank=True)
    """The optional reminders that the user switched off, as values of `Reminder.About`."""
    is_active = models.BooleanField(_("active"), default=True)
    is_superuser = _SuperuserField(
        default=False,
        verbose_name=PermissionsMixin._meta.get_field("is_superuser").verbose_name,
        help_text=PermissionsMixin._meta.get_field("is_superuser").help_text,
    )
    """Always False: rights come from roles only."""
    is_demonstration = models.BooleanField(default=False, editable=False)
    """Whether it is an invented user of the demonstration, who can sign in on the local machine only."""
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        self.email = normalise_email(self.email)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Required by Django; not used otherwise."""
        return False

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()

    @property
    def lacks_country(self) -> bool:
        """Whether a role of the user requires independence and the user's country is unknown."""
        return not self.country and self.has_role(*INDEPENDENT_ROLES)

    @cached_property
    def all_memberships(self) -> list["Membership"]:
        """The user's memberships, whenever they are. Cached on the instance, which lives for one request."""
        return list(self.memberships.all()) if self.pk else []

    @cached_property
    def memberships_today(self) -> list["Membership"]:
        """The user's memberships of today. Cached on the instance."""
        today = timezone.localdate()
        return sorted(
            (one for one in self.all_memberships if one.ended_at is None and one.is_on(today)), key=attrgetter("pk")
        )

    @cached_property
    def known_ties(self) -> dict[tuple[str, int], Any]:
        """The cache of `permissions` for the user's ties and declarations. Cleared by a declaration."""
        return {}

    def has_role(self, *roles: Role) -> bool:
        return any(membership.role in roles for membership in self.memberships_today)

    def hotlines_as(self, *roles: Role) -> set[int]:
        """Return the keys of the hotlines in which the user has one of the roles today."""
        return {m.hotline_id for m in self.memberships_today if m.role in roles and m.hotline_id}


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: date) -> "MembershipQuerySet":
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)

    def today(self) -> "MembershipQuerySet":
        """Return those that are held now: a role that was ended today is not among them."""
        return self.on(timezone.localdate()).filter(ended_at=None)

    def held_at(self, moment: datetime) -> "MembershipQuerySet":
        """Return those that were held at a moment."""
        return self.on(timezone.localdate(moment)).filter(Q(ended_at=None) | Q(ended_at__gt=moment))


class Membership(models.Model):
    """A role between two dates. A hotline role belongs to a hotline, and to its operator at that time.

    A membership is never deleted, as ties and counted votes derive from it. Once it is ended it is frozen.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    hotline = models.ForeignKey(
        "evaluation.Hotline", on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    operator = models.ForeignKey(
        "evaluation.Operator", on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    since = models.DateField(_("from"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, editable=False)
    """When it was ended by somebody. Its last day is `until`, and it is not held from this moment on."""

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hotline_roles_have_a_hotline",
                condition=Q(role__in=HOTLINE_ROLES, hotline__isnull=False)
                | (~Q(role__in=HOTLINE_ROLES) & Q(hotline__isnull=True)),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "hotline", "since"],
                condition=Q(ended_at=None),
                name="one_membership_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"

    def is_on(self, day: date) -> bool:
        """Whether it lasts on a day, as in `MembershipQuerySet.on`."""
        return self.since <= day and (self.until is None or self.until >= day)


class Stake(models.Model):
    """A tie of a user to a hotline, such as employment, that bars the user from every act about it. Frozen."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stakes")
    hotline = models.ForeignKey("evaluation.Hotline", on_delete=models.PROTECT, related_name="stakes")
    reason = models.CharField(_("what ties you to this hotline"), max_length=300)
    declared_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "hotline"], name="one_stake_for_a_hotline")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        clear_cached_ties(self.user)


class Invitation(models.Model):
    """An invitation to create an account with a role. Its link works once, for two weeks."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=10, default="en")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    country = models.CharField(_("country"), max_length=2, blank=True)
    """The country, if the inviting user knows it. The invited user confirms it when accepting."""
    hotline = models.ForeignKey("evaluation.Hotline", on_delete=models.PROTECT, null=True, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="invitations_sent")
    """None if it was created on the command line, as for the first coordinator."""
    invited_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    accepted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")

    @property
    def role_and_hotline(self) -> str:
        """The name of the role, with the name of the hotline if there is one."""
        role = self.get_role_display()
        return f"{role}, {self.hotline.name}" if self.hotline else role
