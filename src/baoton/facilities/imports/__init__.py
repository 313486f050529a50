"""Books of facilities from Excel, through the one import machine."""

from baoton.facilities.imports import book as book
