/* source_shapefile.c: a Shapefile by shapelib, out of memory: outlines from .shp, attributes from
 * .dbf in the encoding that .cpg or the .dbf itself names, the coordinate system from .prj.
 *
 * Shapelib opens files by name and gives its hooks no context; so the name we have it open is the
 * address of the parts, as text. The index (.shx) is made afresh from the .shp: it is often missing
 * or belongs to an older file. */
#include "layer/feature.h"
#include <math.h>
#include <shapefil.h>
#include <stdio.h>

struct part { struct str bytes; size_t at; };
struct parts { struct part shp, shx, dbf; };

static bool name_is(struct str name, struct str base, const char *end)
{
    return str_starts(name, base) && str_is((struct str){ name.p + base.n, name.n - base.n }, end);
}

static SAFile part_open(const char *name, const char *access)
{
    struct str all = str_c(name), rest, base = str_cut(all, '.', &rest);
    struct parts *p = NULL;
    (void)access;
    CHECK(base.n == 2 * sizeof(p));
    for (size_t i = 0; i < sizeof(p); i++)
        ((unsigned char *)&p)[i] = (unsigned char)((name[2 * i] - 'a') << 4 | (name[2 * i + 1] - 'a'));
    struct part *part = name_is(all, base, ".shp") ? &p->shp : name_is(all, base, ".shx") ? &p->shx
        : name_is(all, base, ".dbf") ? &p->dbf : NULL;
    return part && part->bytes.n ? (SAFile)(void *)part : NULL;
}

static struct str parts_name(struct arena *a, struct parts *p)
{
    char *name = arena_bytes(a, 2 * sizeof(p) + 5);
    for (size_t i = 0; i < sizeof(p); i++) {
        unsigned char c = ((unsigned char *)&p)[i];
        name[2 * i] = (char)('a' + (c >> 4));
        name[2 * i + 1] = (char)('a' + (c & 15));
    }
    memcpy(name + 2 * sizeof(p), ".shp", 5);
    return str_c(name);
}

static struct part *part_of(SAFile file)
{
    return (struct part *)(void *)file;
}

static SAOffset part_read(void *to, SAOffset size, SAOffset n, SAFile file)
{
    struct part *p = part_of(file);
    size_t left = p->at < p->bytes.n ? p->bytes.n - p->at : 0;
    if (size == 0)
        return 0;
    SAOffset whole = left / size < n ? left / size : n;
    if (whole)
        memcpy(to, p->bytes.p + p->at, whole * size);
    p->at += whole * size;
    return whole;
}

static SAOffset part_write(void *from, SAOffset size, SAOffset n, SAFile file)
{
    (void)from, (void)size, (void)n, (void)file;
    return 0;
}

static SAOffset part_seek(SAFile file, SAOffset offset, int whence)
{
    struct part *p = part_of(file);
    p->at = (whence == SEEK_END ? p->bytes.n : whence == SEEK_CUR ? p->at : 0) + offset;
    return 0;
}

static SAOffset part_tell(SAFile file)
{
    return part_of(file)->at;
}

static int part_done(SAFile file)
{
    (void)file;
    return 0;
}

static int part_remove(const char *name)
{
    (void)name;
    return -1;
}

static void part_error(const char *message)
{
    (void)message;      /* what is wrong shows in what is returned */
}

static SAHooks hooks(void)
{
    SAHooks h;
    SASetupDefaultHooks(&h);
    h.FOpen = part_open;
    h.FRead = part_read;
    h.FWrite = part_write;
    h.FSeek = part_seek;
    h.FTell = part_tell;
    h.FFlush = part_done;
    h.FClose = part_done;
    h.Remove = part_remove;
    h.Error = part_error;
    return h;
}

enum { HEAD_BYTES = 100, RECORD_HEAD_BYTES = 8, NAME_BYTES = 10 };

static uint32_t big_endian(const char *p)
{
    const unsigned char *b = (const unsigned char *)p;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static void put_big_endian(struct buf *b, uint32_t v)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_byte(b, (char)(unsigned char)(v >> shift));
}

