"""Moving pages of the Guide: one move after another, as a move is computed from the places that it has read."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.bulk_action import index as bulk_action
from wagtail.admin.views.pages import move, ordering

from standards.editions.page_loader import lock_places

View = Callable[..., HttpResponse]


def _one_at_a_time(view: View) -> View:
    """Let a view of Wagtail read and write the places of pages while nobody else does."""

    @transaction.atomic
    def locked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        lock_places()
        return view(request, **kwargs)

    for_editors: View = require_admin_access(locked)

    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Have the name of this module, by which AllowedViewsMiddleware knows the views of the project."""
        return for_editors(request, **kwargs)

    return answer


set_position = _one_at_a_time(ordering.set_page_position)
confirm_move = _one_at_a_time(move.move_confirm)
move_many = _one_at_a_time(bulk_action)
