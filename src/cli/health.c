/* health.c: one look at everything that a server of this database would stumble over later: the
 * database, its disk, its key, the clock, the last backup, the town's tables, and this machine. */
#include "cli/health.h"
#include "attach/helper.h"
#include "cli/bundle.h"
#include "cli/grants.h"
#include "cli/lost.h"
#include "cli/node.h"
#include "guard/confine.h"
#include "town/town.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum verdict { WELL, NOTE, FAULT };
enum { MIB = 1 << 20, FREE_LEAST_MIB = 256, BACKUP_DAYS_MAX = 7, CLOCK_SLACK_MS = 60 * 1000,
    PATH_BYTES = 4200 };
struct health {
    const struct cli_args *args;
    struct arena a;
    struct site site;
    const char *file;           /* of the database; NULL: it is on a server */
    struct db *db;              /* NULL when it does not open, or is not of this program */
    struct err_info info;
    int64_t now_ms;
    size_t faults;
};

SQL_READS(LAST_ENTRY, "health.last_entry", "SELECT at_ms FROM entry ORDER BY id DESC LIMIT 1");
const struct sql *const health_statements[] = { &LAST_ENTRY };
const size_t health_statements_n = COUNT_OF(health_statements);

__attribute__((format_arg(2), format_arg(3)))
static const char *say(const struct health *h, const char *zh, const char *en)
{
    return h->args->lang == LANG_EN ? en : zh;
}

static void told(struct health *h, enum verdict is, struct str what, const char *remedy)
{
    static const struct msg words[] = { MSG("正常", "ok   "), MSG("注意", "note "), MSG("问题", "fault") };
    printf("%s  %.*s\n", say(h, words[is].zh, words[is].en), STR_FMT(what));
    if (remedy)
        printf("       → %s\n", remedy);
    h->faults += is == FAULT;
}

/* remedy NULL: the error says it itself. */
static void told_error(struct health *h, enum err e, const char *remedy)
{
    told(h, FAULT, str_c(err_info_text(&h->info, e, h->args->lang)), remedy);
    h->info = (struct err_info){ .e = OK };
}

/* The database ------------------------------------------------------------------------------ */

static void look_at_schema(struct health *h)
{
    int64_t version = 0;
    const char *name = site_shown(&h->site);
    enum err e = db_open(h->site.db, DB_OVERSEER, &h->db);
    if (e != OK) {
        told(h, FAULT, arena_fmt(&h->a, say(h, "打不开数据库 %s", "The database %s does not open"), name),
            say(h, "请核对 --db；上面的日志写明原因。文件损坏的，从备份恢复(fengqiao restore)", "Check --db; the log"
            " above says why. A damaged file is restored from a backup (fengqiao restore)"));
        return;
    }
    db_take_time(h->db);
    e = db_is_current(h->db, &h->info);
    if (e == OK)
        e = node_moved_check(h->db, &h->info);
    if (e == OK)
        e = db_version(h->db, &version);
    if (e == OK) {
        told(h, WELL, arena_fmt(&h->a, say(h, "数据库 %s 能打开，结构为第 %lld 版，与程序一致",
            "The database %s opens; its schema, version %lld, is this program's"), name,
            (long long)version), NULL);
        return;
    }
    told_error(h, e, e != E_MISSING ? NULL : say(h, "请核对 --db；新的数据库用 fengqiao init 建立",
        "Check --db; a new database is made by fengqiao init"));
    db_close(h->db);
    h->db = NULL;
}

