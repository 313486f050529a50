"""The draft of a data paper as Word: what metadata and published rows of a dataset tell, blanks for the rest."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from baoton.kit.access import Public
from baoton.kit.kinds.words import as_text
from baoton.kit.paper.layout import CENTRE, LEFT, body, centred, grid, page, repeat, write
from baoton.observations.models import Dataset
from baoton.sharing.describing import GENERALISED, citation, describe
from baoton.sharing.selection import Selection, select
from baoton.taxa.models import Group

BLANK = "……"
SPECIES = 40


def draft(dataset: Dataset) -> bytes:
    """The paper of a dataset by what everybody may know of it; a person writes what no column tells."""
    chosen = select(Public(), {}, [dataset])
    told = describe(chosen, loose=not chosen.events.exists())
    document = page()
    centred(document, _("BẢN THẢO BÀI BÁO DỮ LIỆU"), 12, italic=True)
    centred(document, dataset.title, 16, bold=True)
    centred(document, _("Tác giả: %(blank)s") % {"blank": BLANK}, 13)

    def part(name: str, *texts: str) -> None:
        body(document, name, bold=True)
        for text in texts:
            body(document, text or BLANK)

    rows = _all(chosen)
    n, species = rows.count(), rows.exclude(taxon=None).order_by().values("taxon").distinct().count()
    events, absent = chosen.events.count(), rows.filter(occurrence_status="absent").count()
    part(
        _("Tóm tắt"), told.abstract,
        _("Bộ dữ liệu có %(n)s ghi nhận đã xác minh của %(s)s loài, trong đó %(a)s lần tìm mà không gặp, ở %(e)s đợt "
          "điều tra.")
        % {"n": as_text(n), "s": as_text(species), "a": as_text(absent), "e": as_text(events)},
    )  # fmt: skip
    part(_("Mục đích"), "")
    west = told.bounds
    place = (
        _("Từ %(w)s° đến %(e)s° kinh đông, %(s)s° đến %(n)s° vĩ bắc (theo vị trí được công bố).")
        % dict(zip("wsen", (as_text(round(v, 2)) for v in west), strict=True))
        if west else _("Không ghi nhận nào có vị trí được công bố.")
    )  # fmt: skip
    part(_("Phạm vi địa lý"), place)
    days = told.period
    period = _("Từ %(a)s đến %(b)s.") % {"a": as_text(days[0]), "b": as_text(days[1])} if days else ""
    part(_("Thời gian"), period)
    part(_("Phạm vi phân loại"))
    groups = dict(Group.choices)
    _table(
        document, ((_("Nhóm loài"), 6.0), (_("Số loài"), 4.0), (_("Số ghi nhận"), 4.0)),
        [
            (groups.get(r["taxon_group"], r["taxon_group"]), r["s"], r["n"])
            for r in rows.order_by().values("taxon_group").annotate(n=Count("pk"), s=Count("taxon", distinct=True))
        ],
    )  # fmt: skip
    most = rows.exclude(taxon=None).order_by().values("taxon__scientific_name", "taxon__vernacular_vi")
    _table(
        document, ((_("Tên khoa học"), 6.5), (_("Tên Việt Nam"), 5.5), (_("Số ghi nhận"), 3.0)),
        [
            (r["taxon__scientific_name"], r["taxon__vernacular_vi"], r["n"])
            for r in most.annotate(n=Count("pk")).order_by("-n", "taxon__scientific_name")[:SPECIES]
        ],
    )  # fmt: skip
    if species > SPECIES:
        body(
            document,
            _("%(n)d loài gặp nhiều nhất trên %(all)d loài.") % {"n": SPECIES, "all": species},
            italic=True,
        )
    ways = chosen.events.exclude(Q(sampling_protocol="")).order_by().values("sampling_protocol")
    part(_("Phương pháp"))
    _table(
        document, ((_("Phương pháp điều tra"), 11.0), (_("Số đợt"), 4.0)),
        [(r["sampling_protocol"], r["n"]) for r in ways.annotate(n=Count("pk")).order_by("-n")],
    )  # fmt: skip
    part(
        _("Kiểm soát chất lượng"),
        _("Mỗi ghi nhận được một người có thẩm quyền xác minh; loài ưu tiên bảo vệ cần hai người. Ghi nhận trùng được "
          "chỉ về một bản."),
        str(GENERALISED),
    )  # fmt: skip
    part(_("Giấy phép"), dataset.licence or _("chưa ghi giấy phép mở: chưa công bố được"))
    part(_("Cách trích dẫn bộ dữ liệu"), citation(dataset))
    part(_("Lời cảm ơn, kinh phí"), "")
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _all(chosen: Selection) -> Any:
    """The rows of the dataset, of visits and of none, as everybody may know them."""
    return chosen.loose.model._default_manager.filter(
        Q(pk__in=chosen.linked.order_by().values("pk")) | Q(pk__in=chosen.loose.order_by().values("pk"))
    )


def _table(document: Any, heads: Sequence[tuple[str, float]], rows: Sequence[Sequence[Any]]) -> None:
    if not rows:
        body(document, BLANK)
        return
    table = grid(document, [width for _name, width in heads])
    for cell, (name, _width) in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].alignment = CENTRE
        write(cell.paragraphs[0], name, 12, bold=True)
    repeat(table.rows[0])
    for row in rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.paragraphs[0].alignment = LEFT
            write(cell.paragraphs[0], as_text(value), 12)
    document.add_paragraph()
