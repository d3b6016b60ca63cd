"""The choices of editors for the codes of the framework."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from standards.framework import Measure, Method, Source, Support, Test


class Measures(models.TextChoices):
    SCALE = Measure.SCALE.value, _("A level of the scale")
    YES_NO = Measure.YES_NO.value, _("Yes or no")
    NUMERIC = Measure.NUMERIC.value, _("A number")


class Sources(models.TextChoices):
    DOCUMENTS = Source.DOCUMENTS.value, _("Documents")
    VISIT = Source.VISIT.value, _("Study visit")
    STATISTICS = Source.STATISTICS.value, _("Statistics")
    SYSTEM = Source.SYSTEM.value, _("Missing Children Europe’s own records")


class Supports(models.TextChoices):
    WORDS = Support.WORDS.value, _("Only with words that explain it")
    EVIDENCE = Support.EVIDENCE.value, _("Only with evidence")
    EITHER = Support.EITHER.value, _("Only with words or evidence")

    __empty__ = _("By itself")


class Methods(models.TextChoices):
    WEIGHTED_MEAN = Method.WEIGHTED_MEAN.value, _("Mean of all its indicators, by the weight of their obligation")
    MEAN = Method.MEAN.value, _("Mean of its parts")
    SUM = Method.SUM.value, _("Sum of points, of those that could be had")
    SHARE = Method.SHARE.value, _("Share of its indicators at a level or better")
    LOWEST = Method.LOWEST.value, _("The worst level among its indicators")


class GroupMethods(models.TextChoices):
    MEAN = Method.MEAN.value, _("Mean of its domains")
    LOWEST = Method.LOWEST.value, _("The lowest score among its domains")


class ChoiceMethods(models.TextChoices):
    """The methods for the score of a choice of indicators, which has no parts."""

    WEIGHTED_MEAN = Method.WEIGHTED_MEAN.value, _("Mean of these indicators, by the weight of their obligation")
    MEAN = Method.MEAN.value, _("Mean of these indicators, each counted once")
    SUM = Method.SUM.value, _("Sum of their points, of those that could be had")
    SHARE = Method.SHARE.value, _("Share of these indicators at a level or better")
    LOWEST = Method.LOWEST.value, _("The worst level among these indicators")

    __empty__ = _("Not needed")


class Tests(models.TextChoices):
    INCOMPLETE = Test.INCOMPLETE.value, _("Something is missing")
    COMPLETE = Test.COMPLETE.value, _("Nothing is missing")
    EVERY = Test.EVERY.value, _("Every indicator reaches the level")
    SHARE = Test.SHARE.value, _("At least the percentage of the indicators reaches the level")
    AT_LEAST = Test.AT_LEAST.value, _("At least so many indicators reach the level")
    BELOW = Test.BELOW.value, _("At most so many indicators are below the level")
    SCORE = Test.SCORE.value, _("The score reaches the percentage")
    DOMAINS = Test.DOMAINS.value, _("Every domain, or so many of them, reaches the percentage")
    GROUPS = Test.GROUPS.value, _("Every group of domains, or so many of them, reaches the percentage")
    STANDARDS = Test.STANDARDS.value, _("Every standard, or so many of them, reaches the percentage")
    FAILING = Test.FAILING.value, _("At most so many standards do not pass")
    FIGURE = Test.FIGURE.value, _("A number that is shown and not scored is within a bound")
    REACHED = Test.REACHED.value, _("Another outcome’s conditions hold as well")
    ANY = Test.ANY.value, _("At least so many of the conditions below hold")