static void look_inside(struct health *h)
{
    struct str found = STR_NONE;
    bool whole = cli_flag(h->args, "whole"), logged = false;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "%s\n", say(h, "正在读数据库文件……", "Reading the database file..."));
    enum err e = db_sound(h->db, &h->a, whole, &found);
    const char *remedy = say(h, "停止服务，从备份恢复(fengqiao restore)，并检查磁盘",
        "Stop the server, restore a backup (fengqiao restore), and have the disk checked");
    if (e != OK)
        told(h, FAULT, str_c(say(h, "数据库文件读不完，已损坏", "The database file cannot be read to its end:"
            " it is damaged")), remedy);
    else if (found.n)
        told(h, FAULT, arena_fmt(&h->a, say(h, "数据库文件已损坏：%.*s", "The database file is damaged: %.*s"),
            STR_FMT(found)), remedy);
    else
        told(h, WELL, str_c(whole ? say(h, "数据库文件和索引完好", "The database file and its indexes are sound")
            : say(h, "数据库文件完好(索引用 --whole 核对)", "The database file is sound (--whole checks its"
                " indexes, too)")), NULL);
    if (db_is_logged(h->db, &logged) == OK && !logged)
        told(h, NOTE, str_c(say(h, "数据库文件不在 WAL 模式", "The database file is not in WAL mode")),
            say(h, "启动一次服务即可(fengqiao serve)", "The server sets it when it starts (fengqiao serve)"));
    else
        told(h, WELL, str_c(say(h, "先写日志(WAL)", "What is written goes to a log first (WAL)")), NULL);
}

static void look_at_role(struct health *h)
{
    enum err e = grants_check(h->db, GRANT_SERVE, "db", &h->info);
    if (e != OK)
        told_error(h, e, NULL);
    else
        told(h, WELL, str_c(say(h, "数据库角色有所需的权限(多了没有，见 --check)",
            "The database role has the rights it needs (--check tells whether it has too many)")), NULL);
}

/* What lies beside it ------------------------------------------------------------------------ */

static int64_t bytes_of(struct health *h, const char *end)
{
    struct stat st;
    return stat(arena_fmt(&h->a, "%s%s", h->file, end).p, &st) == 0 ? st.st_size : 0;
}

static void look_at_owner(struct health *h)
{
    struct stat st;
    if (stat(h->file, &st) == 0 && st.st_uid != geteuid())
        told(h, NOTE, str_c(say(h, "数据库文件属于别的用户，下面只说明当前用户能否读写",
            "The database file is another user's; what follows holds for the user who asks")),
            say(h, "以运行服务的用户再看一次，如 runuser -u fengqiao -- fengqiao doctor …",
                "Ask as the user who serves, such as runuser -u fengqiao -- fengqiao doctor ..."));
}

/* Names, phones and what people wrote are in these files: for the user who serves, and nobody else. */
static void look_at_mode(struct health *h, const char *path, bool folder, const char *wanted)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return;
    unsigned mode = (unsigned)st.st_mode & 07777;
    bool sticky = folder && (mode & S_ISVTX), written = (mode & 022) && !sticky;
    const char *remedy = arena_fmt(&h->a, "chmod %s %s", wanted, path).p;
    if (written)
        told(h, FAULT, arena_fmt(&h->a, say(h, "别的用户也能写入 %s(权限 %o，应为 %s)",
            "Other users may write to %s (mode %o; it should be %s)"), path, mode, wanted), remedy);
    else if ((mode & 044) && !folder)
        told(h, NOTE, arena_fmt(&h->a, say(h, "别的用户也能读 %s，其中有个人信息(权限 %o，应为 %s)",
            "Other users may read %s, which holds personal data (mode %o; it should be %s)"), path, mode,
            wanted), remedy);
}

static void look_at_writing(struct health *h)
{
    enum err e = site_file_writable(&h->site, &h->info);
    if (e != OK)
        told_error(h, e, NULL);
    look_at_mode(h, h->file, false, "600");
    look_at_mode(h, path_folder(&h->a, h->file), true, "700");
}

static void look_at_disk(struct health *h)
{
    struct statvfs fs;
    int64_t size = h->file ? bytes_of(h, "") + bytes_of(h, "-wal") : 0;
    const char *folder = path_folder(&h->a, h->file ? h->file : h->site.beside);
    if (statvfs(folder, &fs) != 0) {
        told(h, FAULT, arena_fmt(&h->a, say(h, "没有目录 %s", "There is no directory %s"), folder),
            say(h, "请核对 --data", "Check --data"));
        return;
    }
    int64_t there = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
    bool low = there < (int64_t)FREE_LEAST_MIB * MIB || there < size / 10;
    told(h, low ? FAULT : there < size ? NOTE : WELL, arena_fmt(&h->a,
        say(h, "%s 所在磁盘空余 %lld MiB，数据库占 %lld MiB", "The disk of %s has %lld MiB free; the database"
            " takes %lld MiB"), folder, (long long)(there / MIB), (long long)(size / MIB)),
        low ? say(h, "请腾出空间：磁盘写满后什么也写不进去", "Make room: on a full disk nothing can be stored")
        : there < size ? say(h, "备份请放在别的磁盘", "Keep backups on another disk") : NULL);
}

