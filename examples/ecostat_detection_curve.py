"""How far from the path is a babbler noticed, and how many are there? Draws the curve, prints the density.

Run: python examples/ecostat_detection_curve.py PICTURE.png
"""

import sys

import numpy as np

from ecostat.distance import fit
from ecostat.models import compare
from ecostat.plots import detection

rng = np.random.default_rng(3)

# Twenty walked lines of 2 km; 25 birds live in a km², and the farther one sits the less it is noticed.
distance, line = [], []
for number in range(20):
    away = 200 * rng.random(rng.poisson(25 * 2 * 0.4 * rng.gamma(5, 0.2)))
    noticed = away[rng.random(len(away)) < -np.expm1(-((away / 60) ** -3.0))]
    distance += list(noticed)
    line += [number] * len(noticed)

# Three shapes of the curve, compared by AIC.
curves = {key: fit(distance, key, truncation=180) for key in ("hn", "hr", "exp")}
table = compare(curves)
print(table, table.message, sep="\n")

# Birds a km²: metres × kilometres are 0.001 km².
found = table.best.density(dict.fromkeys(range(20), 2.0), sample=line, convert=0.001)
print(found.message)
detection(table.best).figure.savefig(sys.argv[1], dpi=90)
