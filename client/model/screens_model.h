// What each screen but the form knows. Plain structs that app fills from the store and the worker's events; their
// logic lies in functions beside them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "client/model/conflict_review.h"
#include "client/model/duplicate_review.h"
#include "client/model/form_entry.h"
#include "client/model/inbox.h"
#include "client/model/record_list.h"
#include "sync/worker.h"

namespace fieldpost {

/// What is begun on the first page, and comes first in lists.
inline constexpr std::array<const char*, 3> core_forms = {"outreach_session", "training_class", "consultation"};

struct UnlockModel {
  std::vector<std::string> users;
  std::string user;
  std::string passphrase;
  bool no_store = false;  // this laptop was never enrolled
  std::string problem;    // in words; empty: none
};

struct DraftRow {
  EntityId draft;
  std::string title, when;
};
struct AttentionRow {
  RecordId record;
  std::string title, why;
};

struct Home {
  std::string who, today;
  std::string salvaged;  // in words, when the store was damaged and had to be salvaged at this unlock
  StoreStatus status;
  std::optional<std::int64_t> last_sync_at;
  std::string last_sync;  // in words
  /// The sessions of the days that a team is out, newest first; no title: there are none.
  struct Trip {
    std::string title;
    std::vector<ListedRecord> sessions;
  };
  Trip trip;
  std::size_t duplicates = 0;        // pairs of records that may be one, and nobody has decided
  std::vector<std::string> machine;  // power or room run out, in words
  std::vector<ListedRecord> today_records;
  std::vector<DraftRow> drafts;
  std::vector<AttentionRow> attention;
  /// Sent back to this laptop to be mended.
  struct ReturnedRow {
    RecordId record;
    std::string title, by, remarks;  // by whom; how many remarks wait
  };
  std::vector<ReturnedRow> returned;
  std::vector<RecordId> ready;  // complete records of the trip that nobody has handed in
  /// Which they are, before it is written.
  struct HandIn {
    std::vector<RecordId> records;
    std::vector<std::string> titles;
  };
  std::optional<HandIn> hand_in;
  std::string handed_in;  // what became of it, in words
  struct Start {
    std::string form, label, explanation;
  };
  std::vector<Start> starts;  // the three core records first
};

/// The road without a network.
struct StickModel {
  struct Place {
    std::string path, name, note;  // the note: what is free on it, or that it cannot be written
  };
  std::vector<Place> drives;
  std::string path;  // the chosen drive, or a folder that was typed
  struct Recipient {
    std::optional<DeviceId> device;  // none: central
    std::string name;
  };
  std::vector<Recipient> recipients;
  std::size_t recipient = 0;
  bool running = false;
  // What became of the last bundle, in words.
  std::string done, problem;
  std::vector<std::string> notes;
};

struct SyncStatus {
  bool running = false;
  bool enrolled = false;
  std::string central, laptop, last_sync;
  ExchangeProgress progress;
  std::chrono::milliseconds elapsed{0};  // since it began
  std::optional<ExchangeReport> report;  // of the last exchange
  std::string problem;                   // why it ended early, in words
  std::string kept;                      // what that means for the work: nothing is lost
  StoreStatus status;
  std::vector<AttentionRow> attention;  // what central holds or refused, and what to do about it
  StickModel stick;
};

struct HistoryEntry {
  std::string when, author, device, reason;
  struct Line {
    std::string field, value;
    bool personal = false;
  };
  std::vector<Line> lines;
};
struct RecordHistory {
  RecordId record;
  std::string title;
  std::vector<HistoryEntry> entries;  // newest first
};

/// What the page says of a stick that was written or read: done, and what else has to be known.
void take_event(StickModel& stick, const StickWritten& written);
void take_event(StickModel& stick, const StickRead& read);
/// The drives of this moment; the choice stays while its drive does.
void take_drives(StickModel& stick, std::vector<StickModel::Place> drives);
/// Takes one event of the worker into the status.
void take_event(SyncStatus& sync, const Event& event);
/// How far an exchange is, 0 to 1, by the changes both ways; what central will send is known from its first page on.
float sync_fraction(const ExchangeProgress& progress);
/// Below it: what was done of what, the bytes, and the time that the rest takes at the pace so far, once there is a
/// pace to go by.
std::string sync_progress_text(const SyncStatus& sync);
std::string sync_report_text(const ExchangeReport& report);

/// What a person reads when something failed: what happened, what was kept, what to do.
std::string error_text(const Error& error);
std::string status_text(RecordStatus status);
/// What central's answer means for the person who wrote the record.
std::string outcome_text(const AttentionItem& item);

/// Before others' eyes: neither personal values nor reasons, nor a title that may hold one.
void veil(RecordHistory& history, const Form* form);
RecordHistory record_history(const Form* form, const RecordId& record, const std::string& title,
                             const std::vector<Change>& changes, const Catalogue& catalogue, const Names& names);

}  // namespace fieldpost