static void look_at_key(struct health *h)
{
    struct node_keys keys;
    struct rand rand = rand_system();
    enum err e = node_keys_for(&h->site, NULL, &rand, &keys, &h->info);
    const char *remedy = say(h, "放回此数据库的密钥文件：另存的那一份，或带密钥的备份里的",
        "Put back the key file of this database: from where a copy is kept, or from a backup with the"
        " key");
    if (e != OK) {
        told_error(h, e, e == E_MISSING && !site_has_directory_beside(&h->site) ? remedy : NULL);
        return;
    }
    if (h->db)
        e = node_keys_check(h->db, &h->site, &keys, &h->info);
    if (e != OK)
        told_error(h, e, e == E_CONFLICT ? remedy : NULL);
    else
        told(h, WELL, arena_fmt(&h->a, h->db
            ? say(h, "密钥文件 %s.key 只有本用户能读，与数据库相符；节点名称 %s",
                "The key file %s.key is this user's alone and fits the database; the node is called %s")
            : say(h, "密钥文件 %s.key 只有本用户能读；节点名称 %s",
                "The key file %s.key is this user's alone; the node is called %s"),
            h->site.beside, keys.name), NULL);
    keys_wipe(&keys);
}

/* The first folder in which this user may not write, or none. */
static struct str closed_folder(struct health *h, const char *photos)
{
    DIR *d = access(photos, R_OK | W_OK | X_OK) == 0 ? opendir(photos) : NULL;
    struct str closed = d ? STR_NONE : arena_fmt(&h->a, "%s", photos);
    for (const struct dirent *at = d ? readdir(d) : NULL; at && closed.p == NULL; at = readdir(d)) {
        struct str path = arena_fmt(&h->a, "%s/%s", photos, at->d_name);
        struct stat st;
        if (at->d_name[0] != '.' && lstat(path.p, &st) == 0 && S_ISDIR(st.st_mode)
            && access(path.p, R_OK | W_OK | X_OK) != 0)
            closed = path;
    }
    if (d)
        (void)closedir(d);
    return closed;
}

static void look_at_folder(struct health *h)
{
    struct str photos = arena_fmt(&h->a, "%s.photos", h->site.beside);
    const char *remedy = say(h, "把目录交给运行服务的用户，如 chown -R fengqiao",
        "Give the directory to the user who serves, such as chown -R fengqiao");
    if (access(photos.p, F_OK) != 0 && errno == ENOENT) {
        const char *folder = path_folder(&h->a, photos.p);
        bool may = access(folder, W_OK | X_OK) == 0;
        told(h, may ? WELL : FAULT, may ? str_c(say(h, "还没有照片；目录由服务建立",
            "There are no photos yet; the server makes the directory")) : arena_fmt(&h->a,
            say(h, "不能在 %s 里建立照片目录", "The directory of photos cannot be made in %s"), folder),
            may ? NULL : remedy);
        return;
    }
    struct str closed = closed_folder(h, photos.p);
    told(h, closed.p ? FAULT : WELL, arena_fmt(&h->a, closed.p
        ? say(h, "照片目录 %s 不能写入", "Photos cannot be written to %s")
        : say(h, "照片目录 %s 可以写入", "Photos can be written to %s"),
        closed.p ? closed.p : photos.p), closed.p ? remedy : NULL);
    look_at_mode(h, photos.p, true, "700");
}

