"""A plan on the map: which units, in which order, or how often."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from ecostat import gates
from ecostat.errors import EcostatError
from ecostat.planning import Nested, Plan, Portfolio
from ecostat.plots.drawing import GREEN, GREY, axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Result = Plan | Portfolio | Nested


def priority_map(
    result: Result,
    ax: "Axes | None" = None,
    *,
    shape: tuple[int, int] | None = None,
    present: ArrayLike | None = None,
    polygons: Any = None,
) -> "Axes":
    """The selected units; of nested plans the first year of each, of a portfolio how often each returns.

    The units lie on a grid of `shape` (rows, columns), row by row, those of `present` alone where a mask (rows,
    columns) is given; or they are `polygons` (n,) of shapely.
    """
    value, title, names = _read(result)
    panel = axes(ax)
    colours = {"cmap": "YlGn", "vmin": 0.0, "vmax": 1.0}
    if polygons is not None:
        drawn = _draw_polygons(panel, polygons, value, colours)
    else:
        drawn = panel.imshow(_raster(value, shape, present), interpolation="nearest", **colours)
    if names:
        ticks = np.linspace(0, 1, len(names))
        bar = panel.figure.colorbar(drawn, ax=panel, shrink=0.8, ticks=ticks)
        bar.ax.set_yticklabels(names)
    panel.set(xticks=[], yticks=[])
    panel.set_title(title, fontsize=10)
    return panel


def _read(result: Result) -> tuple[Any, str, list[str]]:
    """What to colour each unit by (0 to 1), the title, and the words of the colour bar."""
    if isinstance(result, Nested):
        years = len(result.plans)
        value = np.where(result.year < 0, 0.0, (years - result.year) / years)
        names = ["never", *(f"year {years - k}" for k in range(years))]
        return value, f"{years} plans, {result.message.split(';')[0]}", names
    if isinstance(result, Portfolio):
        return result.frequency, f"how often in {len(result.plans)} good plans", ["never", "half", "always"]
    if isinstance(result, Plan):
        said = f"{int(result.selected.sum())} units, cost {result.cost:.4g}\n{result.message}"
        return result.selected.astype(np.float64), said, []
    raise EcostatError(
        f"a priority map shows a plan, nested plans or a portfolio, not {type(result).__name__}"
    )


def _raster(value: Any, shape: tuple[int, int] | None, present: ArrayLike | None) -> Any:
    if present is not None:
        there = gates.numbers("present", present, dims=2, missing=False) == 1
    elif shape is not None:
        there = np.ones(shape, bool)
    else:
        raise EcostatError("say where the units lie: shape (rows, columns), present or polygons")
    if int(there.sum()) != value.size:
        raise EcostatError(f"the map has {int(there.sum())} places for {value.size} units")
    raster = np.full(there.shape, np.nan)
    raster[there] = value
    return raster


def _draw_polygons(panel: Any, polygons: Any, value: Any, colours: dict[str, Any]) -> Any:
    import shapely
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    shapes = np.asarray(getattr(polygons, "values", polygons), dtype=object)
    if shapes.shape != value.shape or not shapely.is_geometry(shapes).all():
        raise EcostatError(f"polygons must be {value.size} shapely geometries, one a unit")
    patches, numbers = [], []
    for unit, shape in enumerate(shapes):
        for part in shapely.get_parts(shape):
            rings = [part.exterior, *part.interiors]
            paths = [Path(np.asarray(ring.coords), closed=True) for ring in rings]
            patches.append(PathPatch(Path.make_compound_path(*paths)))
            numbers.append(unit)
    drawn = PatchCollection(patches, edgecolor=GREY, linewidth=0.5, cmap=colours["cmap"])
    drawn.set_array(value[numbers])
    drawn.set_clim(colours["vmin"], colours["vmax"])
    panel.add_collection(drawn)
    panel.autoscale_view()
    panel.set_aspect("equal")
    panel.set_facecolor("white")
    panel.spines[:].set_color(GREEN)
    return drawn
