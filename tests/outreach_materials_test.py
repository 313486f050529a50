"""The store of leaflets: printed, handed out at sessions and to communes, never more than there is."""

import html
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import ledger, outbox, write
from baoton.kit.writing.refusal import NotNow
from baoton.outreach.models import Campaign, Handout, Material, Session
from baoton.plan import figures
from baoton.plan.models import IndicatorValue
from baoton.plan.queries import INDICATORS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
TODAY, HOME = timezone.localdate(), "12/03451"
MATERIAL, LINE = REGISTERS["outreach.material"], REGISTERS["outreach.handout"]


def leaflet(**more: Any) -> Material:
    made: Material = write.create(MATERIAL, System(), Material(title="Tờ rơi gỡ bẫy", kind="leaflet", **more))
    return made


def act(record: Material, verb: str, amount: int, day: date = TODAY, **more: Any) -> None:
    write.act(MATERIAL, System(), record, verb, {"day": day, "amount": amount, "about": "mưa ướt", **more})


def left(record: Material) -> int:
    return ledger.balances(Handout, record).get("copy", 0)


def handed(area: str = "") -> float | None:
    outbox.drain()
    told = IndicatorValue.objects.filter(indicator="outreach.handed", year=TODAY.year, area_path=area).first()
    return told and told.value


def test_leaflets_go_out_at_a_session_and_to_a_commune_and_the_figure_follows(
    person: Callable[[str], Any],
) -> None:
    figures.compute([TODAY.year])
    assert handed() is None
    campaign = Campaign.objects.create(
        title="Gỡ bẫy", audience="dân", message="Báo", day=TODAY, area_path="12"
    )
    held = Session.objects.create(title="Họp Nậm Kè", kind="meeting", day=TODAY, area_path=HOME)
    one = leaflet(campaign=campaign)
    act(one, "receive", 500)
    act(one, "hand", 60, session=held.pk)
    act(one, "hand", 100, to="12/03388")
    act(one, "lose", 5)
    assert left(one) == 335 and handed() == 160 and handed(HOME) == 60 and handed("12/03388") == 100
    page = Client()
    page.force_login(person("lan"))
    told = html.unescape(page.get(MATERIAL.url(one)).content.decode())
    assert "<dt>Còn trong kho</dt><dd>335</dd>" in told and "<dt>Phát, cấp ra</dt><dd>160</dd>" in told
    assert "Họp Nậm Kè" in told
    assert "<dd>160</dd>" in page.get(REGISTERS["outreach.campaign"].url(campaign)).content.decode()
    entry = Handout.objects.get(session=held)
    write.act(LINE, System(), entry, "reverse", {"reason": "ghi nhầm"})
    assert left(one) == 395 and handed() == 100 and not figures.differences([INDICATORS["outreach.handed"]])


@pytest.mark.parametrize(
    ("verb", "amount", "more", "told"),
    [
        ("hand", 11, {"to": HOME}, "kho chỉ có 10 bản"),
        ("lose", 11, {}, "kho chỉ có 10 bản"),
        ("hand", 5, {}, "Ghi buổi tuyên truyền, hoặc xã"),
        ("hand", 5, {"to": HOME, "day": TODAY - timedelta(days=1)}, "kho chỉ có 0 bản"),
        ("receive", 5, {"day": TODAY + timedelta(days=1)}, "chưa đến"),
    ],
)
def test_what_is_not_there_is_not_handed_out(verb: str, amount: int, more: dict[str, Any], told: str) -> None:
    one = leaflet()
    act(one, "receive", 10)
    with pytest.raises((NotNow, ValidationError), match=told):
        act(one, verb, amount, **more)
    assert left(one) == 10


def test_a_session_elsewhere_than_the_commune_is_refused() -> None:
    held = Session.objects.create(title="Họp", kind="meeting", day=TODAY, area_path=HOME)
    one = leaflet()
    act(one, "receive", 10)
    with pytest.raises(ValidationError, match="không ở xã, phường đã chọn"):
        act(one, "hand", 5, session=held.pk, to="12/03388")


STEP = st.tuples(
    st.sampled_from(["receive", "hand", "lose", "reverse"]), st.integers(1, 9), st.integers(0, 3)
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEP, min_size=3, max_size=8))
def test_whatever_is_written_no_day_ever_holds_less_than_nothing(steps: list[tuple[str, int, int]]) -> None:
    one, stands = leaflet(), list[tuple[int, int]]()

    def holds(more: list[tuple[int, int]]) -> bool:
        return all(sum(n for d, n in more if d >= ago) >= 0 for ago in range(4))

    for verb, amount, ago in steps:
        entry = one.lines.filter(reverses=None, reversed_by=None).order_by("position").first()
        if verb == "reverse" and entry is None:
            continue
        ago = (TODAY - entry.day).days if verb == "reverse" and entry else ago
        signed = -entry.amount if verb == "reverse" and entry else amount if verb == "receive" else -amount
        fits = holds([*stands, (ago, signed)])
        try:
            if verb == "reverse":
                write.act(LINE, System(), entry, "reverse", {"reason": "nhầm"})
            else:
                act(one, verb, amount, TODAY - timedelta(days=ago), to=HOME)
        except NotNow:
            assert not fits
        else:
            assert fits
            stands.append((ago, signed))
        assert left(one) == sum(n for _d, n in stands) >= 0
