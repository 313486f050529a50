"""The yearly report in Word: a template an office may change, its filling, and real footnotes."""
