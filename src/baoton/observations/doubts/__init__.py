"""Why a record needs a second look, one file a group of rules; each reason is a sentence with its evidence."""

from baoton.observations.doubts import days, names, numbers, pictures, places, range, season

__all__ = ["days", "names", "numbers", "pictures", "places", "range", "season"]
