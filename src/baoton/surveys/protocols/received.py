"""What comes back from the field, Excel or telephone, laid into tables of visits and of what was met on them.

The tables bear Darwin Core's names and go through the one import machine; each row that the protocol does not allow
carries what is wrong with it.
"""

import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import shapely
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

import formats
from baoton.kit.importing.chunk import FAULT, LEFT
from baoton.kit.importing.files import frame_of
from baoton.kit.kinds.words import as_text
from baoton.kit.text import fold
from baoton.surveys.models import Campaign, Protocol, Site
from baoton.surveys.protocols.asked import (
    DAY,
    OF_PROTOCOL,
    OF_ROUND,
    OF_SITE,
    ROUND,
    SITE,
    Asked,
    Checked,
    Form,
    check,
    form_of,
)
from baoton.surveys.protocols.workbook import MARK as BOOK_MARK
from baoton.surveys.protocols.xlsform import MARK as FORM_MARK
from baoton.taxa.queries import match
from formats.written_rows import table_of

DWC = "http://rs.tdwg.org/dwc/terms/"
PARENTS = (
    ("PARENT_KEY", "KEY"),
    ("_parent_index", "_index"),
    ("_submission__uuid", "_uuid"),
    ("_parent_uuid", "_uuid"),
)
KEY = re.compile(rf'name="{BOOK_MARK}"[^>]*>\s*<vt:lpwstr>([0-9a-f-]{{36}})</vt:lpwstr>')
NEAR = timedelta(days=31)
Fault = tuple[str, str, str, str]


@dataclass
class Rows:
    """A table of the file with its columns under the names of what is asked; `row` is where each stands there."""

    name: str
    row: list[int]
    columns: dict[str, pl.Series]
    raw: pl.DataFrame
    faults: dict[int, list[Fault]] = field(default_factory=lambda: defaultdict(list))

    @property
    def n(self) -> int:
        return len(self.row)

    def cell(self, name: str, i: int) -> str:
        held = self.columns.get(name)
        return str(held[i]).strip() if held is not None and held[i] is not None else ""

    def wrong(self, i: int, column: str, cell: str, rule: str, why: str) -> None:
        self.faults[i].append((column, cell, rule, why))

    def fault(self, i: int) -> str | None:
        return json.dumps(self.faults[i], ensure_ascii=False) if self.faults.get(i) else None


def reread(source: formats.Source, hint: Mapping[str, Any]) -> None:
    """A file that was sent in for a campaign is laid out as visits and what was met; any other is left as it is."""
    if "campaign" not in hint:
        return
    campaign = Campaign.objects.select_related("taxon", "protocol").get(pk=hint["campaign"])
    forms = _forms(campaign)
    if not forms:
        raise formats.FormatError(
            "no_protocol", _("Chiến dịch chưa có quy trình."), "The campaign has no protocol."
        )
    default = _marked(source.path) or str(campaign.protocol_id)
    default = default if default in forms else str(campaign.protocol_id)
    held = [_rows(t, forms.values()) for t in source.tables if not t.metadata.get("hidden")]
    visits = next((t for t in held if {SITE, DAY} <= t.columns.keys()), None)
    if visits is None:
        told = _(
            "Tệp không có bảng với cột “%(site)s” và “%(day)s” của quy trình; dùng tệp mẫu của chiến dịch."
        )
        raise formats.FormatError(
            "not_of_campaign", told % {"site": _("Mã điểm"), "day": _("Ngày")},
            "No table has the columns of site and day that the protocol asks for.",
        )  # fmt: skip
    asked_of_rows = {a.name for form in forms.values() for a in form.rows}
    rows = next((t for t in held if t is not visits and t.columns.keys() & asked_of_rows), None)
    version = _versions(visits, forms, default)
    events, keys = _events(campaign, visits, forms, version)
    met = _occurrences(campaign, visits, rows, forms, version, keys)
    for one in (source.tables[0],):
        one.reading.clear()
    source.kind, source.tables[:] = "tables", [_table(visits.name, "Event", events)]
    for name, some in met:
        if some:
            source.tables.append(_table(name, "Occurrence", some))


def _forms(campaign: Campaign) -> dict[str, Form]:
    """Every version of the campaign's protocol, by key."""
    if campaign.protocol is None:
        return {}
    same = Protocol.objects.filter(
        organisation=campaign.protocol.organisation, code=campaign.protocol.code, withdrawn__isnull=True
    ).exclude(status=Protocol.Status.DRAFT)
    return {str(p.pk): form_of(p) for p in {campaign.protocol, *same}}


