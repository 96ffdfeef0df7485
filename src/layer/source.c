/* source.c: the format of a file by its ending. */
#include "layer/zip_member.h"

typedef enum err source_reader(struct arena *a, const struct source *s, struct features *ret,
    struct err_info *info);
static const struct { const char *end; source_reader *read; } formats[] = {
    { ".geojson", source_read_geojson }, { ".json", source_read_geojson },
    { ".csv", source_read_csv }, { ".txt", source_read_csv }, { ".tsv", source_read_csv },
    { ".shp", source_read_shapefile }, { ".xlsx", source_read_xlsx }, { ".zip", source_read_zip },
};

enum err source_read(struct arena *a, const struct source *s, struct features *ret,
    struct err_info *info)
{
    if (s->bytes.n > SOURCE_BYTES_MAX || s->dbf.n > SOURCE_BYTES_MAX)
        return err_note(info, E_TOO_LARGE, "file", MSG("文件太大，请按区县分成几个文件",
            "The file is too large; split it by county"), STR_NONE);
    for (size_t i = 0; i < COUNT_OF(formats); i++)
        if (ends_with(s->name, formats[i].end))
            return formats[i].read(a, s, ret, info);
    return err_note(info, E_MEDIA, "file", MSG("文件应为 .geojson .csv .xlsx .shp 或 .zip，现为 %s",
        "The file must be .geojson, .csv, .xlsx, .shp or .zip, not %s"), s->name);
}
