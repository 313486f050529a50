"""How many leopard cats live around 49 cameras, and how far does a camera see them?

Run: python examples/ecostat_capture_reach.py PICTURE.png
"""

import sys

import numpy as np

from ecostat.capture import buffer_mask, secr, survey
from ecostat.models import compare
from ecostat.plots import reach

rng = np.random.default_rng(11)

# Cameras every 400 m, two months in eight weeks; cats have their homes anywhere within 2 km.
posts = np.stack(np.meshgrid(*[np.arange(7) * 400.0] * 2), axis=-1).reshape(-1, 2)
ground, cell = buffer_mask(posts, 2000, 150)
homes = ground[rng.integers(len(ground), size=rng.poisson(1.5e-6 * len(ground) * cell))]
away = np.sqrt(((homes[:, None] - posts) ** 2).sum(axis=2))
cat, week, camera = np.nonzero(
    rng.random((len(homes), 8, 49)) < 0.3 * np.exp(-(away**2) / (2 * 350**2))[:, None]
)

# The coats tell the cats apart: who was seen where, in which week.
seen = survey(posts, ground, cell, animal=cat, post=camera, occasion=week, occasions=8)

# Three ways in which detection may fall with distance.
shapes = {name: secr(seen, detect=name, g0=None) for name in ("hn", "ex", "hr")}
table = compare(shapes)
print(table, table.message, sep="\n")

best = table.best
print(
    f"{best.density[0]:.2f} cats a km² ({best.density_lower[0]:.2f} to {best.density_upper[0]:.2f}); true 1.50"
)
print(f"σ {best.sigma:.0f} ± {best.sigma_se:.0f} m, at the camera {best.g0:.2f} ± {best.g0_se:.2f}")
reach(best).figure.savefig(sys.argv[1], dpi=90)
