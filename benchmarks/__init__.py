"""Measurements: ours beside a stated floor or peer, as ratios in one run."""
