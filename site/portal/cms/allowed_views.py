"""The views of Wagtail's administration that are enabled here. All others are not found, for any user."""

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponseBase
from wagtail.models import Page

from portal.presentation.refusals import refuse

OPEN = frozenset(
    [
        "cms_picture",
        "guide_asking",
        "guide_bands",
        "guide_compare",
        "guide_download",
        "guide_draft_file",
        "guide_files",
        "guide_demand_review",
        "guide_language",
        "guide_languages",
        "guide_links",
        "guide_load_file",
        "guide_load_translation",
        "guide_mapping",
        "guide_passages",
        "guide_print_draft",
        "guide_publish_file",
        "guide_rule",
        "guide_supports",
        "guide_translation_po",
        "guide_translation_xlf",
        "guide_translations",
        "guide_translations_results",
        "guide_tree",
        "publish_wording",
        "release_edition",
        "texts",
        "texts_file_po",
        "texts_file_xlf",
        "texts_preview",
        "texts_text",
        "wagtail_bulk_action",
        "wagtailadmin_home",
        "wagtailadmin_javascript_catalog",
        "wagtailadmin_logout",
        "wagtailadmin_sprite",
        "wagtailadmin_account",
        "wagtailadmin_dismissibles",
        "wagtailadmin_editing_sessions:ping",
        "wagtailadmin_editing_sessions:release",
        "wagtailadmin_tag_autocomplete",
        "wagtailadmin_tag_model_autocomplete",
        "wagtailadmin_explore",
        "wagtailadmin_explore_results",
        "wagtailadmin_explore_root",
        "wagtailadmin_api:pages:detail",
        "wagtailadmin_api:pages:find",
        "wagtailadmin_api:pages:listing",
        "wagtailadmin_choose_page",
        "wagtailadmin_choose_page_anchor_link",
        "wagtailadmin_choose_page_child",
        "wagtailadmin_choose_page_chosen_multiple",
        "wagtailadmin_choose_page_email_link",
        "wagtailadmin_choose_page_external_link",
        "wagtailadmin_choose_page_phone_link",
        "wagtailadmin_choose_page_search",
        "wagtailadmin_pages:add",
        "wagtailadmin_pages:add_subpage",
        "wagtailadmin_pages:choose_parent",
        "wagtailadmin_pages:convert_alias",
        "wagtailadmin_pages:copy",
        "wagtailadmin_pages:delete",
        "wagtailadmin_pages:edit",
        "wagtailadmin_pages:history",
        "wagtailadmin_pages:history_results",
        "wagtailadmin_pages:lock",
        "wagtailadmin_pages:unlock",
        "wagtailadmin_pages:move",
        "wagtailadmin_pages:move_confirm",
        "wagtailadmin_pages:set_page_position",
        "wagtailadmin_pages:preview_on_add",
        "wagtailadmin_pages:preview_on_edit",
        "wagtailadmin_pages:view_draft",
        "wagtailadmin_pages:revisions_compare",
        "wagtailadmin_pages:revisions_index",
        "wagtailadmin_pages:revisions_revert",
        "wagtailadmin_pages:revisions_unschedule",
        "wagtailadmin_pages:revisions_view",
        "wagtailadmin_pages:search",
        "wagtailadmin_pages:search_results",
        "wagtailadmin_pages:type_use",
        "wagtailadmin_pages:type_use_results",
        "wagtailadmin_pages:unpublish",
        "wagtailadmin_pages:usage",
        "wagtailadmin_pages:collect_workflow_action_data",
        "wagtailadmin_pages:confirm_workflow_cancellation",
        "wagtailadmin_pages:workflow_action",
        "wagtailadmin_pages:workflow_history",
        "wagtailadmin_pages:workflow_history_detail",
        "wagtailadmin_pages:workflow_preview",
        "wagtailadmin_reports:aging_pages",
        "wagtailadmin_reports:aging_pages_results",
        "wagtailadmin_reports:locked_pages",
        "wagtailadmin_reports:locked_pages_results",
        "wagtailadmin_reports:page_types_usage",
        "wagtailadmin_reports:page_types_usage_results",
        "wagtailadmin_reports:site_history",
        "wagtailadmin_reports:site_history_results",
        "wagtailadmin_reports:workflow",
        "wagtailadmin_reports:workflow_results",
        "wagtailadmin_reports:workflow_tasks",
        "wagtailadmin_reports:workflow_tasks_results",
        "wagtail_localize:download_pofile",
        "wagtail_localize:upload_pofile",
        "wagtail_localize:edit_override",
        "wagtail_localize:edit_string_translation",
        "wagtail_localize:javascript_catalog",
        "wagtail_localize:preview_translation",
        "wagtail_localize:stop_translation",
        "wagtail_localize:submit_page_translation",
        "wagtail_localize:translations_report",
        "wagtail_localize:translations_report_results",
        "wagtail_localize:update_translations",
        "wagtaildocs:add",
        "wagtaildocs:add_multiple",
        "wagtaildocs:delete",
        "wagtaildocs:delete_multiple",
        "wagtaildocs:document_usage",
        "wagtaildocs:edit",
        "wagtaildocs:edit_multiple",
        "wagtaildocs:index",
        "wagtaildocs:index_results",
        "wagtailimages:add",
        "wagtailimages:add_multiple",
        "wagtailimages:delete",
        "wagtailimages:delete_multiple",
        "wagtailimages:edit",
        "wagtailimages:edit_multiple",
        "wagtailimages:image_usage",
        "wagtailimages:index",
        "wagtailimages:index_results",
    ]
)
"""The views that guide editors and MCE's coordinators use: pages, their translations, documents, pictures, reports.

Not included: users and groups, which follow roles and have their own pages; sites, languages and collections, which
belong to the installation; privacy settings, which would hide a released Guide behind a password; the creation of
workflows, as there is only one; views that complete an upload which a form refused.
"""

