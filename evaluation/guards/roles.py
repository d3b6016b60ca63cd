"""The roles of people, in a hotline or in the network."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    CONTRIBUTOR = "contributor", _("hotline contributor")
    COORDINATOR = "coordinator", _("hotline coordinator")
    ASSESSOR = "assessor", _("assessor")
    MCE_COORDINATOR = "mce_coordinator", _("MCE coordinator")
    GUIDE_EDITOR = "guide_editor", _("guide editor")
    PANEL_MEMBER = "panel_member", _("panel member")


HOTLINE_ROLES = (Role.CONTRIBUTOR, Role.COORDINATOR)
"""Roles in one hotline, under one operator."""

SECOND_FACTOR_ROLES = (Role.ASSESSOR, Role.MCE_COORDINATOR, Role.GUIDE_EDITOR, Role.PANEL_MEMBER)
"""Roles that see unpublished work of several hotlines, and so require a second factor."""

INDEPENDENT_ROLES = (Role.ASSESSOR, Role.PANEL_MEMBER)
"""Roles of people who may have no tie with the hotline: their country must be known."""

TODAY_ROLES = (Role.MCE_COORDINATOR, Role.ASSESSOR, Role.PANEL_MEMBER)
"""Roles whose start page is what waits for them, of several hotlines."""
