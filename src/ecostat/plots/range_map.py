"""The range of a taxon: its records, the hull around them and the cells they lie in."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ecostat import gates
from ecostat.errors import EcostatError
from ecostat.plots.drawing import BROWN, GREEN, axes
from ecostat.redlist import Dossier

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def range_map(dossier: Dossier, points: ArrayLike | None = None, ax: "Axes | None" = None) -> "Axes":
    """Hull and cells of a `redlist.assess`, with `points` (n, 2) in degrees where given, a colour a subpopulation
    (crosses where a record was not used). Degrees east are drawn as long as they are at the middle of the map."""
    from matplotlib.collections import PolyCollection

    dossier = gates.instance("dossier", dossier, Dossier, "redlist.assess")
    panel = axes(ax)
    panel.add_collection(
        PolyCollection(list(dossier.cells), facecolor=GREEN, alpha=0.35, edgecolor=GREEN, lw=0.5)
    )
    if dossier.hull is not None:
        panel.plot(*dossier.hull.T, color=BROWN, lw=1.2)
    if points is not None:
        at = gates.numbers("points", points, dims=2)
        if len(at) != dossier.records:
            raise EcostatError(f"points has {len(at)} rows, and the dossier was made of {dossier.records}")
        east = dossier.cells[..., 0].max()
        turned = np.where(at[:, 0] < east - 180, at[:, 0] + 360, at[:, 0])
        used = dossier.subpopulation >= 0
        panel.scatter(
            turned[used], at[used, 1], c=dossier.subpopulation[used] % 10, cmap="tab10", vmin=0, vmax=9, s=6
        )
        panel.plot(turned[~used], at[~used, 1], "x", color="0.4", ms=4)
    middle = float(np.mean([dossier.cells[..., 1].min(), dossier.cells[..., 1].max()]))
    panel.set_aspect(1 / max(np.cos(np.radians(middle)), 0.05))
    panel.set(xlabel="longitude", ylabel="latitude")
    told = f"{dossier.code}: EOO {dossier.eoo_km2:.0f} km², AOO {dossier.aoo.km2:.0f} km², n = {dossier.n}"
    panel.set_title(told, fontsize=10)
    return panel
