/* kinds.c: kinds of disputes, where they come from, and how long mediation may take, as data. */
#include "mediation/course.h"

const char *const dispute_sources[] = { "apply", "initiative", "report", "court", "procurate",
    "police", "petition", "labour", "hotline", "other", NULL };
const char *const guest_kinds[] = { "relative", "neighbour", "colleague", "expert", "other", NULL };

const struct dispute_type dispute_types[] = {
    { "family", "婚姻家庭", "Family", true, true }, { "neighbour", "邻里", "Neighbours", false, true },
    { "housing", "房屋宅基地", "Houses and homesteads", false, true },
    { "contract", "合同", "Contracts", false }, { "business", "生产经营", "Business", false },
    { "damage", "损害赔偿", "Damages", false }, { "land", "山林土地", "Woods and land", false, true },
    { "expropriation", "征地拆迁", "Expropriation", false, true },
    { "pollution", "环境污染", "Pollution", false },
    { "wages", "拖欠农民工工资", "Unpaid wages of migrant workers", false },
    { "labour", "其他劳动争议", "Other labour disputes", false },
    { "tourism", "旅游", "Tourism", false }, { "online", "电子商务", "Online trade", false },
    { "consumer", "其他消费", "Other consumer disputes", false },
    { "medical", "医疗", "Medical", false },
    { "traffic", "道路交通事故", "Traffic accidents", false },
    { "property", "物业", "Property management", false },
    { "other", "其他", "Other", false, true },
};
const size_t dispute_types_n = COUNT_OF(dispute_types);

const char *dispute_sender(struct str source)
{
    static const struct { const char *source, *zh; } senders[] = { { "court", "人民法院" },
        { "procurate", "人民检察院" }, { "police", "公安机关" }, { "petition", "信访部门" },
        { "labour", "人力资源和社会保障部门" }, { "hotline", "12345热线" } };
    for (size_t i = 0; i < COUNT_OF(senders); i++)
        if (str_is(source, senders[i].source))
            return senders[i].zh;
    return NULL;
}

/* Categories of the national list that are mediated, each as the type it counts as. */
const struct dispute_kind dispute_kinds[] = {
    { "0101", "family", "恋爱及婚姻", "Love and marriage" },
    { "0102", "family", "抚养赡养监护", "Maintenance and guardianship" },
    { "0103", "family", "分家与继承", "Dividing a household, inheritance" },
    { "0199", "family", "其他婚恋家庭", "Other family" },
    { "0201", "neighbour", "用水排水通行通风采光", "Water, passage, air and light" },
    { "0202", "neighbour", "相邻土地建筑利用", "Use of adjoining land and buildings" },
    { "0203", "neighbour", "相邻污染损害防止", "Nuisance between neighbours" },
    { "0299", "neighbour", "其他邻里", "Other neighbours" },
    { "0301", "damage", "姓名肖像", "Name and likeness" },
    { "0302", "damage", "名誉隐私", "Reputation and privacy" },
    { "0303", "damage", "身体健康及人身自由", "Health and personal freedom" },
    { "0399", "damage", "其他人格权", "Other personal rights" },
    { "0401", "damage", "财物返还及损害赔偿", "Return of goods, damages", .ground = true },
    { "0402", "property", "物业及其管理", "Property management", .ground = true },
    { "0403", "housing", "房屋等不动产登记", "Registration of buildings", true },
    { "0499", "housing", "其他物权", "Other rights in things" },
    { "0501", "damage", "教育机构", "Schools" }, { "0502", "medical", "医疗损害", "Medical damage" },
    { "0503", "traffic", "交通事故", "Traffic accidents" },
    { "0504", "pollution", "环境污染", "Pollution" },
    { "0505", "damage", "产品责任", "Product liability" },
    { "0506", "damage", "网络侵权", "Wrongs on the internet" },
    { "0507", "damage", "劳务损害", "Injury in services" },
    { "0599", "damage", "其他侵权", "Other wrongs" },
    { "0601", "consumer", "消费及服务", "Consumers and services" },
    { "0602", "contract", "房产买卖租赁", "Sale and lease of homes", .ground = true },
    { "0603", "business", "交易贸易", "Trade" },
    { "0604", "contract", "运输仓储", "Transport and storage" },
    { "0699", "contract", "其他合同", "Other contracts", .ground = true },
    { "0701", "labour", "劳动合同、劳务派遣", "Employment, agency work" },
    { "0702", "labour", "社会保险", "Social insurance" },
    { "0703", "wages", "福利待遇", "Wages and benefits" },
    { "0704", "labour", "人事争议", "Personnel" }, { "0799", "labour", "其他劳动人事", "Other labour" },
    { "0801", "contract", "证券基金期货", "Securities" },
    { "0802", "contract", "投资信托理财", "Investment" }, { "0803", "contract", "保险", "Insurance" },
    { "0804", "contract", "借贷及担保", "Loans and securities for them", .ground = true },
    { "0899", "contract", "其他金融借贷", "Other finance" },
    { "0901", "land", "土地承包经营", "Contracted land" },
    { "0902", "housing", "宅基地使用", "Use of homesteads" },
    { "0903", "land", "山林矿产", "Woods and minerals" },
    { "0904", "land", "水域水利", "Waters" }, { "0999", "land", "其他土地及资源", "Other land" },
    { "1001", "business", "知识产权", "Intellectual property", true },
    { "1002", "business", "公司企业设立解散", "Founding and ending companies" },
    { "1003", "business", "海事海商", "Maritime" }, { "1004", "business", "竞争", "Competition" },
    { "1005", "business", "票据与信用证", "Bills and letters of credit" },
    { "1006", "other", "无因管理与不当得利", "Unjust enrichment" },
    { "1099", "other", "其他民商事", "Other civil" },
    { "1101", "expropriation", "国有土地上房屋征收", "Houses on state land" },
    { "1102", "expropriation", "农村集体土地征用", "Collective land" },
    { "1103", "expropriation", "城乡规划及拆违", "Planning, illegal buildings" },
    { "1104", "other", "基础设施建设及市政市容", "Public works" },
    { "1105", "expropriation", "移民安置", "Resettlement" },
    { "1199", "other", "其他城乡建设", "Other development" },
    { "1201", "other", "村（社区）选举和管理", "Elections and self-government" },
    { "1202", "other", "优抚救助", "Relief" }, { "1203", "other", "区划边界", "Boundaries" },
    { "1299", "other", "其他涉民政", "Other civil affairs" },
    { "1301", "other", "城市管理", "City management" },
    { "1302", "other", "教育文体", "Education and culture" },
    { "1303", "other", "工商税务", "Commerce and taxes" },
    { "1304", "other", "安全生产", "Safety at work" }, { "1305", "other", "交通运输", "Transport" },
    { "1306", "other", "海事渔事", "Fishing" }, { "1307", "other", "计划生育", "Family planning" },
    { "1399", "other", "其他行政执法", "Other administration" },
    { "9999", "other", "其他", "Other" },
};
const size_t dispute_kinds_n = COUNT_OF(dispute_kinds);

