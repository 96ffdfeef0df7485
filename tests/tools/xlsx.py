"""xlsx.py FILE: the first sheet of a workbook as JSON, read by openpyxl, which has nothing in common
with what writes it: {cells: rows of values, merged: ranges, formulas: how many, frozen, landscape}."""
import json
import sys
import openpyxl

sheet = openpyxl.load_workbook(sys.argv[1]).worksheets[0]
rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
formulas = sum(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
print(json.dumps({
    "title": sheet.title, "cells": rows, "merged": sorted(str(r) for r in sheet.merged_cells.ranges),
    "formulas": formulas, "frozen": sheet.freeze_panes,
    "landscape": sheet.page_setup.orientation == "landscape",
}, ensure_ascii=False))
