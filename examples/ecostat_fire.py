"""Draws the P index beside the Canadian Fire Weather Index for 48 days of weather.

Run: python examples/ecostat_fire.py REFERENCE_FOLDER PICTURE.png (needs test_fwi.csv). The rain of 5 mm that
resets P is for illustration; a province's decision says its own.
"""

import csv
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from ecostat.fire import fwi, p_index


def main(reference: Path, picture: Path) -> None:
    """The picture is drawn, and the largest gap to the published codes printed."""
    with open(reference / "test_fwi.csv", encoding="utf-8") as rows:
        table = list(csv.DictReader(rows))
    t, rh, wind, rain, month, printed = (
        np.array([float(row[name]) for row in table]) for name in ("TEMP", "RH", "WS", "PREC", "MON", "FWI")
    )
    canadian = fwi(t, rh, wind, rain, month.astype(int), lat=float(table[0]["LAT"]))
    p = p_index(t, rh, rain, reset_mm=5)
    print(f"FWI differs from the published table by at most {np.abs(canadian.fwi - printed).max():.1e}")
    print(f"P reaches {p.max():,.0f}; correlation with FWI {np.corrcoef(p, canadian.fwi)[0, 1]:.2f}")
    day = np.arange(1, len(table) + 1)
    figure, (top, bottom) = plt.subplots(
        2, 1, figsize=(9, 6), sharex=True, layout="constrained", height_ratios=(3, 1)
    )
    top.plot(day, p, color="#b5651d", label="P index (resets above 5 mm)")
    top.set(ylabel="P", ylim=(0, None), title="Dry days add up: P and FWI")
    other = top.twinx()
    other.plot(day, canadian.fwi, color="#2a6f6b", label="Canadian FWI")
    other.set(ylabel="FWI", ylim=(0, None))
    top.legend(handles=[*top.lines, *other.lines], frameon=False, loc="upper left")
    bottom.bar(day, rain, color="#4a78b5")
    bottom.axhline(5, color="#888888", lw=0.8)
    bottom.set(xlabel="day", ylabel="rain, mm")
    figure.savefig(picture, dpi=120)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
