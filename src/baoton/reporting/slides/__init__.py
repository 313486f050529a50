"""The state of the programme as PowerPoint, from the figures that a report kept."""
