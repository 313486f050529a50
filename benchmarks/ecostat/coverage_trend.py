"""How often limits of nominal 95 % hold the truth, by simulation: the table of results/coverage_trend.md.

Run: python -m benchmarks.ecostat.coverage_trend [replicates]
"""

import sys
from collections.abc import Iterator

import numpy as np

from ecostat.trend import living_planet, log_slope, slope_over_sites, smooth_index, trim

RATE = -0.03


def autoregressive(rng: np.random.Generator, rows: int, years: int, rho: float, sd: float) -> np.ndarray:
    """Rows of a stationary first-order autoregression."""
    out = np.empty((rows, years))
    out[:, 0] = rng.normal(0, sd, rows)
    for i in range(1, years):
        out[:, i] = rho * out[:, i - 1] + rng.normal(0, sd * np.sqrt(1 - rho**2), rows)
    return out


def counts(
    rng: np.random.Generator, sites: int, years: int, rho: float, sd: float, seen: float = 0.8
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of Poisson counts around log-normal, serially correlated means of each site."""
    logs = np.log(8) + rng.normal(0, 1, (sites, 1)) + RATE * np.arange(years)
    count = rng.poisson(np.exp(logs + autoregressive(rng, sites, years, rho, sd) - sd**2 / 2)).astype(float)
    count[rng.random(count.shape) >= seen] = np.nan
    return np.repeat(np.arange(sites), years), np.tile(np.arange(2000, 2000 + years), sites), count.ravel()


def share(hits: list[bool]) -> str:
    """The share that held the truth, with its own standard error, in per cent."""
    p = float(np.mean(hits))
    return f"{100 * p:.1f} ± {100 * np.sqrt(p * (1 - p) / len(hits)):.1f}"


def slopes(times: int) -> Iterator[str]:
    """TRIM's slope against errors over sites."""
    for sites in (20, 40):
        for rho, sd in ((0.0, 0.0), (0.0, 0.5), (0.5, 0.5), (0.8, 0.5)):
            rng = np.random.default_rng(sites)
            model, over = [], []
            for _ in range(times):
                data = counts(rng, sites, 12, rho, sd)
                fitted = trim(*data, model=2, overdispersion=True, serial=True).slopes[0]
                model.append(fitted.lower <= np.exp(RATE) <= fitted.upper)
                found = slope_over_sites(*data)
                over.append(found.log_lower <= RATE <= found.log_upper)
            yield f"| {sites} sites × 12 years, ρ {rho:g}, sd {sd:g} | {share(model)} | {share(over)} |"


def series(times: int) -> Iterator[str]:
    """One series, with and without allowance for correlation."""
    for years in (10, 20, 30):
        for rho in (0.0, 0.3, 0.6, 0.8):
            rng = np.random.default_rng(years)
            plain, serial = [], []
            for _ in range(times):
                value = np.exp(RATE * np.arange(years) + autoregressive(rng, 1, years, rho, 0.25)[0])
                for hits, how in ((plain, False), (serial, True)):
                    found = log_slope(np.arange(years), value, serial=how)
                    hits.append(found.log_lower <= RATE <= found.log_upper)
            yield f"| {years} years, ρ {rho:g} | {share(plain)} | {share(serial)} |"


def curves(times: int) -> Iterator[str]:
    """The smooth index, over all years but the base."""
    for sites in (10, 15, 25, 40):
        rng = np.random.default_rng(sites)
        hits = []
        truth = np.exp(RATE * np.arange(12))
        for _ in range(times):
            found = smooth_index(*counts(rng, sites, 12, 0.4, 0.4), rng=rng, draws=199)
            hits.append(float(np.mean((found.lower <= truth) & (truth <= found.upper), where=truth < 1)))
        p = float(np.mean(hits))
        yield f"| {sites} sites × 12 years | {100 * p:.1f} ± {100 * np.std(hits) / np.sqrt(times):.1f} |"


def planets(times: int) -> Iterator[str]:
    """The Living Planet Index over species that each keep a rate of their own."""
    for species in (15, 30, 80):
        rng = np.random.default_rng(species)
        found: dict[str, list[bool]] = {"species": [], "published": []}
        for _ in range(times):
            own = RATE + rng.normal(0, 0.05, (species, 1))
            value = np.exp(3 + own * np.arange(20) + rng.normal(0, 0.2, (species, 20)))
            rows = np.repeat(np.arange(species), 20)
            for how, hits in found.items():
                index = living_planet(
                    rows, rows, np.tile(np.arange(20), species), value.ravel(), rng=rng, draws=200,
                    resample=how,  # type: ignore[arg-type]
                )  # fmt: skip
                hits.append(bool(index.lower[-1] <= np.exp(19 * RATE) <= index.upper[-1]))
        yield f"| {species} species × 20 years, last year | {share(found['published'])} | {share(found['species'])} |"


def few_planets(times: int) -> Iterator[str]:
    """The same over few species, drawn as whole species."""
    for species in (10, 15):
        rng, hits = np.random.default_rng(100 + species), []
        for _ in range(times):
            own = RATE + rng.normal(0, 0.05, (species, 1))
            value = np.exp(3 + own * np.arange(20) + rng.normal(0, 0.2, (species, 20)))
            rows, year = np.repeat(np.arange(species), 20), np.tile(np.arange(20), species)
            index = living_planet(rows, rows, year, value.ravel(), rng=rng, draws=300)
            hits.append(bool(index.lower[-1] <= np.exp(19 * RATE) <= index.upper[-1]))
        yield f"| {species} species × 20 years, last year | {share(hits)} |"


PARTS = {
    "slopes": (slopes, "| Counts | TRIM model 2, serial and overdispersed | slope_over_sites |"),
    "series": (series, "| One series | least squares | log_slope |"),
    "curves": (curves, "| Counts | smooth_index |"),
    "few": (few_planets, "| Populations | living_planet |"),
    "planets": (planets, '| Populations | resample="published" | resample="species" |'),
}


def main() -> None:
    """Prints the tables."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    for name in sys.argv[2:] or PARTS:
        rows, head = PARTS[name]
        print(f"\n{head}\n|{'---|' * (head.count('|') - 1)}", flush=True)
        for line in rows(times):
            print(line, flush=True)


if __name__ == "__main__":
    main()
