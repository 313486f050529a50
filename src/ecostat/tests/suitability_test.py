"""Maxent and its rivals against maxnet's figures, simulated truth and input that cannot be answered."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from ecostat.errors import EcostatError, Separation, TooFewData
from ecostat.suitability import (
    Glm,
    Maxent,
    RandomForest,
    auc,
    boyce,
    mess,
    spatial_blocks,
    tss,
    validate,
)
from ecostat.suitability.lasso import lasso_logistic


def bradypus(shared: Path) -> tuple[np.ndarray, np.ndarray, int]:
    with open(shared / "data/reference/bradypus_maxnet.csv", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    table = np.array(rows[1:], float)
    return table[:, 0], table[:, 1:], rows[0].index("ecoreg") - 1


def niche(
    rng: np.random.Generator, n: int = 300, background: int = 3000
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Presences drawn from background with rate exp(1.5 a − b²), c being noise."""
    ground = rng.normal(size=(20_000, 3))
    rate = np.exp(1.5 * ground[:, 0] - ground[:, 1] ** 2)
    at = rng.choice(rate.size, n, p=rate / rate.sum())
    off = rng.choice(rate.size, background, replace=False)
    x = np.vstack([ground[at], ground[off]])
    return np.repeat([1.0, 0.0], [n, background]), x, np.log(np.concatenate([rate[at], rate[off]]))


# published and computed elsewhere


@pytest.mark.outside
def test_bradypus_agrees_with_maxnet_as_far_as_glmnet_converged(shared: Path) -> None:
    expected = json.loads((shared / "data/reference/expected.json").read_text())["maxnet_bradypus.l"]
    presence, x, ecoregion = bradypus(shared)
    fit = Maxent("l", categorical=(ecoregion,)).fit(presence, x)
    assert fit.coef.size == expected["n_betas"]
    assert sum(" is " in name for name in fit.names) == 7
    assert fit.entropy == pytest.approx(expected["entropy"], rel=6e-4)
    assert fit.alpha == pytest.approx(expected["alpha"], abs=0.01)
    assert auc(presence, fit.predict(x)) == pytest.approx(expected["auc_train"], abs=1e-4)
    assert fit.converged and fit.gap < 1e-6


@pytest.mark.outside
def test_more_features_never_fit_bradypus_worse(shared: Path) -> None:
    presence, x, ecoregion = bradypus(shared)
    fits = [Maxent(f, categorical=(ecoregion,)).fit(presence, x) for f in ("l", "lqpht")]
    assert all(f.converged for f in fits)
    assert auc(presence, fits[1].predict(x)) > auc(presence, fits[0].predict(x)) + 0.03


def test_the_boyce_index_of_scores_that_are_the_density_ratio_is_one() -> None:
    grid = (np.arange(2000) + 0.5) / 2000
    presence = np.repeat([1.0, 0.0], 2000)
    score = np.concatenate([np.sqrt(grid), grid])  # density 2s against 1: the ratio rises with the score
    assert boyce(presence, score).index > 0.999
    assert boyce(presence, 1 - score).index < -0.999


def test_similarity_follows_the_four_cases_of_its_paper() -> None:
    reference = np.arange(1, 11.0)
    got = mess(reference, [0.0, 1.0, 4.5, 8.5, 11.0, np.nan])
    np.testing.assert_allclose(got.similarity[:5], [-100 / 9, 0, 80, 40, -100 / 9])
    assert np.isnan(got.similarity[5]) and got.most_dissimilar[5] == -1
    assert got.outside_share == pytest.approx(2 / 5)


def test_the_area_under_the_curve_is_the_share_of_pairs_in_order() -> None:
    rng = np.random.default_rng(1)
    presence, score = rng.integers(0, 2, 200), rng.integers(0, 12, 200)
    high, low = score[presence == 1], score[presence == 0]
    pairs = (high[:, None] > low).mean() + 0.5 * (high[:, None] == low).mean()
    assert auc(presence, score) == pytest.approx(pairs)


def test_the_skill_is_greatest_at_the_threshold_it_names() -> None:
    rng = np.random.default_rng(2)
    presence = rng.integers(0, 2, 150)
    score = np.round(presence + rng.normal(size=150), 1)
    best = tss(presence, score)
    tried = [tss(presence, score, t).tss for t in np.unique(score)]
    assert best.tss == pytest.approx(max(tried))


