"""What is printed on facilities: each a Word template that the office may replace with its own."""
