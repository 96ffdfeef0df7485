/* form.c: the tables of a town, column by column: what reading and the forms to fill in share. */
#include "town/town.h"

const struct town_choice town_functions[] = {
    { "police", "公安", "Police" }, { "station", "派出所", "Police station" },
    { "traffic", "交警", "Traffic police" }, { "fire", "消防", "Fire safety" },
    { "order", "城管", "Urban management" }, { "waste", "环卫", "Waste" },
    { "lamps", "路灯", "Street lamps" }, { "roads", "道路", "Roads" },
    { "water", "水务", "Water" }, { "tapwater", "供水", "Tap water" },
    { "power", "供电", "Power supply" }, { "trees", "绿化", "Trees and greenery" },
    { "environment", "环保", "Environment" }, { "construction", "建设", "Construction" },
    { "housing", "住房", "Housing" }, { "market", "市场监管", "Market regulation" },
    { "labour", "劳动保障", "Labour" }, { "justice", "司法", "Justice" },
    { "civil", "民政", "Civil affairs" }, { "health", "卫健", "Health" },
    { "petition", "信访", "Petitions" }, { "service", "政务服务", "Public services" },
    { "mediation_committee", "人民调解", "Mediation committee" }, { NULL, NULL, NULL },
};
const struct town_choice town_roles[] = {
    { "grid_worker", "网格员", "Grid worker" }, { "grid_lead", "网格长", "Grid lead" },
    { "clerk", "承办人", "Clerk" }, { "chief", "部门负责人", "Head of unit" },
    { "dispatcher", "调度员", "Dispatcher" }, { "supervisor", "督办员", "Supervisor" },
    { "mediator", "调解员", "Mediator" }, { "auditor", "审计员", "Auditor" },
    { "admin", "管理员", "Administrator" }, { "wall", "指挥大屏", "Wall display" },
    { NULL, NULL, NULL },
};
const struct town_choice town_stages[] = {
#define X(word, zh, en) { word, zh, en },
    MATTER_STAGES(X)
#undef X
    { "accept", "受理调解", "Accept" },
    { "mediate", "调解", "Mediate" }, { "medical", "医疗纠纷", "Medical dispute" },
    { "labour", "劳动争议", "Labour dispute" }, { "traffic", "交通事故", "Traffic accident" },
    { "court", "司法确认", "Court" }, { "settle", "签署", "Sign the agreement" },
    { "visit", "回访", "Call back" }, { "personal", "个人信息请求", "Requests on personal data" },
    { NULL, NULL, NULL },
};
static const struct town_choice crs_names[] = { { "wgs84", "GPS", "GPS" },
    { "cgcs2000", "国家2000", "China 2000" }, { "gcj02", "高德/腾讯", "Amap, Tencent" },
    { "bd09", "百度", "Baidu" }, { NULL, NULL, NULL } };
static const struct town_choice unit_kinds[] = {
    { "committee", "居村委会", "Residents' committee" }, { "centre", "综治中心", "Governance centre" },
    { "station", "警所", "Police station" }, { "department", "部门", "Department" },
    { "mediation", "调委会", "Mediation committee" }, { "studio", "工作室", "Studio" },
    { "court", "法庭", "Court" }, { "company", "企业", "Company" }, { "team", "队伍", "Team" },
    { NULL, NULL, NULL } };
static const struct town_choice grid_kinds[] = { { "base", "基础网格", "Base grid" },
    { "dedicated", "专属网格", "Dedicated grid" }, { NULL, NULL, NULL } };
static const struct town_choice time_units[] = { { "WH", "工作小时", "Working hours" },
    { "EH", "小时", "Hours" }, { "WD", "工作日", "Working days" }, { "CD", "日历日", "Calendar days" },
    { NULL, NULL, NULL } };
static const struct town_choice tiers[] = { { "1", "一般", "Ordinary" }, { "2", "较大", "Considerable" },
    { "3", "重大", "Major" }, { "4", "突发紧急", "Emergency" }, { "0", "不限", "Any" },
    { NULL, NULL, NULL } };
