"""Pictures of fits hold what they say, and refuse what they cannot draw."""

import builtins
import runpy
from pathlib import Path

import numpy as np
import pytest

from ecostat.capture import buffer_mask, secr
from ecostat.capture import survey as survey_of
from ecostat.distance import fit as detection_function
from ecostat.errors import EcostatError
from ecostat.models import goodness
from ecostat.occupancy import occu

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

from ecostat.plots import detection, fit_check, prediction_map, reach, response  # noqa: E402


@pytest.fixture(autouse=True)
def _closed():
    yield
    matplotlib.pyplot.close("all")


def survey(seed=1):
    rng = np.random.default_rng(seed)
    data = {"height": rng.uniform(200, 2000, 200), "soil": rng.choice(["clay", "sand"], 200)}
    z = rng.random(200) < 1 / (1 + np.exp(-(data["height"] - 1000) / 400))
    y = (z[:, None] & (rng.random((200, 4)) < 0.5)).astype(float)
    return occu(y, "height + soil", data=data), data


@pytest.mark.parametrize("point", [False, True])
def test_bars_and_curve_hold_the_same_detections(point):
    rng = np.random.default_rng(2)
    d = 60 * (np.sqrt(rng.random(6000)) if point else rng.random(6000))
    d = d[rng.random(6000) < np.exp(-(d**2) / 800)]
    model = detection_function(d, truncation=60, survey="point" if point else "line")
    panel = detection(model, bars=np.linspace(0, 60, 13))
    middle = [bar.get_x() + bar.get_width() / 2 for bar in panel.patches]
    heights = [bar.get_height() for bar in panel.patches]
    assert heights[1:6] == pytest.approx(model.g(middle)[1:6], abs=0.15)
    assert f"n = {model.n:,}" in panel.get_title()


def test_the_bands_of_a_fit_are_its_bars():
    d = np.abs(np.random.default_rng(3).normal(0, 20, 500))
    model = detection_function(d[d < 60], breaks=[0, 10, 20, 40, 60])
    assert [bar.get_width() for bar in detection(model).patches] == [10, 10, 20, 20]


def test_a_response_covers_the_values_met():
    fit, data = survey()
    panel = response(fit, "psi", "height", at={"soil": "sand"})
    x, y = panel.lines[0].get_data()
    assert (x[0], x[-1]) == (data["height"].min(), data["height"].max())
    want = fit.predict("psi", {"height": x, "soil": "sand"}).estimate
    assert y == pytest.approx(want) and panel.get_xlabel() == "height"
    classes = response(fit, "psi", "soil")
    assert [t.get_text() for t in classes.get_xticklabels()] == ["clay", "sand"]


def test_a_check_shows_the_data_among_the_draws():
    fit, _ = survey()
    result = goodness(fit, times=30, rng=np.random.default_rng(4))
    panel = fit_check(result)
    assert panel.lines[0].get_xdata()[0] == result.observed["chi-square"]
    assert sum(bar.get_height() for bar in panel.patches) == 30
    with pytest.raises(EcostatError, match="statistic"):
        fit_check(result, statistic="luck")


def test_a_map_keeps_its_cells_and_hatches_what_lies_beyond():
    fit, _ = survey()
    height = np.linspace(300, 1900, 12).reshape(3, 4)
    height[0, 0], height[2, 3] = 9000, np.nan
    got = fit.predict("psi", {"height": height, "soil": "clay"})
    left, right = prediction_map(got, extent=(0, 40, 0, 30))
    assert left.images[0].get_array().filled(np.nan) == pytest.approx(got.estimate, nan_ok=True)
    assert right.images[0].get_array().filled(np.nan) == pytest.approx(got.upper - got.lower, nan_ok=True)
    assert len(left.collections) == 1 and left.collections[0].get_array().count() == 1
    with pytest.raises(EcostatError, match="rows and columns"):
        prediction_map(fit.predict("psi", {"height": 900.0, "soil": "clay"}))


def test_the_reach_of_a_camera_ends_at_its_chance_at_the_post():
    rng = np.random.default_rng(6)
    posts = np.stack(np.meshgrid(*[np.arange(5) * 300.0] * 2), axis=-1).reshape(-1, 2)
    mask, cell = buffer_mask(posts, 1200, 150)
    home = mask[rng.integers(len(mask), size=40)]
    p = 0.4 * np.exp(-((home[:, None] - posts) ** 2).sum(axis=2) / (2 * 250.0**2))
    who, when, where = np.nonzero(rng.random((40, 5, 25)) < p[:, None])
    fit = secr(survey_of(posts, mask, cell, animal=who, post=where, occasion=when), g0=None)
    panel = reach(fit)
    x, y = panel.lines[0].get_data()
    assert y == pytest.approx(fit.detection(x)) and y[0] == pytest.approx(fit.g0, abs=0.01)
    low, high = panel.collections[0].get_paths()[0].vertices[:, 1].min(), fit.predict("g0").upper[0]
    assert low < 0.05 and panel.collections[0].get_paths()[0].vertices[:, 1].max() == pytest.approx(
        high, abs=0.01
    )


@pytest.mark.parametrize(
    "name", ["occupancy_map", "detection_curve", "capture_reach", "fit_check", "redlist", "restoration"]
)
def test_the_stories_are_short_and_end_in_a_picture(name, tmp_path, monkeypatch):
    path = Path(__file__).parents[3] / "examples" / f"ecostat_{name}.py"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 40
    more = [str(tmp_path / "map.geojson")] if name == "redlist" else []
    monkeypatch.setattr("sys.argv", [str(path), *more, str(tmp_path / "picture.png")])
    runpy.run_path(str(path), run_name="__main__")
    assert (tmp_path / "picture.png").stat().st_size > 5000


def test_what_cannot_be_drawn_is_named():
    fit, _ = survey()
    with pytest.raises(EcostatError, match="no covariate"):
        response(fit, "psi", "rain")
    with pytest.raises(EcostatError, match="no part"):
        response(fit, "lam", "height")
    plain = occu((np.random.default_rng(5).random((60, 3)) < 0.4).astype(float))
    with pytest.raises(EcostatError, match="design matrix"):
        response(plain, "psi", "height")


def test_without_matplotlib_one_sentence_says_so(monkeypatch):
    fit, _ = survey()
    found = builtins.__import__

    def missing(name, *args, **kwargs):
        if name.split(".")[0] == "matplotlib":
            raise ImportError(name)
        return found(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(EcostatError, match=r"baoton\[plots\]"):
        response(fit, "psi", "height")
