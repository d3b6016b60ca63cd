"""The Guide's pages, which MCE edits, and its released editions, which are frozen."""

from standards.models.domain import DomainPage
from standards.models.edition import Edition, EditionWording, SealedRow, Texts
from standards.models.edition_page import EditionPage
from standards.models.guide import GuidePage
from standards.models.indicator import IndicatorPage
from standards.models.mapping import MappingDecision
from standards.models.rule import (
    GuideCondition,
    GuideGroup,
    GuideObligation,
    GuideOutcome,
    GuidePassing,
    GuideResult,
    GuideTrait,
)
from standards.models.standard import StandardPage
from standards.models.translations.demands import LanguageSetting
from standards.models.translations.marks import PassageMark

__all__ = [
    "DomainPage",
    "Edition",
    "EditionPage",
    "EditionWording",
    "GuideCondition",
    "GuideGroup",
    "GuideObligation",
    "GuideOutcome",
    "GuidePage",
    "GuidePassing",
    "GuideResult",
    "GuideTrait",
    "IndicatorPage",
    "LanguageSetting",
    "MappingDecision",
    "PassageMark",
    "SealedRow",
    "StandardPage",
    "Texts",
]
