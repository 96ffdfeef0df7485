/* life.pml: the life of a matter between people who act at the same moment, a server that dies at
 * any point, answers that get lost and senders who send again. What the walk over the step table
 * cannot show: interleavings, and that things come to pass in the end.
 *
 * One d_step is one transaction; all its guards are looked at inside. An acknowledgement is a step
 * of its own after it, so that a crash may fall between. Run by run.sh, for SPIN 6.5.
 * -DM_... builds a variant with one mistake in it; each must be caught by the property that run.sh
 * names. Officers: 1 and 2 in the department, 3 and 4 at the desk below, 5 at the desk above. */

mtype = { NONE, RECEIVED, ASSIGNED, WORKING, DEFERRED, ANSWERED, VERIFIED, CLOSED, WITHDRAWN };
mtype = { NOTHING, EXTENSION, DEFERRAL, RETURN };
mtype = { DEPARTMENT, DESK, ABOVE };

/* The row, as durable as the transaction that wrote it. */
mtype state = NONE, owner = NOTHING, ask = NOTHING;
byte holder, asker, supervised, unanswered, round, extended;
bool clock, rung, listed, returned, objected;
/* Beside the row. */
bool key_report, key_message, moved;    /* keys claimed; the report was merged into another */
byte reports, messages;                 /* effects of one report and of one message */
byte entries_new;                       /* committed and not yet in the log */
bool logged;                            /* the entry of the report is in the log */
/* What the sender holds. */
bool acknowledged, message_acknowledged;
/* The world, and what the judge remembers. */
bool up = true;
byte crashes;
byte replier;
bool foreign, own_request, own_work, twice_returned, time_bought, entry_missing, early;

#define IS_OPEN (state != NONE && state != CLOSED && state != WITHDRAWN)
#define BEFORE_ANSWER (state == RECEIVED || state == ASSIGNED || state == WORKING || state == DEFERRED)
#define WITH_UNIT (state == ASSIGNED || state == WORKING)
#define IN_UNIT(o) ((owner == DEPARTMENT && (o) <= 2) || (owner == DESK && (o) >= 3 && (o) <= 4) || (owner == ABOVE && (o) == 5))
#define AT_DESK(o) ((o) >= 3 && !(owner == ABOVE && (o) != 5))

/* Every transaction writes its entry with it. */
inline entry() {
#ifdef M_ENTRY_LATER
  entry_missing = true;
#endif
  if :: entries_new < 2 -> entries_new++ :: else fi
}
inline clock_start() { clock = true; rung = false; listed = false }
inline clock_stop() { clock = false; rung = false; listed = false }
inline ask_done() { ask = NOTHING; asker = 0 }

/* --- the reporter: sends until answered, then may write, object, reopen, withdraw ------------- */
proctype Reporter() {
  do
  :: acknowledged -> break
#ifdef M_ANSWER_BEFORE_COMMIT
  :: up && !key_report -> acknowledged = true
#endif
  :: d_step { up && state == NONE && !key_report ->
       state = RECEIVED; owner = DESK; unanswered = 1; reports++; key_report = true;
       clock_start(); entry() }
#ifdef M_NO_KEY
  :: d_step { up && key_report && !acknowledged && reports < 2 -> reports++ }
#endif
  :: d_step { up && key_report && !acknowledged -> acknowledged = true }   /* the same receipt */
  od;
end:
  do
  :: d_step { up && IS_OPEN && !key_message -> messages++; key_message = true; entry() }
#ifdef M_KEY_BY_PLACE
  :: d_step { up && IS_OPEN && moved && key_message && !message_acknowledged && messages < 2 ->
       messages++; entry() }
#endif
  :: d_step { up && key_message -> message_acknowledged = true }
  :: d_step { up && (state == ANSWERED || state == VERIFIED || state == CLOSED) && !objected ->
       state = RECEIVED; owner = ABOVE; holder = 0; objected = true; round++; unanswered = 1;
       extended = 0; replier = 0; ask_done();
#ifndef M_OBJECT_NO_CLOCK
       clock_start();
#endif
       entry() }
  :: d_step { up && state == CLOSED && round < 2 ->
       state = RECEIVED; owner = DESK; holder = 0; round++; unanswered = 1; extended = 0;
       replier = 0; ask_done(); clock_start(); entry() }
  :: d_step { up && BEFORE_ANSWER && round == 0 && ask == NOTHING ->
       state = WITHDRAWN; holder = 0;
#ifndef M_WITHDRAW_SILENT
       unanswered = 0;
#endif
       clock_stop(); ask_done(); entry() }
  od }