# the solver against its own conditions


def test_the_penalised_fit_meets_its_optimality_conditions_even_when_features_repeat() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(400, 30))
    x = np.asfortranarray(np.hstack([x, x[:, :10] + 1e-7 * rng.normal(size=(400, 10)), x[:, :5]]))
    seen = rng.random(400) < 1 / (1 + np.exp(-x[:, 0] + x[:, 1]))
    weight = np.where(seen, 1.0, 3.0)
    penalty = np.full(45, 6.0)
    got = lasso_logistic(x, seen, weight, penalty)
    chance = 1 / (1 + np.exp(-got.intercept - x @ got.coef))
    slope = (weight * (seen - chance)) @ x
    assert got.converged
    np.testing.assert_allclose(slope[got.coef != 0], 6 * np.sign(got.coef[got.coef != 0]), rtol=1e-5)
    assert (np.abs(slope) <= 6.0 + 1e-4).all()


# simulated truth


def test_maxent_finds_the_rate_it_was_drawn_from() -> None:
    presence, x, truth = niche(np.random.default_rng(4))
    fit = Maxent("lq").fit(presence, x)
    assert np.corrcoef(fit.predict(x, "link"), truth)[0, 1] > 0.97
    kept = dict(zip(fit.names, fit.coef, strict=True))
    assert kept["x0"] == pytest.approx(1.5, abs=0.25)
    assert kept["x1²"] == pytest.approx(-1.0, abs=0.3)
    alone = Maxent("lq").fit(presence, x, add_presences=False)
    assert alone.predict(x, "exponential")[presence == 0].sum() == pytest.approx(1.0)


def test_a_higher_beta_keeps_fewer_features() -> None:
    presence, x, _ = niche(np.random.default_rng(5), n=100)
    sizes = [Maxent("lqph", beta=b).fit(presence, x).coef.size for b in (0.5, 2, 8)]
    assert sizes[0] > sizes[1] > sizes[2]


def test_rivals_also_find_the_niche_and_the_glm_its_coefficients() -> None:
    rng = np.random.default_rng(6)
    presence, x, truth = niche(rng, n=400)
    glm = Glm().fit(presence, x)
    assert np.corrcoef(np.log(glm.predict(x)), truth)[0, 1] > 0.8
    per_unit = glm.coef[glm.names.index("x0")] / glm.scale[0]
    assert per_unit == pytest.approx(1.5, abs=0.4)
    forest = RandomForest(trees=60).fit(presence, x, rng)
    assert forest.oob_auc == pytest.approx(auc(presence, truth), abs=0.06)
    assert forest.importance.argmin() == 2


def test_blocked_folds_are_stricter_than_random_ones_on_autocorrelated_ground() -> None:
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(102, 104, 1500), rng.uniform(21, 23, 1500)
    bumps = rng.uniform(size=(8, 2)) * 2 + [102, 21]
    near = np.exp(-((lon[:, None] - bumps[:, 0]) ** 2 + (lat[:, None] - bumps[:, 1]) ** 2) / 0.02).sum(axis=1)
    presence = (rng.random(1500) < 0.02 + 0.5 * np.minimum(near, 1)).astype(float)
    x = np.column_stack([lon, lat])
    blocks = spatial_blocks(lon, lat, 40_000, presence=presence, rng=rng)

    def forest(p, rows):  # type: ignore[no-untyped-def]
        return RandomForest(trees=40).fit(p, rows, rng).predict

    strict = validate(forest, presence, x, blocks.fold)
    loose = validate(forest, presence, x, rng.permutation(blocks.fold))
    assert strict.mean_auc < loose.mean_auc - 0.05
    assert np.isfinite(strict.score).all()


def test_blocks_are_squares_of_their_size_dealt_evenly() -> None:
    rng = np.random.default_rng(8)
    lon, lat = rng.uniform(102.3, 103.6, 2000), rng.uniform(21.6, 22.8, 2000)
    blocks = spatial_blocks(lon, lat, 20_000, rng=rng)
    assert blocks.rows.max() - blocks.rows.min() < 40
    ground = np.cos(np.radians(lat.mean())) * np.pi / 180 * 6371007
    for b in range(blocks.n_blocks):
        mine = blocks.block == b
        assert np.ptp(lon[mine]) * ground <= 20_001
        assert len(set(blocks.fold[mine])) == 1