/* Records follow each other, each behind its number and its length in 16-bit words. */
static struct str index_of(struct arena *a, struct str shp)
{
    struct buf b = buf_in(a, (size_t)2 * SOURCE_BYTES_MAX);
    size_t at = HEAD_BYTES, n = 0;
    for (; at + RECORD_HEAD_BYTES <= shp.n; n++) {
        size_t bytes = (size_t)big_endian(shp.p + at + 4) * 2;
        if (bytes > shp.n - at - RECORD_HEAD_BYTES)
            break;
        at += RECORD_HEAD_BYTES + bytes;
    }
    buf_add(&b, (struct str){ shp.p, 24 });
    put_big_endian(&b, (uint32_t)((HEAD_BYTES + n * 8) / 2));
    buf_add(&b, (struct str){ shp.p + 28, HEAD_BYTES - 28 });
    at = HEAD_BYTES;
    for (size_t i = 0; i < n; i++) {
        uint32_t words = big_endian(shp.p + at + 4);
        put_big_endian(&b, (uint32_t)(at / 2));
        put_big_endian(&b, words);
        at += RECORD_HEAD_BYTES + (size_t)words * 2;
    }
    return buf_str(&b);
}

/* Attributes ------------------------------------------------------------------------------- */

struct dbf_reading {
    DBFHandle dbf;
    SHPHandle shp;
    const char *encoding;
    enum feature_field columns[256];
    int n_columns;
};

static void reading_close(struct dbf_reading *r)
{
    if (r->dbf)
        DBFClose(r->dbf);
    if (r->shp)
        SHPClose(r->shp);
}

/* iconv's name for what .cpg or the code page byte says; NULL when they say nothing. */
static const char *encoding_named(struct arena *a, struct str cpg, const char *code_page)
{
    struct str word = str_trim(cpg);
    if (str_is(word, "65001"))
        return "UTF-8";
    if (str_is(word, "936") || (word.n == 0 && code_page && strcmp(code_page, "LDID/77") == 0))
        return "GB18030";
    if (word.n == 0 || word.n > 30)
        return NULL;
    return word.p[0] >= '0' && word.p[0] <= '9' ? arena_fmt(a, "CP%.*s", STR_FMT(word)).p
        : arena_str(a, word).p;
}

static enum err read_columns(struct arena *a, const struct source *s, struct dbf_reading *r,
    struct err_info *info)
{
    r->encoding = s->encoding ? s->encoding : encoding_named(a, s->cpg, DBFGetCodePage(r->dbf));
    r->n_columns = DBFGetFieldCount(r->dbf);
    if (r->n_columns > (int)COUNT_OF(r->columns))
        return err_note(info, E_TOO_LARGE, "file", MSG("列数太多", "There are too many columns"),
            STR_NONE);
    for (int i = 0; i < r->n_columns; i++) {
        char name[XBASE_FLDNAME_LEN_READ + 1] = "";
        struct err_info why = { .e = OK };
        struct str text;
        (void)DBFGetFieldInfo(r->dbf, i, name, NULL, NULL);
        if (text_decode(a, str_c(name), r->encoding, &text, &why) != OK) {
            if (strlen(name) + 1 < NAME_BYTES)
                return err_note(info, E_INPUT, why.field, (struct msg){ why.zh, why.en }, STR_NONE);
            text = str_c(name);                     /* cut within a character */
        }
        r->columns[i] = headings_field(&s->headings, arena_str(a, text), true);
    }
    return OK;
}

static void read_attributes(struct arena *a, struct dbf_reading *r, int row, struct feature *f)
{
    for (int i = 0; i < r->n_columns; i++) {
        struct err_info why = { .e = OK };
        const char *value = r->columns[i] == FIELD_COUNT || f->values[r->columns[i]].n ? NULL
            : DBFReadStringAttribute(r->dbf, row, i);
        struct str text = STR("");
        if (value == NULL)
            continue;
        struct str bytes = str_trim(arena_str(a, str_c(value)));
        if (text_decode(a, bytes, r->encoding, &text, &why) != OK)
            feature_fault(a, f, &why);
        feature_set(a, f, r->columns[i], text);
    }
}

/* Outlines --------------------------------------------------------------------------------- */

static bool is_type(int type, int plain)
{
    return type == plain || type == plain + 10 || type == plain + 20;      /* with height, measure */
}