const struct dispute_type *dispute_type_by(struct str word)
{
    for (size_t i = 0; i < COUNT_OF(dispute_types); i++)
        if (str_is(word, dispute_types[i].word))
            return &dispute_types[i];
    return NULL;
}

const struct dispute_kind *dispute_kind_by(struct str code)
{
    for (size_t i = 0; i < COUNT_OF(dispute_kinds); i++)
        if (str_is(code, dispute_kinds[i].code))
            return &dispute_kinds[i];
    return NULL;
}

/* What belongs to courts, discipline inspection or religious affairs is not settled by mediation. */
struct msg dispute_kind_bar(struct str code)
{
    if (str_starts(code, STR("14")))
        return MSG("涉法涉诉事项不能调解：请告知向公安、检察院、法院或司法行政机关依法提出",
            "Matters of police, prosecution and courts are not mediated: point to the authority whose"
            " matter it lawfully is");
    if (str_starts(code, STR("15")))
        return MSG("涉组织、涉纪检事项不能调解：请告知向纪检监察机关提出",
            "Matters of discipline are not mediated: point to the discipline inspection authority");
    if (str_starts(code, STR("16")))
        return MSG("这一类事项不在本系统登记", "This kind is not registered here");
    return NOTHING_FORBIDS;
}

/* Status of persons: judicial interpretation of 2011, article 4; rights in things and works: that
 * on the civil procedure law, article 355. */
struct msg confirm_bar(bool status, struct str kind)
{
    const struct dispute_kind *k = kind.n ? dispute_kind_by(kind) : NULL;
    if (status)
        return MSG("涉及身份关系的协议不能申请司法确认",
            "Agreements on family status cannot be confirmed by the court");
    if (k && k->title)
        return MSG("物权、知识产权确权的协议不能申请司法确认，可以起诉",
            "The court does not confirm agreements on who has a right in a thing or a work; the"
            " parties may sue");
    return NOTHING_FORBIDS;
}

/* By type, for a kind says little of what is agreed; and of kinds that are about houses or land but
 * count as another type. Asked needlessly it costs a word. */
bool asks_ownership(const struct dispute *d)
{
    const struct dispute_type *type = dispute_type_by(d->type);
    const struct dispute_kind *kind = d->kind.n ? dispute_kind_by(d->kind) : NULL;
    return (type && type->ground) || (kind && kind->ground);
}

/* Limits where the deployer's table (stage of that name) says nothing else; the first that fits.
 * type or source NULL: any. */
static const struct { const char *stage, *of, *type, *source; int64_t amount; const char *unit; }
limits[] = {
    { "accept", "accept", NULL, NULL, 3, "WD" },
    /* Regulation on medical disputes, article 38; time for appraisals does not count. */
    { "medical", "mediate", "medical", NULL, 30, "WD" },
    /* Labour mediation and arbitration law, article 14: then arbitration is open. */
    { "labour", "mediate", "wages", NULL, 15, "CD" },
    { "labour", "mediate", "labour", NULL, 15, "CD" },
    /* Procedure for traffic accidents, articles 86 to 90. */
    { "traffic", "mediate", "traffic", "police", 10, "CD" },
    /* Rules for online mediation of people's courts, article 24. */
    { "court", "mediate", NULL, "court", 30, "CD" },
    { "mediate", "mediate", NULL, NULL, 30, "CD" },
    { "settle", "settle", NULL, NULL, 5, "WD" }, { "visit", "visit", NULL, NULL, 10, "WD" },
};

void clock_of_kind(struct taking *t, const char *stage)
{
    const struct dispute *d = &beside_of(t)->dispute;
    bool provisional = false;
    size_t i = 0;
    while (strcmp(limits[i].of, stage) != 0 || (limits[i].type && !str_is(d->type, limits[i].type))
        || (limits[i].source && !str_is(d->source, limits[i].source)))
        i++;
    const struct limit *l = catalogue_limit(t->cx->cat, t->m.category, t->m.tier, limits[i].stage);
    bool laid_down = str_is(l->stage, limits[i].stage);
    int64_t due = calendar_add(t->cx->cat, t->cx->now_ms, laid_down ? l->amount : limits[i].amount,
        laid_down ? l->unit : str_c(limits[i].unit), &provisional);
    clock_until(t, limits[i].stage, due);
    t->m.provisional = provisional;
}
