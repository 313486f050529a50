"""The books of the map and of founding protected areas."""

from baoton.habitats.registers import founding, map

__all__ = ["founding", "map"]
