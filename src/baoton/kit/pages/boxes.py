"""The boxes of forms as Django's templates have them, drawn without templates: a page may hold fifty of them."""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

PLACE = "django/forms/widgets/"
INPUTS = (
    "text",
    "number",
    "date",
    "hidden",
    "email",
    "tel",
    "url",
    "search",
    "password",
    "file",
    "input",
    "checkbox",
)


class Boxes(DjangoTemplates):
    """Inputs, text areas and lists are drawn here; anything else by Django's template."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        draw = DRAWN.get(template_name)
        if draw is None:
            return super().render(template_name, context, request)
        return mark_safe(draw(context["widget"]))  # every value in it was escaped


def _attrs(widget: Mapping[str, Any]) -> str:
    told = ((k, v) for k, v in widget["attrs"].items() if v is not False)
    return "".join(f" {k}" if v is True else f' {k}="{conditional_escape(str(v))}"' for k, v in told)


def _input(widget: Mapping[str, Any]) -> str:
    name, value = conditional_escape(widget["name"]), widget["value"]
    held = "" if value is None else f' value="{conditional_escape(str(value))}"'
    return f'<input type="{widget["type"]}" name="{name}"{held}{_attrs(widget)}>'


def _textarea(widget: Mapping[str, Any]) -> str:
    name, value = conditional_escape(widget["name"]), conditional_escape(widget["value"] or "")
    return f'<textarea name="{name}"{_attrs(widget)}>\n{value}</textarea>'


def _select(widget: Mapping[str, Any]) -> str:
    parts = [f'<select name="{conditional_escape(widget["name"])}"{_attrs(widget)}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{conditional_escape(group)}">')
        for one in options:
            value = conditional_escape(str(one["value"]))
            parts.append(
                f'\n  <option value="{value}"{_attrs(one)}>{conditional_escape(one["label"])}</option>'
            )
        if group:
            parts.append("\n  </optgroup>")
    return "".join([*parts, "\n</select>"])


DRAWN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    **{f"{PLACE}{name}.html": _input for name in INPUTS},
    f"{PLACE}textarea.html": _textarea,
    f"{PLACE}select.html": _select,
}
