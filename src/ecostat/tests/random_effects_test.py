"""Random intercepts: the exact integral, slopes, simulated truth, and what is refused."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import binom, norm, poisson

from ecostat.abundance import nmixture
from ecostat.errors import EcostatError, TooFewData
from ecostat.likelihood import Boundary, Random
from ecostat.models import compare, goodness
from ecostat.occupancy import occu
from ecostat.tests.reference import slope_error


def expit(x):
    return 1 / (1 + np.exp(-x))


def seen(rng, sites=200, visits=8, sd=1.0, psi=0.6, p=-0.4):
    u = sd * rng.normal(size=sites)
    z = rng.random(sites) < psi
    return (z[:, None] & (rng.random((sites, visits)) < expit(p + u)[:, None])).astype(float), z, u


def counted(rng, groups=40, each=5, visits=3, sd=0.6, lam=1.0, p=0.5):
    u = sd * rng.normal(size=groups)
    n = rng.poisson(np.exp(lam + np.repeat(u, each)))
    y = rng.binomial(n[:, None], p, (groups * each, visits)).astype(float)
    return y, np.repeat([f"valley {g}" for g in range(groups)], each), u


def test_the_integral_is_the_one_written_out():
    y = np.array([[1, 0, 1, 1, 0, 0], [0, 0, 0, 0, 0, np.nan], [0, 1, 0, 0, 0, 0], [1, 1, 1, 1, 0, 1]])
    psi, p, sd = 0.6, -0.3, 0.8

    def site(row, u):
        r = row[~np.isnan(row)]
        q = expit(p + u)
        return psi * np.prod(np.where(r, q, 1 - q)) + (1 - psi) * (not r.any())

    total = sum(
        np.log(quad(lambda u, r=row: site(r, u) * norm.pdf(u, 0, sd), -8, 8, epsabs=1e-13)[0]) for row in y
    )
    model = occu(np.tile(y, (5, 1)), random=Random("p", nodes=25)).model
    theta = np.array([np.log(psi / (1 - psi)), p, np.log(sd)])
    assert model.loglik(theta)[0] == pytest.approx(5 * total, abs=1e-7)


def test_counts_of_a_group_share_their_effect():
    y = np.array([[1.0, 2], [0, 1], [3, 2], [0, 0]])
    group, lam, p, sd = ["a", "a", "b", "b"], 0.4, 0.3, 0.5
    n = np.arange(40)

    def sites(rows, u):
        out = 1.0
        for row in rows:
            prior = poisson.pmf(n, np.exp(lam + u))
            for v in row:
                prior = prior * binom.pmf(v, n, expit(p))
            out *= prior.sum()
        return out

    total = sum(
        np.log(quad(lambda u, r=rows: sites(r, u) * norm.pdf(u, 0, sd), -4, 4, epsabs=1e-13)[0])
        for rows in (y[:2], y[2:])
    )
    many = np.tile(y, (6, 1))
    labels = [f"{g}{i}" for i in range(6) for g in group]
    model = nmixture(many, K=39, random=Random("lam", labels, nodes=21)).model
    assert model.loglik(np.array([lam, p, np.log(sd)]))[0] == pytest.approx(6 * total, abs=1e-7)


@pytest.mark.parametrize("nodes", [1, 9])
@pytest.mark.parametrize("part", ["psi", "p", "lam", "rate"])
def test_slopes_are_right_for_laplace_too(part, nodes):
    rng = np.random.default_rng(1)
    group = np.repeat(np.arange(15), 4)
    if part in ("psi", "p"):
        x = np.column_stack([np.ones(60), rng.normal(size=60)])
        model = occu(seen(rng, 60)[0], x, random=Random(part, group, nodes)).model
        theta = np.array([0.3, 0.4, -0.2, -0.3])
    else:
        y, group, _ = counted(rng, 15, 4)
        part = "lam" if part == "lam" else "p"
        model = nmixture(y, K=40, random=Random(part, group, nodes)).model
        theta = np.array([0.9, 0.1, -0.4])
    assert slope_error(model.loglik, theta) < 2e-5


def test_differences_in_detection_are_recovered_and_occupancy_with_them():
    rng, inside, plain, sds = np.random.default_rng(2), [], [], []
    truth = np.array([np.log(1.5), -0.4])
    for _ in range(20):
        y, _, _ = seen(rng, sd=1.2)
        fit = occu(y, random=Random("p"))
        low, high = fit.interval()[:2].T
        inside.append((low < truth) & (truth < high))
        plain.append(occu(y).psi[0])
        sds.append(np.exp(fit.coef[2]))
    assert np.mean(inside, axis=0) == pytest.approx(0.95, abs=0.1)
    assert np.mean(sds) == pytest.approx(1.2, abs=0.15)
    assert np.mean(plain) < 0.58  # what leaving them out costs


def test_valleys_that_differ_are_recovered():
    rng, inside = np.random.default_rng(3), []
    truth = np.array([1.0, 0.0])
    for _ in range(12):
        y, group, u = counted(rng)
        fit = nmixture(y, K=60, random=Random("lam", group))
        low, high = fit.interval()[:2].T
        inside.append((low < truth) & (truth < high))
    assert np.mean(inside, axis=0) == pytest.approx(0.95, abs=0.15)
    order = np.argsort([f"valley {g}" for g in range(40)])
    assert np.corrcoef(fit.effects, u[order])[0, 1] > 0.8
    assert fit.predict("lam").estimate[0] == pytest.approx(np.e, rel=0.3)


def test_a_random_intercept_is_compared_and_checked_like_any_model():
    rng = np.random.default_rng(4)
    y, z, _ = seen(rng, sites=150, sd=1.5)
    table = compare({"alike": occu(y), "differing": occu(y, random=Random("p"))})
    assert table.names[0] == "differing" and table.delta[1] > 5
    result = goodness(table.best, times=15, rng=rng)
    assert result.p_value["chi-square"] > 0.05
    assert table.best.occupied == pytest.approx(z.sum(), rel=0.15)
    assert table.best.simulate(rng).shape == y.shape


def test_sites_that_do_not_differ_say_so():
    rng = np.random.default_rng(8)
    for _ in range(10):
        y, _, _ = seen(rng, sites=80, sd=0.0)
        try:
            with pytest.warns(Boundary, match="no more than chance"):
                fit = occu(y, random=Random("p"))
            break
        except pytest.fail.Exception:
            continue
    assert np.isnan(fit.se[-1]) and fit.coef[:2] == pytest.approx(occu(y).coef, abs=1e-3)


def test_what_cannot_be_meant_is_refused():
    y, _, _ = seen(np.random.default_rng(6), sites=30)
    with pytest.raises(EcostatError, match=r"random.part"):
        occu(y, random=Random("lam"))
    with pytest.raises(TooFewData, match="one group"):
        occu(y, random=Random("p", ["a"] * 30))
    with pytest.raises(EcostatError, match=r"random.group has 5"):
        occu(y, random=Random("p", ["a"] * 5))
    with pytest.raises(EcostatError, match="is a Random"):
        occu(y, random="p")
    with pytest.raises(EcostatError, match="mixture='P'"):
        nmixture(np.arange(90).reshape(30, 3) % 4, mixture="NB", random=Random("p"))
