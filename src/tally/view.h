/* view.h: what is asked of the statistics, and what is shown. */
#pragma once
#include "tally/tally.h"

extern const char *const tally_by[];
#define TALLY_ASK(X, R) \
    X(R, TIME, from_ms, REQUIRED, 0, 4e12, NULL, "accepted at or after") \
    X(R, TIME, to_ms, REQUIRED, 0, 4e12, NULL, "accepted before; at most 5 years later") \
    X(R, STR, by, OPTIONAL, 4, 9, tally_by, "rows: kind of committee (unless given), committee or town") \
    X(R, ID, unit, OPTIONAL, 0, 0, NULL, "only this committee") \
    X(R, ID, division, OPTIONAL, 0, 0, NULL, "only committees in this division") \
    X(R, STR, row, OPTIONAL, 0, 20, NULL, "for the list behind a figure: key of the row; all unless given") \
    X(R, STR, figure, OPTIONAL, 0, 20, NULL, "and the figure; all unless given") \
    X(R, I64, after, OPTIONAL, 0, 1e9, NULL, "for the list: how many were shown already")
RECORD(tally_ask, TALLY_ASK)

#define FIGURE_VIEW(X, R) \
    X(R, STR, word, REQUIRED, 0, 0, NULL, "figure") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, STR, group, REQUIRED, 0, 0, NULL, "heading above, or empty") \
    X(R, BOOL, listed, REQUIRED, 0, 0, NULL, "there is a list behind it; false: entered by committees")
RECORD(figure_view, FIGURE_VIEW)
#define TALLY_CELL(X, R) \
    X(R, STR, figure, REQUIRED, 0, 0, NULL, "figure") \
    X(R, F64, value, REQUIRED, 0, 0, NULL, "disputes, parties, rounds; money in yuan")
RECORD(tally_cell, TALLY_CELL)
#define TALLY_ROW(X, R) \
    X(R, STR, key, REQUIRED, 0, 0, NULL, "row; all: the sum") \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "in words") \
    X(R, I64, committees, REQUIRED, 0, 0, NULL, "committees in it") \
    X(R, LIST, cells, REQUIRED, 0, 64, &tally_cell_record, "its figures, in their order")
RECORD(tally_row_view, TALLY_ROW)
#define TALLY_VIEW(X, R) \
    X(R, TIME, from_ms, REQUIRED, 0, 0, NULL, "accepted at or after") \
    X(R, TIME, to_ms, REQUIRED, 0, 0, NULL, "accepted before") \
    X(R, TIME, made_ms, REQUIRED, 0, 0, NULL, "as things stand at this moment") \
    X(R, STR, made_by, REQUIRED, 0, 0, NULL, "unit that has it made") \
    X(R, ID, own, OPTIONAL, 0, 0, NULL, "my committee, whose counts I may enter") \
    X(R, LIST, figures, REQUIRED, 0, 64, &figure_view_record, "columns") \
    X(R, LIST, rows, REQUIRED, 0, 5000, &tally_row_view_record, "rows, the sum last")
RECORD(tally_view, TALLY_VIEW)

#define CASE_VIEW(X, R) \
    X(R, STR, number, OPTIONAL, 0, 0, NULL, "number, for those who may open the file") \
    X(R, STR, docket, REQUIRED, 0, 0, NULL, "number in the committee's book") \
    X(R, STR, committee_name, REQUIRED, 0, 0, NULL, "committee") \
    X(R, STR, type_name, REQUIRED, 0, 0, NULL, "type") \
    X(R, STR, source_name, REQUIRED, 0, 0, NULL, "how it came") \
    X(R, STR, class_name, REQUIRED, 0, 0, NULL, "how hard, or empty") \
    X(R, STR, state_name, REQUIRED, 0, 0, NULL, "state") \
    X(R, STR, form_name, REQUIRED, 0, 0, NULL, "written, oral or empty") \
    X(R, I64, parties, REQUIRED, 0, 0, NULL, "people and organisations") \
    X(R, F64, amount, REQUIRED, 0, 0, NULL, "yuan in the agreement") \
    X(R, TIME, accepted_ms, REQUIRED, 0, 0, NULL, "accepted") \
    X(R, TIME, effective_ms, OPTIONAL, 0, 0, NULL, "binds since")
