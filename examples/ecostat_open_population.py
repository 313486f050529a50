"""Do the frogs of the snared valleys die sooner, or do fewer arrive? Five years of counts can tell.

Run: python examples/ecostat_open_population.py PICTURE.png
"""

import sys

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from ecostat.abundance import open_nmixture
from ecostat.models import compare
from ecostat.plots import response

rng = np.random.default_rng(5)

# Eighty ponds, five years, three evenings a year; in polluted water frogs survive less.
polluted = np.repeat([False, True], 40)
frogs = np.empty((80, 5), int)
frogs[:, 0] = rng.poisson(4, 80)
for year in range(1, 5):
    frogs[:, year] = rng.binomial(frogs[:, year - 1], np.where(polluted, 0.45, 0.8)) + rng.poisson(0.9, 80)
heard = rng.binomial(np.repeat(frogs, 3, axis=1), 0.5)

# Three explanations of the same counts.
water = {"polluted": polluted}
models = {
    "no difference": open_nmixture(heard, 5, K=30),
    "fewer arrive": open_nmixture(heard, 5, gamma="polluted", K=30, data=water),
    "fewer survive": open_nmixture(heard, 5, omega="polluted", K=30, data=water),
}
print(compare(models), compare(models).message, sep="\n")

# Survival by water, and the number of frogs year by year: counted, estimated, true.
best, (left, right) = models["fewer survive"], plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")[1]
response(best, "omega", "polluted", left).set_title("survival from year to year", fontsize=10)
for values, label in ((heard.reshape(80, 5, 3).max(axis=2).sum(axis=0), "most heard in one evening"),
                      (best.total, "estimated"), (frogs.sum(axis=0), "true")):  # fmt: skip
    right.plot(range(2021, 2026), values, "o-", label=label)
right.set(ylim=(0, None), xticks=range(2021, 2026), title="frogs at the 80 ponds")
right.legend(fontsize=8)
left.figure.savefig(sys.argv[1], dpi=90)
