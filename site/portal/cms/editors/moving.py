"""Moving pages of the Guide. Concurrent moves run one after another, as a move is computed from places it has read."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.bulk_action import index as bulk_action
from wagtail.admin.views.pages import move, ordering
from wagtail.models import Page

from portal.cms.allowed_views import refuse_odd_numbers
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


def _set_position(request: HttpRequest, page_to_move_id: int) -> HttpResponse:
    """Move a page among its siblings. The root of the tree has none, and no page above that Wagtail could ask."""
    if Page.objects.filter(pk=page_to_move_id, depth=1).exists():
        raise Http404
    response: HttpResponse = ordering.set_page_position(request, page_to_move_id)
    return response


def _move_many(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Ask where several pages are moved, and move them."""
    refuse_odd_numbers(request)
    response: HttpResponse = bulk_action(request, **kwargs)
    return response


set_position = _one_at_a_time(_set_position)
confirm_move = _one_at_a_time(move.move_confirm)
move_many = _one_at_a_time(_move_many)