def _marked(path: Path) -> str:
    """The version that our own workbook carries; "" for any other file."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = KEY.search(archive.read("docProps/custom.xml").decode("utf-8", "replace"))
    except (zipfile.BadZipFile, KeyError, OSError):
        return ""
    return found[1] if found else ""


def _rows(table: formats.Table, forms: Any) -> Rows:
    """The table with its columns under the names of what the versions ask, in either language."""
    frame = frame_of(table)
    meant: dict[str, str] = {}
    for language in ("vi", "en"):
        with override(language):
            for one in (asked for form in forms for asked in (*form.visit, *form.rows)):
                labels = (one.label, *one.labels)
                meant |= {fold(w): one.name for w in (one.name, *labels, *map(one.over, labels))}
            meant |= {fold(_("Mã điểm")): SITE, fold(_("Lượt")): ROUND, fold(_("Ngày")): DAY}
    columns: dict[str, pl.Series] = {}
    for column in table.columns:
        name = meant.get(fold(column)) or meant.get(fold(re.split(r"[/:.\-]", column)[-1]))
        if name and name not in columns and column in frame.columns:
            columns[name] = frame[column].cast(pl.String)
    return Rows(table.name, frame["_row"].to_list(), columns, frame)


def _versions(visits: Rows, forms: Mapping[str, Form], default: str) -> list[str]:
    """The version each visit was made with."""
    marks = next((c for c in visits.raw.columns if c.split("/")[-1].split("-")[-1] == FORM_MARK), None)
    if marks is None:
        return [default] * visits.n
    return [m if m in forms else default for m in visits.raw[marks].cast(pl.String).fill_null("").to_list()]


def _checked(
    rows: Rows, version: Sequence[str], forms: Mapping[str, Form], level: str
) -> list[dict[str, str | None]]:
    """The answers of each row as they are kept; what is wrong with one stands among its faults."""
    out: list[dict[str, str | None]] = [{} for _row in range(rows.n)]
    for key in dict.fromkeys(version):
        at = [i for i, v in enumerate(version) if v == key]
        asked = forms[key].visit if level == "visit" else forms[key].rows
        told: Checked = check(asked, {n: s.gather(at) for n, s in rows.columns.items()}, len(at))
        for k, column, cell, why in told.wrong:
            rows.wrong(at[k], column, cell, "protocol", why)
        for k, i in enumerate(at):
            out[i] = {name: series[k] for name, series in told.values.items()}
    return out


def _events(
    campaign: Campaign, visits: Rows, forms: Mapping[str, Form], version: Sequence[str]
) -> tuple[list[dict[str, Any]], list[str]]:
    """The visits as events, and the key of each."""
    sites = {fold(s.code): s for s in campaign.sites.filter(withdrawn__isnull=True)}
    answers = _checked(visits, version, forms, "visit")
    out, keys = [], []
    first: dict[str, int] = {}
    for i, told in enumerate(answers):
        form = forms[version[i]]
        given = [n for n in visits.columns if n not in {SITE, ROUND} and visits.cell(n, i)]
        if not given:
            visits.faults.pop(i, None)
            visits.wrong(i, _("Ngày"), "", LEFT, _("Chưa đi: dòng chỉ có mã điểm và lượt."))
        code = visits.cell(SITE, i)
        site = sites.get(fold(code))
        if given and code:
            _site_allowed(visits, i, code, site)
        if given and told.get(DAY):
            _day_allowed(visits, i, campaign, date.fromisoformat(str(told[DAY])))
        number = told.get(ROUND) or "1"
        key = f"{campaign.code}/{site.code if site else code}/{number}"
        if given and code and first.setdefault(key, i) != i:
            why = _(
                "Điểm này, lượt này đã có ở dòng %(row)d; là lượt khác thì sửa số lượt, là một lượt thì bỏ dòng."
            )
            visits.wrong(i, _("Lượt"), number, "protocol", why % {"row": visits.row[first[key]]})
            key = f"{key} ({visits.row[i]})"
        keys.append(key)
        out.append(_event(visits, i, told, form, site, keys[-1], number))
    return out, keys


def _day_allowed(visits: Rows, i: int, campaign: Campaign, day: date) -> None:
    """A visit lies in the days of its campaign, give or take a month, and not in the future."""
    if day > timezone.localdate():
        told = _("Ngày này chưa tới.")
    elif not campaign.day_start - NEAR <= day <= campaign.day_end + NEAR:
        days = {"first": as_text(campaign.day_start), "last": as_text(campaign.day_end)}
        told = _(
            "Ngày này cách thời gian của chiến dịch (%(first)s – %(last)s) hơn một tháng; xem lại năm, tháng, hoặc "
            "người phụ trách sửa thời gian của chiến dịch."
        ) % days  # fmt: skip
    else:
        return
    visits.wrong(i, _("Ngày"), visits.cell(DAY, i), "protocol", told)


def _site_allowed(visits: Rows, i: int, code: str, site: Site | None) -> None:
    if site is None:
        told = _("Chiến dịch không có điểm mang mã này; xem danh sách điểm trong tệp mẫu.")
    elif site.status == Site.Status.RESERVE:
        told = _("Điểm dự phòng chưa được dùng; người phụ trách thay điểm trước rồi nhập lại.")
    elif site.status == Site.Status.REPLACED and not site.visited:
        told = _("Điểm này đã được thay bằng điểm khác.")
    else:
        return
    visits.wrong(i, _("Mã điểm"), code, "protocol", told)


def _event(
    visits: Rows, i: int, told: Mapping[str, str | None], form: Form, site: Site | None, key: str, number: str
) -> dict[str, Any]:
    effort, who, note = form.meaning("effort"), form.meaning("observers"), form.meaning("remarks")
    amount = told.get(effort.name) if effort else None
    kept = {n: v for n, v in told.items() if v is not None and n not in {SITE, ROUND, DAY}}
    kept = {n: v for n, v in kept.items() if n not in {a.name for a in (effort, who, note) if a}}
    kept |= {OF_SITE: site.code if site else "", OF_ROUND: number, OF_PROTOCOL: str(form.key)}
    return {
        "_at": visits.row[i], "eventID": key, "eventDate": told.get(DAY), "eventType": gettext_noop("điều tra"),
        "samplingProtocol": f"{form.name} v{form.version}", "sampleSizeValue": amount,
        "sampleSizeUnit": effort.unit if effort and amount else None,
        "samplingEffort": f"{amount} {effort.unit}" if effort and amount else None,
        "recordedBy": told.get(who.name) if who else None, "eventRemarks": told.get(note.name) if note else None,
        **_place(site), "dynamicProperties": json.dumps(kept, ensure_ascii=False), FAULT: visits.fault(i),
    }  # fmt: skip


def _place(site: Site | None) -> dict[str, Any]:
    if site is None or site.geom is None:
        return {}
    shape = shapely.from_wkb(bytes(site.geom))
    if shape.geom_type == "Point":
        return {
            "decimalLatitude": f"{shape.y:.7f}",
            "decimalLongitude": f"{shape.x:.7f}",
            "geodeticDatum": "EPSG:4326",
        }
    return {"footprintWKT": shapely.to_wkt(shape, rounding_precision=7), "geodeticDatum": "EPSG:4326"}


def _occurrences(
    campaign: Campaign, visits: Rows, rows: Rows | None, forms: Mapping[str, Form], version: Sequence[str],
    keys: Sequence[str],
) -> Iterator[tuple[str, list[dict[str, Any]]]]:  # fmt: skip
    """What was met, each with its visit; and where the campaign's species was not, that it was looked for in vain."""
    of_row = _visits_of(campaign, visits, rows, keys) if rows is not None else []
    at = {key: i for i, key in reversed(list(enumerate(keys)))}
    found: set[str] = set()
    if rows is not None:
        versions = [
            version[at[k]] if k in at else version[0] if version else str(campaign.protocol_id)
            for k in of_row
        ]
        answers = _checked(rows, versions, forms, "row")
        names = [_named(a, forms[v], campaign) for a, v in zip(answers, versions, strict=True)]
        target = _of_target(campaign, names)
        nth: dict[str, int] = defaultdict(int)
        met = []
        for i, told in enumerate(answers):
            key, wanted = of_row[i], names[i] in target
            first = wanted and key not in found
            if wanted:
                found.add(key)
            nth[key] += not first
            if key not in at:
                rows.wrong(i, *_nowhere(rows, i))
            made = f"{key}/{'muc-tieu' if first else nth[key]}"
            met.append(_occurrence(rows, i, told, forms[versions[i]], names[i], key, made))
        yield rows.name, met
    untold = rows is not None and rows.n and SITE not in rows.columns and not _links(rows)
    if campaign.taxon is not None and not untold:  # else what was met cannot be told from what was not
        good = [
            i
            for i in range(visits.n)
            if not visits.faults.get(i) and keys[i] not in found and at[keys[i]] == i
        ]
        yield _("không gặp"), [_absent(campaign, visits, i, keys[i]) for i in good]


