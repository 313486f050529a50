"""Simulated agreement, joint operations and checks with their known truth."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from baoton.kit.ids import source_id
from baoton.places.queries import commune_choices, province_path
from baoton.together.models import Agreement, Check, Operation

BODY, BODIES = "kiem_lam", "Chi cục Kiểm lâm; Công an tỉnh; Quản lý thị trường"


def simulate(
    rng: np.random.Generator, year: int, today: date, truth: dict[str, Any], checks: int = 12
) -> int:
    """One agreement, three operations and a dozen checks stand; how many checks there are."""
    home, areas, first = province_path(), [p for p, _name in commune_choices()], date(year, 1, 1)
    agreed = Agreement.objects.create(
        id=source_id("simulated.agreement", "1"), title="Quy chế phối hợp bảo vệ động vật, thực vật hoang dã",
        number="01/QCPH", bodies=BODIES, duties="Mỗi cơ quan cử một đầu mối.", signed=first, area_path=home,
        organisation=BODY,
    )  # fmt: skip
    days = max((today - first).days, 1)
    operations = [
        Operation(
            id=source_id("simulated.operation", str(n)), title=f"Đợt phối hợp số {n + 1}", agreement=agreed,
            day=first + timedelta(days=days * (n + 1) // 4), bodies=BODIES, people=6 + n, area_path=areas[n],
            organisation=BODY, status="planned" if n == 2 else "done", result="" if n == 2 else "Đã kiểm tra đủ nơi.",
        )
        for n in range(3)
    ]  # fmt: skip
    Operation.objects.bulk_create(operations)
    made = [
        Check(
            id=source_id("simulated.check", str(n)), kind=Check.Kind.values[n % 5], place=f"điểm số {n + 1}",
            day=first + timedelta(days=int(rng.integers(0, days))), area_path=areas[n % len(areas)],
            looked="Bàn hàng, bảng giá", found="doubt" if n % 4 == 0 else "nothing",
            what="Có bày thịt thú rừng" if n % 4 == 0 else "", told="Đã nhắc chủ quán", organisation=BODY,
        )
        for n in range(checks)
    ]  # fmt: skip
    Check.objects.bulk_create(made)
    truth.setdefault("books", {}).update(
        {
            "together.checks": [_row(x) for x in made],
            "together.doubts": [_row(x) for x in made if x.found == "doubt"],
            "together.operations": [_row(x) for x in operations if x.status == "done"],
        }
    )
    return len(made)


def _row(one: Check | Operation) -> dict[str, Any]:
    return {"area": one.area_path, "day": one.day.isoformat(), "until": f"{one.day.year + 1}", "n": 1}
