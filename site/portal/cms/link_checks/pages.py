"""The page of the links in an edition and on other pages of the CMS, which also queues the checks of other sites."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from portal.cms.guide import find_source_page, refuse_role
from portal.cms.link_checks.checking import ask_for_checks
from portal.cms.link_checks.uses import read_links


@require_http_methods(["GET", "POST"])
def links(request: HttpRequest, page_id: int) -> HttpResponse:
    """List every address with its places; on POST, queue the checks of those of other sites."""
    page = find_source_page(page_id)
    if not page.permissions_for_user(request.user).can_edit():
        return refuse_role(request, "guide.edit")
    found = read_links(page)
    others = [link for link in found if link.is_checkable]
    if request.method == "POST":
        queued = ask_for_checks(link.address for link in others)
        sentence = ngettext(
            "%(count)s address is being checked. Reload this page in a while.",
            "%(count)s addresses are being checked. Reload this page in a while.",
            queued,
        )
        messages.success(request, sentence % {"count": queued})
        return redirect("guide_links", page.pk)
    return TemplateResponse(
        request,
        "standards/links.html",
        {
            "title": _("Links in edition %(code)s") % {"code": page.code},
            "icon": "link",
            "page": page,
            "dead": [link for link in found if link.is_dead],
            "alive": [link for link in found if not link.is_dead],
            "others": len(others),
            "waiting": sum(bool(link.check and link.check.is_waiting) for link in others),
        },
    )
