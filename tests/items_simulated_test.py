"""The demonstration gives work as an office does: a letter in every state, a meeting's work, targets of three kinds."""

import html
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.test import Client
from tests.conftest import TODAY

from baoton.kit import blobs
from baoton.plan import figures
from baoton.plan.items.simulate import simulate, targets
from baoton.plan.models import Assignment, Meeting, Work

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_letter_in_every_state_a_meeting_and_targets(
    year: dict[str, Any], person: Callable[[str], Any]
) -> None:
    made = simulate(np.random.default_rng(17), 2026, TODAY, year)
    figures.compute([2026])
    targets(2026, year)
    assert made == 2 * 38 + 3 and not figures.differences()
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