static const struct town_choice levels[] = { { "community", "社区", "Community" },
    { "town", "镇街", "Town" }, { "county", "区县", "County" }, { "city", "最上级", "Top" },
    { NULL, NULL, NULL } };
static const struct town_choice layers[] = { { "grid", "网格", "Grid" }, { "micro", "微网格", "Micro-grid" },
    { "police", "警务网格", "Police grid" }, { "unit", "单位", "Unit" }, { NULL, NULL, NULL } };
static const struct town_choice langs[] = { { "zh-CN", "中文", "Chinese" }, { "en", "英文", "English" },
    { NULL, NULL, NULL } };
static const struct town_choice icons[] = { { "fire", "火", "Fire" }, { "elec", "电", "Electricity" },
    { "house", "房", "House" }, { "people", "人", "People" }, { "road", "路", "Road" },
    { "lamp", "灯", "Lamp" }, { "phone", "话", "Telephone" }, { "tree", "树", "Tree" },
    { "trash", "垃圾", "Waste" }, { "water", "水", "Water" }, { "noise", "声", "Noise" },
    { "build", "工地", "Building" }, { "work", "工", "Work" }, { "shop", "店", "Shop" },
    { "heart", "心", "Heart" }, { "pencil", "笔", "Pencil" }, { NULL, NULL, NULL } };

#define Z(zh, en) { zh, en }
#define NOTHING { "", "" }

