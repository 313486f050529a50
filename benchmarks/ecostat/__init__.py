"""Measurements of ecostat, each beside a floor in the same run and the figure of a peer."""
