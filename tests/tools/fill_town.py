"""fill_town.py BOOK FOLDER zh|en: writes the sample town's CSV files into the workbook that people fill in,
by headings, as a spreadsheet program would: days as days, telephones as numbers. Prints what the lists
of roles and units offer, read by openpyxl."""
import csv
import datetime
import json
import pathlib
import re
import sys
import openpyxl

path, folder, lang = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
book = openpyxl.load_workbook(path)
names = {"town": ("本镇", "Town"), "division": ("社区", "Communities"), "unit": ("单位", "Units"),
         "calendar": ("日历", "Calendar"), "person": ("人员", "People")}


def value(text):
    day = re.fullmatch(r"(\d{4})\D+(\d+)\D+(\d+)\D?", text)
    if day and len(text) <= 11:
        return datetime.date(*map(int, day.groups()))
    return int(text) if re.fullmatch(r"1\d{10}", text) else text


for name, titles in names.items():
    sheet = book[titles[lang == "en"]]
    rows = list(csv.reader(open(folder / f"{name}.csv", encoding="utf-8")))
    heads = [str(c.value).rstrip("*") for c in sheet[2]]
    if lang == "en":        # columns stand in the same order in both languages
        order = json.loads((folder / "headings.json").read_text())[name]
        heads = order
    else:
        known = folder / "headings.json"
        all_heads = json.loads(known.read_text()) if known.exists() else {}
        known.write_text(json.dumps({**all_heads, name: heads}, ensure_ascii=False))
    for i, row in enumerate(rows[1:]):
        for head, text in zip(rows[0], row):
            cell = sheet.cell(row=4 + i, column=heads.index(head) + 1)
            cell.value = value(text)
            if isinstance(cell.value, int):
                cell.number_format = "General"
people = book[names["person"][lang == "en"]]
lists = {str(v.sqref).split(":")[0].rstrip("0123456789"): v.formula1
         for v in people.data_validations.dataValidation}
book.save(path)
print(json.dumps({"roles": lists["F"], "units": lists["E"]}, ensure_ascii=False))