static const struct town_column town_columns[] = {
    { "code", Z("镇街代码", "Code of the town"), Z("12 位区划代码，末三位 000，如 320508018000",
        "12 digits, the last three 000, such as 320508018000"), CELL_DIGITS, true },
    { "name", Z("镇街名称", "Name"), Z("如 临湖镇", "such as 临湖镇"), CELL_WORDS_FREE, true },
    { "name_en", Z("英文名称", "Name in English"), Z("可不填", "optional"), CELL_WORDS_FREE },
    { "county", Z("区县名称", "Name of the county"), NOTHING, CELL_WORDS_FREE, true },
    { "city", Z("地市名称", "Name of the city"), NOTHING, CELL_WORDS_FREE, true },
    { "contact", Z("值班电话", "Duty telephone"), Z("居民看得到", "residents see it"), CELL_DIGITS },
    { "crs", Z("坐标系", "Coordinate system"), Z("网格边界的坐标系；不知道就不填，程序会比对",
        "of the outlines; leave it empty when you do not know, it is found out"), CELL_CHOICE, false,
        crs_names },
};
static const struct town_column division_columns[] = {
    { "code", Z("区划代码", "Code"), Z("12 位，如 320508018001", "12 digits"), CELL_DIGITS, true },
    { "name", Z("名称", "Name"), Z("社区或村的名称", "of the community or village"), CELL_WORDS_FREE,
        true },
    { "kind", Z("类型", "Kind"), Z("可不填", "optional"), CELL_WORDS_FREE },
    { "shape", Z("边界", "Outline"), Z("可不填；WKT 文字，或另放 division.geojson",
        "optional; WKT, or a file division.geojson"), CELL_WORDS_FREE },
};
static const struct town_column unit_columns[] = {
    { "code", Z("单位编码", "Code"), Z("自己定，不重复，字母数字均可", "your own, each once"),
        CELL_WORDS_FREE, true },
    { "name", Z("单位名称", "Name"), NOTHING, CELL_WORDS_FREE, true },
    { "name_en", Z("英文名称", "Name in English"), Z("可不填", "optional"), CELL_WORDS_FREE, true,
        .like = "name" },
    { "kind", Z("单位类型", "Kind"), NOTHING, CELL_CHOICE, true, unit_kinds },
    { "region", Z("服务区划", "Serves"), Z("社区名称或代码；管全镇的单位都写“全部”",
        "a community's name or code; all for units of the whole town"), CELL_REF, true,
        .ref = SHEET_DIVISION },
    { "parent", Z("上级单位", "Unit above"), Z("可不填", "optional"), CELL_REF, .ref = SHEET_UNIT },
    { "desk", Z("受理派单", "Desk"), Z("每个社区和全镇各有一个单位写“是”",
        "yes for one unit of each community and one for the whole town"), CELL_TRUTH },
    { "functions", Z("职能", "Functions"), Z("管什么，顿号分隔，用语见“词表”",
        "what it looks after, commas between; see sheet Words"), CELL_CHOICES, false, town_functions },
};
static const struct town_column grid_columns[] = {
    { "code", Z("网格编码", "Code"), Z("15 位：社区代码加三位顺序号", "15 digits: the community's 12 and 3"),
        CELL_DIGITS, true },
    { "name", Z("网格名称", "Name"), NOTHING, CELL_WORDS_FREE, true },
    { "parent", Z("所属社区", "Community"), Z("可不填，编码前 12 位就是", "optional: the code says it"),
        CELL_REF, .ref = SHEET_DIVISION },
    { "kind", Z("网格类型", "Kind"), Z("不填为基础网格", "base unless given"), CELL_CHOICE, false,
        grid_kinds },
    { "shape", Z("边界", "Outline"), Z("WKT 文字；有 GIS 文件就不填本表，另放 grid.geojson 或 grid.shp",
        "WKT; with a GIS file leave this sheet empty and put grid.geojson or grid.shp beside it"),
        CELL_WORDS_FREE, true },
};
static const struct town_column micro_columns[] = {
    { "code", Z("微网格编码", "Code"), NOTHING, CELL_DIGITS, true },
    { "name", Z("微网格名称", "Name"), NOTHING, CELL_WORDS_FREE, true },
    { "shape", Z("边界", "Outline"), NOTHING, CELL_WORDS_FREE, true },
};
static const struct town_column police_columns[] = {
    { "code", Z("警务网格编码", "Code"), NOTHING, CELL_DIGITS, true },
    { "name", Z("警务网格名称", "Name"), NOTHING, CELL_WORDS_FREE, true },
    { "parent", Z("所属派出所", "Police station"), NOTHING, CELL_REF, true, .ref = SHEET_UNIT },
    { "shape", Z("边界", "Outline"), NOTHING, CELL_WORDS_FREE, true },
};
static const struct town_column category_columns[] = {
    { "code", Z("类别编码", "Code"), Z("每级两位数字：01、0101", "2 digits a level: 01, 0101"), CELL_DIGITS,
        true },
    { "name", Z("类别名称", "Name"), NOTHING, CELL_WORDS_FREE, true },
    { "name_en", Z("英文名称", "Name in English"), Z("可不填", "optional"), CELL_WORDS_FREE, true,
        .like = "name" },
    { "hint", Z("举例", "Examples"), NOTHING, CELL_WORDS_FREE },
    { "hint_en", Z("英文举例", "Examples in English"), NOTHING, CELL_WORDS_FREE },
    { "icon", Z("图标", "Icon"), NOTHING, CELL_CHOICE, true, icons },
    { "words", Z("关键词", "Words"), Z("居民常这么说，空格分隔", "what people write, spaces between"),
        CELL_WORDS_FREE },
    { "function", Z("主管职能", "Function in charge"), NOTHING, CELL_CHOICE, false, town_functions },
    { "tier", Z("等级", "Tier"), NOTHING, CELL_CHOICE, true, tiers },
    { "hotline", Z("紧急电话", "Hotline"), Z("只在等不得时填 110、119、120", "110, 119 or 120 where it cannot wait"),
        CELL_DIGITS },
    { "basis", Z("依据", "Basis"), NOTHING, CELL_WORDS_FREE },
};
static const struct town_column limit_columns[] = {
    { "category", Z("类别", "Category"), Z("不填为全部", "empty: all"), CELL_REF, .ref = SHEET_CATEGORY },
    { "tier", Z("等级", "Tier"), NOTHING, CELL_CHOICE, true, tiers },
    { "stage", Z("环节", "Stage"), NOTHING, CELL_CHOICE, true, town_stages },
    { "amount", Z("数量", "Amount"), NOTHING, CELL_DIGITS, true },
    { "unit", Z("单位", "Unit of time"), NOTHING, CELL_CHOICE, true, time_units },
    { "basis", Z("依据", "Basis"), NOTHING, CELL_WORDS_FREE },
    { "basis_en", Z("英文依据", "Basis in English"), NOTHING, CELL_WORDS_FREE },
};
static const struct town_column calendar_columns[] = {
    { "date", Z("日期", "Day"), Z("与星期不同的日子", "days that differ from the week"), CELL_DAY, true },
    { "work", Z("上班", "Worked"), Z("调休上班写“是”，放假写“否”", "yes: worked; no: free"), CELL_TRUTH,
        true },
    { "name", Z("名称", "Name"), NOTHING, CELL_WORDS_FREE },
};
static const struct town_column rule_columns[] = {
    { "code", Z("规则名称", "Rule"), Z("自上而下，先合者先用", "from top to bottom, the first that fits"),
        CELL_WORDS_FREE, true },
    { "name_en", Z("英文名称", "Name in English"), NOTHING, CELL_WORDS_FREE },
    { "category", Z("类别", "Category"), Z("不填为全部", "empty: all"), CELL_REF, .ref = SHEET_CATEGORY },
    { "tier_min", Z("最低等级", "Lowest tier"), NOTHING, CELL_CHOICE, true, tiers },
    { "origin", Z("来源", "Origin"), NOTHING, CELL_WORDS_FREE },
    { "area", Z("区域", "Area"), Z("区划代码开头几位", "beginning of a division's code"), CELL_DIGITS },
    { "time", Z("时段", "Time"), Z("work off night workday free", "work off night workday free"),
        CELL_WORDS_FREE },
    { "place", Z("网格种类", "Kind of grid"), NOTHING, CELL_WORDS_FREE },
    { "level", Z("派给哪一级", "Level"), NOTHING, CELL_CHOICE, true, levels },
    { "function", Z("派给谁", "Function"), Z("desk 受理中心，owner 类别的主管单位，station 派出所，或职能",
        "desk, owner, station, or a unit's function"), CELL_CHOICE, true, town_functions },
    { "max_level", Z("最低可派到", "Not below"), NOTHING, CELL_CHOICE, false, levels },
    { "avoid", Z("回避", "Avoid"), NOTHING, CELL_WORDS_FREE },
    { "why", Z("理由", "Why"), NOTHING, CELL_WORDS_FREE, true },
    { "why_en", Z("英文理由", "Why in English"), NOTHING, CELL_WORDS_FREE, true, .like = "why" },
    { "basis", Z("依据", "Basis"), NOTHING, CELL_WORDS_FREE },
    { "basis_en", Z("英文依据", "Basis in English"), NOTHING, CELL_WORDS_FREE },
};
static const struct town_column template_columns[] = {
    { "code", Z("模板编码", "Code"), NOTHING, CELL_WORDS_FREE, true },
    { "category", Z("类别", "Category"), Z("不填为全部", "empty: all"), CELL_REF, .ref = SHEET_CATEGORY },
    { "title", Z("标题", "Title"), NOTHING, CELL_WORDS_FREE, true },
    { "title_en", Z("英文标题", "Title in English"), NOTHING, CELL_WORDS_FREE, true, .like = "title" },
    { "text", Z("内容", "Text"), NOTHING, CELL_WORDS_FREE, true },
};
static const struct town_column person_columns[] = {
    { "username", Z("登录名", "Login name"), Z("小写字母和数字；不填则用电话", "small letters and digits; the"
        " telephone number unless given"), CELL_LATIN, true, .like = "phone" },
    { "name", Z("姓名", "Name"), NOTHING, CELL_WORDS_FREE, true },
    { "phone", Z("电话", "Telephone"), Z("网格员的值班电话居民看得到", "residents see that of a grid worker"),
        CELL_DIGITS },
    { "lang", Z("语言", "Language"), Z("不填为中文", "Chinese unless given"), CELL_CHOICE, false, langs },
    { "unit", Z("单位", "Unit"), Z("单位名称或编码", "name or code"), CELL_REF, true, .ref = SHEET_UNIT },
    { "role", Z("职务", "Role"), Z("一人几个职务写几行", "a row for each role of a person"), CELL_CHOICE,
        true, town_roles },
    { "grids", Z("负责网格", "Grids"), Z("网格编码或末三位，空格分隔；* 为本单位全部",
        "codes or their last three digits, spaces between; * for all of the unit"), CELL_WORDS_FREE },
};
static const struct town_column duty_columns[] = {
    { "layer", Z("图层", "Layer"), NOTHING, CELL_CHOICE, true, layers },
    { "zone", Z("网格或单位", "Zone"), NOTHING, CELL_WORDS_FREE, true },
    { "days", Z("日子", "Days"), NOTHING, CELL_WORDS_FREE, true },
    { "from", Z("从", "From"), NOTHING, CELL_WORDS_FREE, true },
    { "to", Z("到", "To"), NOTHING, CELL_WORDS_FREE, true },
    { "person", Z("登录名", "Login name"), NOTHING, CELL_WORDS_FREE },
};

