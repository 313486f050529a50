"""Abundance from counts that miss animals: repeated counts, and counts in distance bands."""

from ecostat.abundance.distsamp import DistanceCounts, distsamp
from ecostat.abundance.nmixture import NMixture, nmixture

__all__ = ["DistanceCounts", "NMixture", "distsamp", "nmixture"]
