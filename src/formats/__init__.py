"""Files to Arrow tables and back: read without loss, every oddity told, written whole."""

from formats import coordinates, crs, dates, dwc
from formats.bounded import Limits
from formats.bounded import open as open_bounded
from formats.csv_writing import write_csv
from formats.dwca_writing import DwcaTable, write_dwca
from formats.eml import EML, Agent, read_eml
from formats.opening import open
from formats.source import FormatError, Source, Table, Warning
from formats.vector_writing import write_geojson, write_gpkg
from formats.xlsform_writing import xlsform
from formats.xlsx_writing import write_xlsx

__all__ = [
    "EML",
    "Agent",
    "DwcaTable",
    "FormatError",
    "Limits",
    "Source",
    "Table",
    "Warning",
    "coordinates",
    "crs",
    "dates",
    "dwc",
    "open",
    "open_bounded",
    "read_eml",
    "write_csv",
    "write_dwca",
    "write_geojson",
    "write_gpkg",
    "write_xlsx",
    "xlsform",
]