def _links(rows: Rows) -> list[str]:
    """The columns of a table of rows that lead to the telephone's submission."""
    return [below for below, _above in PARENTS if below in rows.raw.columns]


def _nowhere(rows: Rows, i: int) -> Fault:
    """Why a row belongs to no visit of the file: it says none, or one that is not there."""
    link = next(iter(_links(rows)), "")
    if SITE not in rows.columns and not link:
        why = _(
            "Dòng không nói thuộc lượt nào: bảng thiếu cột PARENT_KEY của ODK, Kobo; tải lại tệp đủ mọi cột."
        )
        return ("PARENT_KEY", "", "points_nowhere", why)
    if SITE not in rows.columns:
        why = _("Lần gửi này không có ở bảng các lượt; tải lại cả hai bảng từ ODK, Kobo cùng một lúc.")
        return (link, str(rows.raw[link][i] or ""), "points_nowhere", why)
    why = _("Không có lượt này ở bảng các lượt; ghi lượt trước, hoặc sửa mã điểm và lượt.")
    return (_("Mã điểm"), rows.cell(SITE, i), "points_nowhere", why)


def _visits_of(campaign: Campaign, visits: Rows, rows: Rows, keys: Sequence[str]) -> list[str]:
    """The key of the visit of each row: by its site and round, or by the telephone's own parent key."""
    for below, above in PARENTS:
        if below in rows.raw.columns and above in visits.raw.columns and SITE not in rows.columns:
            by = dict(zip(visits.raw[above].cast(pl.String).to_list(), keys, strict=True))
            return [by.get(k, "") for k in rows.raw[below].cast(pl.String).to_list()]
    spelt = {fold(s): s for s in campaign.sites.values_list("code", flat=True)}
    out = []
    for i in range(rows.n):
        code, number = rows.cell(SITE, i), rows.cell(ROUND, i) or "1"
        out.append(f"{campaign.code}/{spelt.get(fold(code), code)}/{number.removesuffix('.0')}")
    return out


