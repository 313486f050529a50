"""The calendar of one reader: what falls on which day, as pages and as a file that telephones read."""
