"""xlsx.py FILE: the first sheet of a workbook as JSON, read by openpyxl, which has nothing in common
with what writes it: {cells: rows of values, merged: ranges, formulas: how many, frozen, landscape, locked,
header, properties}."""
import json
import sys
import xml.etree.ElementTree
import zipfile
import openpyxl


def properties():
    """Those of the document that programs make up themselves."""
    with zipfile.ZipFile(sys.argv[1]) as parts:
        if "docProps/custom.xml" not in parts.namelist():
            return {}
        root = xml.etree.ElementTree.fromstring(parts.read("docProps/custom.xml"))
    return {p.get("name"): p[0].text for p in root}


sheet = openpyxl.load_workbook(sys.argv[1]).worksheets[0]
rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
formulas = sum(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
print(json.dumps({
    "title": sheet.title, "cells": rows, "merged": sorted(str(r) for r in sheet.merged_cells.ranges),
    "formulas": formulas, "frozen": sheet.freeze_panes,
    "landscape": sheet.page_setup.orientation == "landscape",
    "locked": bool(sheet.protection.sheet), "header": sheet.oddHeader.center.text,
    "properties": properties(),
}, ensure_ascii=False))
