"""The decision rule while it is written: each condition as a sentence, and what it would have meant last time."""

from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST
from wagtail.admin.auth import require_admin_access

from portal.cms.guide import find_source_page
from portal.cms.releasing.effects import draft_effect
from standards.drafts.conditions import draft_condition, fold_rows, is_whole
from standards.drafts.edition_checks import find_contradictions
from standards.drafts.fields import Part, write_texts
from standards.drafts.frameworks import draft_framework
from standards.editions.page_reader import read_tree
from standards.framework import Framework, Wording
from standards.models import EditionPage
from standards.models.edition_form import EditionForm
from standards.presentation.condition_sentences import describe_condition, describe_passing

Sentences = dict[str, str]
"""By the prefix of the form of a condition."""


@require_POST
@require_admin_access
def describe_rule(request: HttpRequest, page_id: int) -> JsonResponse:
    """Return the sentences of the submitted conditions, and the effect of the rule. Nothing is saved."""
    page = find_source_page(page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    tree = read_tree(page)
    form = _read_form(request, page)
    text = replace(form.read(), domains=tree.text.domains)
    framework, wording = draft_framework(text), write_texts(text)
    context = draft_effect(page, text.code, framework, wording, request.user) | {
        "page": page,
        "problems": [problem.sentence for problem in find_contradictions(framework)],
    }
    return JsonResponse(
        {
            "sentences": _describe(form, framework, wording),
            "effect": render_to_string("standards/_rule_effect.html", context, request),
        }
    )


def _read_form(request: HttpRequest, page: EditionPage) -> EditionForm:
    """Return the submitted form, with the page filled from it."""
    form_class = EditionPage.get_edit_handler().get_form_class()
    draft = page.get_latest_revision_as_object()
    form: EditionForm = form_class(request.POST, instance=draft, parent_page=page.get_parent(), for_user=request.user)
    form.is_valid()  # fills the page; problems are shown when it is saved
    return form


def _describe(form: EditionForm, framework: Framework, wording: Wording) -> Sentences:
    found: Sentences = {}
    for where, one in form.places().items():
        if one.errors:  # what was typed cannot be read, and the row still has what was there before
            found[one.prefix] = ""
        elif where.startswith("passing/"):
            condition = draft_condition(Part(dict(one.instance.values)))
            if condition and is_whole(condition):
                found[one.prefix] = str(describe_passing(condition, framework, wording))
        elif where.startswith("outcome/") and where.count("/") > 1:
            found[one.prefix] = _describe_condition(form, where, framework, wording)
    return found


def _describe_condition(form: EditionForm, where: str, framework: Framework, wording: Wording) -> str:
    """Describe the condition of a row with the alternatives below it; empty while something is not chosen."""
    rows = [one for place, one in form.places().items() if place == where or place.startswith(f"{where}/")]
    values = [one.instance.values for one in rows]
    part = fold_rows([{**values[0], "is_alternative": False}, *values[1:]])[0]
    condition = draft_condition(part)
    if condition is None or not is_whole(condition) or len(part.parts) != len(condition.conditions):
        return ""
    return str(describe_condition(condition, framework, wording))
