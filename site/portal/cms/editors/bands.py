"""The bands of a figure while they are written: on a line, each with its level, and what is wrong with them."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST
from wagtail.admin.auth import require_admin_access

from portal.cms.guide import find_edition_page
from standards.models.forms import TYPED_BANDS, show_typed_bands


@require_POST
@require_admin_access
def draw_bands(request: HttpRequest, page_id: int) -> HttpResponse:
    """Return the line of the submitted bands of an indicator in this edition. Nothing is saved."""
    page = find_edition_page(page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    values = {name: request.POST.get(name, "") for name in TYPED_BANDS}
    return render(request, "standards/_typed_bands.html", show_typed_bands(values, page))