BULK = frozenset(("wagtailcore", "wagtaildocs", "wagtailimages"))
"""Bulk actions: on pages, documents and pictures, never on people."""

FOR_EVERYBODY = frozenset(
    (
        *("cms_picture", "wagtailadmin_account", "wagtailadmin_javascript_catalog"),
        *("wagtailadmin_logout", "wagtailadmin_sprite"),
    )
)
"""Views for signed-in users without a role in the CMS. Each checks its own permissions or shows no data."""

NOT_OF_THE_ROOT = frozenset(
    ("wagtailadmin_pages:lock", "wagtailadmin_pages:unlock", "wagtailadmin_choose_page_chosen_multiple")
)
"""Views that read the parent of a page, which the root of the tree does not have."""

UPLOADS_OF_SEVERAL = frozenset(("wagtaildocs:add_multiple", "wagtailimages:add_multiple"))
"""Views that take a file in the field `files[]`."""

_WITHOUT_ZONE = re.compile(r"\s*(0001|9999)-")
"""A day of the first or the last year of the calendar."""

_LONGEST_NUMBER = 19
"""Digits of a number that a column may not hold."""

HIDDEN = frozenset(("settings", "snippets", "help"))
"""Menu entries whose pages are disabled."""


def refuse_odd_numbers(request: HttpRequest) -> None:
    """Raise BadRequest for keys of pages that Wagtail would insert into an address or a query that takes a number."""
    numbers = [request.GET.get("parent_page_id") or "0"]
    numbers += [number for number in request.GET.getlist("id") if number != "all"]
    if not all(number.isascii() and number.isdecimal() and len(number) < _LONGEST_NUMBER for number in numbers):
        raise BadRequest


class AllowedViewsMiddleware:
    """Answers 404 for views under `/cms/` that are not `OPEN`, and 403 for signed-in users without a role in the CMS.

    The 403 page names the role that has access. Wagtail would redirect these users to the sign-in page, which redirects
    signed-in users back: an endless loop.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, kwargs: dict[str, Any]) -> None:
        if not request.path_info.startswith("/cms/"):
            return
        match = request.resolver_match
        assert match is not None  # a view was found
        is_ours = match.func.__module__.startswith("portal.")  # the sign-in pages of libraries, and ours
        if not is_ours and match.view_name not in OPEN:
            raise Http404
        if kwargs.get("revision_id") == 0:
            raise Http404  # Wagtail would take it for no revision
        if match.view_name == "wagtail_bulk_action" and kwargs.get("app_label") not in BULK:
            raise Http404
        if match.url_name is None or match.view_name in FOR_EVERYBODY:
            return
        if not request.user.is_authenticated:
            return
        if not request.user.has_perm("wagtailadmin.access_admin"):
            raise refuse(request.user, "guide.edit")
        if not all((sent.get("next") or "/").startswith(("/", "http")) for sent in (request.GET, request.POST)):
            raise BadRequest  # Wagtail would treat it as the name of a view, and there is none
        if match.view_name in UPLOADS_OF_SEVERAL and request.FILES and "files[]" not in request.FILES:
            raise BadRequest  # Wagtail only asks whether there is any file, then takes that one
        refuse_odd_numbers(request)
        if any(
            _WITHOUT_ZONE.match(f"{value}") for name, value in request.GET.items() if name.endswith(("_from", "_to"))
        ):
            raise BadRequest  # Wagtail would convert the day to another time zone, in which there is no such year
        if match.view_name in NOT_OF_THE_ROOT:
            pages = {kwargs["page_id"]} if "page_id" in kwargs else set(map(int, request.GET.getlist("id")))
            if pages & set(Page.objects.filter(depth=1).values_list("pk", flat=True)):
                raise Http404
