"""The protocol as an XLSForm for ODK Collect and KoboCollect, with the campaign's sites to choose from."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

import formats
from baoton.surveys.models import Campaign, Site
from baoton.surveys.protocols.asked import DAY, ROUND, SITE, Asked, Form, name_of

MARK = "bt_protocol"
TYPES = {
    "text": "text",
    "species": "text",
    "integer": "integer",
    "number": "decimal",
    "time": "time",
    "day": "date",
}


def xlsform(campaign: Campaign, form: Form, sites: Sequence[Site]) -> bytes:
    """A workbook with the sheets survey, choices and settings; the version of the form is that of the protocol."""
    survey: list[dict[str, Any]] = [
        {"type": "calculate", "name": MARK, "calculation": f"'{form.key}'"},
        {"type": "start", "name": "bat_dau"},
        {"type": "end", "name": "ket_thuc"},
        *(_line(one) for one in form.visit),
        {"type": "geopoint", "name": "vi_tri", "label": _("Vị trí khi bắt đầu")},
    ]
    if form.rows:
        survey.append({"type": "begin repeat", "name": "dong", "label": form.row_label or _("Dòng")})
        survey += [_line(one) for one in form.rows]
        survey.append({"type": "end repeat"})
    choices = [(SITE, s.code, f"{s.code}{f' · {s.stratum}' if s.stratum else ''}") for s in sites]
    choices += [("co_khong", "true", _("có")), ("co_khong", "false", _("không"))]
    for one in (*form.visit, *form.rows):
        choices += [(one.name, value, words) for value, words in one.among.items() if one.kind == "choice"]
    lists = [{"list_name": name, "name": value, "label": words} for name, value, words in choices]
    settings = {
        "form_title": f"{campaign.name} · {form.name}",
        "form_id": name_of(f"bt {campaign.code} {form.code}", 60),
        "version": form.version,
    }
    return formats.xlsform(survey, lists, settings)


def _line(one: Asked) -> dict[str, Any]:
    kind = TYPES.get(one.kind, "text")
    if one.name == SITE:
        kind = f"select_one {SITE}"
    elif one.kind == "choice":
        kind = f"select_one {one.name}"
    elif one.kind == "yesno":
        kind = "select_one co_khong"
    limits = [f". >= {_number(one.least)}"] if one.least is not None else []
    limits += [f". <= {_number(one.most)}"] if one.most is not None else []
    required = "yes" if one.required else f"${{{one.when[0]}}} = '{one.when[1]}'" if one.when else ""
    default = "1" if one.name == ROUND else "today()" if one.name == DAY else ""
    return {
        "type": kind, "name": one.name, "label": one.heading, "hint": one.hint, "required": required,
        "constraint": " and ".join(limits), "constraint_message": one.says if limits else "",
        "default": default, "appearance": "minimal autocomplete" if one.name == SITE else "",
    }  # fmt: skip


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
