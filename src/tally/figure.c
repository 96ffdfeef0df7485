/* figure.c: the columns of the table, and the disputes behind them. */
#include "tally/tally.h"

RECORD_DEFINE(tallied, TALLIED)

#define ROUND_OF_OTHERS(unit) "EXISTS (SELECT 1 FROM agreement o WHERE o.area = d.area" \
    " AND o.matter = d.matter AND o.round = b.round AND o.unit <> " unit ")"
#define BROKEN(unit) "(SELECT COUNT(*) FROM promise b WHERE b.area = d.area AND b.matter = d.matter" \
    " AND b.broken_ms IS NOT NULL AND NOT " ROUND_OF_OTHERS(unit) ") AS broken"
#define CONFIRMED(unit, last) "CASE WHEN EXISTS (SELECT 1 FROM agreement c WHERE c.area = d.area" \
    " AND c.matter = d.matter AND c.unit = " unit " AND c.confirm = 'confirmed')" \
    " THEN 'confirmed' ELSE " last " END AS confirm"
#define HOW_LARGE "(SELECT COUNT(*) FROM party p WHERE p.area = d.area AND p.matter = d.matter" \
    " AND p.role IN ('party', 'representative')) AS parties, (SELECT COUNT(*) FROM sitting s" \
    " WHERE s.area = d.area AND s.matter = d.matter AND s.at_ms IS NOT NULL) AS sittings, d.matter"
#define ACCEPTED(in) " AND " in ".accepted_ms >= $2 AND " in ".accepted_ms < $3"
#define OF_MATTER " JOIN matter m ON m.area = d.area AND m.id = d.matter"
/* Agreements of the committee in disputes that another has now, accepted by itself. */
#define HANDED_UP " FROM agreement a JOIN dispute d ON d.area = a.area AND d.matter = a.matter" \
    " JOIN handed_up h ON h.area = a.area AND h.matter = a.matter AND h.unit = a.unit"
#define IS_HANDED_UP " WHERE a.unit = $1 AND d.unit <> $1 AND a.round = " LAST_ROUND("$1") \
    ACCEPTED("h")
SQL_READS(FACTS, "tally.facts",
    "SELECT number, docket, type, source, class, form, amount_fen, accepted_ms, effective_ms, confirm,"
    " state, broken, parties, sittings FROM (SELECT m.number, d.docket, d.type, d.source, d.class, "
    AGREED_FORM ", " AGREED_FEN ", d.accepted_ms, coalesce(a.effective_ms, d.effective_ms)"
    " AS effective_ms, " CONFIRMED("$1", "d.confirm") ", m.state, " BROKEN("$1") ", " HOW_LARGE
    " FROM dispute d" OF_MATTER LAST_AGREEMENT " WHERE d.unit = $1" ACCEPTED("d")
    " UNION ALL SELECT m.number, a.docket, d.type, d.source, d.class, a.form, a.amount_fen,"
    " h.accepted_ms, a.effective_ms, " CONFIRMED("$1", "a.confirm") ", 'ended' AS state, "
    "(SELECT COUNT(*) FROM promise b JOIN agreement o ON o.area = b.area AND o.matter = b.matter"
    " AND o.round = b.round WHERE b.area = d.area AND b.matter = d.matter AND o.unit = $1"
    " AND b.broken_ms IS NOT NULL) AS broken, " HOW_LARGE HANDED_UP OF_MATTER IS_HANDED_UP ") AS counted"
    " ORDER BY accepted_ms, matter");
SQL_READS(HOW_MANY, "tally.how_many",
    "SELECT (SELECT COUNT(*) FROM dispute d WHERE d.unit = $1" ACCEPTED("d") ")"
    " + (SELECT COUNT(*)" HANDED_UP IS_HANDED_UP ")");
const struct sql *const tally_fact_statements[] = { &FACTS, &HOW_MANY };
const size_t tally_fact_statements_n = COUNT_OF(tally_fact_statements);

enum err facts_each(struct db *db, int64_t unit, int64_t from_ms, int64_t to_ms, db_row_fn *fn,
    void *ctx)
{
    return db_each(db, &FACTS, ARGS(I(unit), I(from_ms), I(to_ms)), &tallied_record, fn, ctx);
}

enum err facts_number(struct db *db, int64_t unit, int64_t from_ms, int64_t to_ms, int64_t *ret)
{
    return db_number(db, &HOW_MANY, ARGS(I(unit), I(from_ms), I(to_ms)), ret);
}

