"""What every picture shares: axes to draw on, and a few colours."""

from typing import TYPE_CHECKING, Any

from ecostat.errors import EcostatError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GREEN, BROWN, GREY = "#2a6f6b", "#b5651d", "0.85"


def axes(given: "Axes | None", count: int = 1) -> Any:
    """The axes given, or new ones (a row of `count`); a sentence where matplotlib is missing."""
    if given is not None:
        return given
    try:
        from matplotlib import pyplot
    except ImportError as error:
        raise EcostatError(
            "Pictures need matplotlib: install it, for instance with baoton[plots]."
        ) from error
    _, made = pyplot.subplots(1, count, figsize=(4.6 * count + 0.6, 3.8), layout="constrained")
    return made
