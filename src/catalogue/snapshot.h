/* snapshot.h: what a catalogue is made of, for the files of this room. Everything lies in one
 * arena and is never changed after catalogue_load(); only the count of holders moves. */
#pragma once
#include "catalogue/catalogue.h"
#include "catalogue/words.h"
#include "geo/atlas.h"
#include <pthread.h>
#include <stdatomic.h>

enum {
    CATEGORIES_MAX = 1024,
    CALENDAR_FIRST_YEAR = 1970,
    CALENDAR_YEARS = 131,
    CALENDAR_DAYS = CALENDAR_YEARS * 366,
};

struct snapshot_memory {
    atomic_long holders;
    struct arena arena;
    struct geo_index *grids, *micro, *police, *counties, *towns, *communities;
    struct geo_atlas *atlas;                /* of the first three: ATLAS_GRID and so on */
    pthread_mutex_t keeping;                /* held while what is kept is made */
    void *kept;                             /* see catalogue_keep() */
    void (*kept_end)(void *made);
};

enum { ATLAS_GRID, ATLAS_MICRO, ATLAS_POLICE, ATLAS_LAYERS };

/* A unit by the division it serves. */
struct served { int64_t region; uint32_t unit; };

struct calendar {
    uint8_t worked[CALENDAR_DAYS / 8 + 1];  /* a bit a day since 1970-01-01 */
    int64_t last_day;                       /* last day of the last year with rows; -1 for none */
};

struct catalogue {
    struct snapshot_memory *memory;
    int64_t stamp, rules_version;
    struct list settings;                   /* struct setting */
    struct list divisions, grids, micro_grids, police_grids, units;
    struct list categories, limits, rules, days, templates;
    const struct division *city;            /* NULL while there are no divisions */
    const struct served *served;            /* one a unit, by region, then unit */
    struct word_index category_words;       /* value: position in categories */
    struct word_index division_words;       /* value: position in divisions */
    struct calendar calendar;
};

#define SETTING(X, R) \
    X(R, STR, name, REQUIRED, 1, 60, NULL, "name") \
    X(R, STR, value, REQUIRED, 0, 4000, NULL, "value")
RECORD(setting, SETTING)

/* Builds the bitmap of worked days: the week, and the rows that differ from it. */
void calendar_build(struct calendar *cal, struct list days);
/* Indexes what catalogue_suggest() and catalogue_place_of_text() look for. */
enum err suggest_build(struct catalogue *c, struct err_info *info) MUST_USE;
void place_build(struct catalogue *c);
/* Indexes units by the division they serve. */
void route_build(struct catalogue *c);
/* Rows (each begins with its code) with those of change in place of theirs; fill writes one over. */
struct list change_rows(struct arena *a, struct list rows, size_t size,
    const struct catalogue_change *change, void (*fill)(void *row, const struct zone *z));
/* With texts that live as long as the snapshot. */
struct catalogue_change change_copy(struct arena *a, const struct catalogue_change *change);
void change_tables(struct catalogue *c, const struct catalogue_change *change);
