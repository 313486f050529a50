"""When do muntjacs walk, and when do poachers? Two curves of the day and what they share.

Run: python examples/ecostat_day.py PICTURE.png
"""

import sys

import numpy as np

from ecostat.events import activity, overlap
from ecostat.plots import activity as draw

rng = np.random.default_rng(5)

# Hours of independent photos: muntjacs at dawn and dusk, people in the morning and late in the evening.
muntjac = np.r_[rng.normal(5.8, 1.2, 90), rng.normal(18.2, 1.5, 80)] % 24 / 24
people = np.r_[rng.normal(8.5, 1.5, 50), rng.normal(21.0, 1.2, 40)] % 24 / 24

panel = draw(activity(muntjac, reps=300, rng=rng), label="muntjac")
draw(activity(people, reps=300, rng=rng), panel, colour="#b5651d", label="people")
shared = overlap(muntjac, people, reps=300, rng=rng)
panel.set_title(f"overlap {shared.estimate:.2f} ({shared.ci[0]:.2f}–{shared.ci[1]:.2f})", fontsize=10)
panel.figure.savefig(sys.argv[1], dpi=90)
print(shared.message)
