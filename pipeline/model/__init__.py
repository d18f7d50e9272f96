"""What flows between the rooms: frozen values, no behaviour beyond reading themselves; imports nothing of ours.

Money is integer fen everywhere inside. Rows and columns are Excel's (1-based). A typed value is one of
str, int (also fen), Decimal, date, bool, tuple[str, ...] or None (blank).
"""

from pipeline.model.given import Acts, Arrival, Decision, Filed, Office, Registered, Season, Sheet, Stage, Unit
from pipeline.model.ground import (
    EMPTY,
    Finding,
    FrozenDict,
    Place,
    Ruling,
    WennuanError,
    address,
    column_letters,
    file_id,
    fill,
    partners,
)
from pipeline.model.read import Document, Entry, Marks, Reply, Row, Table
from pipeline.model.results import (
    Checked,
    Coverage,
    Covered,
    District,
    Figure,
    FormState,
    Life,
    Night,
    Past,
    Person,
    Source,
    gathered,
)

__all__ = [
    "EMPTY",
    "Acts",
    "Arrival",
    "Checked",
    "Coverage",
    "Covered",
    "Decision",
    "District",
    "Document",
    "Entry",
    "Figure",
    "Filed",
    "Finding",
    "FormState",
    "FrozenDict",
    "Life",
    "Marks",
    "Night",
    "Office",
    "Past",
    "Person",
    "Place",
    "Registered",
    "Reply",
    "Row",
    "Ruling",
    "Season",
    "Sheet",
    "Source",
    "Stage",
    "Table",
    "Unit",
    "WennuanError",
    "address",
    "column_letters",
    "file_id",
    "fill",
    "gathered",
    "partners",
]
