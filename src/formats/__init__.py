"""Files to Arrow tables and back: read without loss, every oddity told, written whole."""

from formats import crs, dwc
from formats.eml import EML, Agent, read_eml
from formats.opening import open
from formats.source import FormatError, Source, Table, Warning

__all__ = ["EML", "Agent", "FormatError", "Source", "Table", "Warning", "crs", "dwc", "open", "read_eml"]
