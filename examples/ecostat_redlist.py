"""A Red List dossier from 300 records: where the plant grows, how fast it dwindles, what that makes it.

Run: python examples/ecostat_redlist.py MAP.geojson PICTURE.png
"""

import sys
from pathlib import Path

import numpy as np

from ecostat.plots import range_map
from ecostat.redlist import assess

# An orchid was found 300 times along two ridges; one in five finds is older than 2005.
rng = np.random.default_rng(2024)
points = np.vstack([rng.normal((103.10, 22.40), 0.05, (220, 2)), rng.normal((103.60, 22.05), 0.04, (80, 2))])
years = rng.choice(np.r_[1990:2005, 2005:2025], 300, p=np.r_[np.full(15, 0.2 / 15), np.full(20, 0.04)])

# Rangers counted its shoots on the same plots every year: about 4 % fewer each time.
counted = np.arange(2006, 2025)
shoots = 900 * 0.96 ** (counted - 2006) * np.exp(rng.normal(0, 0.1, counted.size))

dossier = assess(
    points,
    years,
    since=2005,  # older finds do not stand for the present range
    series=(counted, shoots),
    basis="A2bd",  # an index of abundance, and collecting
    generation_length=8,  # so criterion A looks back 24 years
    threat_m=10_000,  # one village's collectors reach this far
    reach_m=5_000,  # seed and pollen do not
    viable_km2=40,  # less ground than that holds no lasting population
    continuing_decline=("iii", "v"),  # of habitat and of mature individuals
)
print(dossier.message, *dossier.notes, sep="\n")
for finding in dossier.assessment.findings:
    print(f"{finding.criterion}: {finding.category} ({finding.reason or 'ruled out'})")
Path(sys.argv[1]).write_text(dossier.geojson(), encoding="utf-8")
range_map(dossier, points).figure.savefig(sys.argv[2], dpi=90)
