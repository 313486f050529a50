"""Does the model fit, and how sure is an effect? Frogs at ponds, some of which hold many more than others.

Run: python examples/ecostat_fit_check.py PICTURE.png
"""

import sys

import matplotlib.pyplot as plt
import numpy as np

from ecostat.abundance import nmixture
from ecostat.models import compare, goodness
from ecostat.plots import fit_check, response

rng = np.random.default_rng(11)

# 150 ponds, counted on four evenings. Reeds draw frogs; beyond that ponds differ for reasons nobody wrote down.
reeds = rng.uniform(0, 1, 150)
frogs = rng.poisson(np.exp(0.5 + 1.2 * reeds) * rng.gamma(1.5, 1 / 1.5, 150))
counts = rng.binomial(frogs[:, None], 0.5, (150, 4)).astype(float)

# Poisson numbers are the first idea. Data drawn from that model are far closer to it than the frogs are.
ideas = {m: nmixture(counts, "reeds", data={"reeds": reeds}, mixture=m, K=80) for m in ("P", "NB")}
checks = {m: goodness(fit, times=300, rng=rng) for m, fit in ideas.items()}
for mixture, check in checks.items():
    print(f"{mixture}: {check.message}")
print(compare(ideas, small=True))

# What reeds do, by both; limits of the profile need not be symmetric.
for mixture, fit in ideas.items():
    low, high = fit.profile("lam(reeds)")
    print(f"{mixture}: reeds {fit.coef[1]:.2f} ({low:.2f} to {high:.2f}) on the log scale")

figure, panels = plt.subplots(1, 3, figsize=(14, 4), layout="constrained")
fit_check(checks["P"], ax=panels[0])
fit_check(checks["NB"], ax=panels[1])
response(ideas["NB"], "lam", "reeds", ax=panels[2])
figure.savefig(sys.argv[1], dpi=80)