/* --- an officer: sees the page, and acts on what is there when the command arrives ------------ */
#ifdef M_NO_VERSION
#define MAY(o) true
#else
#define MAY(o) IN_UNIT(o)
#endif
inline acts(o) { if :: !IN_UNIT(o) -> foreign = true :: else fi; entry() }

proctype Officer(byte me) {
end:
  do
  :: d_step { up && MAY(me) && (state == RECEIVED || state == ASSIGNED) && ask == NOTHING && IS_OPEN ->
       acts(me); holder = me;
       if :: state == ASSIGNED && extended == 3 -> extended = 0 /* put back before: runs on */
          :: else -> clock_start() fi;
       state = WORKING }
  :: d_step { up && MAY(me) && state == WORKING && ask == NOTHING && holder == me ->
       acts(me); holder = 0; state = ASSIGNED;
#ifdef M_RELEASE_RESTARTS
       clock_start(); time_bought = true
#else
       extended = 3
#endif
     }
  :: d_step { up && MAY(me) && state == WORKING && ask == NOTHING ->
       acts(me);
       replier = me;
#ifdef M_FIRST_HOLDER
       if :: holder == 0 -> holder = me :: else fi;
#else
       holder = me;
#endif
       state = ANSWERED; unanswered = 0; clock_start() }
  :: d_step { up && AT_DESK(me) && state == ANSWERED && holder != me ->
       if :: replier == me -> own_work = true :: else fi;
       state = VERIFIED; clock_start(); entry() }
  :: d_step { up && AT_DESK(me) && (state == ANSWERED || state == VERIFIED) ->
       state = WORKING; unanswered = 1; replier = 0; clock_start(); entry() }
  :: d_step { up && AT_DESK(me) && state == VERIFIED && unanswered == 0 ->
       state = CLOSED; holder = 0; clock_stop(); entry() }
#ifdef M_CLOSE_UNANSWERED
  :: d_step { up && AT_DESK(me) && state == WORKING -> state = CLOSED; holder = 0; clock_stop(); entry() }
#endif
  :: d_step { up && AT_DESK(me) && (state == RECEIVED || WITH_UNIT) && ask == NOTHING && owner != DEPARTMENT ->
       state = ASSIGNED; owner = DEPARTMENT; holder = 0; extended = 0; clock_start(); entry() }
  :: d_step { up && MAY(me) && BEFORE_ANSWER && ask == NOTHING && owner != ABOVE ->
       acts(me); state = RECEIVED; holder = 0; extended = 0;
       owner = (owner == DEPARTMENT -> DESK : ABOVE); clock_start() }
  /* requests, and who decides them */
  :: d_step { up && MAY(me) && state == WORKING && ask == NOTHING && holder == me && extended < 2 ->
       acts(me); ask = EXTENSION; asker = me }
  :: d_step { up && MAY(me) && state == WORKING && ask == NOTHING && holder == me ->
       acts(me); ask = DEFERRAL; asker = me }
  :: d_step { up && MAY(me) && WITH_UNIT && ask == NOTHING && owner == DEPARTMENT && !returned ->
       acts(me); ask = RETURN; asker = me }
  :: d_step { up && WITH_UNIT && ask != NOTHING &&
#ifndef M_OWN_REQUEST
       asker != me &&
#endif
       (me >= 3 || (ask != RETURN && me == 1)) ->
       if :: asker == me -> own_request = true :: else fi;
       if :: ask == EXTENSION -> extended = (extended < 2 -> extended + 1 : extended); clock_start()
          :: ask == DEFERRAL -> state = DEFERRED; clock_start()
          :: ask == RETURN -> if :: returned -> twice_returned = true :: else fi;
               returned = true; state = RECEIVED; owner = DESK; holder = 0; extended = 0; clock_start()
       fi; ask_done(); entry() }
  :: d_step { up && WITH_UNIT && ask != NOTHING && asker != me && me >= 3 ->   /* refused */
       if :: ask == RETURN -> returned = true :: else fi; ask_done(); entry() }
  :: d_step { up && MAY(me) && state == DEFERRED -> acts(me); state = WORKING; clock_start() }
  od }

