/* options.c: parsing by getopt_long from a command's table. */
#include "cli/options.h"
#include "base/clock.h"
#include "cli/site.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static bool lang_named(const char *word, enum lang *ret)
{
    bool en = strcmp(word, "en") == 0, zh = strcmp(word, "zh") == 0;
    if (en || zh)
        *ret = en ? LANG_EN : LANG_ZH;
    return en || zh;
}

enum lang cli_lang(int argc, char **argv)
{
    const char *names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
    enum lang named;
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], "--lang") == 0 && lang_named(argv[i + 1], &named))
            return named;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *v = getenv(names[i]);
        if (v && v[0])
            return strncmp(v, "zh", 2) == 0 ? LANG_ZH : LANG_EN;
    }
    return LANG_ZH;
}

static const char *say(enum lang lang, struct msg m)
{
    return lang == LANG_EN ? m.en : m.zh;
}

int cli_help(const struct cli_command *c, enum lang lang, int status)
{
    FILE *to = status == CLI_DONE ? stdout : stderr;
    fprintf(to, "%s: fengqiao %s%s%s%s\n\n%s\n\n", say(lang, MSG("用法", "Usage")), c->name,
        c->n_options ? say(lang, MSG(" [选项]", " [OPTION]...")) : "", c->operands[0] ? " " : "",
        c->operands, say(lang, c->meaning));
    for (size_t i = 0; i < c->n_options; i++) {
        const struct cli_option *o = &c->options[i];
        char head[64];
        (void)snprintf(head, sizeof(head), "--%s%s%s", o->name, o->value ? " " : "",
            o->value ? o->value : "");
        fprintf(to, "  %-24s %s", head, say(lang, o->meaning));
        if (o->usual)
            fprintf(to, " [%s]", o->usual);
        fprintf(to, "\n");
    }
    fprintf(to, "  %-24s %s\n", "--help", say(lang, MSG("显示本说明", "show this help")));
    fprintf(to, "  %-24s %s\n", "--lang zh|en", say(lang, MSG("输出语言", "language of the output")));
    return status;
}

enum { VALUE_BYTES_MAX = 4096 };
static const struct msg option_bare = MSG("选项缺少值", "option needs a value"),
    not_a_word = MSG("应为其中之一 ", "one of ");

int cli_usage(const struct cli_args *args, struct msg wrong)
{
    fprintf(stderr, "fengqiao %s: %s\n\n", args->command->name, say(args->lang, wrong));
    return cli_help(args->command, args->lang, CLI_USAGE);
}

/* What a value must be by the word that stands for it in help; NULL: nothing that all such have in
 * common. Bounds and what is at a path are looked at by the command. */
