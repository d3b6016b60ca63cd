"""Removes the entries of Wagtail's menus whose pages `allowed_views` disables."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from portal.cms.allowed_views import HIDDEN


@hooks.register("construct_main_menu")
@hooks.register("construct_reports_menu")
def leave_out(_request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name not in HIDDEN]
