"""Tables in the files people have: CSV in any encoding and with any separator, and XLSX; read row by row."""

from groundwork.sheets.reading import Sheet, UnreadableError, open_sheet
from groundwork.sheets.values import day, safe_cell

__all__ = ["Sheet", "UnreadableError", "day", "open_sheet", "safe_cell"]
