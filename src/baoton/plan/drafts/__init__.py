"""Plans read from a file, corrected by a person, and adopted as plans of the programme."""
