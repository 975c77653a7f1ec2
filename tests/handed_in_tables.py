"""Tables of made-up figures as offices hand them in: title and unit above, merged headers, notes below, other encodings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl

CASELOAD = """\
表3-1 2024—2025年宁波市各法院知识产权案件收结情况,,,,,,,
填报单位：研究室,,,,,,单位：件,
序号,年份,法院,旧存,新收,结案,未结,结案率（%）
1,2024年,知识产权法庭,131,1624,1635,120,100.7
2,2024年,海曙法院,37,488,485,40,99.4
3,2024年,鄞州法院,71,799,805,65,100.8
4,2024年,余姚法院,20,301,299,22,99.3
5,2024年,合计,259,3212,3224,247,100.4
6,2025年,知识产权法庭,120,1700,1650,170,97.1
7,2025年,海曙法院,40,510,500,50,98.0
8,2025年,鄞州法院,65,820,815,70,99.4
9,2025年,余姚法院,22,333,340,15,102.1
10,2025年,合计,247,3363,3305,305,98.3
注：不含二审案件；结案率为结案数与新收数之比。,,,,,,,
"""

SEIZURES = """\
宁波海关查扣涉嫌侵权货物情况表,,,,,,,
指标,单位,2019年,2020年,2021年,2022年,2023年,2024年
查扣批次,批次,1204,1388,1097,865,1011,1240
其中：货运渠道,批次,412,390,377,298,310,355
邮递渠道,批次,503,611,402,366,422,508
跨境电商渠道,批次,289,387,318,201,279,377
查扣数量,万件,1580.2,1903.7,1766.1,2130.8,1877.0,2204.3
案值,万元,5120.4,6033.8,5711.6,6464.9,5990.7,7015.2
其中：商标侵权案值,万元,4807.1,5566.2,5402.0,6101.3,—,6688.4
案值比上年增长,%,,17.8,-5.3,13.2,-7.3,17.1
资料来源：海关法规部门,,,,,,,
"""

_INDUSTRIES = ("新一代信息技术", "高端装备", "新材料", "生物医药")
_STOCKS = {
    2021: ((4120, 1310), (6233, 1702), (5518, 2044), (1871, 690)),
    2022: ((4987, 1633), (7105, 2011), (6402, 2390), (2250, 861)),
    2023: ((6015, 2104), (8340, 2477), (7299, 2855), (2718, 1077)),
    2024: ((7128, 2690), (9702, 3015), (8410, 3402), (3301, 1366)),
}


def write_caseload(folder: Path) -> Path:
    """Write a caseload by court as CSV UTF-8 with a mark, and give its path."""
    path = folder / "caseload-2025.csv"
    path.write_bytes(CASELOAD.replace("\n", "\r\n").encode("utf-8-sig"))
    return path


def write_seizures(folder: Path) -> Path:
    """Write seizures, years across, as CSV GB18030, and give its path."""
    path = folder / "海关查扣.csv"
    path.write_bytes(SEIZURES.encode("gb18030"))
    return path


def write_industries(folder: Path) -> Path:
    """Write stock and shares by industry over years as XLSX with a header of two rows in merged cells, and give its path."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "产业"
    sheet.append(["附表2  宁波市战略性新兴产业发明专利情况"])
    sheet.merge_cells("A1:G1")
    sheet.append(["（2021—2024年）"])
    sheet.append(["年份", "产业", "有效发明专利", None, None, "高价值发明专利", None])
    sheet.append([None, None, "拥有量（件）", "占比（%）", "同比增长（%）", "拥有量（件）", "占有效发明专利比重（%）"])
    for cells in ("A3:A4", "B3:B4", "C3:E3", "F3:G3"):
        sheet.merge_cells(cells)
    before: list[int] = []
    for year, stocks in _STOCKS.items():
        sums = [sum(each[at] for each in stocks) for at in (0, 1)]
        all_rows = [*zip(_INDUSTRIES, stocks, strict=True), ("合计", (sums[0], sums[1]))]
        first = sheet.max_row + 1
        for number, (industry, (stock, high)) in enumerate(all_rows):
            growth = round((stock / before[number] - 1) * 100, 1) if before else None
            label = f"{year}年" if number == 0 else None
            sheet.append([label, industry, stock, round(stock / sums[0] * 100, 1), growth, high, round(high / stock * 100, 2)])
        sheet.merge_cells(f"A{first}:A{first + len(all_rows) - 1}")
        before = [stock for _, (stock, _) in all_rows]
    sheet.append(["注：各产业互不重复。"])
    path = folder / "industries.xlsx"
    book.save(path)
    return path


TABLES: dict[str, tuple[Callable[[Path], Path], tuple[str, ...]]] = {
    "local.caseload": (write_caseload, ()),
    "emerging.stock": (write_industries, ("--domain-title", "战略性新兴产业")),
    "customs.channels": (write_seizures, ("--title", "海关分渠道查扣情况")),
}
"""For each table, what writes the file that is handed in, and the options that state what it does not."""