def _named(told: Mapping[str, str | None], form: Form, campaign: Campaign) -> str:
    asked = form.meaning("name", "row")
    written = told.get(asked.name) if asked else None
    return written or (campaign.taxon.scientific_name if campaign.taxon and asked is None else "")


def _of_target(campaign: Campaign, names: Sequence[str]) -> set[str]:
    """Those of the names that mean the campaign's species."""
    if campaign.taxon is None:
        return set()
    asked = sorted({n for n in names if n})
    found = match(asked, campaign.organisation) if asked else []
    return {n for n, one in zip(asked, found, strict=True) if one.taxon_id == campaign.taxon_id}


MEANT = (
    ("count", "individualCount"),
    ("sex", "sex"),
    ("stage", "lifeStage"),
    ("remarks", "occurrenceRemarks"),
)


def _occurrence(
    rows: Rows, i: int, told: Mapping[str, str | None], form: Form, name: str, key: str, made: str
) -> dict[str, Any]:
    taken: set[str] = {a.name for a in [form.meaning("name", "row")] if a}
    out: dict[str, Any] = {
        "_at": rows.row[i],
        "occurrenceID": made,
        "eventID": key or None,
        "scientificName": name or None,
    }
    for means, term in MEANT:
        asked: Asked | None = form.meaning(means, "row")
        out[term] = told.get(asked.name) if asked else None
        taken |= {asked.name} if asked else set()
    kept = {n: v for n, v in told.items() if v is not None and n not in taken}
    out |= {"occurrenceStatus": "present", "basisOfRecord": "HumanObservation"}
    return out | {
        "dynamicProperties": json.dumps(kept, ensure_ascii=False) if kept else None,
        FAULT: rows.fault(i),
    }


def _absent(campaign: Campaign, visits: Rows, i: int, key: str) -> dict[str, Any]:
    assert campaign.taxon is not None
    return {
        "_at": visits.row[i], "occurrenceID": f"{key}/muc-tieu", "eventID": key,
        "scientificName": campaign.taxon.scientific_name, "occurrenceStatus": "absent",
        "basisOfRecord": "HumanObservation", FAULT: None,
    }  # fmt: skip


def _table(name: str, kind: str, rows: Sequence[dict[str, Any]]) -> formats.Table:
    """Rows as a table of that kind, each under the number it has in the file."""
    columns = list(dict.fromkeys(k for row in rows for k in row if k != "_at"))
    told = [{k: v for k, v in r.items() if k != "_at"} for r in rows]
    made = table_of(name, columns, told, shaped=False, at=[r["_at"] for r in rows])
    made.row_type = DWC + kind
    made.columns = [c for c in made.columns if c != FAULT]
    return made
