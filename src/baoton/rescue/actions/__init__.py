"""What is done with animals: taking in, care, release, and the days that follow from it."""