static bool every(const struct tallied *f)
{
    return f->accepted_ms != I64_NONE;
}

static bool agreed(const struct tallied *f)
{
    return f->effective_ms != I64_NONE;
}

static bool failed(const struct tallied *f)
{
    return !agreed(f) && !state_table[state_by_word(f->state)].open;
}

static bool going_on(const struct tallied *f)
{
    return !agreed(f) && !failed(f);
}

static bool hard(const struct tallied *f)
{
    return str_is(f->class, "hard") || str_is(f->class, "major");
}

static bool oral(const struct tallied *f)
{
    return agreed(f) && str_is(f->form, "oral");
}

static bool written(const struct tallied *f)
{
    return agreed(f) && str_is(f->form, "written");
}

static bool performed(const struct tallied *f)
{
    return agreed(f) && (str_is(f->state, "performed") || str_is(f->state, "closed"));
}

static bool broken(const struct tallied *f)
{
    return f->broken > 0;
}

static bool confirmed(const struct tallied *f)
{
    return str_is(f->confirm, "confirmed");
}

static bool by_initiative(const struct tallied *f)
{
    return str_is(f->source, "initiative");
}

/* Who reports a dispute here asks for help with it. */
static bool by_parties(const struct tallied *f)
{
    return str_is(f->source, "apply") || str_is(f->source, "report");
}

static bool handed_over(const struct tallied *f)
{
    return !by_initiative(f) && !by_parties(f);
}

static bool by_court(const struct tallied *f)
{
    return str_is(f->source, "court");
}

static bool by_procurate(const struct tallied *f)
{
    return str_is(f->source, "procurate");
}

static bool by_police(const struct tallied *f)
{
    return str_is(f->source, "police");
}

static bool by_petition(const struct tallied *f)
{
    return str_is(f->source, "petition");
}

static bool by_others(const struct tallied *f)
{
    return handed_over(f) && !by_court(f) && !by_procurate(f) && !by_police(f) && !by_petition(f);
}

