"""What may be taken for granted of the country."""

from rulebook.country import load_country


def test_the_country_has_a_box_and_the_systems_likeliest_in_it() -> None:
    country = load_country()
    west, south, east, north = country.extent
    assert west < 103.3 < east
    assert south < 22.4 < north
    assert len(set(country.likely_systems)) == len(country.likely_systems) > 5
