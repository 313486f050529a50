"""Documents in the layout of the decree on paperwork."""