static void unreadable(struct arena *a, struct feature *f)
{
    struct err_info why = { .e = OK };
    (void)err_note(&why, E_INPUT, "shape", MSG("图形记录损坏，请重新导出",
        "The record of the outline is damaged; export the file again"), STR_NONE);
    feature_fault(a, f, &why);
}

static void rough_of(struct arena *a, const SHPObject *o, struct feature *f)
{
    struct rough r = { .kind = is_type(o->nSHPType, SHPT_POINT) ? ROUGH_POINT : ROUGH_AREA,
        .loose = true, .point_count = (size_t)o->nVertices,
        .ring_count = (size_t)(o->nParts > 0 ? o->nParts : 0) };
    r.at = NEW_N(a, struct geo_point, r.point_count + 1);
    for (size_t i = 0; i < r.point_count; i++)
        r.at[i] = (struct geo_point){ o->padfX[i], o->padfY[i] };
    r.rings = NEW_N(a, struct rough_ring, r.ring_count + 1);
    for (size_t i = 0; i < r.ring_count; i++) {
        int from = o->panPartStart[i];
        int to = i + 1 < r.ring_count ? o->panPartStart[i + 1] : o->nVertices;
        if (from < 0 || to < from || to > o->nVertices) {
            unreadable(a, f);
            return;
        }
        r.rings[i] = (struct rough_ring){ (size_t)from, (size_t)(to - from), true };
    }
    if (r.kind == ROUGH_POINT && r.point_count != 1)
        unreadable(a, f);
    else
        f->rough = r;
}

static enum err read_rows(struct arena *a, struct dbf_reading *r, struct features *ret,
    struct err_info *info)
{
    int n = 0, type = 0, rows = DBFGetRecordCount(r->dbf);
    SHPGetInfo(r->shp, &n, &type, NULL, NULL);
    if (!is_type(type, SHPT_POLYGON) && !is_type(type, SHPT_POINT))
        return err_note(info, E_MEDIA, "file", MSG("Shapefile 的图形应为面或点",
            "The Shapefile must hold polygons or points"), STR_NONE);
    if (n != rows)
        return err_note(info, E_INPUT, "file", MSG(".shp 有 %s 个图形，与 .dbf 的行数不同：文件不完整，或不是一套",
            "The .shp holds %s outlines and the .dbf another number of rows: one is cut off, or they do"
            " not belong together"), arena_fmt(a, "%d", n));
    for (int i = 0; i < n; i++) {
        struct feature *f;
        if (DBFIsRecordDeleted(r->dbf, i))
            continue;
        TRY(feature_add(a, ret, (size_t)i + 1, &f, info));
        read_attributes(a, r, i, f);
        SHPObject *o = SHPReadObject(r->shp, i);
        if (o && o->nSHPType != SHPT_NULL)
            rough_of(a, o, f);
        else if (o == NULL)
            unreadable(a, f);
        if (o)
            SHPDestroyObject(o);
    }
    return OK;
}

enum err source_read_shapefile(struct arena *a, const struct source *s, struct features *ret,
    struct err_info *info)
{
    struct features f = { .crs = str_trim(s->prj) };
    SAHooks h = hooks();
    if (s->bytes.n < HEAD_BYTES)
        return err_note(info, E_MEDIA, "file", MSG("不是 Shapefile", "This is no Shapefile"),
            STR_NONE);
    if (s->dbf.n == 0)
        return err_note(info, E_INPUT, "file", MSG("缺少同名的 .dbf 文件(属性)，请一并提供",
            "The .dbf file of the same name (attributes) is missing; put it beside"), STR_NONE);
    struct parts parts = { .shp.bytes = s->bytes, .shx.bytes = index_of(a, s->bytes),
        .dbf.bytes = s->dbf };
    struct str name = parts_name(a, &parts);
    struct dbf_reading r CLEANUP(reading_close) = { .dbf = DBFOpenLL(name.p, "rb", &h),
        .shp = SHPOpenLL(name.p, "rb", &h) };
    if (r.dbf == NULL || r.shp == NULL)
        return err_note(info, E_MEDIA, "file", MSG("%s 已损坏，请重新导出",
            "%s is damaged; export it again"), r.shp ? STR(".dbf") : STR(".shp"));
    TRY(read_columns(a, s, &r, info));
    TRY(read_rows(a, &r, &f, info));
    *ret = f;
    return OK;
}
