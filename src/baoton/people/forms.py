"""The forms in which an account and a grant are written."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baoton.kit.kinds.area import units
from baoton.people import groups
from baoton.people.models import Organisation, Person
from baoton.people.roles import names


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PersonForm(forms.Form):
    """Who somebody is; the sign-in name is asked only of a new account and may be left to us."""

    last_name = forms.CharField(label=_("họ và tên đệm"), max_length=150, required=False)
    first_name = forms.CharField(label=_("tên"), max_length=150)
    organisation_id = forms.ChoiceField(label=_("cơ quan"))
    title = forms.CharField(label=_("chức vụ"), max_length=120, required=False)
    email = forms.EmailField(
        label=_("thư điện tử"), required=False, help_text=_("để tự đặt lại mật khẩu khi quên")
    )
    phone = forms.CharField(label=_("điện thoại"), max_length=30, required=False)
    username = forms.CharField(
        label=_("tên đăng nhập"), max_length=150, required=False, help_text=_("để trống thì lấy từ họ tên")
    )

    def __init__(self, *args: Any, person: Person | None = None, **more: Any) -> None:
        if person is not None:
            names_ = ("last_name", "first_name", "organisation_id", "title", "email", "phone")
            more.setdefault("initial", {n: getattr(person, n) for n in names_})
        super().__init__(*args, **more)
        own = Organisation.objects.filter(code=person.organisation_id or "") if person else []
        known = {o.code: str(o) for o in [*Organisation.objects.offices(), *own]}
        bodies: list[tuple[Any, Any]] = [("", "—"), *known.items()]
        choice: Any = self.fields["organisation_id"]
        choice.choices = bodies
        if person is not None:
            del self.fields["username"]


class GrantForm(forms.Form):
    """What somebody may do: a role, where, of whose rows, of which group, until when, and why."""

    role = forms.ChoiceField(label=_("vai trò"))
    area_path = forms.ChoiceField(label=_("địa bàn"), required=False)
    organisation = forms.ChoiceField(label=_("chỉ dữ liệu của cơ quan"), required=False)
    taxon_group = forms.ChoiceField(label=_("chỉ nhóm loài"), required=False)
    until = forms.DateField(label=_("đến hết ngày"), required=False, widget=_day())
    reason = forms.CharField(label=_("căn cứ"), max_length=300)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        today = [(path, label) for path, label in units().choices() if not units().is_former(path)]
        offered: dict[str, list[tuple[Any, Any]]] = {
            "role": [("", "—"), *names().items()],
            "area_path": [("", _("toàn tỉnh")), *today],
            "organisation": [
                ("", _("mọi cơ quan")),
                *((o.code, str(o)) for o in Organisation.objects.offices()),
            ],
            "taxon_group": [("", _("mọi nhóm loài")), *groups.GROUPS],
        }
        for name, choices in offered.items():
            choice: Any = self.fields[name]
            choice.choices = choices

    def scope(self) -> dict[str, Any]:
        """The answers as a grant takes them."""
        return {
            k: self.cleaned_data[k] for k in ("area_path", "organisation", "taxon_group", "until", "reason")
        }
