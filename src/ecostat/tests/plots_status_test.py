"""Pictures of trends, ranges and hours hold the figures of their results."""

import numpy as np
import pytest

from ecostat import events, redlist, survival, trend
from ecostat.errors import EcostatError

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

from ecostat.plots import activity, index, range_map  # noqa: E402
from ecostat.plots import survival as draw_survival  # noqa: E402

RNG = np.random.default_rng(3)
SITE, YEAR = np.repeat(np.arange(8), 10), np.tile(np.arange(2010, 2020), 8)
COUNT = RNG.poisson(20 * 0.95 ** (YEAR - 2010)).astype(float)


@pytest.fixture(autouse=True)
def _closed():
    yield
    matplotlib.pyplot.close("all")


def test_an_index_is_drawn_year_by_year_with_its_limits():
    fit = trend.trim(SITE, YEAR, COUNT, overdispersion=True)
    panel = index(fit)
    drawn = panel.lines[0]
    assert drawn.get_xdata().tolist() == list(range(2010, 2020))
    assert drawn.get_ydata() == pytest.approx(fit.index)
    bars = np.array(list(panel.collections[0].get_segments()))
    assert (bars[1:, 0, 1] < fit.index[1:]).all() and (bars[1:, 1, 1] > fit.index[1:]).all()
    assert fit.trend.meaning in panel.get_title() and f"n = {fit.n}" in panel.get_title()


def test_a_smooth_index_has_the_band_it_was_made_with():
    fit = trend.smooth_index(SITE, YEAR, COUNT, rng=1, draws=30)
    band = index(fit).collections[0].get_paths()[0].vertices
    for year, low, high in zip(fit.years, fit.lower, fit.upper, strict=True):
        here = band[np.isclose(band[:, 0], year), 1]
        assert here.min() == pytest.approx(low) and here.max() == pytest.approx(high)


def test_a_range_shows_every_cell_the_hull_and_the_records():
    points = np.array([[103.1, 22.4], [103.3, 22.5], [103.2, 22.1], [103.6, 22.2], [np.nan, 22.0]])
    dossier = redlist.assess(points)
    panel = range_map(dossier, points)
    assert len(panel.collections[0].get_paths()) == dossier.aoo.cells
    assert panel.lines[0].get_xydata() == pytest.approx(dossier.hull)
    assert np.asarray(panel.collections[1].get_offsets()) == pytest.approx(points[:4])
    assert dossier.code in panel.get_title()
    with pytest.raises(EcostatError, match="points has 3 rows"):
        range_map(dossier, points[:3])


def test_a_range_across_the_antimeridian_stays_in_one_piece():
    points = np.array([[179.8, 10.0], [-179.9, 10.1], [179.95, 10.3]])
    panel = range_map(redlist.assess(points), points)
    low, high = panel.get_xlim()
    assert 179 < low < high < 181


def test_hours_of_the_day_run_from_0_to_24():
    found = events.activity(RNG.beta(5, 5, 60), reps=20, rng=2)
    panel = activity(found, label="paca")
    assert panel.lines[0].get_xdata()[-1] <= 24 and panel.lines[0].get_ydata() == pytest.approx(found.density)
    assert panel.get_legend().get_texts()[0].get_text().startswith("paca: active")


def test_what_cannot_be_drawn_is_named():
    for call, name in (
        (lambda: index(3), "result"),
        (lambda: activity("x"), "result"),
        (lambda: range_map([]), "dossier"),
    ):
        with pytest.raises(EcostatError, match=name):
            call()


def test_survival_is_drawn_as_steps_with_a_tick_where_an_animal_was_last_seen():
    first, second = survival.kaplan_meier_by([1, 2, 3, 4, 2, 5], [1, 0, 1, 0, 1, 0], ["a"] * 4 + ["b"] * 2)
    panel = draw_survival([first, second])
    step, ticks = panel.lines[0], panel.lines[1]
    assert step.get_xdata() == pytest.approx([0, 1, 3, 4])
    assert step.get_ydata() == pytest.approx([1, 0.75, 0.375, 0.375])
    assert ticks.get_xdata() == pytest.approx([2, 4]) and ticks.get_ydata() == pytest.approx([0.75, 0.375])
    assert [t.get_text() for t in panel.get_legend().get_texts()] == ["a: 2 of 4 died", "b: 1 of 2 died"]
    with pytest.raises(EcostatError, match="curves"):
        draw_survival([1])
