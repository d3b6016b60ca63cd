"""Feedback on the decision rule while it is edited: each condition as a sentence, and the effect on the last round."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST
from wagtail.admin.auth import require_admin_access

from portal.cms.guide import find_source_page
from portal.cms.releasing.effects import draft_effect
from standards.drafts.conditions import ALTERNATIVE, draft_condition, fold_rows, is_whole
from standards.drafts.edition_checks import find_contradictions
from standards.drafts.fields import RULE_FIELDS, write_texts
from standards.drafts.frameworks import draft_framework
from standards.editions.page_reader import read_tree
from standards.editions.release_reasons import describe_error
from standards.framework import Condition, Framework, Wording
from standards.models import EditionPage
from standards.models.edition_form import EditionForm
from standards.presentation.condition_sentences import describe_condition, describe_passing

Sentences = dict[str, str]
"""Sentences, by the prefix of the form of a condition."""


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
    problems = _find_problems(form, framework)
    context = {"page": page, "problems": problems}
    if not problems:
        context |= draft_effect(page, text.code, framework, wording, request.user)
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


def _find_problems(form: EditionForm, framework: Framework) -> list[str]:
    """Return the problems for which the submitted rule cannot be tried. An unreadable field keeps its former value."""
    errors = [
        (where, name, sentence)
        for where, one in form.places().items()
        for name, sentences in one.errors.items()
        if where != "edition" or name in RULE_FIELDS
        for sentence in sentences
    ]
    reported = {sentence for _where, _name, sentence in errors}
    others = (problem.sentence for problem in find_contradictions(framework) if problem.sentence not in reported)
    return [*(describe_error(*error) for error in errors), *others]


def _describe(form: EditionForm, framework: Framework, wording: Wording) -> Sentences:
    """Return the sentence of each row of the form; empty for a row that is incomplete or cannot be read."""
    found: Sentences = {}
    rows = {where: one for where, one in form.places().items() if where.startswith(("passing/", "outcome/"))}
    for where, one in rows.items():
        if where.startswith("outcome/") and where.count("/") == 1:
            continue  # an outcome itself
        condition = None if one.errors else _condition_of(where, rows)
        describe = describe_passing if where.startswith("passing/") else describe_condition
        found[one.prefix] = str(describe(condition, framework, wording)) if condition else ""
    return found


def _condition_of(where: str, rows: Mapping[str, Any]) -> Condition | None:
    """Return the condition of a row with the alternatives below it, or None if it is incomplete."""
    below = [one.instance.values for place, one in rows.items() if place.startswith(f"{where}/")]
    part = fold_rows([{**rows[where].instance.values, ALTERNATIVE: False}, *below])[0]
    condition = draft_condition(part)
    is_complete = condition and is_whole(condition) and len(part.parts) == len(condition.conditions)
    return condition if is_complete else None
