"""The leaders' screen on a wall: counts and public figures, drawn anew by itself, no menu, no name of a record."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from baoton.plan.models import Work
from baoton.plan.queries import tasks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]


def test_a_wall_tells_counts_alone_and_only_a_leader_hangs_it(person: Callable[[str], Any]) -> None:
    today = timezone.localdate()
    for title, days, status in (("Việc Có Tên Riêng", -9, "doing"), ("Việc xong", -2, "done")):
        Work.objects.create(
            title=title, task=tasks()[0], responsible="ubnd_03451", organisation="ubnd_03451", area_path="12/03451",
            due=today + timedelta(days=days), must_show="Biên bản", status=status,
            finished=today if status == "done" else None,
        )  # fmt: skip
    browser = Client()
    browser.force_login(person("thanh"))
    year = (today + timedelta(days=-9)).year
    told = browser.get(f"/dieu-hanh/man-hinh/?year={year}").content.decode()
    assert 'http-equiv="refresh"' in told and "1/2 việc đã xong" in told and "1 việc trễ" in told
    assert (
        "Việc Có Tên Riêng" not in told
        and "<nav" not in told
        and "UBND" not in told
        and str(person("thanh")) not in told
    )
    browser.force_login(person("sung"))
    assert browser.get("/dieu-hanh/man-hinh/").status_code == 403
    assert Client().get("/dieu-hanh/man-hinh/").status_code == 302
