"""Boxes are drawn, but for blank lines, as Django's own templates draw them."""

import re
from datetime import date
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.html import escape
from django.utils.safestring import mark_safe

from baoton.kit.pages.boxes import Boxes

EVIL = "\"'<b>&amp;</b>"
CHOICES: list[Any] = [
    ("", "—"),
    ("a", "Á"),
    (EVIL, EVIL),
    ("nhóm <1>", [(1, "một"), (None, mark_safe("<i>hai</i>"))]),
]
WIDGETS: list[tuple[forms.Widget, Any]] = [
    (forms.TextInput(attrs={"maxlength": 12, "data-x": EVIL, "disabled": True, "hidden": False}), EVIL),
    (forms.TextInput(), None),
    (forms.TextInput(), ""),
    (forms.TextInput(), escape(EVIL)),
    (forms.NumberInput(attrs={"min": 0, "step": "any"}), 1234567.5),
    (forms.NumberInput(), 0),
    (forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), date(2026, 3, 1)),
    (forms.Textarea(attrs={"rows": 2}), EVIL + "\n dòng hai"),
    (forms.Textarea(), None),
    (forms.Select(choices=CHOICES), "a"),
    (forms.Select(choices=CHOICES, attrs={"multiple": True}), 1),
    (forms.SelectMultiple(choices=CHOICES), ["a", "1"]),
    (forms.Select(choices=[]), None),
    (forms.CheckboxInput(), True),
    (forms.CheckboxInput(), False),
    (forms.HiddenInput(), EVIL),
    (forms.FileInput(attrs={"accept": "image/*"}), None),
    (forms.PasswordInput(), "bí mật"),
    (forms.EmailInput(), "a@b"),
    (forms.RadioSelect(choices=CHOICES[:3]), "a"),
    (forms.NullBooleanSelect(), True),
]  # fmt: skip


@pytest.mark.parametrize(("widget", "value"), WIDGETS)
def test_a_box_is_drawn_as_django_draws_it(widget: forms.Widget, value: Any) -> None:
    attrs = {"id": "id_x", "aria-describedby": "lời"}
    theirs = widget.render("tên<", value, attrs, DjangoTemplates())
    ours = widget.render("tên<", value, attrs, Boxes())
    assert ours == re.sub(r"\n\s*\n", "\n", theirs) if "<select" in theirs else ours == theirs