#define COLUMNS(c) c, COUNT_OF(c)
const struct town_form town_forms[SHEET_COUNT] = {
    [SHEET_TOWN] = { "town", Z("本镇", "Town"), Z("只填一行", "one row only"), COLUMNS(town_columns), true },
    [SHEET_DIVISION] = { "division", Z("社区", "Communities"), Z("每个社区或村一行",
        "a row for each community or village"), COLUMNS(division_columns), true },
    [SHEET_UNIT] = { "unit", Z("单位", "Units"), Z("每个单位一行", "a row for each unit"),
        COLUMNS(unit_columns), true },
    [SHEET_GRID] = { "grid", Z("网格", "Grids"), Z("每个网格一行", "a row for each grid"),
        COLUMNS(grid_columns), true },
    [SHEET_MICRO] = { "micro", Z("微网格", "Micro-grids"), NOTHING, COLUMNS(micro_columns), false },
    [SHEET_POLICE] = { "police", Z("警务网格", "Police grids"), NOTHING, COLUMNS(police_columns), false },
    [SHEET_CATEGORY] = { "category", Z("类别", "Categories"), Z("整张不填则用内置的",
        "leave it empty for the built-in ones"), COLUMNS(category_columns), true },
    [SHEET_LIMIT] = { "limit", Z("期限", "Limits"), Z("整张不填则用内置的",
        "leave it empty for the built-in ones"), COLUMNS(limit_columns), true },
    [SHEET_CALENDAR] = { "calendar", Z("日历", "Calendar"), Z("整张不填则用内置的",
        "leave it empty for the built-in one"), COLUMNS(calendar_columns), true },
    [SHEET_RULE] = { "rule", Z("派单规则", "Rules"), Z("整张不填则用内置的",
        "leave it empty for the built-in ones"), COLUMNS(rule_columns), true },
    [SHEET_TEMPLATE] = { "template", Z("答复模板", "Templates"), Z("整张不填则用内置的",
        "leave it empty for the built-in ones"), COLUMNS(template_columns), true },
    [SHEET_PERSON] = { "person", Z("人员", "People"), Z("每人每个职务一行", "a row for each role of a person"),
        COLUMNS(person_columns), true },
    [SHEET_DUTY] = { "duty", Z("值班", "Duty"), NOTHING, COLUMNS(duty_columns), false },
};

enum town_sheet town_sheet_named(struct str name)
{
    size_t i = 0;
    while (i < SHEET_COUNT && !str_is(name, town_forms[i].name)
        && !str_is(name, town_forms[i].title.zh) && !str_is(name, town_forms[i].title.en))
        i++;
    return (enum town_sheet)i;
}

struct str town_word(const struct town_choice *choices, struct str said)
{
    for (; choices->word; choices++)
        if (str_is(said, choices->word) || str_is(said, choices->zh) || str_is(said, choices->en))
            return str_c(choices->word);
    return STR_NONE;
}

struct str town_said(const struct town_choice *choices, struct str word, enum lang lang)
{
    for (; choices->word; choices++)
        if (str_is(word, choices->word))
            return str_c(lang == LANG_EN ? choices->en : choices->zh);
    return word;
}
