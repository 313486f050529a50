"""Bodies that act together: checks of today and before, operations that end with a result."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.together.models import Check, Operation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
CHECK, OPERATION = REGISTERS["together.check"], REGISTERS["together.operation"]


def looked(actor: Any, **more: Any) -> Check:
    values = {"kind": "market", "place": "Chợ Mường Tè", "day": timezone.localdate(), "looked": "quầy thịt"}
    made: Check = write.create(CHECK, actor, Check(**(values | {"found": "nothing"} | more)))
    return made


def test_a_check_of_a_day_to_come_or_a_doubt_without_words_is_refused(person: Callable[[str], Any]) -> None:
    dung = person("dung")
    with pytest.raises(ValidationError, match="chưa đến"):
        looked(dung, day=timezone.localdate() + timedelta(days=1))
    with pytest.raises(ValidationError, match="kể rõ"):
        looked(dung, found="doubt")
    assert looked(dung).area_path == "12"


def test_an_operation_ends_with_a_result_and_never_before_it_began(person: Callable[[str], Any]) -> None:
    dung, today = person("dung"), timezone.localdate()
    values = {"title": "Đợt cao điểm", "day": today, "bodies": "Kiểm lâm; Công an"}
    with pytest.raises(ValidationError, match="trước ngày bắt đầu"):
        write.create(OPERATION, dung, Operation(**values, until=today - timedelta(days=1)))
    made = write.create(OPERATION, dung, Operation(**values))
    with pytest.raises(ValidationError):
        write.act(OPERATION, dung, made, "finish")
    assert write.act(OPERATION, dung, made, "finish", {"result": "Xem 12 quán"}).status == "done"


def test_market_control_adds_what_it_looked_at_and_finance_reads_nothing(
    person: Callable[[str], Any],
) -> None:
    thu = person("thu")
    made = looked(thu)
    page = Client()
    page.force_login(thu)
    assert "Chợ Mường Tè" in page.get(CHECK.url(made)).content.decode()
    page.force_login(person("hoa"))
    assert page.get(CHECK.url(made)).status_code in {403, 404}
    with pytest.raises(PermissionDenied):
        looked(person("hoa"))
