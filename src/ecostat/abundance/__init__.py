"""Abundance from counts that miss animals: repeated counts, removals, two observers, distance bands."""

from ecostat.abundance.distsamp import DistanceCounts, distsamp
from ecostat.abundance.multinomial import CellCounts, double_observer, removal
from ecostat.abundance.nmixture import NMixture, nmixture

__all__ = [
    "CellCounts",
    "DistanceCounts",
    "NMixture",
    "distsamp",
    "double_observer",
    "nmixture",
    "removal",
]
