/* source_zip.c: archives by libzip: a .zip that holds a file of one of the formats, and the parts
 * of an .xlsx. Members are unpacked in memory only, and their sizes are bounded together, so that
 * an archive that swells is refused. */
#include "layer/zip_member.h"
#include <strings.h>

void zip_shut(struct zip **z)
{
    if (*z)
        zip_discard(*z);
    *z = NULL;
}

enum err zip_of_bytes(struct str bytes, struct zip **ret, struct err_info *info)
{
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *from = zip_source_buffer_create(bytes.p, bytes.n, 0, &why);
    struct zip *z = from ? zip_open_from_source(from, ZIP_RDONLY, &why) : NULL;
    if (z == NULL && from)
        zip_source_free(from);
    zip_error_fini(&why);
    if (z == NULL)
        return err_note(info, E_MEDIA, "file", MSG("压缩包已损坏或加密，请重新压缩",
            "The archive is damaged or encrypted; pack it again"), STR_NONE);
    *ret = z;
    return OK;
}

enum err zip_member(struct arena *a, struct zip *z, zip_int64_t i, size_t max_bytes,
    struct str *ret, struct err_info *info)
{
    zip_stat_t is;
    if (i < 0 || zip_stat_index(z, (zip_uint64_t)i, 0, &is) != 0 || is.size > max_bytes)
        return err_note(info, E_TOO_LARGE, "file", MSG("压缩包内的文件太大", "A file in the archive is"
            " too large"), STR_NONE);
    zip_file_t *f = zip_fopen_index(z, (zip_uint64_t)i, 0);
    char *to = arena_bytes(a, (size_t)is.size + 1);
    zip_int64_t n = f ? zip_fread(f, to, is.size + 1) : -1;
    if (f)
        (void)zip_fclose(f);
    if (n != (zip_int64_t)is.size)
        return err_note(info, E_MEDIA, "file", MSG("压缩包已损坏或加密，请重新压缩",
            "The archive is damaged or encrypted; pack it again"), STR_NONE);
    *ret = (struct str){ to, (size_t)n };
    return OK;
}

bool ends_with(struct str name, const char *end)
{
    size_t n = strlen(end);
    return name.n >= n && strncasecmp(name.p + name.n - n, end, n) == 0;
}

/* The members that matter, by their endings. */
struct found { zip_int64_t shp, dbf, prj, cpg, other; size_t n_shp, n_other; };

static void look_at(struct found *f, struct str name, zip_int64_t i)
{
    bool hidden = str_find(name, STR("__MACOSX")) >= 0;
    if (hidden)
        return;
    if (ends_with(name, ".shp")) {
        f->shp = i;
        f->n_shp++;
    } else if (ends_with(name, ".dbf")) {
        f->dbf = i;
    } else if (ends_with(name, ".prj")) {
        f->prj = i;
    } else if (ends_with(name, ".cpg")) {
        f->cpg = i;
    } else if (ends_with(name, ".geojson") || ends_with(name, ".json") || ends_with(name, ".csv")
        || ends_with(name, ".xlsx")) {
        f->other = i;
        f->n_other++;
    }
}

static enum err take(struct arena *a, struct zip *z, zip_int64_t i, size_t *left, struct str *ret,
    struct err_info *info)
{
    if (i < 0)
        return OK;
    TRY(zip_member(a, z, i, *left, ret, info));
    *left -= ret->n;
    return OK;
}

static enum err read_members(struct arena *a, struct zip *z, const struct source *s,
    struct features *ret, struct err_info *info)
{
    struct found f = { -1, -1, -1, -1, -1, 0, 0 };
    size_t left = SOURCE_BYTES_MAX;
    zip_int64_t n = zip_get_num_entries(z, 0);
    for (zip_int64_t i = 0; i < n; i++) {
        const char *name = zip_get_name(z, (zip_uint64_t)i, ZIP_FL_ENC_RAW);
        if (name)
            look_at(&f, str_c(name), i);
    }
    if (f.n_shp + f.n_other != 1)
        return err_note(info, E_INPUT, "file", MSG("压缩包里应只有一个 Shapefile(.shp .dbf .prj)或一个 GeoJSON、"
            "CSV、XLSX 文件", "The archive must hold exactly one Shapefile (.shp .dbf .prj), or one"
            " GeoJSON, CSV or XLSX file"), STR_NONE);
    struct source in = *s;
    TRY(take(a, z, f.n_shp ? f.shp : f.other, &left, &in.bytes, info));
    if (f.n_shp) {
        TRY(take(a, z, f.dbf, &left, &in.dbf, info));
        TRY(take(a, z, f.prj, &left, &in.prj, info));
        TRY(take(a, z, f.cpg, &left, &in.cpg, info));
    }
    in.name = arena_str(a, str_c(zip_get_name(z, (zip_uint64_t)(f.n_shp ? f.shp : f.other),
        ZIP_FL_ENC_RAW)));
    return source_read(a, &in, ret, info);
}

enum err source_read_zip(struct arena *a, const struct source *s, struct features *ret,
    struct err_info *info)
{
    struct zip *z CLEANUP(zip_shut) = NULL;
    TRY(zip_of_bytes(s->bytes, &z, info));
    return read_members(a, z, s, ret, info);
}
