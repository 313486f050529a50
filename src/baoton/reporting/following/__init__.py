"""Who has submitted the report of a period, who is late, what waits to be checked."""
