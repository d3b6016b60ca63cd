"""The words an editor chooses from, for the codes of the framework."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from standards.framework import Measure, Obligation, Source, Test


class Obligations(models.TextChoices):
    ESSENTIAL = Obligation.ESSENTIAL.value, _("Essential")
    CORE = Obligation.CORE.value, _("Core")
    DEVELOPMENTAL = Obligation.DEVELOPMENTAL.value, _("Developmental")


class Measures(models.TextChoices):
    SCALE = Measure.SCALE.value, _("Level 0 to 3")
    YES_NO = Measure.YES_NO.value, _("Yes or no")
    NUMERIC = Measure.NUMERIC.value, _("A number")


class Sources(models.TextChoices):
    DOCUMENTS = Source.DOCUMENTS.value, _("Documents")
    VISIT = Source.VISIT.value, _("Study visit")
    STATISTICS = Source.STATISTICS.value, _("Statistics")
    SYSTEM = Source.SYSTEM.value, _("Missing Children Europe’s own records")


class Tests(models.TextChoices):
    INCOMPLETE = Test.INCOMPLETE.value, _("An indicator of the obligation is missing")
    EVERY = Test.EVERY.value, _("Every indicator of the obligation reaches the level")
    AT_MOST = Test.AT_MOST.value, _("At most so many indicators of the obligation stand at the level")
    NONE_AT = Test.NONE_AT.value, _("No indicator of the obligation stands at the level or is missing")
    DOMAINS = Test.DOMAINS.value, _("Every domain reaches the percentage")
    OVERALL = Test.OVERALL.value, _("The whole reaches the percentage")
