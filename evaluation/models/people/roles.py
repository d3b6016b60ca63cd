"""The roles of users, in a hotline or in the network."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    CONTRIBUTOR = "contributor", _("hotline contributor")
    COORDINATOR = "coordinator", _("hotline coordinator")
    ASSESSOR = "assessor", _("assessor")
    MCE_COORDINATOR = "mce_coordinator", _("MCE coordinator")
    GUIDE_EDITOR = "guide_editor", _("guide editor")
    PANEL_MEMBER = "panel_member", _("panel member")
    PANEL_CHAIR = "panel_chair", _("chair of the panel")
    """A panel member's further role: it gives no right, but the vote may break a tie."""


HOTLINE_ROLES = (Role.CONTRIBUTOR, Role.COORDINATOR)
"""Roles in one hotline, under one operator."""

SECOND_FACTOR_ROLES = (Role.ASSESSOR, Role.MCE_COORDINATOR, Role.GUIDE_EDITOR, Role.PANEL_MEMBER, Role.PANEL_CHAIR)
"""Roles that can see unpublished work of several hotlines, and therefore require a second factor."""

INDEPENDENT_ROLES = (Role.ASSESSOR, Role.PANEL_MEMBER, Role.PANEL_CHAIR)
"""Roles of users who must not have a tie to the hotline. Their country must be known."""

GUARDED_ROLES = (Role.MCE_COORDINATOR, Role.PANEL_MEMBER, Role.PANEL_CHAIR)
"""Roles with power over an outcome. One person proposes to give or to end them, and another confirms it."""

GIVEN_BY_TWO = (*GUARDED_ROLES, Role.COORDINATOR)
"""Roles that one person proposes to give and another confirms: guarded ones, and the one that acts for a hotline."""

TODAY_ROLES = (Role.MCE_COORDINATOR, Role.ASSESSOR, Role.PANEL_MEMBER)
"""Roles whose start page lists the pending tasks of several hotlines."""
