"""The books of the map, of founding protected areas and of restoration."""

from baoton.habitats.registers import founding, growth, harvest, map, works

__all__ = ["founding", "growth", "harvest", "map", "works"]