#define NO_HEAD { NULL, NULL }
#define SOURCE { "案件来源", "Where they came from" }
#define HANDED { "接受委托移送", "Handed over" }
#define FORM { "协议", "Agreements" }
#define COURT { "经法院判决", "By judgment" }
#define PREVENTED { "防止", "Prevented" }
/* In the order of the table. */
static const struct tally_column fixed[] = {
    { "all", { "调解案件总数（件）", "Disputes" }, NO_HEAD, NO_HEAD, CASES, every },
    { "agreed", { "调解成功（件）", "Settled" }, NO_HEAD, NO_HEAD, CASES, agreed },
    { "failed", { "调解不成（件）", "Not settled" }, NO_HEAD, NO_HEAD, CASES, failed },
    { "going_on", { "正在调解（件）", "Going on" }, NO_HEAD, NO_HEAD, CASES, going_on },
    { "hard", { "疑难复杂（件）", "Hard" }, NO_HEAD, NO_HEAD, CASES, hard },
    { "parties", { "涉及当事人数（人）", "Parties" }, NO_HEAD, NO_HEAD, PARTIES, every },
    { "amount", { "协议涉及金额（万元）", "Money agreed on (10,000 yuan)" }, NO_HEAD, NO_HEAD, FEN, agreed },
    { "by_initiative", { "主动调解", "Own initiative" }, SOURCE, NO_HEAD, CASES, by_initiative },
    { "by_parties", { "依申请调解", "Parties asked" }, SOURCE, NO_HEAD, CASES, by_parties },
    { "handed_over", { "小计", "All" }, SOURCE, HANDED, CASES, handed_over },
    { "by_court", { "法院", "Court" }, SOURCE, HANDED, CASES, by_court },
    { "by_procurate", { "检察院", "Procuratorate" }, SOURCE, HANDED, CASES, by_procurate },
    { "by_police", { "公安机关", "Police" }, SOURCE, HANDED, CASES, by_police },
    { "by_petition", { "信访部门", "Petition office" }, SOURCE, HANDED, CASES, by_petition },
    { "by_others", { "其他部门", "Others" }, SOURCE, HANDED, CASES, by_others },
    { "oral", { "口头协议", "Oral" }, FORM, NO_HEAD, CASES, oral },
    { "written", { "书面协议", "Written" }, FORM, NO_HEAD, CASES, written },
    { "performed", { "履行", "Performed" }, FORM, NO_HEAD, CASES, performed },
    { "broken", { "违约", "Not kept" }, FORM, NO_HEAD, CASES, broken },
    { "confirmed", { "司法确认", "Confirmed by court" }, FORM, NO_HEAD, CASES, confirmed },
    { "court_changed", { "变更", "Changed" }, COURT, NO_HEAD, FREE, NULL },
    { "court_annulled", { "撤销", "Annulled" }, COURT, NO_HEAD, FREE, NULL },
    { "court_void", { "确认无效", "Void" }, COURT, NO_HEAD, FREE, NULL },
    { "looked_for", { "排查纠纷（次）", "Rounds of looking for disputes" }, NO_HEAD, NO_HEAD, FREE, NULL },
    { "forestalled", { "预防纠纷（件）", "Forestalled" }, NO_HEAD, NO_HEAD, FREE, NULL },
    { "suicides", { "自杀（件）", "Suicide, cases" }, PREVENTED, NO_HEAD, FREE, NULL },
    { "suicides_people", { "自杀（人）", "Suicide, people" }, PREVENTED, NO_HEAD, FREE, NULL },
    { "crimes", { "民转刑（件）", "Crime, cases" }, PREVENTED, NO_HEAD, FREE, NULL },
    { "crimes_people", { "民转刑（人）", "Crime, people" }, PREVENTED, NO_HEAD, FREE, NULL },
    { "petitions", { "群体性上访（件）", "Mass petition, cases" }, PREVENTED, NO_HEAD, FREE, NULL },
    { "petitions_people", { "群体性上访（人）", "Mass petition, people" }, PREVENTED, NO_HEAD, FREE, NULL },
    { "fights", { "群体性械斗（件）", "Mass fight, cases" }, PREVENTED, NO_HEAD, FREE, NULL },
    { "fights_people", { "群体性械斗（人）", "Mass fight, people" }, PREVENTED, NO_HEAD, FREE, NULL },
    { "households", { "服务户数（户）", "Households served" }, NO_HEAD, NO_HEAD, FREE, NULL },
};
#define TYPES { "纠纷类别", "Types" }
/* The 18 types of dispute_types, in its order; each is asked for by its word. */
static const struct tally_column types[] = {
#define TYPE(w, zh, en) { w, { zh, en }, TYPES, NO_HEAD, CASES, NULL }
    TYPE("family", "婚姻家庭", "Family"), TYPE("neighbour", "邻里", "Neighbours"),
    TYPE("housing", "房屋宅基地", "Houses and homesteads"), TYPE("contract", "合同", "Contracts"),
    TYPE("business", "生产经营", "Business"), TYPE("damage", "损害赔偿", "Damages"),
    TYPE("land", "山林土地", "Woods and land"),
    TYPE("expropriation", "征地拆迁", "Expropriation"), TYPE("pollution", "环境污染", "Pollution"),
    TYPE("wages", "拖欠农民工工资", "Unpaid wages of migrant workers"),
    TYPE("labour", "其他劳动争议", "Other labour disputes"), TYPE("tourism", "旅游", "Tourism"),
    TYPE("online", "电子商务", "Online trade"),
    TYPE("consumer", "其他消费", "Other consumer disputes"), TYPE("medical", "医疗", "Medical"),
    TYPE("traffic", "道路交通事故", "Traffic accidents"),
    TYPE("property", "物业", "Property management"), TYPE("other", "其他", "Other"),
#undef TYPE
};
_Static_assert(COUNT_OF(fixed) + COUNT_OF(types) <= FIGURES_MAX, "room for all figures");

size_t figures_list(const struct tally_column **ret)
{
    for (size_t i = 0; i < COUNT_OF(fixed); i++)
        ret[i] = &fixed[i];
    for (size_t i = 0; i < COUNT_OF(types); i++)
        ret[COUNT_OF(fixed) + i] = &types[i];
    return COUNT_OF(fixed) + COUNT_OF(types);
}

const struct tally_column *figure_by(struct str word)
{
    const struct tally_column *all[FIGURES_MAX];
    size_t n = figures_list(all);
    for (size_t i = 0; i < n; i++)
        if (str_is(word, all[i]->word))
            return all[i];
    return NULL;
}

bool figure_has(const struct tally_column *g, const struct tallied *f)
{
    if (g->measure == FREE)
        return false;
    return g->has ? g->has(f) : str_is(f->type, g->word);
}

int64_t figure_adds(const struct tally_column *g, const struct tallied *f)
{
    if (!figure_has(g, f))
        return 0;
    return g->measure == PARTIES ? f->parties : g->measure == FEN ? f->amount_fen : 1;
}
