"""Formulas as we write them go in unchanged: an XlsxWriter workbook whose sheets skip the search for newer Excel functions."""

from __future__ import annotations

from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

OPTIONS = {"in_memory": True, "strings_to_numbers": False, "strings_to_urls": False, "strings_to_formulas": False}


class _Sheet(Worksheet):  # type: ignore[misc]
    """XlsxWriter looks for some seventy function names in every formula; ours use functions of Excel 2007 only (experience 3.1)."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


class _Workbook(xlsxwriter.Workbook):  # type: ignore[misc]
    def add_worksheet(self, name: str | None = None, worksheet_class: Any = None) -> Any:
        return super().add_worksheet(name, worksheet_class or _Sheet)


def new_workbook(buffer: BinaryIO) -> Any:
    """An empty workbook in memory that takes every text as text."""
    return _Workbook(buffer, OPTIONS)