static void look_at_photos(struct health *h)
{
    struct lost_photos found = { .lost = 0 };
    struct progress bar = progress_of(h->args->lang);
    look_at_folder(h);
    const char *photos = arena_fmt(&h->a, "%s.photos", h->site.beside).p;
    enum err e = h->db ? photos_lost(h->db, photos, bar.terminal ? &bar : NULL, &found) : OK;
    struct str lost = photos_lost_text(&h->a, &found, h->args->lang);
    if (e != OK)
        told_error(h, e, NULL);
    else if (lost.n)
        told(h, FAULT, lost, say(h, "从备份取回照片文件夹(fengqiao restore 到别处，再复制 .photos)，并核对 --data",
            "Bring the folder of photos back from a backup (fengqiao restore to another place, then copy"
            " .photos), and check --data"));
    else if (found.photos)
        told(h, WELL, arena_fmt(&h->a, say(h, "事项的 %lld 张照片都在", "The photos of matters are all there: %lld"),
            (long long)found.photos), NULL);
}

/* Time --------------------------------------------------------------------------------------- */

/* What was written already, and this program, are older than now. */
static void look_at_clock(struct health *h)
{
    struct stat st;
    int64_t last_ms = 0, made_ms = 0;
    enum err e = h->db ? db_number(h->db, &LAST_ENTRY, NO_ARGS, &last_ms) : E_MISSING;
    if (e != OK && e != E_MISSING) {
        told_error(h, e, NULL);
        return;
    }
    if (stat("/proc/self/exe", &st) == 0)
        made_ms = (int64_t)st.st_mtime * 1000 - CLOCK_DAY_MS;
    bool behind = last_ms > h->now_ms + CLOCK_SLACK_MS, old = made_ms > h->now_ms;
    struct str now = clock_day_text(&h->a, h->now_ms);
    told(h, behind || old ? FAULT : WELL, arena_fmt(&h->a, behind
        ? say(h, "时钟(%.*s)早于账本里最后一条记录", "The clock (%.*s) stands before the last entry of the ledger")
        : old ? say(h, "时钟(%.*s)早于程序的日期", "The clock (%.*s) stands before the day of this program")
        : say(h, "时钟是 %.*s，晚于最后一条记录", "The clock says %.*s, after the last entry"), STR_FMT(now)),
        behind || old ? say(h, "校准时钟(chrony 或 systemd-timesyncd)，再启动服务",
            "Set the clock (chrony or systemd-timesyncd) before the server starts") : NULL);
}

/* The newest backup in a folder, or the folder itself if it is one; 0: none. */
static int64_t backup_newest_ms(struct health *h, const char *folder)
{
    struct manifest m;
    struct err_info none = { .e = OK };
    int64_t newest_ms = 0;
    if (manifest_read(folder, &h->a, &m, &none) == OK)
        return m.taken_ms;
    DIR *d = opendir(folder);
    for (const struct dirent *at = d ? readdir(d) : NULL; at; at = readdir(d))
        if (at->d_name[0] != '.' && manifest_read(arena_fmt(&h->a, "%s/%s", folder, at->d_name).p,
            &h->a, &m, &none) == OK && m.taken_ms > newest_ms)
            newest_ms = m.taken_ms;
    if (d)
        (void)closedir(d);
    return newest_ms;
}

static void look_at_backup(struct health *h)
{
    const char *folder = cli_value(h->args, "backup");
    const char *remedy = say(h, "每天备份一次：fengqiao backup，或启用 fengqiao-backup.timer",
        "Back up every day: fengqiao backup, or enable fengqiao-backup.timer");
    if (folder == NULL) {
        told(h, NOTE, str_c(say(h, "不知道上次什么时候备份", "It is not known when the last backup was made")),
            say(h, "用 --backup 写明备份所在的文件夹", "Name the folder of backups by --backup"));
        return;
    }
    int64_t newest_ms = backup_newest_ms(h, folder);
    int64_t days = (h->now_ms - newest_ms) / CLOCK_DAY_MS;
    struct str day = clock_day_text(&h->a, newest_ms);
    bool old = days > BACKUP_DAYS_MAX;
    if (newest_ms == 0)
        told(h, FAULT, arena_fmt(&h->a, say(h, "%s 里没有备份", "There is no backup in %s"), folder), remedy);
    else
        told(h, old ? FAULT : WELL, arena_fmt(&h->a, say(h, "上次备份于 %.*s，%lld 天前",
            "The last backup was made on %.*s, %lld days ago"), STR_FMT(day), (long long)days),
            old ? remedy : NULL);
}

/* The town, and this machine -------------------------------------------------------------------- */