static const struct msg *kind_wrong(const char *value, struct str given)
{
    static const struct msg number = MSG("应为整数", "a whole number"),
        day = MSG("应为日期，如 2026-01-01", "a day such as 2026-01-01");
    int64_t n;
    if (strcmp(value, "N") == 0 || strcmp(value, "ID") == 0 || strcmp(value, "SECONDS") == 0)
        return str_to_i64(given, &n) ? NULL : &number;
    if (strcmp(value, "DATE") == 0 || strcmp(value, "DAY") == 0)
        return clock_parse(given, &n) ? NULL : &day;
    if (!strchr(value, '|') || strpbrk(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        return NULL;
    for (struct str rest = str_c(value); rest.n;)
        if (str_eq(str_cut(rest, '|', &rest), given))
            return NULL;
    return &not_a_word;
}

static bool value_fits(const struct cli_args *args, const struct cli_option *o, const char *given)
{
    static const struct msg odd = MSG("太长，或含有控制字符", "too long, or with control characters");
    struct str s = str_c(given);
    const struct msg *wrong = s.n > VALUE_BYTES_MAX ? &odd : kind_wrong(o->value, s);
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7F)
            wrong = &odd;
    if (s.n == 0)
        fprintf(stderr, "fengqiao %s: %s: --%s\n", args->command->name,
            say(args->lang, option_bare), o->name);
    else if (wrong)
        fprintf(stderr, "--%s: %s%s\n", o->name, say(args->lang, *wrong),
            wrong == &not_a_word ? o->value : "");
    return s.n && !wrong;
}

/* What getopt_long() gives for long options: these two, then numbers from OWN on; letters are
 * short ones. */
enum { HELP = 1, LANG = 2, OWN = 1000 };

static int wrong_option(const struct cli_args *args, int found, const char *given)
{
    char letter[3] = { '-', (char)optopt, '\0' };
    bool is_letter = optopt > LANG && optopt < OWN;
    struct msg wrong = found == ':' ? option_bare
        : is_letter || optopt == 0 ? MSG("没有这个选项", "there is no option")
        : MSG("选项不带值", "option takes no value");
    fprintf(stderr, "fengqiao %s: %s: %s\n", args->command->name, say(args->lang, wrong),
        is_letter ? letter : given);
    fprintf(stderr, args->lang == LANG_EN ? "Try: fengqiao %s --help\n"
        : "请看: fengqiao %s --help\n", args->command->name);
    return CLI_USAGE;
}

static bool value_take(struct cli_args *args, int found, const char *given)
{
    static const struct cli_option lang = { .name = "lang", .value = "zh|en" };
    const struct cli_option *o = found == LANG ? &lang : &args->command->options[found - OWN];
    if (given && !value_fits(args, o, given))
        return false;
    if (found == LANG)
        (void)lang_named(given, &args->lang);
    else
        args->values[found - OWN] = given ? given : "";
    return true;
}

static void long_options(const struct cli_command *c, struct option *ret)
{
    size_t n = 0;
    CHECK(c->n_options <= CLI_OPTIONS_MAX);
    for (size_t i = 0; i < c->n_options; i++)
        ret[n++] = (struct option){ c->options[i].name,
            c->options[i].value ? required_argument : no_argument, NULL, (int)(OWN + i) };
    ret[n++] = (struct option){ "help", no_argument, NULL, HELP };
    ret[n++] = (struct option){ "lang", required_argument, NULL, LANG };
    ret[n] = (struct option){ NULL, 0, NULL, 0 };
}

int cli_run(const struct cli_command *c, int argc, char **argv)
{
    struct cli_args args = { .command = c, .lang = cli_lang(argc, argv) };
    struct option table[CLI_OPTIONS_MAX + 3];
    int found;
    long_options(c, table);
    for (size_t i = 0; i < c->n_options; i++)
        args.values[i] = c->options[i].usual;
    opterr = 0;
    while ((found = getopt_long(argc, argv, ":h", table, NULL)) != -1) {
        if (found == 'h' || found == HELP)
            return cli_help(c, args.lang, CLI_DONE);
        if (found == '?' || found == ':')
            return wrong_option(&args, found, argv[optind - 1]);
        if (!value_take(&args, found, optarg))
            return CLI_USAGE;
    }
    args.operands = argv + optind;
    args.n_operands = argc - optind;
    if (args.n_operands && c->operands[0] == '\0') {
        fprintf(stderr, args.lang == LANG_EN ? "Unexpected: %s\nTry: fengqiao %s --help\n"
            : "多余的参数: %s\n请看: fengqiao %s --help\n", args.operands[0], c->name);
        return CLI_USAGE;
    }
    return c->run(&args);
}

static size_t option_at(const struct cli_args *args, const char *name)
{
    for (size_t i = 0; i < args->command->n_options; i++)
        if (strcmp(args->command->options[i].name, name) == 0)
            return i;
    check_failed(name, __FILE__, __LINE__);
}

const char *cli_value(const struct cli_args *args, const char *option)
{
    return args->values[option_at(args, option)];
}

bool cli_flag(const struct cli_args *args, const char *option)
{
    return cli_value(args, option) != NULL;
}

int64_t cli_day(const struct cli_args *args, const char *option, int64_t usual_ms)
{
    const char *text = cli_value(args, option);
    CHECK(text == NULL || clock_parse(str_c(text), &usual_ms));
    return usual_ms;
}

bool cli_number(const struct cli_args *args, const char *option, int64_t min, int64_t max,
    int64_t *ret)
{
    const char *text = cli_value(args, option);
    if (text && str_to_i64(str_c(text), ret) && *ret >= min && *ret <= max)
        return true;
    fprintf(stderr, args->lang == LANG_EN ? "--%s: a whole number from %lld to %lld\n"
        : "--%s: 应为 %lld 到 %lld 的整数\n", option, (long long)min, (long long)max);
    return false;
}

/* What a server says of its storage is no help to who named the wrong database. */
static void explain(const struct cli_args *args, enum err e, struct err_info *info)
{
    const char *db = NULL;
    struct site site;
    for (size_t i = 0; i < args->command->n_options && db == NULL; i++)
        if (strcmp(args->command->options[i].name, "db") == 0)
            db = args->values[i];
    if (info->e == e && info->en[0])
        return;
    if (e == E_DB && db) {
        site_at(db, NULL, &site);
        (void)err_note(info, e, "db", MSG("数据库 %s 打不开或读不了，请核对 --db",
            "The database %s cannot be opened or read; check --db"), str_c(site_shown(&site)));
    } else if (e == E_UNKNOWN)
        (void)err_note(info, e, "", MSG("不知道是否已写入，请先查看再重新运行",
            "It is not known whether it was stored; look before you run it again"), STR_NONE);
}

int cli_fail(const struct cli_args *args, const struct err_info *given, enum err e)
{
    struct err_info said = *given, *info = &said;
    explain(args, e, info);
    fprintf(stderr, "fengqiao %s: %s%s%s%s\n", args->command->name,
        err_info_text(info, e, args->lang), info->field[0] ? " (" : "", info->field,
        info->field[0] ? ")" : "");
    return CLI_WRONG;
}
