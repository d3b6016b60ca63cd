"""What is to be done next about pages and texts: approve pages of the Guide, translate pages and edited texts."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from wagtail.models import Page
from wagtail.models import Task as ApprovalTask
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from portal.tasks import Task, TaskKind, TaskSearch, Waiting
from reports.models import TextVersion
from reports.texts.declaration import declared_texts, source_language
from reports.texts.reading import edited_texts
from reports.texts.writing import needs_update
from standards.models import Edition, EditionPage

APPROVE = Task("guide.edit", "", gettext_lazy("Read"))
UPDATE = Task("guide.edit", "", gettext_lazy("Give it to the translators"))
TRANSLATE = Task("guide.edit", "", gettext_lazy("Translate"))
TRANSLATE_TEXTS = Task("texts.edit", "", gettext_lazy("Translate"))


def _approvals(search: TaskSearch) -> Iterator[Waiting]:
    for task in ApprovalTask.objects.filter(active=True).specific():
        states = task.get_task_states_user_can_moderate(search.user)
        for state in states.filter(status="in_progress").select_related("revision"):
            page = reverse("wagtailadmin_pages:edit", args=[state.revision.object_id])
            yield Waiting(None, state.revision.object_str, page, state.started_at, task.name)


def _segments(*, is_translated: bool) -> Exists:
    """Return the condition that a translation has a segment with a translation, or one without."""
    translated = StringTranslation.objects.filter(
        translation_of_id=OuterRef("string_id"),
        context_id=OuterRef("context_id"),
        locale_id=OuterRef("target"),
        has_error=False,
    )
    segments = StringSegment.objects.filter(source_id=OuterRef("source_id")).annotate(
        target=OuterRef("target_locale_id")
    )
    return Exists(segments.filter(Exists(translated) if is_translated else ~Exists(translated)))


def _begun(sources: QuerySet[TranslationSource]) -> QuerySet[Translation]:
    """Return the translations of these sources that have been begun."""
    begun: QuerySet[Translation] = Translation.objects.filter(
        Q(translations_last_updated_at__isnull=False) | _segments(is_translated=True), enabled=True, source__in=sources
    )
    return begun


def _sources(**published: Any) -> QuerySet[TranslationSource]:
    """Return the sources whose page matches the lookups, without released editions, which do not change any more."""
    released = EditionPage.objects.filter(code__in=Edition.objects.values("code")).values_list("path", flat=True)
    frozen = Q(pk__in=())
    for path in released:
        frozen |= Q(path__startswith=path)
    own = {"translation_key": OuterRef("object_id"), "locale_id": OuterRef("locale_id")}
    sources: QuerySet[TranslationSource] = TranslationSource.objects.filter(
        Exists(Page.objects.exclude(frozen).filter(**own, **published))
    )
    return sources


def _pages_to_translate(_search: TaskSearch) -> Iterator[Waiting]:
    """Yield each language in which pages have texts without a translation, with their number."""
    for language, count, since in _by_language(_begun(_sources()).filter(_segments(is_translated=False))):
        words = ngettext(
            "%(count)d page has texts without a translation.",
            "%(count)d pages have texts without a translation.",
            count,
        )
        query = urlencode({"target_locale": language, "waiting_for_translation": "true"})
        url = f"{reverse('wagtail_localize:translations_report')}?{query}"
        yield Waiting(None, _name(language), url, since, words % {"count": count})


def _pages_to_update(_search: TaskSearch) -> Iterator[Waiting]:
    """Yield each language with pages that were published after their texts were sent to translators."""
    changed = _begun(_sources(last_published_at__gt=OuterRef("last_updated_at")))
    first = dict(changed.order_by().values_list("target_locale__language_code").annotate(Min("source_id")))
    names = TranslationSource.objects.in_bulk(first.values())
    for language, count, since in _by_language(changed):
        source = names[first[language]]
        words = ngettext(
            "%(count)d page has changed since: “%(name)s”.",
            "%(count)d pages have changed since, one of them “%(name)s”.",
            count,
        )
        url = reverse("wagtail_localize:update_translations", args=[source.pk])
        yield Waiting(None, _name(language), url, since, words % {"count": count, "name": source.object_repr})


def _by_language(translations: QuerySet[Translation]) -> Iterator[tuple[str, int, datetime]]:
    """Yield each language with the number of its translations, and when its oldest source was last updated."""
    counted: Any = translations.order_by().values_list("target_locale__language_code")
    yield from counted.annotate(Count("pk"), Min("source__last_updated_at")).order_by("target_locale__language_code")


def _texts(_search: TaskSearch) -> Iterator[Waiting]:
    """Yield each language with the edited texts whose source has changed since, with their number."""
    edited, source = edited_texts(), source_language()
    since = dict(TextVersion.objects.filter(language=source).order_by().values_list("key").annotate(Max("at")))
    for language, _english in settings.LANGUAGES:
        behind = [
            text.key
            for text in declared_texts()
            if language in text.languages
            and (edited.version(text.key, language).forms or edited.version(text.key, source).read)
            and needs_update(text, language, edited)
        ]
        if behind:
            words = ngettext(
                "%(count)d text says something else than its source.",
                "%(count)d texts say something else than their source.",
                len(behind),
            )
            url = f"{reverse('texts')}?state=behind"
            oldest = min((since[key] for key in behind if key in since), default=None)
            yield Waiting(None, _name(language), url, oldest, words % {"count": len(behind)})


def _name(language: str) -> str:
    return str(get_language_info(language)["name_translated"])


TASKS = (
    TaskKind("approvals", gettext_lazy("Pages to approve"), APPROVE, _approvals),
    TaskKind("sources", gettext_lazy("Translations of changed pages"), UPDATE, _pages_to_update),
    TaskKind("translations", gettext_lazy("Pages to translate"), TRANSLATE, _pages_to_translate),
    TaskKind("texts", gettext_lazy("Texts to translate"), TRANSLATE_TEXTS, _texts),
)
