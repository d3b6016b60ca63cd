"""Wagtail log actions for a release and the steps before it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from standards.editions.next_edition import BEGUN
from standards.editions.release import RELEASED, WORDING_PUBLISHED


@hooks.register("register_log_actions")
def name_releases(actions: Any) -> None:
    actions.register_action(BEGUN, _("Begin edition"), _("Began the edition"))
    actions.register_action(RELEASED, _("Release edition"), _("Released the edition"))
    actions.register_action(WORDING_PUBLISHED, _("Publish wording"), _("Published the wording of the edition"))
