"""Simulated money of a year with its known truth: lines, decisions, contracts, vouchers, gifts, and what was bought."""

from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db import transaction

from baoton.funding.actions import fold, load, post
from baoton.funding.models import Change, Commitment, Gift, Line, Payment, Purchase, Receipt, Source
from baoton.kit.ids import source_id
from baoton.kit.reading.register import REGISTERS
from baoton.places.queries import commune_choices, province_path
from baoton.plan.queries import task_number

M = 1_000_000
LINES = (
    ("In tài liệu, tập huấn tuyên truyền", 1, "environment", "so_nnmt", 420 * M),
    ("Lập hồ sơ khu rừng đặc dụng", 2, "state_recurrent", "so_nnmt", 2_600 * M),
    ("Tuần tra, tháo gỡ bẫy", 3, "forest_environment_services", "so_nnmt", 1_150 * M),
    ("Khoanh nuôi, phục hồi sinh cảnh", 4, "state_investment", "so_nnmt", 3_900 * M),
    ("Điều tra, quan trắc loài nguy cấp", 5, "science", "so_nnmt", 1_800 * M),
    ("Bẫy ảnh và phân tích ảnh", 5, "international", "so_nnmt", 640 * M),
)
BOUGHT = (("outreach.session", 12, 1_500_000), ("patrols.patrol", 12, 2_400_000))


@transaction.atomic
def simulate(rng: np.random.Generator, year: int, today: date, truth: dict[str, Any]) -> int:
    """Lines of the department and of every commune stand with what was allotted, signed and paid; how many vouchers."""
    load()
    sources = {one.code: one for one in Source.objects.all()}
    home, first = province_path(), date(year, 1, 1)
    wanted = [(*one, home) for one in LINES]
    wanted += [
        ("Tuyên truyền, bảo tồn tại xã", 1, "state_recurrent", f"ubnd_{path.split('/')[1]}", 60 * M, path)
        for path, _name in commune_choices()
    ]
    lines = [
        Line(
            id=source_id("simulated.line", str(n)), code=f"MP-{year}-{n + 1:03d}", year=year, day=first,
            source=sources[source], body=body, organisation=body, title=title, task=task_number(task), planned=planned,
            area_path=area,
        )
        for n, (title, task, source, body, planned, area) in enumerate(wanted)
    ]  # fmt: skip
    Line.objects.bulk_create(lines)
    shares = [int(rng.integers(70, 101)) for _one in lines]
    given = [_change(year, n, "allot", one, one.planned * shares[n] // 100) for n, one in enumerate(lines)]
    given.append(_change(year, 900, "cut", lines[3], 200 * M))
    given.append(_change(year, 901, "transfer", lines[0], 40 * M, lines[2]))
    signed = [
        Commitment(
            id=source_id("simulated.commitment", str(n)), line=lines[n], number=f"{n + 1:02d}/HĐ-MP",
            day=date(year, 3, 1),
            payee=f"Đơn vị tư vấn {n + 1}", what=lines[n].title, amount=lines[n].planned // 4, area_path=home,
            organisation=lines[n].organisation,
        )
        for n in (1, 4, 5)
    ]  # fmt: skip
    paid = list(_payments(rng, year, today, lines, signed))
    made: list[tuple[Any, list[Any]]] = [(Change, given), (Commitment, signed), (Payment, paid)]
    for model, rows in made:
        model.objects.bulk_create(rows)
        post(model, [one.pk for one in rows])
    _gifts(year, sources["international"], lines[5])
    _bought(paid)
    allotted = [(one, one.planned * shares[n] // 100) for n, one in enumerate(lines)]
    truth.setdefault("books", {}).update(
        {
            "funding.planned": [_row(one.area_path, first, one.planned) for one in lines],
            "funding.allotted": [_row(one.area_path, first, amount) for one, amount in allotted],
            "funding.paid": [_row(one.area_path, one.day, one.amount) for one in paid],
        }
    )
    return len(paid)


def _change(year: int, n: int, kind: str, line: Line, amount: int, to: Line | None = None) -> Change:
    return Change(
        id=source_id("simulated.change", str(n)), kind=kind, line=line, to=to, amount=amount,
        day=date(year, 1, 15) if kind == "allot" else date(year, 2, 10), number=f"{n + 1:02d}/QĐ-MP",
        area_path=line.area_path, organisation=line.organisation,
    )  # fmt: skip


def _payments(
    rng: np.random.Generator, year: int, today: date, lines: list[Line], signed: list[Commitment]
) -> Any:
    """Some vouchers a line, well below what it was given; some of them under its contract."""
    days = max((today - date(year, 3, 5)).days, 1)
    contracts = {one.line_id: one for one in signed}
    for n, line in enumerate(lines):
        for k in range(8 if n < len(LINES) else 3):
            contract = contracts.get(line.pk) if k % 2 else None
            number, payee = f"{n + 1:02d}{k + 1:02d}/PC-MP", f"Người nhận mô phỏng {n + 1}"
            amount = line.planned * int(rng.integers(10, 40)) // 1000 // 1000 * 1000
            yield Payment(
                id=source_id("simulated.payment", f"{n}.{k}"), line=line, commitment=contract, number=number,
                payee=payee,
                day=date(year, 3, 5) + timedelta(days=int(rng.integers(0, days))), amount=amount, what=line.title,
                once=f"{fold(number)}|{fold(payee)}", area_path=line.area_path, organisation=line.organisation,
            )  # fmt: skip


def _gifts(year: int, source: Source, line: Line) -> None:
    for n, (kind, what, pledged, by) in enumerate(
        (("money", "Hỗ trợ điều tra linh trưởng", 300 * M, "thoả thuận tài trợ"),
         ("goods", "20 bẫy ảnh", 160 * M, "hoá đơn mua"), ("work", "12 ngày công chuyên gia", None, ""))
    ):  # fmt: skip
        gift = Gift.objects.create(
            id=source_id("simulated.gift", str(n)), donor="Quỹ bảo tồn mô phỏng", kind=kind, what=what,
            day=date(year, 2, 1),
            pledged=pledged, valued_by=by, source=source, area_path=province_path(), organisation="so_nnmt",
        )  # fmt: skip
        one = Receipt.objects.create(
            id=source_id("simulated.receipt", str(n)), gift=gift, day=date(year, 4, 1), what=what,
            number=f"{n + 1:02d}/BB-MP",
            value=None if pledged is None else pledged // 2, line=line if kind == "money" else None,
            area_path=province_path(), organisation="so_nnmt",
        )  # fmt: skip
        post(Receipt, [one.pk])


def _bought(paid: list[Payment]) -> None:
    """The first vouchers of some lines are tied to sessions and patrols, where those books hold any."""
    for (name, most, cost), vouchers in zip(BOUGHT, (paid[:8], paid[16:24]), strict=True):
        book = REGISTERS.get(name)
        rows = [] if book is None else list(book.model._default_manager.order_by("id")[:most])
        room = {one.pk: one.amount for one in vouchers}
        for n, record in enumerate(rows):
            voucher = next((v for v in vouchers if room[v.pk] >= cost), None)
            if voucher is None:
                return
            room[voucher.pk] -= cost
            Purchase.objects.create(
                id=source_id("simulated.purchase", f"{name}.{n}"), payment=voucher, day=voucher.day, amount=cost,
                about_type=record._meta.label_lower, about_id=record.pk, area_path=voucher.area_path,
                organisation=voucher.organisation,
            )  # fmt: skip


def _row(area: str, day: date, n: int) -> dict[str, Any]:
    return {"area": area, "day": day.isoformat(), "until": f"{day.year + 1}", "n": n}
