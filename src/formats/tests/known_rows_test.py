"""Why rows of an export are left out is said in both languages."""

from formats import known


def test_every_reason_has_its_english() -> None:
    rows = known._rows("known_rows.csv")
    assert rows and all(known.in_english(r["reason_vi"]) == r["reason_en"] != r["reason_vi"] for r in rows)


def test_a_reason_nobody_wrote_stays_as_it_is() -> None:
    assert known.in_english("vì thế") == "vì thế"