static enum err town_look(struct health *h)
{
    struct catalogue *c;
    struct list holes = { NULL, 0 };
    TRY(catalogue_load(h->db, &c, &h->info));
    enum err e = town_holes(h->db, c, &h->a, h->now_ms, &holes);
    int64_t known_ms = calendar_last_ms(c);
    catalogue_drop(c);
    TRY(e);
    const struct town_hole *hole = holes.p;
    for (size_t i = 0; i < holes.n; i++)
        told(h, hole[i].later ? NOTE : FAULT, str_c(say(h, hole[i].text.zh, hole[i].text.en)),
            say(h, hole[i].remedy.zh, hole[i].remedy.en));
    if (holes.n == 0)
        told(h, WELL, arena_fmt(&h->a, say(h, "表里没有缺口，日历到 %d 年",
            "Nothing is missing in the tables; the calendar is known to the end of %d"),
            clock_civil(known_ms).year), NULL);
    return OK;
}

static void look_at_town(struct health *h)
{
    enum err e = town_look(h);
    if (e != OK)
        told_error(h, e, NULL);
}

static void look_at_helpers(struct health *h)
{
    static const struct msg without[HELPER_KINDS] = {
        [HELPER_MEDIA] = MSG("照片收不进来", "photos are refused"),
        [HELPER_PRINT] = MSG("文书和二维码牌打印不了", "documents and QR plates are not printed"),
        [HELPER_SIFT] = MSG("网页上不能导入图层", "layers are not imported at desks") };
    bool all = true;
    for (enum helper_kind k = 0; k < HELPER_KINDS; k++) {
        const struct helper *found;
        if (helper_find(&h->a, k, HELPER_ALONE, &found) == OK)
            continue;
        all = false;
        told(h, FAULT, arena_fmt(&h->a, say(h, "找不到 %s，%s", "%s is not there: %s"), helper_name(k),
            say(h, without[k].zh, without[k].en)), say(h, "重新安装程序，辅助程序放在它旁边或 libexec/fengqiao",
            "Install the program again; its helpers lie beside it, or in libexec/fengqiao"));
    }
    if (all)
        told(h, WELL, str_c(say(h, "照片、打印、图层的辅助程序都在",
            "The helpers for photos, printing and layers are there")), NULL);
}

static void look_at_sandbox(struct health *h)
{
    struct confined c = confine_look();
    if (c.seccomp && c.landlock > 0)
        told(h, WELL, arena_fmt(&h->a, say(h, "内核有沙箱：seccomp、Landlock(第 %d 版)",
            "The kernel can lock the server in: seccomp, Landlock (version %d)"), c.landlock), NULL);
    else
        told(h, NOTE, arena_fmt(&h->a, say(h, "内核缺少 %s，服务少一道锁", "The kernel lacks %s: the server has a"
            " lock less"), c.seccomp ? "Landlock" : "seccomp"), say(h, "用 Linux 5.13 以上的内核，并启用"
            " Landlock(lsm=landlock,…)", "Use Linux 5.13 or newer with Landlock enabled (lsm=landlock,...)"));
}

static void look(struct health *h)
{
    look_at_schema(h);
    if (h->file) {
        look_at_owner(h);
        look_at_writing(h);
    }
    if (h->db && h->file)
        look_inside(h);
    else if (h->db)
        look_at_role(h);
    look_at_disk(h);
    look_at_key(h);
    look_at_photos(h);
    look_at_clock(h);
    look_at_backup(h);
    if (h->db)
        look_at_town(h);
    look_at_helpers(h);
    look_at_sandbox(h);
}

int health_print(const struct cli_args *args)
{
    struct health h = { .args = args, .now_ms = clock_now_ms(clock_system()) };
    const char *db = cli_value(args, "db");
    site_at(db, cli_value(args, "data"), &h.site);
    h.file = site_file(&h.site);
    arena_init(&h.a, (size_t)1 << 30);
    look(&h);
    if (h.faults)
        printf(say(&h, "发现 %zu 处问题\n", "%zu faults\n"), h.faults);
    else
        printf("%s\n", say(&h, "没有发现问题", "Nothing is at fault"));
    db_close(h.db);
    arena_free(&h.a);
    return h.faults ? CLI_WRONG : CLI_DONE;
}
