"""How many animals next season: survivors and arrivals, and the sums over both along a site's history."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from ecostat.floats import Floats


class Change(Protocol):
    """What a season does to the chances of every number of animals."""

    def ahead(self, step: int, rows: Floats) -> Floats:
        """The chances (sites, numbers) of a season, from those of the season before."""
        ...

    def behind(self, step: int, rows: Floats) -> tuple[Floats, Floats, Floats]:
        """For every number of animals (sites, numbers), the mean of `rows` over what becomes of them, with its
        slopes in log rate and logit survival."""
        ...


class Apart:
    """Arrivals do not depend on who was there: survivors are drawn, then arrivals added."""

    def __init__(self, log_rate: Floats, logit_stay: Floats, of: NDArray[np.intp], log_factorial: Floats):
        """`log_rate` (sites, steps); `logit_stay` of each kind, and `of` (sites, steps) the kind."""
        self.of, self.stay, self.numbers = of, expit(logit_stay), np.arange(len(log_factorial))
        self.tables = np.stack([_survive(log_factorial, float(one)) for one in logit_stay])
        rate = np.exp(log_rate)[:, :, None]
        self.arrive = _arrive(rate, log_factorial)
        some = np.flatnonzero(self.arrive.max(axis=(0, 1)) >= 1e-60)
        self.arrive = self.arrive[:, :, : some[-1] + 1]
        self.slope = self.arrive * (self.numbers[: self.arrive.shape[2]] - rate)

    def ahead(self, step: int, rows: Floats) -> Floats:
        """The chances of a season, from those of the season before."""
        left, arrive = _by_kind(self.of[:, step], rows, self.tables), self.arrive[:, step]
        out = left * arrive[:, :1]
        for k in range(1, arrive.shape[1]):
            out[:, k:] += left[:, :-k] * arrive[:, k, None]
        return out

    def behind(self, step: int, rows: Floats) -> tuple[Floats, Floats, Floats]:
        """The mean of `rows` over what becomes of each number, with its slopes."""
        kind, arrive, slope = self.of[:, step], self.arrive[:, step], self.slope[:, step]
        left, steep = rows * arrive[:, :1], rows * slope[:, :1]
        for k in range(1, arrive.shape[1]):
            left[:, :-k] += rows[:, k:] * arrive[:, k, None]
            steep[:, :-k] += rows[:, k:] * slope[:, k, None]
        back = self.tables.transpose(0, 2, 1)
        each = _by_kind(kind, np.stack([left, steep, left * self.numbers], axis=1), back)
        mean, by_rate, counted = each[:, 0], each[:, 1], each[:, 2]
        return mean, by_rate, counted - mean * self.numbers * self.stay[kind][:, None]


class Tables:
    """The chance of m animals after n, and its slopes in log rate and logit survival, for each kind."""

    def __init__(
        self,
        log_rate: Floats,
        logit_stay: Floats | None,
        of: NDArray[np.intp],
        log_factorial: Floats,
        per_animal: bool,
    ):
        """`log_rate` and `logit_stay` (None: nobody stays) of each kind, and `of` (sites, steps) the kind;
        `per_animal`: each animal has arrivals at that rate of its own."""
        top, self.of = len(log_factorial), of
        self.tables = np.zeros((3, len(log_rate), top, top))
        n = np.arange(top)
        for u, log_one in enumerate(log_rate):
            if logit_stay is None:
                rate = np.exp(log_one) * n[:, None]
                self.tables[0, u] = _arrive(rate, log_factorial)
                self.tables[1, u] = self.tables[0, u] * (n - rate)
            else:
                made = _of_one if per_animal else _of_all
                self.tables[:, u] = made(float(log_one), float(logit_stay[u]), log_factorial)

    def ahead(self, step: int, rows: Floats) -> Floats:
        """The chances of a season, from those of the season before."""
        return _by_kind(self.of[:, step], rows, self.tables[0])

    def behind(self, step: int, rows: Floats) -> tuple[Floats, Floats, Floats]:
        """The mean of `rows` over what becomes of each number, with its slopes."""
        mean, by_rate, by_stay = (
            _by_kind(self.of[:, step], rows, each.transpose(0, 2, 1)) for each in self.tables
        )
        return mean, by_rate, by_stay


def _of_all(log_rate: float, logit: float, log_factorial: Floats) -> Floats:
    """The table and its slopes where arrivals do not depend on who was there: survivors times arrivals."""
    rate, n = np.exp(log_rate), np.arange(len(log_factorial))
    arrive = _arrive(np.array([rate]), log_factorial)
    stay = _survive(log_factorial, logit)
    some, slope = _shifted(arrive), _shifted(arrive * (n - rate))
    return np.stack([stay @ some, stay @ slope, (stay * (n - n[:, None] * expit(logit))) @ some])


def _of_one(log_rate: float, logit: float, log_factorial: Floats) -> Floats:
    """The table and its slopes where each animal has arrivals of its own: row n is the sum of n such shares."""
    top = len(log_factorial)
    rate, n = np.exp(log_rate), np.arange(top)
    arrive, stay = _arrive(np.array([rate]), log_factorial), float(expit(logit))
    later = np.r_[0.0, arrive[:-1]]  # the animal itself is still there
    one = (1 - stay) * arrive + stay * later
    in_rate = (1 - stay) * arrive * (n - rate) + stay * later * (n - 1 - rate)
    in_stay = stay * (1 - stay) * (later - arrive)
    chance = np.zeros((top, top))
    chance[0, 0] = 1.0
    short = np.trim_zeros(np.where(one < 1e-100, 0.0, one), "b")
    for animals in range(1, top):
        row = np.convolve(chance[animals - 1], short)[:top]
        chance[animals] = np.where(row < 1e-200, 0.0, row)  # denormal numbers are slow
    fewer = n[:, None] * np.vstack([np.zeros(top), chance[:-1]])
    return np.stack([chance, fewer @ _shifted(in_rate), fewer @ _shifted(in_stay)])


def _arrive(rate: Floats, log_factorial: Floats) -> Floats:
    """The Poisson chance of each number of arrivals."""
    m = np.arange(len(log_factorial))
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.where(rate > 0, m * np.log(rate), np.where(m == 0, 0.0, -np.inf))
    chance = np.exp(log - rate - log_factorial)
    return np.where(chance < 1e-200, 0.0, chance)  # denormal numbers are slow


def _shifted(chance: Floats) -> Floats:
    """The matrix that adds a number with these chances: row c holds them from column c on."""
    top = len(chance)
    padded = np.r_[np.zeros(top), chance]
    at = np.arange(top)[None] - np.arange(top)[:, None] + top
    return np.asarray(padded[at])


def _survive(log_factorial: Floats, logit: float) -> Floats:
    """The chance that c (columns) of n animals (rows) survive; 0 where it cannot be, or is below 1e-30."""
    n, c = np.arange(len(log_factorial))[:, None], np.arange(len(log_factorial))[None]
    held = np.maximum(n - c, 0)
    log = log_factorial[:, None] - log_factorial - log_factorial[held]
    log = log - c * np.logaddexp(0.0, -logit) - held * np.logaddexp(0.0, logit)
    return np.where((n >= c) & (log >= -69.1), np.exp(np.minimum(log, 0.0)), 0.0)


def histories(
    log_lam: Floats,
    eta: Floats,
    y: Floats,
    seen: NDArray[np.bool_],
    choose: Floats,
    change: Change,
    steps: int,
    log_factorial: Floats,
) -> tuple[float, Floats, Floats, Floats, Floats, Floats, float]:
    """Log-likelihood of counts (sites, seasons · visits), its slopes in log λ (sites,), in the rate and
    survival of each site and step, and in logit detection (sites, visits); mean abundance given the counts
    (sites, seasons); and the largest share of a season's likelihood at the top. `choose`: what `chosen`
    gives; `change`: what each of the `steps` between seasons does."""
    sites, seasons, numbers = len(y), steps + 1, np.arange(len(log_factorial))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        by_season = (sites, seasons, y.shape[1] // seasons)
        held = np.where(seen, y * eta, 0.0).reshape(by_season).sum(axis=2)
        miss = np.where(seen, -np.logaddexp(0.0, eta), 0.0).reshape(by_season).sum(axis=2)
        seeing = choose + held[:, :, None] + numbers * miss[:, :, None]
        largest = seeing.max(axis=2)
        value = float(largest.sum())
        seeing = np.exp(seeing - largest[:, :, None])
        ahead = np.empty_like(seeing)
        here = np.exp(numbers * log_lam[:, None] - np.exp(log_lam)[:, None] - log_factorial)
        for t in range(seasons):
            if t:
                here = change.ahead(t - 1, ahead[:, t - 1])
            ahead[:, t] = here * seeing[:, t]
            total = ahead[:, t].sum(axis=1)
            value += float(np.log(total).sum())
            ahead[:, t] /= total[:, None]
        mean, tail = np.empty((sites, seasons)), 0.0
        s_rate, s_stay = np.zeros((sites, steps)), np.zeros((sites, steps))
        behind = np.ones((sites, numbers.size))
        for t in range(seasons - 1, -1, -1):
            share = ahead[:, t] * behind
            share /= share.sum(axis=1)[:, None]
            mean[:, t], tail = share @ numbers, max(tail, float(share[:, -1].max()))
            if t == 0:
                break
            before = ahead[:, t - 1]
            behind, by_rate, by_stay = change.behind(t - 1, seeing[:, t] * behind)
            weight = (before * behind).sum(axis=1)
            s_rate[:, t - 1] = (before * by_rate).sum(axis=1) / weight
            s_stay[:, t - 1] = (before * by_stay).sum(axis=1) / weight
            behind = behind / weight[:, None]
    expected = np.repeat(mean, y.shape[1] // seasons, axis=1) * expit(eta)
    s_p = np.where(seen, y - expected, 0.0)
    return value, mean[:, 0] - np.exp(log_lam), s_rate, s_stay, s_p, mean, tail


def chosen(y: Floats, seen: NDArray[np.bool_], seasons: int, log_factorial: Floats) -> Floats:
    """Σ log of the binomial coefficients of a season's counts, for every number of animals (sites, seasons,
    numbers); minus infinity where fewer animals were there than were counted at one visit."""
    out = np.zeros((len(y), seasons, len(log_factorial)))
    visits = y.shape[1] // seasons
    for j in range(y.shape[1]):
        count = np.where(seen[:, j], y[:, j], 0).astype(np.int64)
        missed = np.arange(len(log_factorial)) - count[:, None]
        ways = log_factorial - log_factorial[count][:, None] - log_factorial[np.maximum(missed, 0)]
        out[:, j // visits] += np.where(seen[:, j, None], np.where(missed >= 0, ways, -np.inf), 0.0)
    return out


def _by_kind(kind: NDArray[np.intp], rows: Floats, table: Floats) -> Floats:
    """Each row (or block of rows) times the table of its kind."""
    out = np.empty_like(rows)
    for u in np.unique(kind):
        own = kind == u
        out[own] = (rows[own].reshape(-1, rows.shape[-1]) @ table[u]).reshape(-1, *rows.shape[1:])
    return out
