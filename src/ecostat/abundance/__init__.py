"""Abundance from counts that miss animals: repeated counts, removals, two observers, distance bands."""

from ecostat.abundance.distsamp import DistanceCounts, distsamp
from ecostat.abundance.multinomial import CellCounts, double_observer, removal
from ecostat.abundance.nmixture import NMixture, nmixture
from ecostat.abundance.open_population import OpenNMixture, open_nmixture

__all__ = [
    "CellCounts",
    "DistanceCounts",
    "NMixture",
    "OpenNMixture",
    "distsamp",
    "double_observer",
    "nmixture",
    "open_nmixture",
    "removal",
]
