"""Which parcels to restore? A plan with neighbours under a budget, and how sure each parcel is.

Run: python examples/ecostat_restoration.py PICTURE.png
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from scipy.ndimage import gaussian_filter

from ecostat.planning import Constraints, Limit, grid_adjacency, portfolio, problem, replacement_cost, solve
from ecostat.plots import priority_map

rng = np.random.default_rng(12)

# The district: 18 × 24 parcels of a hectare. Four habitats lie in patches; land near the road in the south is dear.
shape = (18, 24)
row, column = np.mgrid[0:18, 0:24]
habitat = [gaussian_filter(rng.normal(size=shape), 2.5) for _ in range(4)]
amount = np.array([np.clip(h - np.quantile(h, 0.6), 0, None).ravel() for h in habitat])
price = (20 + 3 * row + rng.gamma(2, 5, shape)).ravel()
families = rng.poisson(np.clip(row - 12, 0, None)).ravel().astype(float)

# The village agreed: no parcel alone (seedlings dry out), and at most 40 families asked to fence their buffaloes.
asked = [Limit(families, most=40, name="families")]
keep = Constraints(adjacency=grid_adjacency(*shape), neighbours=2, limits=asked)
question = problem("shortfall", price, amount, 0.3, relative=True, budget=1600.0, constraints=keep)
plan = solve(question, gap=0.02, time_limit=20)
print(f"{plan.selected.sum()} parcels for {plan.cost:.0f}, short {plan.shortfall.round(2)}: {plan.message}")

# Other plans nearly as good show where there is room to talk, and what each parcel is worth shows where not.
others = portfolio(question, 6, within=0.1, gap=0.05, time_limit=20)
worth = replacement_cost(question, plan, gap=0.05, time_limit=30)
print(f"{others.message}; {worth.message}; dearest to lose is parcel {np.nanargmax(worth.cost)}")

figure, panels = plt.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
priority_map(plan, panels[0], shape=shape)
priority_map(others, panels[1], shape=shape)
figure.savefig(sys.argv[1], dpi=90)
