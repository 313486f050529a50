"""Do animals that waited in an enclosure at the release site live longer than those let go at once?

Run: python examples/ecostat_survival.py PICTURE.png (the animals are made up).
"""

import sys

import numpy as np

from ecostat.plots import survival as draw
from ecostat.survival import kaplan_meier_by, logrank, restricted_mean

rng = np.random.default_rng(8)

# Forty pangolins with tags: half held for a month, half not. Tags fail; some were tagged weeks after release.
held = np.repeat(["let go at once", "held a month"], 20)
life = rng.exponential(np.where(held == "held a month", 420, 160))
tag = rng.uniform(60, 360, 40)
tagged = np.where(rng.random(40) < 0.2, rng.uniform(5, 30, 40), 0.0)
days, died = np.minimum(life, tag).round(), life <= tag
known = days > tagged

curves = kaplan_meier_by(days[known], died[known], held[known], entry=tagged[known])
panel = draw(curves)
test = logrank(days[known], died[known], held[known], entry=tagged[known])
panel.set(xlabel="days since release", title=f"log-rank p = {test.p:.3f}")
panel.figure.savefig(sys.argv[1], dpi=90)
for one in curves:
    mean = restricted_mean(one, 180)
    print(f"{one.group}: {mean.mean:.0f} of the first 180 days ({mean.lower:.0f}–{mean.upper:.0f})")
