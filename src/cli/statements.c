/* statements.c: the list behind statements.h. */
#include "cli/statements.h"
#include "cli/node.h"
#include "bench/raw.h"
#include "cli/bench.h"
#include "cli/bundle.h"
#include "cli/health.h"
#include "cli/lost.h"
#include "cli/rotate.h"
#include "access/access.h"
#include "access/roster.h"
#include "access/sealing.h"
#include "account/account.h"
#include "catalogue/edition.h"
#include "catalogue/organisation.h"
#include "catalogue/setting.h"
#include "catalogue/zone.h"
#include "db/move.h"
#include "demo/disputes.h"
#include "demo/matters.h"
#include "demo/roster.h"
#include "demo/seed.h"
#include "dossier/dossier.h"
#include "duty/duty.h"
#include "export/export.h"
#include "job/timer.h"
#include "personal/request.h"
#include "layer/address.h"
#include "layer/draft.h"
#include "layer/effect.h"
#include "layer/import.h"
#include "layer/moves.h"
#include "desk/desk.h"
#include "matter/erase.h"
#include "find/find.h"
#include "fusion/fusion.h"
#include "ledger/audit.h"
#include "ledger/ids.h"
#include "ledger/log.h"
#include "matter/corporate.h"
#include "matter/explain.h"
#include "matter/intake.h"
#include "matter/life.h"
#include "matter/photo.h"
#include "matter/view.h"
#include "mediation/register.h"
#include "tally/view.h"
#include "past/past.h"
#include "place/map.h"
#include "proof/proof.h"
#include "report/receipt.h"
#include "rules/rehearser.h"
#include "rules/rules.h"
#include "search/search.h"
#include "spine/command.h"
#include "town/town.h"
#include "zoning/zoning.h"

const struct statement_list statement_lists[] = {
    { "db", move_statements, &move_statements_n, true },
    { "ledger", audit_statements, &audit_statements_n },
    { "ledger", audit_log_statements, &audit_log_statements_n },
    { "ledger", ids_statements, &ids_statements_n },
    { "ledger", log_statements, &log_statements_n },
    { "catalogue", catalogue_statements, &catalogue_statements_n },
    { "catalogue", edition_statements, &edition_statements_n },
    { "catalogue", organisation_statements, &organisation_statements_n, true },
    { "catalogue", zone_statements, &zone_statements_n },
    { "layer", address_find_statements, &address_find_statements_n },
    { "layer", address_store_statements, &address_store_statements_n, true },
    { "layer", layer_statements, &layer_statements_n },
    { "layer", draft_statements, &draft_statements_n },
    { "layer", import_statements, &import_statements_n },
    { "layer", effect_statements, &effect_statements_n },
    { "layer", moves_statements, &moves_statements_n },
    { "catalogue", setting_statements, &setting_statements_n, true },
    { "access", access_statements, &access_statements_n },
    { "access", roster_statements, &roster_statements_n, true },
    { "account", account_statements, &account_statements_n },
    { "account", account_manage_statements, &account_manage_statements_n },
    { "account", account_change_statements, &account_change_statements_n },
    { "account", account_reads_statements, &account_reads_statements_n },
    { "account", account_own_statements, &account_own_statements_n },
    { "account", account_factor_statements, &account_factor_statements_n },
    { "account", account_term_statements, &account_term_statements_n },
    { "outbox", outbox_statements, &outbox_statements_n },
    { "outbox", outbox_words_statements, &outbox_words_statements_n },
    { "spine", command_statements, &command_statements_n },
    { "matter", matter_statements, &matter_statements_n },
    { "matter", step_statements, &step_statements_n },
    { "matter", life_statements, &life_statements_n },
    { "matter", erase_statements, &erase_statements_n },
    { "matter", explain_statements, &explain_statements_n },
    { "matter", intake_statements, &intake_statements_n },
    { "matter", corporate_statements, &corporate_statements_n },
    { "matter", photo_statements, &photo_statements_n },
    { "matter", view_statements, &view_statements_n },
    { "past", past_statements, &past_statements_n },
    { "mediation", mediation_statements, &mediation_statements_n },
    { "mediation", dispute_erase_statements, &dispute_erase_statements_n },
    { "mediation", mediation_file_statements, &mediation_file_statements_n },
    { "mediation", mediation_list_statements, &mediation_list_statements_n },
    { "mediation", committee_statements, &committee_statements_n },
    { "mediation", roll_statements, &roll_statements_n },
    { "tally", tally_fact_statements, &tally_fact_statements_n },
    { "tally", tally_statements, &tally_statements_n },
    { "tally", public_statements, &public_statements_n },
    { "tally", subsidy_statements, &subsidy_statements_n },
    { "personal", deletion_statements, &deletion_statements_n },
    { "personal", due_statements, &due_statements_n },
    { "personal", night_statements, &night_statements_n },
    { "personal", request_statements, &request_statements_n },
    { "personal", request_api_statements, &request_api_statements_n },
    { "personal", held_statements, &held_statements_n },
    { "export", export_statements, &export_statements_n },
    { "export", export_step_statements, &export_step_statements_n },
    { "place", map_statements, &map_statements_n },
    { "duty", duty_book_statements, &duty_book_statements_n },
    { "duty", turns_statements, &turns_statements_n },
    { "duty", duty_mine_statements, &duty_mine_statements_n },
    { "duty", duty_statements, &duty_statements_n },
    { "search", search_feed_statements, &search_feed_statements_n },
    { "search_file", search_file_statements, &search_file_statements_n, true },
    { "search_file", search_find_statements, &search_find_statements_n, true },
    { "report", report_send_statements, &report_send_statements_n },
    { "report", report_public_statements, &report_public_statements_n },
    { "report", receipt_statements, &receipt_statements_n },
    { "proof", proof_statements, &proof_statements_n },
    { "find", find_statements, &find_statements_n },
    { "desk", desk_list_statements, &desk_list_statements_n },
    { "desk", desk_page_statements, &desk_page_statements_n },
    { "desk", desk_detail_statements, &desk_detail_statements_n },
    { "desk", desk_act_statements, &desk_act_statements_n },
    { "rules", rehearse_statements, &rehearse_statements_n },
    { "rules", rehearsal_statements, &rehearsal_statements_n },
    { "rules", rehearser_statements, &rehearser_statements_n },
    { "zoning", regrid_statements, &regrid_statements_n },
    { "fusion", fusion_list_statements, &fusion_list_statements_n },
    { "fusion", fusion_here_statements, &fusion_here_statements_n },
    { "fusion", fusion_merge_statements, &fusion_merge_statements_n },
    { "cli", node_statements, &node_statements_n, false },
    { "demo", demo_statements, &demo_statements_n, true },
    { "demo", demo_roster_statements, &demo_roster_statements_n, true },
    { "demo", demo_disputes_statements, &demo_disputes_statements_n, true },
    { "demo", demo_matters_statements, &demo_matters_statements_n, true },
    { "town", town_people_statements, &town_people_statements_n, true },
    { "town", town_hole_statements, &town_hole_statements_n, true },
    { "job", timer_statements, &timer_statements_n },
    { "cli", backup_statements, &backup_statements_n },
    { "bench", raw_statements, &raw_statements_n, true },
    { "cli", bench_statements, &bench_statements_n, true },
    { "cli", health_statements, &health_statements_n, true },
    { "cli", lost_statements, &lost_statements_n, true },
    { "cli", rotate_statements, &rotate_statements_n },
    { "access", sealing_statements, &sealing_statements_n },
};
const size_t statement_lists_n = COUNT_OF(statement_lists);
