"""The demonstration gives work as an office does: a letter in every state, a meeting's work, targets of three kinds."""

import html
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.test import Client
from docx import Document as Word
from tests.conftest import TODAY

from baoton.kit import blobs
from baoton.plan import figures
from baoton.plan.drafts.simulate import simulate as beside
from baoton.plan.items.simulate import simulate, targets
from baoton.plan.models import Assignment, IndicatorValue, Meeting, Work, Yearly
from baoton.plan.queries import progress, weighted
from baoton.site.leaders import progress_by_task

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_letter_in_every_state_a_meeting_and_targets(
    year: dict[str, Any], person: Callable[[str], Any]
) -> None:
    made = simulate(np.random.default_rng(17), 2026, TODAY, year)
    figures.compute([2026])
    targets(2026, year)
    assert made == 2 * 38 + 3 and not figures.differences()
    works = list(Work.objects.all())
    whole, by_task = progress_by_task(Work.objects.all(), TODAY)
    assert whole == progress(works, TODAY) and whole.late and "–" in whole.weighted
    assert by_task == {
        t: progress([w for w in works if w.task_id == t], TODAY) for t in {w.task_id for w in works}
    }
    given = year["given"]
    assert min(given["proofs"], given["checked"], given["asked"], given["returned"]) > 0
    letter, meeting = Assignment.objects.get(), Meeting.objects.get()
    assert blobs.intact(letter.paper) and Work.objects.filter(assignment=letter).count() == 76
    lan = Client()
    lan.force_login(person("lan"))

    def page(address: str) -> str:
        return html.unescape(lan.get(address).content.decode())

    assert "Rà soát kinh phí tuyên truyền chưa giao" in page(f"/so/plan-meeting/{meeting.pk}/")
    asked = Work.objects.filter(assignment=letter).exclude(question="").first()
    assert asked is not None and asked.title in page(f"/ke-hoach/co-quan/{asked.responsible}/")
    done = Work.objects.filter(assignment=letter, checked__isnull=False).first()
    assert done is not None and "/so/outreach-session/" in page(f"/so/plan-work/{done.pk}/")
    assert {state for _value, state in year["targets"].values()} == {"met", "not", "unsure"}
    for name, word in (("outreach.sessions", "đạt"), ("outreach.participants", "chưa đạt")):
        assert year["targets"][name][1] == {"đạt": "met", "chưa đạt": "not"}[word]
        assert word in page(f"/chi-so/{name}/?year=2026")
    assert "chưa chắc" in page("/chi-so/observations.camera_rate/?year=2026")
    assert "khoảng tin cậy có cả phần đạt" in page("/bao-cao/2026/so-lieu/")


def test_a_communes_own_yearly_plan_and_a_plan_beside_stand_and_say_what_they_are(
    year: dict[str, Any], person: Callable[[str], Any]
) -> None:
    simulate(np.random.default_rng(17), 2026, TODAY, year)
    assert beside(np.random.default_rng(18), 2026, TODAY, year) == 3
    yearly = Yearly.objects.get(status="approved")
    words = Word(str(blobs.path_of(yearly.paper)))
    told = "\n".join(
        [p.text for p in words.paragraphs] + [c.text for t in words.tables for r in t.rows for c in r.cells]
    )
    assert "loa về loài cấm săn bắt" in told and "Họp bản, ký cam kết không săn bắt" in told
    assert Yearly.objects.filter(status="draft").count() == 1
    lan = Client()
    lan.force_login(person("lan"))
    page = html.unescape(lan.get("/ke-hoach/?plan=01/KH-MP&year=2026").content.decode())
    assert (
        "Kế hoạch giả định để trình diễn" in page and "Đào tạo cán bộ làm công tác đa dạng sinh học" in page
    )
    figures.compute([2026])
    known = {v.indicator: v.value for v in IndicatorValue.objects.filter(year=2026, area_path="")}
    assert (known["plan.documents"], known["plan.meetings"]) == (2, 1)


def test_progress_by_weight_is_an_interval_where_work_under_way_told_nothing() -> None:
    done, begun = Work(status="done", weight=2), Work(status="doing", weight=1, percent=50)
    silent, planned = Work(status="doing", weight=1), Work(status="planned", weight=1)
    dropped = Work(status="dropped", weight=9)
    assert weighted([done, begun, planned, dropped]) == "62"
    assert weighted([done, begun, silent]) == "62–88" and weighted([dropped]) == ""
