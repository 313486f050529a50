"""Fifteen simulated cases, led by the officer's own verbs to every state that a case may be in; known truth."""

from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db import transaction

from baoton.enforcement.models import Act, Case, Item, Person
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.people.models import Person as Account
from baoton.places.queries import commune_choices

DECREE, IN_FORCE = "146/2026/NĐ-CP", date(2026, 6, 25)
BOOK = "enforcement.case"
KEEPING, TRADE, TRANSPORT, HUNTING = "keeping", "trade", "transport", "hunting"
SPAN = 45
"""Days from an act to the last step of its case."""
STORIES: tuple[tuple[str, str, str, int, tuple[str, ...]], ...] = (
    ("Dấu hiệu săn bắt cạnh suối", HUNTING, "Cầy vòi hương", 1, ()),
    ("Nuôi nhốt khỉ tại nhà", KEEPING, "Khỉ vàng", 1, ("check",)),
    ("Tố giác bán thú rừng ở chợ", TRADE, "Don", 2, ("check", "clear")),
    ("Vận chuyển rắn trên xe khách", TRANSPORT, "Rắn ráo", 4, ("minute",)),
    ("Treo biển bán chim rừng", TRADE, "Chim rừng", 12, ("minute", "suspend")),
    ("Giữ cầy bẫy được", KEEPING, "Cầy vòi hương", 1, ("minute", "hear", "decide")),
    ("Bán thịt thú rừng", TRADE, "Lợn rừng", 1, ("minute", "hear", "decide", "serve")),
    ("Chở don không có giấy tờ", TRANSPORT, "Don", 3, ("minute", "hear", "decide", "serve", "appeal")),
    ("Nuôi dúi không báo", KEEPING, "Dúi mốc", 6, ("minute", "hear", "decide", "serve", "part")),
    ("Bẫy chim trong vườn rừng", HUNTING, "Chim rừng", 9, ("minute", "hear", "decide", "serve", "pay")),
    ("Giữ rùa mua lại", KEEPING, "Rùa đất", 2, ("minute", "hear", "decide", "serve", "pay", "close")),
    ("Nuôi nhốt vượn", KEEPING, "Vượn đen tuyền", 1, ("minute", "transfer")),
    ("Giết voọc", HUNTING, "Voọc xám", 1, ("minute", "transfer", "accept")),
    ("Bán tê tê", TRADE, "Tê tê vàng", 1, ("minute", "transfer", "accept", "judge")),
    (
        "Vận chuyển cầy đông lạnh",
        TRANSPORT,
        "Cầy vòi mốc",
        5,
        ("minute", "hear", "decide", "serve", "enforce"),
    ),
)


@transaction.atomic
def simulate(rng: np.random.Generator, year: int, today: date, truth: dict[str, Any]) -> int:
    """The cases stand with acts, persons, goods and papers; how many. `truth["cases"]` tells the state of each."""
    officer = Account.objects.filter(username="dung").first()
    if officer is None:
        return 0
    communes = [p for p, name in commune_choices() if name.endswith(("Mù Cả", "Tà Tổng"))] or [
        commune_choices()[0][0]
    ]
    first = max(date(year, 1, 1), min(IN_FORCE, today - timedelta(days=SPAN + 1)))
    days = max((today - first).days - SPAN, 1)
    cases = []
    for n, (title, act, written, number, steps) in enumerate(STORIES):
        on = first + timedelta(days=int(rng.integers(0, days)))
        case = Case(
            title=title, day=on if n else None, opened=on, area_path=communes[n % len(communes)],
            investigator=f"Kiểm lâm viên {n % 3 + 1}", source=Case.Source.PATROL if n % 2 else Case.Source.BODY,
        )  # fmt: skip
        write.create(REGISTERS[BOOK], officer, case)
        goods = Item(case=case, name=written, kind="animal", state="dead" if n % 2 else "alive", number=number,
                     value=number * 400_000, valued_by="Hội đồng định giá (mô phỏng)", origin="wild")  # fmt: skip
        for row in (
            Act(case=case, act=act),
            Person(case=case, kind="person", name=f"Người mô phỏng {n + 1}"),
            goods,
        ):
            write.create(REGISTERS[row._meta.label_lower], officer, row)
        for k, step in enumerate(steps):
            _step(officer, case, step, min(on + timedelta(days=2 + 5 * k), today), 1_000_000 * (n + 1))
        cases.append(Case.objects.get(pk=case.pk))
    truth["cases"] = {str(c.pk): c.status for c in cases}
    truth.setdefault("books", {}).update(_counted(cases))
    return len(cases)


def _step(officer: Account, case: Case, step: str, on: date, fine: int) -> None:
    """One step of the way of a case, answered as an officer would."""
    said: dict[str, dict[str, Any]] = {
        "hear": {"hearing_note": "Người vi phạm đã giải trình (mô phỏng)."},
        "decide": {"office": "district_or_mobile_head", "signer": "Hạt trưởng (mô phỏng)", "instrument": DECREE,
                   "fine": fine},
        "pay": {"amount": fine}, "part": {"amount": fine // 2}, "transfer": {"sent_to": "Cơ quan điều tra (mô phỏng)"},
        "judge": {"outcome": "Đã xét xử sơ thẩm (mô phỏng)."},
    }  # fmt: skip
    verb = "pay" if step == "part" else step
    answers = {"on": on, "reason": "dữ liệu mô phỏng", **said.get(step, {})}
    asked = {kind.name for kind in REGISTERS[BOOK].verb(verb).asks}
    write.act(REGISTERS[BOOK], officer, case, verb, {k: v for k, v in answers.items() if k in asked})


def _counted(cases: list[Case]) -> dict[str, list[dict[str, Any]]]:
    """The rows behind each figure."""

    def rows(column: str, amount: str = "") -> list[dict[str, Any]]:
        return [
            {
                "day": getattr(c, column).isoformat(), "until": f"{getattr(c, column).year + 1}", "area": c.area_path,
                "n": getattr(c, amount) if amount else 1,
            }
            for c in cases
            if getattr(c, column) is not None
        ]  # fmt: skip

    return {
        "enforcement.cases": rows("opened"), "enforcement.decided": rows("decided"),
        "enforcement.fines": rows("decided", "fine"), "enforcement.paid": rows("paid_on", "paid"),
        "enforcement.transfers": rows("sent"),
    }  # fmt: skip
