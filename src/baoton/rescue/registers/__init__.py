"""The books of rescue: animals, their care, releases with their checklist, sightings, programmes, papers."""

from baoton.rescue.registers import animals, releases

__all__ = ["animals", "releases"]
