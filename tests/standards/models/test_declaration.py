"""What the framework declares of an indicator, and what the entries of files declare, held against the columns of the pages."""

from datetime import date

import pytest
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail_localize.fields import get_translatable_fields
from wagtail_localize.segments.extract import extract_segments  # noqa: F401

from standards.drafts.fields import INDICATOR_FIELDS
from standards.editions import entries
from standards.editions.entries import Entry, Table
from standards.framework import INDICATOR_STRUCTURE, INDICATOR_TEXTS, Field, Text
from standards.models import GuideIndicator
