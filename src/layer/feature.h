/* feature.h: what a file of areas or points holds, row by row, whatever its format: an outline and
 * the few attributes that mean something here, known by our names for them and by those that are
 * usual in Chinese. Nothing is checked yet but that it can be read. */
#pragma once
#include "geo/rough.h"
#include "record/record.h"

/* Attribute, our name for it, other headings (spaces between; Latin ones in either case). */
#define FIELD_TABLE(X) \
    X(FIELD_CODE, "code", "网格编码 网格代码 网格编号 微网格编码 警务网格编码 区划代码 行政区划代码 社区编码" \
        " 建筑编码 楼栋编码 点位编码 统一编码 标识码 编码 代码 编号 wgbm wgdm qhdm xzqhdm bsm grid_code" \
        " gridcode grid_id id") \
    X(FIELD_NAME, "name", "网格名称 微网格名称 警务网格名称 区划名称 行政区划名称 社区名称 建筑名称 楼栋名称" \
        " 小区名称 点位名称 名称 wgmc qhmc xzqhmc mc grid_name gridname") \
    X(FIELD_PARENT, "parent", "所属社区 所属社区编码 所属村社区 社区代码 所属网格 所属网格编码 上级编码 上级代码" \
        " 上级区划 所属派出所 派出所编码 派出所代码 所属单位 所属辖区 sssq sssqbm sswg sjbm sspcs community" \
        " station grid unit") \
    X(FIELD_KIND, "kind", "网格类型 网格类别 区划类型 建筑类型 点位类型 类型 类别 种类 wglx lx lb type") \
    X(FIELD_LEVEL, "level", "级别 区划级别 层级 jb") \
    X(FIELD_ADDRESS, "address", "地址 详细地址 标准地址 门牌地址 门牌号 坐落 dz xxdz bzdz addr") \
    X(FIELD_LON, "lon", "经度 中心经度 jd x lng longitude") \
    X(FIELD_LAT, "lat", "纬度 中心纬度 wd y latitude") \
    X(FIELD_SHAPE, "shape", "图形 边界 范围 空间信息 空间数据 wkt geom geometry the_geom") \
    X(FIELD_CRS, "crs", "坐标系 坐标系统 zbx") \
    X(FIELD_REMOVED, "removed", "撤销 已撤销 删除 deleted") \
    X(FIELD_DRAWN_ON, "drawn_on", "所据边界")
#define X(id, name, others) id,
enum feature_field { FIELD_TABLE(X) FIELD_COUNT };
#undef X

/* rough.kind is ROUGH_NONE where a row has no outline; fault says what could not be read. */
struct feature {
    size_t row;                     /* line, record or position in the file, from 1 */
    struct str values[FIELD_COUNT]; /* UTF-8, trimmed; none: the file has no such column */
    struct rough rough;
    const struct err_info *fault;   /* NULL: none */
    bool misplaced;                 /* not in the coordinate system that the rest is in */
};
struct features {
    struct feature *at;
    size_t n;
    struct str crs;                 /* what the file says of its coordinates, or none */
};
enum { FEATURES_MAX = 500000, SOURCE_BYTES_MAX = 128 << 20, FIELD_BYTES_MAX = 2000 };

/* Which column stands for a field: "code=COLUMN", or our names and the usual ones. */
struct headings { struct str mapped[FIELD_COUNT]; };
/* Takes one "code=COLUMN"; E_INPUT, noted, unless it names a field. */
MUST_USE enum err headings_map(struct headings *h, struct str pair, struct err_info *info);
/* The field that a column of this name fills, or FIELD_COUNT. cut: names may have lost their end,
 * as in a DBF file, where ten bytes are all there is. */
enum feature_field headings_field(const struct headings *h, struct str column, bool cut);

/* Text in UTF-8, in the arena. encoding: a name that iconv knows; NULL: UTF-8 if it can be, UTF-16
 * if it is marked so, else GB18030 (of which GBK and GB2312 are parts). E_INPUT, noted, when the
 * bytes are of neither or there is no such encoding. */
MUST_USE enum err text_decode(struct arena *a, struct str bytes, const char *encoding,
    struct str *ret, struct err_info *info);

/* A file, or the parts of one. A Shapefile is bytes (.shp) with what lies beside it; .shx is not
 * needed. A .zip holds one Shapefile, or any one of the other formats. */
struct source {
    struct str name;                /* its ending tells the format */
    struct str bytes, dbf, prj, cpg;
    const char *encoding;           /* of texts; NULL as above */
    struct headings headings;
};
/* All rows, in the arena; texts may lie in the source's bytes. E_INPUT, E_TOO_LARGE, E_MEDIA,
 * noted, when the file as a whole cannot be read. */
MUST_USE enum err source_read(struct arena *a, const struct source *s, struct features *ret,
    struct err_info *info);

/* The formats, by which source_read() chooses; same contract. */
MUST_USE enum err source_read_csv(struct arena *a, const struct source *s, struct features *ret,
    struct err_info *info);
MUST_USE enum err source_read_geojson(struct arena *a, const struct source *s,
    struct features *ret, struct err_info *info);
MUST_USE enum err source_read_shapefile(struct arena *a, const struct source *s,
    struct features *ret, struct err_info *info);
MUST_USE enum err source_read_xlsx(struct arena *a, const struct source *s, struct features *ret,
    struct err_info *info);
MUST_USE enum err source_read_zip(struct arena *a, const struct source *s, struct features *ret,
    struct err_info *info);

/* For readers: an empty feature, unless there are too many. */
MUST_USE enum err feature_add(struct arena *a, struct features *f, size_t row,
    struct feature **ret, struct err_info *info);
/* A value as it came; longer ones than FIELD_BYTES_MAX are a fault, unless they are outlines. */
void feature_set(struct arena *a, struct feature *f, enum feature_field field, struct str value);
/* Notes what is wrong with the row; the first counts. */
void feature_fault(struct arena *a, struct feature *f, const struct err_info *info);
/* Outlines and points from the values of a table: shape as WKT or GeoJSON, or lon and lat. */
void feature_shape(struct arena *a, struct feature *f);