RECORD(case_view, CASE_VIEW)
#define CASES_VIEW(X, R) \
    X(R, STR, figure_name, REQUIRED, 0, 0, NULL, "figure in words") \
    X(R, F64, value, REQUIRED, 0, 0, NULL, "the figure") \
    X(R, I64, total, REQUIRED, 0, 0, NULL, "disputes in the whole list") \
    X(R, LIST, items, REQUIRED, 0, 100, &case_view_record, "those behind the figure, the oldest first") \
    X(R, I64, next, OPTIONAL, 0, 0, NULL, "after, of the next page")
RECORD(cases_view, CASES_VIEW)

#define FREE_COUNT(X, R) \
    X(R, STR, figure, REQUIRED, 1, 20, NULL, "one that no list stands behind") \
    X(R, I64, n, REQUIRED, 0, 1e6, NULL, "how many; 0 takes it back")
RECORD(free_count, FREE_COUNT)
#define FREE_COUNTS_IN(X, R) \
    X(R, ID, unit, REQUIRED, 0, 0, NULL, "my committee") \
    X(R, I64, year, REQUIRED, 2011, 2100, NULL, "year") \
    X(R, I64, quarter, REQUIRED, 1, 4, NULL, "quarter") \
    X(R, LIST, counts, REQUIRED, 1, 30, &free_count_record, "what it counted itself")
RECORD(free_counts_in, FREE_COUNTS_IN)

#define PUBLIC_QUARTER(X, R) \
    X(R, I64, year, REQUIRED, 0, 0, NULL, "year") \
    X(R, I64, quarter, REQUIRED, 0, 0, NULL, "quarter, over by now") \
    X(R, I64, agreements, OPTIONAL, 0, 0, NULL, "that took effect in it; none: fewer than 10") \
    X(R, F64, amount, OPTIONAL, 0, 0, NULL, "yuan in them") \
    X(R, I64, areas, OPTIONAL, 0, 0, NULL, "communities they came from") \
    X(R, I64, households, OPTIONAL, 0, 0, NULL, "served, as the committee says")
RECORD(public_quarter, PUBLIC_QUARTER)
#define PUBLIC_FIGURES(X, R) \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "committee") \
    X(R, STR, area, REQUIRED, 0, 0, NULL, "territory it serves") \
    X(R, I64, at_least, REQUIRED, 0, 0, NULL, "agreements in a quarter from which it is shown") \
    X(R, LIST, quarters, REQUIRED, 0, 4, &public_quarter_record, "the last four that are over, the newest first")
RECORD(public_figures, PUBLIC_FIGURES)
#define TALLY_UNIT(X, R) X(R, ID, unit, REQUIRED | IN_PATH, 0, 0, NULL, "the committee")
RECORD(tally_unit, TALLY_UNIT)

#define STUDIO_CODE(X, R) X(R, STR, code, REQUIRED | IN_PATH, 4, 20, NULL, "of the studio")
RECORD(studio_code, STUDIO_CODE)
#define STUDIO_MEMBER(X, R) \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "name") \
    X(R, STR, kind, REQUIRED, 0, 0, NULL, "full_time, part_time, volunteer or expert")
RECORD(studio_member, STUDIO_MEMBER)
#define STUDIO_PAGE(X, R) \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "studio") \
    X(R, STR, committee_name, REQUIRED, 0, 0, NULL, "committee that it belongs to") \
    X(R, STR, area, REQUIRED, 0, 0, NULL, "territory it serves") \
    X(R, STR, about, REQUIRED, 0, 0, NULL, "what it is and what it mediates") \
    X(R, STR, hours, REQUIRED, 0, 0, NULL, "office hours") \
    X(R, STR, place, REQUIRED, 0, 0, NULL, "where it is") \
    X(R, STR, phone, REQUIRED, 0, 0, NULL, "telephone, or empty") \
    X(R, I64, households, REQUIRED, 0, 0, NULL, "households where it works, or 0") \
    X(R, I64, at_least, REQUIRED, 0, 0, NULL, "agreements in a quarter from which it is shown") \
    X(R, LIST, members, REQUIRED, 0, 300, &studio_member_record, "those who agree to be named") \
    X(R, LIST, quarters, REQUIRED, 0, 4, &public_quarter_record, "the last four that are over, the newest first")
