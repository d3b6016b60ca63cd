"""The widget of the support that answers need at single levels: a list for each level, and for “not applicable”."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from standards.drafts.typed_supports import join_supports, split_supports
from standards.framework import Scale, Support
from standards.models.choices import Supports
from standards.models.choosers.asking import list_attrs

_NOTHING, _NOT_APPLICABLE = "nothing", "na"


class SupportWidget(forms.Widget):
    """A list for each level of the scale, in place of a typed text. An unreadable text is shown for correction."""

    template_name = "standards/choosers/support.html"

    def __init__(self, scale: Scale, names: Mapping[int, str], language: str) -> None:
        super().__init__()
        self.scale, self.names, self.language = scale, names, language

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str | None:
        if name in data:
            typed: str = data[name]
            return typed
        chosen = {
            key.removeprefix(f"{name}-"): data[key] for key in data if key.startswith(f"{name}-") and data[key].strip()
        }
        return join_supports(chosen)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and not any(key.startswith(f"{name}-") for key in data)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        declared = split_supports(value or "")
        usual = {_NOT_APPLICABLE: _("By itself"), str(self.scale.worst): _("By itself")}
        levels = [*map(str, self.scale.levels), _NOT_APPLICABLE]
        others = [] if declared is None else [level for level in declared if level not in levels]
        return context | {
            "is_readable": declared is not None,
            "language": self.language,
            "rows": [
                {
                    "level": level,
                    "attrs": list_attrs(context["widget"]["attrs"], number),
                    "label": self._label(level),
                    "answer": {str(self.scale.best): _("yes"), str(self.scale.worst): _("no")}.get(level, ""),
                    "is_not_applicable": level == _NOT_APPLICABLE,
                    "chosen": (declared or {}).get(level, ""),
                    "usual": usual.get(level, _("As chosen for every level")),
                }
                for number, level in enumerate([*levels, *others])
            ],
            "choices": [
                (_NOTHING, Supports.__empty__),
                *((one.value, one.label) for one in Supports if one.value != Support.NOTHING),
            ],
        }

    def _label(self, level: str) -> str:
        """Return the level with its name, in the language of the edition. It is empty for “not applicable”."""
        return "" if level == _NOT_APPLICABLE else f"{level} {self.names.get(int(level), '')}".strip()