/* --- time: the clock runs out, the timer looks at rows, never at memory ------------------------ */
proctype Clock() { end: do :: d_step { IS_OPEN && clock && !rung && !listed -> rung = true } od }
bool timer_memory;
#ifdef M_TIMER_IN_MEMORY
#define RINGS (rung && timer_memory)
#else
#define RINGS rung
#endif
proctype Timer() {
end:
  do
#ifdef M_TIMER_IN_MEMORY
  :: d_step { up && rung && !timer_memory && crashes == 0 -> timer_memory = true }
#endif
  :: d_step { up && RINGS && IS_OPEN && state == DEFERRED -> state = WORKING; clock_start(); entry() }
  :: d_step { up && RINGS && IS_OPEN && state == VERIFIED && unanswered == 0 ->
       state = CLOSED; holder = 0; clock_stop(); entry() }
  :: d_step { up && RINGS && IS_OPEN && state != DEFERRED && state != VERIFIED ->
       if :: supervised < 2 -> supervised++; rung = false
          :: supervised == 2 && owner != ABOVE && state != ANSWERED ->
               state = RECEIVED; holder = 0; ask_done(); extended = 0;
               owner = (owner == DEPARTMENT -> DESK : ABOVE); clock_start()
#ifdef M_TOP_DROPS
          :: else -> clock_stop()
#else
          :: else -> rung = false; listed = true
#endif
       fi; entry() }
  od }

/* --- merging: the report, its code and its keys move to another matter; here only that --------- */
proctype Merger() { if :: d_step { up && IS_OPEN && key_message && !moved -> moved = true } :: true fi }

/* --- the log takes in what is committed; the server dies at most once, anywhere ---------------- */
proctype Sequencer() {
end:
  do
#ifdef M_LOG_FROM_MEMORY
  :: d_step { up && entries_new > 0 && crashes == 0 -> entries_new = 0; logged = true }
#else
  :: d_step { up && entries_new > 0 -> entries_new = 0; logged = true }
#endif
  od }
proctype Crash() {
  if
  :: d_step { up && crashes == 0 -> up = false; crashes = 1; timer_memory = false }; up = true
  :: true
  fi }

init { atomic { run Reporter(); run Officer(1); run Officer(2); run Officer(3); run Officer(4);
  run Officer(5); run Clock(); run Timer(); run Merger(); run Sequencer(); run Crash() } }

ltl owned { [] (IS_OPEN -> (owner != NOTHING && (state == RECEIVED || state == ASSIGNED || holder != 0))) }
ltl clocked { [] (IS_OPEN -> clock) }
ltl answered { [] ((state == CLOSED || state == WITHDRAWN) -> unanswered == 0) }
ltl stored { [] (acknowledged -> reports == 1) }
ltl once { [] (reports <= 1 && messages <= 1) }
ltl rights { [] (!foreign && !own_request && !own_work && !twice_returned) }
ltl time { [] (!time_bought) }
ltl ledger { [] (!entry_missing) }
ltl lateness { [] (rung -> <> (!rung || !IS_OPEN)) }
ltl kept { [] ((listed && IS_OPEN) -> clock) }
ltl promise { [] (acknowledged -> <> logged) }
