"""Laid over very many guarded records at once, rows betray exactly what they betray one by one."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoton.kit.ids import new_id
from baoton.observations import disclosure
from baoton.observations.disclosure import Guard, betrayers, occurrences, visit_of
from baoton.observations.models import Dataset, Event, Occurrence
from baoton.observations.outings import Net, Outing, of_one, outing

DATASETS = [new_id(), new_id()]
places = st.sampled_from([None, (102.5, 22.4), (102.5001, 22.4), (102.503, 22.402), (102.6, 22.4)])
days = st.sampled_from([(0, 0), (739000, 739000), (739001, 739001), (738990, 739005), (738000, 739500)])
outings = st.builds(
    lambda place, when, who, dataset, where: Outing(
        None if place is None else (*place, *place), *when, who, dataset, where
    ),
    places,
    days,
    st.sampled_from(["", "Lo Van Dung", "Dung", "Giang A Pao"]),
    st.sampled_from(DATASETS),
    st.sampled_from(["", "khe nam ma", "ban ta tong"]),
)


@given(st.lists(outings, max_size=12), st.lists(outings, max_size=12))
def test_a_net_catches_every_pair_that_is_of_one_outing(sources: list[Outing], targets: list[Outing]) -> None:
    wanted = {(s, t) for s in sources for t in targets if of_one(s, t)}
    assert set(Net(sources).caught(targets)) == wanted


@pytest.fixture
def rows(db: None) -> list[Any]:
    """Records and visits over three places and five days, some without place, day, person or locality."""
    rng = np.random.default_rng(7)
    datasets = [Dataset.objects.create(code=c, title=c) for c in "ab"]
    made: list[Any] = []
    for i in range(240):
        model: Any = Event if i % 6 == 0 else Occurrence
        row = model(
            dataset=datasets[int(rng.integers(2))],
            recorded_by=("", "Lò Văn Dũng", "Dũng")[int(rng.integers(3))],
        )
        row.locality = ("", "khe Nậm Ma", "bản Tà Tổng")[int(rng.integers(3))]
        setattr(row, "event_id" if model is Event else "occurrence_id", str(i))
        if rng.random() < 0.8:
            row.day_start = date(2026, 5, 1) + timedelta(int(rng.integers(4)))
            row.day_end = row.day_start + timedelta(int(rng.integers(2)))
            row.sort_day = row.day_start.toordinal()
        if rng.random() < 0.8:
            row.put_point(102.5 + int(rng.integers(3)) * 0.004, 22.4 + float(rng.random()) * 0.004)
        if model is Occurrence and made and isinstance(made[0], Event) and rng.random() < 0.2:
            row.event = made[0]
        row.save()
        made.append(row)
    return made


@pytest.mark.parametrize("model", [Occurrence, Event])
def test_all_rows_read_at_once_betray_what_rows_looked_for_around_each_betray(
    rows: list[Any], model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = [r.pk for r in rows if isinstance(r, Occurrence)][::9]
    found = occurrences([disclosure.Q(pk__in=some)])
    sources = {outing(r, visit_of(r)): Guard(2, frozenset({"mammal"})) for r in found}
    around = betrayers(model, sources)
    monkeypatch.setattr(disclosure, "FEW_SOURCES", 0)
    monkeypatch.setattr(disclosure, "AT_ONCE", 50)
    assert betrayers(model, sources) == around and around
    assert len(around) < model.objects.count()