def test_neighbours_across_the_antimeridian_share_a_block() -> None:
    for east in (179.9999, 0.0001):
        lon = np.array([east, -east, east - 2, 2 - east])
        blocks = spatial_blocks(lon, np.zeros(4), 100_000, folds=2)
        assert blocks.block[0] == blocks.block[1]


# degenerate


def test_no_presence_no_background_and_constant_covariates_are_too_few_data() -> None:
    x = np.random.default_rng(1).normal(size=(20, 2))
    for presence in (np.zeros(20), np.ones(20)):
        for learn in (Maxent().fit, Glm().fit):
            with pytest.raises(TooFewData):
                learn(presence, x)
    with pytest.raises(TooFewData, match="No covariate varies"):
        Maxent().fit(np.arange(20) < 5, np.ones((20, 2)))


def test_a_missing_covariate_is_refused_when_fitting_and_stays_missing_when_predicting() -> None:
    presence, x, _ = niche(np.random.default_rng(9), n=50, background=200)
    holed = x.copy()
    holed[3, 1] = np.nan
    with pytest.raises(EcostatError, match="Covariate 1 of row 3"):
        Maxent("l").fit(presence, holed)
    for fit in (Maxent("l").fit(presence, x), Glm().fit(presence, x)):
        predicted = fit.predict(holed)
        assert np.isnan(predicted[3]) and np.isfinite(np.delete(predicted, 3)).all()


def test_pure_noise_keeps_nothing_and_says_so() -> None:
    rng = np.random.default_rng(10)
    fit = Maxent("l", beta=20).fit(rng.random(400) < 0.2, rng.normal(size=(400, 2)))
    assert fit.coef.size == 0 and "same everywhere" in fit.message
    assert np.ptp(fit.predict(rng.normal(size=(5, 2)))) == 0
    assert fit.predict([[0.0, 0.0]])[0] == pytest.approx(1 - np.exp(-1))


def test_duplicated_background_rows_change_no_feature_set_and_one_presence_fits() -> None:
    rng = np.random.default_rng(11)
    x = np.vstack([[[3.0, 0.0]], np.repeat(rng.normal(size=(50, 2)), 4, axis=0)])
    fit = Maxent("auto").fit(np.arange(201) == 0, x)
    assert fit.converged and "Fewer than 10 presences" in fit.message


def test_predictions_outside_the_fitted_range_are_clamped_unless_asked() -> None:
    presence, x, _ = niche(np.random.default_rng(12))
    fit = Maxent("l").fit(presence, x)
    edge, far = x[[0]].copy(), x[[0]].copy()
    edge[0, 0], far[0, 0] = x[:, 0].max(), 99.0
    assert fit.predict(far, "link") == pytest.approx(fit.predict(edge, "link"))
    assert fit.predict(far, "link", clamp=False) > fit.predict(edge, "link")


def test_a_covariate_that_parts_perfectly_is_separation_for_the_glm() -> None:
    rng = np.random.default_rng(13)
    presence = np.arange(100) < 50
    x = np.column_stack([presence * 2.0 + rng.random(100), rng.normal(size=100)])
    with pytest.raises(Separation):
        Glm(quadratic=False).fit(presence, x)
    assert Maxent("l").fit(presence, x).converged  # the penalty holds


def test_measures_refuse_one_kind_of_row_and_missing_scores() -> None:
    with pytest.raises(TooFewData):
        auc([1, 1], [0.2, 0.3])
    with pytest.raises(EcostatError, match="missing"):
        tss([1, 0], [np.nan, 0.3])
    with pytest.raises(TooFewData):
        boyce([1, 0, 0], [0.5, 0.5, 0.5])


def test_too_large_blocks_are_refused() -> None:
    with pytest.raises(TooFewData, match="smaller squares"):
        spatial_blocks([102.1, 102.2], [22.0, 22.1], 1e6)
