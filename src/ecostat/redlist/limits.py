"""The numbers of the IUCN Red List criteria, version 3.1, as the guidelines print them."""

from typing import Final

CATEGORIES: Final = ("LC", "NT", "VU", "EN", "CR")
THREATENED: Final = ("CR", "EN", "VU")

# A, per cent, reached or passed
REDUCTION: Final = {
    "A1": {"CR": 90, "EN": 70, "VU": 50},
    "A2": {"CR": 80, "EN": 50, "VU": 30},
    "A3": {"CR": 80, "EN": 50, "VU": 30},
    "A4": {"CR": 80, "EN": 50, "VU": 30},
}
# grounds that each part may rest on: a direct observation, b index, c area or habitat, d use, e other taxa
GROUNDS: Final = {"A1": "abcde", "A2": "abcde", "A3": "bcde", "A4": "abcde"}

# B, square kilometres, strictly below; locations, not above
RANGE: Final = {
    "B1": {"CR": 100, "EN": 5_000, "VU": 20_000},
    "B2": {"CR": 10, "EN": 500, "VU": 2_000},
}
LOCATIONS: Final = {"CR": 1, "EN": 5, "VU": 10}

# C, mature individuals strictly below, with a decline
SMALL: Final = {"CR": 250, "EN": 2_500, "VU": 10_000}
# C1: per cent, reached or passed, in the longer of these years and generations
C1_PERCENT: Final = {"CR": 25, "EN": 20, "VU": 10}
C1_YEARS: Final = {"CR": 3, "EN": 5, "VU": 10}
C1_GENERATIONS: Final = {"CR": 1, "EN": 2, "VU": 3}
# C2a(i) mature individuals in the largest subpopulation, not above; C2a(ii) per cent in one, reached
LARGEST: Final = {"CR": 50, "EN": 250, "VU": 1_000}
SHARE: Final = {"CR": 90, "EN": 95, "VU": 100}

# D, mature individuals strictly below; D2 (VU only) km² strictly below or locations not above
TINY: Final = {"CR": 50, "EN": 250, "VU": 1_000}
D2_AOO: Final = 20
D2_LOCATIONS: Final = 5

# E, probability reached or passed within these years
EXTINCTION: Final = {"CR": 0.5, "EN": 0.2, "VU": 0.1}
EXTINCTION_YEARS: Final = {"CR": 10, "EN": 20, "VU": 100}

# Near Threatened has no limits in the criteria; these follow the examples of the guidelines (section on NT)
NEAR_REDUCTION: Final = 20
NEAR_RANGE: Final = {"B1": 30_000, "B2": 3_000}
NEAR_SMALL: Final = 15_000
NEAR_TINY: Final = 2_000
