"""The form of a register, made from the fields it declares; a place is asked as longitude and latitude."""

from typing import Any

import numpy as np
from django import forms
from django.utils.translation import gettext_lazy as _

from baoton.kit.reading.filters import Area, Choice
from baoton.kit.reading.register import Register
from formats import coordinates


class Coordinate(forms.CharField):
    """Degrees with a point or a comma, or degrees, minutes and seconds; blank is blank, never zero."""

    def __init__(self, axis: str, **kwargs: Any) -> None:
        self.axis = axis
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        parsed = coordinates.parse([text], axis=self.axis)
        number = float(parsed.values[0])
        if number != number:
            raise forms.ValidationError(
                _("Không đọc được “%(value)s”. Viết như 22,3961 hoặc 22°23'46\" B."), params={"value": text}
            )
        return number


class RegisterForm(forms.ModelForm):
    """Checks one record before it is saved; the register's own save does the rest."""

    register: Register

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = next((f for f in self.register.filters if isinstance(f, Area)), None)
        if "area_path" in self.fields and area is not None:
            self.fields["area_path"] = forms.ChoiceField(
                label=_("xã, phường"), choices=[("", "—"), *area.choices()], required=True
            )
        for one in (f for f in self.register.filters if isinstance(f, Choice)):
            name = one.column or one.name
            if name in self.fields and not isinstance(self.fields[name], forms.TypedChoiceField):
                self._offer(name, one)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 2
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        if self.register.located:
            self.fields["longitude"] = Coordinate("lon", label=_("kinh độ"), initial=self.instance.lon)
            self.fields["latitude"] = Coordinate("lat", label=_("vĩ độ"), initial=self.instance.lat)

    def _offer(self, name: str, filter: Choice) -> None:
        """A column of few values is chosen, not typed; a value that came from a file stays among the choices."""
        written, options = self.fields[name], list(filter.choices())
        kept = getattr(self.instance, name, "") or ""
        if kept and kept not in dict(options):
            options.append((kept, kept))
        self.fields[name] = forms.ChoiceField(
            label=written.label, choices=options, required=written.required, initial=written.initial
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.register.located:
            return given
        lon, lat = given.get("longitude"), given.get("latitude")
        if "longitude" in self.errors or "latitude" in self.errors:
            return given
        if (lon is None) != (lat is None):
            self.add_error(
                "longitude" if lon is None else "latitude",
                _("Thiếu một nửa toạ độ: nhập cả hai hoặc bỏ cả hai."),
            )
        elif lon is not None and lat is not None:
            told = coordinates.diagnose(np.array([lon]), np.array([lat]))
            if told.codes[0] in {"zero_zero", "out_of_range", "looks_projected", "swapped", "sign_lost"}:
                self.add_error("latitude", told.suggestions[0] or _("Toạ độ không dùng được."))
        return given

    def values(self) -> dict[str, Any]:
        """The checked values by field, and `point` where the register has places."""
        given = {k: v for k, v in self.cleaned_data.items() if k not in {"longitude", "latitude"}}
        if self.register.located:
            lon, lat = self.cleaned_data.get("longitude"), self.cleaned_data.get("latitude")
            given["point"] = None if lon is None else (lon, lat)
        return given


def form_of(register: Register) -> type[RegisterForm]:
    """The form class of one register."""
    base = type(f"{register.model.__name__}Form", (RegisterForm,), {"register": register})
    made: Any = forms.modelform_factory(register.model, form=base, fields=list(register.fields))
    return made
