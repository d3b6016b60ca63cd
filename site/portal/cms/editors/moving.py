"""Moving pages of the Guide. Concurrent moves run one after another, as a move is computed from places it has read."""

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
    """Run a view of Wagtail in a transaction that locks the places of all pages."""

    @transaction.atomic
    def locked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        lock_places()
        return view(request, **kwargs)

    for_editors: View = require_admin_access(locked)

    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Belong to this module, by which AllowedViewsMiddleware recognises the views of the project."""
        return for_editors(request, **kwargs)

    return answer


set_position = _one_at_a_time(ordering.set_page_position)
confirm_move = _one_at_a_time(move.move_confirm)
move_many = _one_at_a_time(bulk_action)
