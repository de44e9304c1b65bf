"""What stands in cells: days as people write them, and cells that no spreadsheet runs."""

from __future__ import annotations

from datetime import date, datetime

DAYS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y")
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def day(said: str) -> date | None:
    """ "11/30/2026" or "Nov 30, 2026" as a day; a time behind it is left out. None for what is no day."""
    for words in (said.strip(), said.strip().split("T")[0].split(" ")[0]):
        for form in DAYS:
            try:
                return datetime.strptime(words, form).date()  # noqa: DTZ007  (a day has no zone)
            except ValueError:
                continue
    return None


def safe_cell(cell: str) -> str:
    """A spreadsheet would run a cell that begins like a formula; the words come from strangers."""
    return f"'{cell}" if cell.startswith(STARTS_A_FORMULA) else cell
