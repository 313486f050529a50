"""Pictures of plans and ledgers hold what they say, and refuse what they cannot draw."""

import numpy as np
import pytest
import shapely

from ecostat.errors import EcostatError
from ecostat.ledger import Biology, Entry
from ecostat.planning import min_set, nested, portfolio, problem

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

from ecostat.plots import ledger, priority_map  # noqa: E402

RNG = np.random.default_rng(3)
COST, AMOUNT = RNG.uniform(1, 2, 12), RNG.random((3, 12))
PIG = Biology(litter_max=6, litter_interval_months=6, first_litter_months=10)


@pytest.fixture(autouse=True)
def _closed():
    yield
    matplotlib.pyplot.close("all")


def test_a_map_shows_the_selected_units_where_they_lie():
    plan = min_set(COST, AMOUNT, 0.3, relative=True)
    panel = priority_map(plan, shape=(3, 4))
    shown = np.asarray(panel.images[0].get_array())
    assert (shown == plan.selected.reshape(3, 4)).all()
    assert f"{plan.selected.sum()} units" in panel.get_title() and "optimum proved" in panel.get_title()

    present = np.ones((4, 4), bool)
    present[0] = False
    shown = priority_map(plan, present=present).images[0].get_array()
    assert np.isnan(np.ma.filled(shown[0], np.nan)).all()  # no unit there: blank, not unselected
    assert (np.asarray(shown[1:]) == plan.selected.reshape(3, 4)).all()


def test_polygons_are_coloured_as_the_grid_is():
    plan = min_set(COST, AMOUNT, 0.3, relative=True)
    shapes = [shapely.box(i % 4, -(i // 4), i % 4 + 1, 1 - i // 4) for i in range(12)]
    shapes[0] = shapely.MultiPolygon([shapes[0], shapely.box(9, 9, 10, 10)])  # a unit in two parts
    drawn = priority_map(plan, polygons=shapes).collections[0]
    assert drawn.get_array().tolist() == [float(plan.selected[0]), *plan.selected.astype(float)]


def test_years_and_portfolios_are_told_apart():
    years = nested(COST, AMOUNT, 0.5 * AMOUNT.sum(axis=1), [3.0, 6.0])
    shown = np.asarray(priority_map(years, shape=(3, 4)).images[0].get_array()).ravel()
    assert (shown[years.year == 0] == 1).all() and (shown[years.year == 1] == 0.5).all()
    assert (shown[years.year == -1] == 0).all()
    many = portfolio(problem("set", COST, AMOUNT, 0.3, relative=True), 4, within=0.2)
    shown = np.asarray(priority_map(many, shape=(3, 4)).images[0].get_array()).ravel()
    assert shown == pytest.approx(many.frequency)


def test_a_map_of_another_size_is_refused():
    plan = min_set(COST, AMOUNT, 0.3, relative=True)
    with pytest.raises(EcostatError, match="15 places for 12 units"):
        priority_map(plan, shape=(3, 5))
    with pytest.raises(EcostatError, match="say where the units lie"):
        priority_map(plan)
    with pytest.raises(EcostatError, match="12 shapely geometries"):
        priority_map(plan, polygons=[shapely.box(0, 0, 1, 1)])
    with pytest.raises(EcostatError, match="not ndarray"):
        priority_map(plan.selected, shape=(3, 4))


def test_a_ledger_rings_what_no_history_explains():
    told = [
        Entry(0, "opening", 2, "f"),
        Entry(1, "opening", 1, "m"),
        Entry(8, "birth", 5),
        Entry(9, "out", 12),
    ]
    panel = ledger(told, PIG)
    rings = [line for line in panel.lines if line.get_markersize() == 12]
    assert len(rings) == 1 and "4 animals no history explains" in panel.get_title()
    heights = sorted(bar.get_height() for bar in panel.patches)
    assert heights == [-12, 1, 2, 5]


def test_an_unreadable_number_is_a_cross_and_the_stock_after_it_unknown():
    told = [Entry(0, "opening", 4), Entry(3, "birth", None), Entry(5, "count", 6), Entry(7, "death", 1)]
    panel = ledger(told, PIG)
    crosses = [line for line in panel.lines if line.get_marker() == "x"]
    assert crosses[0].get_xdata().tolist() == [3.0]
    stock = next(line for line in panel.lines if line.get_drawstyle() == "steps-post")
    assert np.asarray(stock.get_ydata())[[0, 2, 3]].tolist() == [4.0, 6.0, 5.0]
    assert np.isnan(stock.get_ydata()[1])
    with pytest.raises(EcostatError, match="no entry"):
        ledger([], PIG)