RECORD(studio_page, STUDIO_PAGE)

/* Subsidies (以案定补) ----------------------------------------------------------------------- */

#define SUBSIDY_ASK(X, R) \
    X(R, TIME, from_ms, REQUIRED, 0, 4e12, NULL, "closed, or agreed and still open, at or after") \
    X(R, TIME, to_ms, REQUIRED, 0, 4e12, NULL, "and before; at most 5 years later") \
    X(R, ID, unit, OPTIONAL, 0, 0, NULL, "only this committee")
RECORD(subsidy_ask, SUBSIDY_ASK)
#define SUBSIDY_SHARE(X, R) \
    X(R, STR, name, REQUIRED, 0, 0, NULL, "mediator of the dispute, in the register that day") \
    X(R, F64, amount, REQUIRED, 0, 0, NULL, "yuan: an equal part of what the dispute is paid")
RECORD(subsidy_share, SUBSIDY_SHARE)
#define SUBSIDY_LINE(X, R) \
    X(R, STR, docket, REQUIRED, 0, 0, NULL, "number in the committee's book") \
    X(R, STR, number, OPTIONAL, 0, 0, NULL, "number, for those who may open the file") \
    X(R, STR, committee_name, REQUIRED, 0, 0, NULL, "committee") \
    X(R, STR, class_name, REQUIRED, 0, 0, NULL, "how hard, or empty") \
    X(R, STR, form_name, REQUIRED, 0, 0, NULL, "written, oral or empty") \
    X(R, STR, outcome_name, REQUIRED, 0, 0, NULL, "agreed and kept, agreed, or failed") \
    X(R, TIME, day_ms, REQUIRED, 0, 0, NULL, "closed; of an open one: agreed") \
    X(R, STR, rule_name, REQUIRED, 0, 0, NULL, "rule that fits, or empty") \
    X(R, I64, version, OPTIONAL, 0, 0, NULL, "version of the rules that was valid that day") \
    X(R, F64, amount, REQUIRED, 0, 0, NULL, "yuan; 0 when it is not paid") \
    X(R, LIST, shares, REQUIRED, 0, 9, &subsidy_share_record, "who is paid how much of it") \
    X(R, LIST, why, REQUIRED, 0, 5, &reason_row_record, "why it is not paid; empty when it is")
RECORD(subsidy_line, SUBSIDY_LINE)
#define SUBSIDY_VIEW(X, R) \
    X(R, TIME, from_ms, REQUIRED, 0, 0, NULL, "at or after") \
    X(R, TIME, to_ms, REQUIRED, 0, 0, NULL, "before") \
    X(R, TIME, made_ms, REQUIRED, 0, 0, NULL, "as things stand at this moment") \
    X(R, STR, made_by, REQUIRED, 0, 0, NULL, "unit that has it made") \
    X(R, F64, amount, REQUIRED, 0, 0, NULL, "yuan, all together") \
    X(R, I64, paid, REQUIRED, 0, 0, NULL, "disputes that are paid") \
    X(R, LIST, items, REQUIRED, 0, 20000, &subsidy_line_record, "by committee and number in its book")
RECORD(subsidy_view, SUBSIDY_VIEW)
/* As XLSX or CSV, a row for each mediator of each dispute: never a sum of anybody's. E_IO. */
enum err subsidy_book(struct arena *a, const struct subsidy_view *v, enum lang lang,
    struct buf *out) MUST_USE;
void subsidy_csv(struct arena *a, const struct subsidy_view *v, enum lang lang, struct buf *out);

handler public_show, studio_page_show, subsidies_show, subsidies_xlsx, subsidies_csv;
extern const struct sql *const public_statements[], *const subsidy_statements[];
extern const size_t public_statements_n, subsidy_statements_n;
