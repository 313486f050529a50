"""Where does the pheasant live? From a season of camera traps to a map that says how sure it is.

Run: python examples/ecostat_occupancy_map.py PICTURE.png
"""

import sys

import numpy as np

from ecostat.models import compare, goodness
from ecostat.occupancy import occu
from ecostat.plots import prediction_map

rng = np.random.default_rng(7)

# The commune: a valley between two ridges, with forest thinning out towards the villages.
row, column = np.mgrid[0:60, 0:90] / 60
height = 500 + 900 * np.abs(column - 0.75) + 250 * np.sin(4 * row)
forest = np.clip(1.2 * np.abs(column - 0.75) + 0.2 * np.cos(6 * row) + 0.15, 0, 1)

# 120 camera stations, six weeks each; rain keeps the birds still. Some cameras were lost.
at = rng.choice(height.size, 120, replace=False)
data = {"height": height.ravel()[at], "forest": forest.ravel()[at], "rain": rng.gamma(1, 15, (120, 6))}
lives = rng.random(120) < 1 / (1 + np.exp(-(-2 + 5 * data["forest"] - ((data["height"] - 900) / 300) ** 2)))
photographed = lives[:, None] & (rng.random((120, 6)) < 0.5 * np.exp(-data["rain"] / 60))
weeks = np.where(rng.random((120, 6)) < 0.1, np.nan, photographed)

# Four ideas of what the bird needs, one table, and does the best of them fit?
formulas = ("1", "forest", "height + height^2", "forest + height + height^2")
ideas = {f: occu(weeks, f, "rain", data=data) for f in formulas}
table = compare(ideas, small=True)
print(table, table.message, sep="\n")
check = goodness(table.best, times=300, rng=rng)
print(check.message)

# The map: raw height and forest of every cell, averaged over the four ideas.
everywhere = table.predict("psi", {"height": height, "forest": forest})
panels = prediction_map(everywhere, label="chance that the pheasant lives here")
panels[0].figure.savefig(sys.argv[1], dpi=90)
