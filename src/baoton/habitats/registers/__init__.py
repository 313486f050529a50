"""The books of the map, of founding and managing protected areas and of restoration."""

from baoton.habitats.registers import effectiveness, founding, growth, harvest, map, works

__all__ = ["effectiveness", "founding", "growth", "harvest", "map", "works"]
