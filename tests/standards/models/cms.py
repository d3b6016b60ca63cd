"""The Guide's editors in tests: open a form, submit it, read its messages."""

import re
from typing import Any
from unittest.mock import patch

from django.contrib.auth.models import Group
from django.db import connection
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import querydict_from_html

_FORMS: dict[tuple[str, int], dict[str, Any]] = {}


def edit_address(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def form_of(editor: Client, page: Any) -> dict[str, Any]:
    """The editor's form as a browser would send it back. It is read once for what is stored: to draw it takes long."""
    key = (edit_address(page), _stored(editor))
    if key not in _FORMS:
        _FORMS[key] = _read_form(editor, page)
    return dict(_FORMS[key])


def _stored(editor: Client) -> int:
    """A digest of all that a form shows: the pages, their revisions, and what the editor may."""
    groups = Group.objects.filter(user=editor.session["_auth_user_id"]).order_by("name")
    found = [tuple(groups.values_list("name", flat=True))]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("standards_", "wagtailcore_page", "wagtailcore_revision")):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                found += [repr(row) for row in cursor.fetchall()]
    return hash(tuple(found))


def _read_form(editor: Client, page: Any) -> dict[str, Any]:
    response = editor.get(edit_address(page))
    assert response.status_code == 200
    html = response.content.decode()
    ticked = set(re.findall(r'<input type="checkbox" name="([^"]+)"', html))
    found = querydict_from_html(html, form_id="page-edit-form").dict()
    return {name: "on" if name in ticked else value for name, value in found.items()}


def send(editor: Client, page: Any, form: dict[str, Any]) -> Any:
    return editor.post(edit_address(page), {**form, "action-publish": "1"})


def send_refused(editor: Client, page: Any, form: dict[str, Any]) -> Any:
    """The editor's form as it comes back with its mistakes, for tests of these. The page is not drawn: it takes long."""
    with patch.object(SimpleTemplateResponse, "rendered_content", ""):
        response = send(editor, page, form)
    assert response.status_code == 200
    return response.context_data["form"]


def errors_of(form: Any) -> list[str]:
    found = [error for errors in form.errors.values() for error in errors]
    for formset in form.formsets.values():
        found += [error for errors in formset.errors for texts in errors.values() for error in texts]
    return found


def told(response: Any, editor: Client) -> str:
    """What the CMS says on the page it leads to."""
    assert response.status_code == 302
    return re.sub(r"\s+", " ", editor.get(response.url, follow=True).content.decode())


def post_as_shown(editor: Client, address: str) -> Any:
    """Release, or publish the wording, as a browser does: with the digests that the page shows."""
    shown = editor.get(address).context["shown"]
    return editor.post(address, {"shown": shown.as_text()})
