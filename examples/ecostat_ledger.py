"""Draws two breeding ledgers against the most their stock could bear, and names what neither explains.

Run: python examples/ecostat_ledger.py REFERENCE_FOLDER PICTURE.png (the folder is not read: both ledgers are
made up here, with biology for illustration only).
"""

import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from ecostat.ledger import Biology, Entry, Stock, implausible, max_offspring

BIOLOGY = Biology(litter_max=2, litter_interval_months=4, first_litter_months=10)
LEDGERS = {
    "an honest keeper": [
        Entry(0, "opening", 6, "f"),
        Entry(0, "opening", 2, "m"),
        *(Entry(month, "birth", 4) for month in range(2, 24, 3)),
        *(Entry(month, "out", 5) for month in range(8, 24, 5)),
    ],
    "a keeper who buys from the forest": [
        Entry(0, "opening", 6, "f"),
        Entry(0, "opening", 2, "m"),
        *(Entry(month, "birth", 16) for month in range(2, 24, 3)),
        *(Entry(month, "out", 25) for month in range(8, 24, 5)),
    ],
}


def main(picture: Path) -> None:
    """The picture is drawn and the reasons printed."""
    bound = np.cumsum(max_offspring(Stock(6, males=2), BIOLOGY, 24).by_month)
    figure, axes = plt.subplots(1, 2, figsize=(12, 4.5), sharey=True, layout="constrained")
    for panel, (who, ledger) in zip(axes, LEDGERS.items(), strict=True):
        births = np.zeros(24)
        for entry in ledger:
            if entry.kind == "birth":
                births[entry.at] += entry.number or 0
        reasons = implausible(ledger, BIOLOGY)
        panel.step(
            range(24), bound, where="post", color="#888888", label="the most that can be born if none leaves"
        )
        panel.step(range(24), births.cumsum(), where="post", color="#2a6f6b", label="births in the ledger")
        for reason in reasons:
            month = ledger[reason.entries[0]].at
            panel.plot(month, births.cumsum()[month], "o", color="#b5651d")
            print(f"{who}: {reason.sentence}")
        animals = sum(reason.animals for reason in reasons)
        panel.set(title=f"{who}:\n{animals} animals without an explained origin", xlabel="month")
        panel.set_yscale("log")
        panel.legend(frameon=False)
    axes[0].set_ylabel("births so far")
    figure.savefig(picture, dpi=120)


if __name__ == "__main__":
    main(Path(sys.argv[2]))
