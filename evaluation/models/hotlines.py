"""The hotlines, and the organisations that operate them over time."""

import uuid
from functools import cache
from importlib.resources import files

from babel import Locale
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from standards.presentation.folding import fold
from standards.presentation.reading_language import interface_language


class Operator(models.Model):
    """An organisation that operates, or operated, a hotline."""

    class Kind(models.TextChoices):
        SPECIALISED_NGO = "specialised_ngo", _("specialised organisation")
        CHILD_HELPLINE = "child_helpline", _("child helpline")
        CONSORTIUM = "consortium", _("consortium")
        PUBLIC_AUTHORITY = "public_authority", _("public authority")
        UNKNOWN = "unknown", _("not recorded")

    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.UNKNOWN)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class HotlineQuerySet(models.QuerySet["Hotline"]):
    def names(self) -> dict[str, str]:
        """Return the names of the hotlines by country code. One query."""
        named = self.order_by().only("country", "recorded_name", "is_invented")
        return {hotline.country: hotline.name for hotline in named}

    def named(self, words: str) -> "HotlineQuerySet":
        """Return those whose name has these words, in English or in the language of the interface. Two queries."""
        found = [country for country, name in self.names().items() if fold(words) in fold(name)]
        return self.filter(Q(recorded_name__icontains=words) | Q(country__in=found))


class Hotline(models.Model):
    """The number 116 000 in one country, independent of its operators."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=12, unique=True, help_text=_("116000- and the country, 116000-BE"))
    country = models.CharField(_("country code"), max_length=2, unique=True)
    recorded_name = models.CharField(_("country"), max_length=80, db_column="name")
    """The country in English, as in the directory. Pages show `name`."""
    languages = models.CharField(_("languages"), max_length=200, blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=50, blank=True, help_text=_("Empty for the first time zone of the country.")
    )
    notes = models.CharField(_("notes"), max_length=300, blank=True)
    mce_member = models.BooleanField(_("member of Missing Children Europe"), null=True)
    is_invented = models.BooleanField(default=False, editable=False)
    """Whether it belongs to the demonstration. Only an invented hotline may be shown with an invented outcome."""
    operators = models.ManyToManyField(Operator, through="Operation", related_name="hotlines")

    objects = models.Manager.from_queryset(HotlineQuerySet)()

    class Meta:
        ordering = ["recorded_name"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The country in the language of the interface. In English, and for an invented country, as recorded."""
        if self.is_invented or interface_language() == "en":
            return self.recorded_name
        return _name_of_country(self.country, interface_language()) or self.recorded_name

    def of_hotline(self) -> "Hotline":
        return self

    @property
    def language_codes(self) -> list[str]:
        """The codes of its languages, in the order of the field."""
        return self.languages.replace(",", " ").split()

    @property
    def zone(self) -> str:
        """The name of its time zone: the recorded one, else the first of its country, else that of Brussels."""
        return self.time_zone or first_zones().get(self.country, "Europe/Brussels")

    @property
    def operation_today(self) -> "Operation | None":
        """The current operation, or None. Uses prefetched operations, so that lists need no further query."""
        return next((operation for operation in self.operations.all() if operation.is_current), None)


@cache
def first_zones() -> dict[str, str]:
    """Return the first time zone of each country by its code, which is that of most people, from the tz database."""
    rows = (files("tzdata") / "zoneinfo" / "zone.tab").read_text().splitlines()
    zones: dict[str, str] = {}
    for country, _place, zone, *_comment in (row.split("\t") for row in rows if not row.startswith("#")):
        zones.setdefault(country, zone)
    return zones | {"UA": "Europe/Kyiv"}  # the file begins with Simferopol


@cache
def _name_of_country(code: str, language: str) -> str | None:
    """Return the name of a country by Unicode's CLDR, None if it has none. XA and XB are names of tests there."""
    return None if code in ("XA", "XB") else Locale.parse(language).territories.get(code)


class Operation(models.Model):
    """The period in which an operator runs a hotline. Dates are as published: a year, a month, a day, or unknown."""

    hotline = models.ForeignKey(Hotline, on_delete=models.CASCADE, related_name="operations")
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="operations")
    since = models.CharField(_("from"), max_length=10, blank=True, help_text=_("2012, 2012-12 or 2012-12-01"))
    until = models.CharField(_("until"), max_length=10, blank=True)
    is_current = models.BooleanField(_("runs it now"), default=True)
    sources = models.TextField(_("sources"), blank=True)

    class Meta:
        ordering = ["hotline", "-is_current", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["hotline"], condition=Q(is_current=True), name="one_current_operator_for_a_hotline"
            )
        ]
