"""Do the babblers grow fewer? Counts of 30 transects over 15 years, as an index and as a smooth curve.

Run: python examples/ecostat_index.py PICTURE.png
"""

import sys

import matplotlib.pyplot as plt
import numpy as np

from ecostat.plots import index
from ecostat.trend import slope_over_sites, smooth_index, trim

rng = np.random.default_rng(8)
site, year = np.repeat(np.arange(30), 15), np.tile(np.arange(2010, 2025), 30)

# Numbers fell until 2018, when the snares went; transects differ, and one visit in five was rained off.
change = np.where(year < 2018, -0.08 * (year - 2010), -0.64 + 0.05 * (year - 2018))
count = rng.poisson(np.exp(rng.normal(2, 0.7, 30)[site] + change)).astype(float)
count[rng.random(count.size) < 0.2] = np.nan

fit = trim(site, year, count, overdispersion=True, serial=True)
curve = smooth_index(site, year, count, rng=rng, draws=300)
print(fit.message)
print("rate with errors over transects:", slope_over_sites(site, year, count).message)

figure, panels = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained", sharey=True)
index(fit, panels[0])
index(curve, panels[1])
figure.savefig(sys.argv[1], dpi=90)
