"""Draws what a herd's sires and dams make of its diversity, and what linkage says of 30 genotyped animals.

Run: python examples/ecostat_genetics.py REFERENCE_FOLDER PICTURE.png (reads ld_genotypes_30x40.csv).
"""

import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from ecostat.genetics import effective_size, fao_risk, inbreeding_after, inbreeding_rate, ld_effective_size

DAMS = 60
SIRES = (1, 2, 5, 10, 20, 40)
GENERATIONS = np.arange(0, 31)


def main(folder: Path, picture: Path) -> None:
    """The picture is drawn and the figures printed."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.5), layout="constrained")
    for sires in SIRES:
        ne = effective_size(sires, DAMS)
        loss = [100 * inbreeding_after(ne, int(g)) for g in GENERATIONS]
        left.plot(GENERATIONS, loss, label=f"{sires} sire(s): Ne {ne:.0f}")
        print(
            f"{sires} sires, {DAMS} dams: Ne {ne:.1f}, inbreeding {100 * inbreeding_rate(ne):.2f} % a generation, "
            f"{fao_risk(sires, DAMS).category}"
        )
    left.set(title=f"Inbreeding of a herd with {DAMS} dams", xlabel="generations", ylabel="inbreeding (%)")
    left.legend(frameon=False)
    genotypes = np.genfromtxt(folder / "ld_genotypes_30x40.csv", delimiter=",")
    told = ld_effective_size(genotypes)
    print(
        f"linkage of {told.loci} loci in {len(genotypes)} animals: "
        f"Ne {told.ne:.0f} ({told.ci[0]:.0f} to {told.ci[1]:.0f})"
    )
    share = np.nanmean(genotypes, axis=0) / 2
    right.bar(np.arange(share.size), np.sort(share), color="#0f5b46")
    right.set(
        title=f"Allele shares of {share.size} loci (linkage: Ne {told.ne:,.0f})",
        xlabel="locus, sorted",
        ylabel="share",
    )
    figure.savefig(picture, dpi=110)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
