#include "shared/desk/inbox.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "shared/desk/claims.h"
#include "shared/desk/fleet.h"
#include "shared/desk/reviewed_records.h"
#include "shared/storage/sqlite.h"

namespace fieldpost {
namespace {

/// A trip takes four days at most (domain 8.1); what is older and not handed in was forgotten.
constexpr std::int64_t hand_in_after_days = 4;
constexpr std::int64_t day_ms = 24LL * 3600 * 1000;

// Of a million rows a few hundred are open: each list below has an index of exactly these.
constexpr std::string_view open_requests =
    "file_handed_on IS NULL AND decision IS NOT 'refused' AND decision IS NOT 'transferred' AND decision IS NOT "
    "'withdrawn'";
constexpr std::string_view open_consultations =
    "(outcome = 'appointment' AND answered_on IS NULL) OR proof_state = 'promised'";

bool asks(const Catalogue& catalogue, std::string_view form, std::string_view question) {
  const Form* found = catalogue.form(form);
  return found != nullptr && found->find_in(nullptr, question) != nullptr;
}
bool has_requests(const Catalogue& catalogue) { return asks(catalogue, "request", "file_handed_on"); }
bool has_consultations(const Catalogue& catalogue) { return asks(catalogue, "consultation", "answered_on"); }

std::optional<CivilDate> date_in(const Statement& row, int at) {
  if (row.is_null(at)) return std::nullopt;
  const Result<CivilDate> date = parse_iso_date(row.text_view(at));
  return date ? std::optional(*date) : std::nullopt;
}

class Reader {
 public:
  Reader(Store& store, const InboxRequest& request)
      : store_(store), request_(request), database_(store.database()), catalogue_(store.catalogue()) {}

  Result<std::vector<InboxItem>> read() {
    if (const Result<void> done = guarded([&] { return take_all(); }); !done) return done.error();
    for (InboxItem& item : items_) {
      for (const RecordId& record : item.records)
        if (const auto held = holders_.find(record); held != holders_.end()) item.holders = held->second;
    }
    std::stable_sort(items_.begin(), items_.end(), [](const InboxItem& a, const InboxItem& b) {
      const auto rank = [](const InboxItem& item) {
        const CivilDate due = item.deadline ? item.deadline->due : CivilDate{9999, 12, 31};
        return std::make_tuple(-static_cast<int>(item.urgency), item.urgency == Urgency::later ? CivilDate{} : due,
                               item.kind, item.since);
      };
      return rank(a) < rank(b);
    });
    return std::move(items_);
  }

 private:
  InboxItem& add(InboxKind kind, std::vector<RecordId> records, std::int64_t since) {
    InboxItem& item = items_.emplace_back();
    item.kind = kind;
    item.records = std::move(records);
    item.since = since;
    return item;
  }

  Result<void> take_all() {
    for (const auto step : {&Reader::take_conflicts, &Reader::take_attention, &Reader::take_candidates})
      if (Result<void> done = (this->*step)(); !done) return done;
    take_claims();
    const auto reviewed = reviewed_records(store_);
    if (!reviewed) return reviewed.error();
    take_reviews(*reviewed);
    if (has_requests(catalogue_)) take_requests();
    if (has_consultations(catalogue_)) take_consultations();
    return take_laptops();
  }

  /// The records that a decision of this form is about.
  std::vector<RecordId> subjects(const Form& form, const RecordId& decision) {
    std::vector<std::uint32_t> numbers;
    for (const std::string& name : form.about) numbers.push_back(form.find_in(nullptr, name)->number);
    std::vector<RecordId> out;
    if (const auto answers = store_.answers(decision, form.name, numbers))
      for (const auto& [field, value] : *answers)
        if (const auto* record = std::get_if<EntityId>(&value)) out.push_back(*record);
    return out;
  }

  Result<void> take_conflicts() {
    const auto open = store_.open_conflicts();
    if (!open) return open.error();
    std::map<RecordId, std::size_t> at;
    for (const OpenConflict& conflict : *open) {
      const Form* form = catalogue_.form(conflict.form);
      if (const auto known = at.find(conflict.record); known != at.end()) {
        ++items_[known->second].count;
        continue;
      }
      if (form != nullptr && form->name == "claim") {
        // Two who claimed at once: both are named at the record itself.
        for (const RecordId& record : subjects(*form, conflict.record))
          if (auto both = holders(store_, record)) holders_[record] = *std::move(both);
        continue;
      }
      const bool decision = form != nullptr && !form->about.empty();
      std::vector<RecordId> records = {conflict.record};
      if (decision)
        if (auto about = subjects(*form, conflict.record); !about.empty()) {
          about.push_back(conflict.record);
          records = std::move(about);
        }
      contradicted_.insert(records.begin(), records.end());
      at[conflict.record] = items_.size();
      add(decision ? InboxKind::decision : InboxKind::conflict, std::move(records), conflict.at).count = 1;
    }
    return {};
  }

  Result<void> take_attention() {
    const auto waiting = store_.attention();
    if (!waiting) return waiting.error();
    for (const AttentionItem& one : *waiting) {
      contradicted_.insert(one.record);
      const bool held = one.outcome == Outcome::held;
      InboxItem& item = add(held ? InboxKind::held : InboxKind::refused, {one.record}, one.at);
      item.device = one.device;
      item.outcome = one.outcome;
      item.reason = one.reason;
    }
    return {};
  }

  Result<void> take_candidates() {
    if (!request_.candidates) return {};
    const auto pairs = request_.candidates();
    if (!pairs) return pairs.error();
    for (const CandidatePair& pair : *pairs) {
      contradicted_.insert({pair.one, pair.other});
      add(pair.sessions ? InboxKind::same_session : InboxKind::same_person, {pair.one, pair.other}, 0);
    }
    return {};
  }

  void take_claims() {
    if (catalogue_.form("claim") == nullptr) return;
    Statement row =
        database_.prepare("SELECT subject, holder FROM form_claim WHERE holder IS NOT NULL AND subject IS NOT NULL");
    while (row.step())
      if (const auto user = parse_user_id(row.text_view(1)))
        holders_.try_emplace(row.id<RecordId>(0), std::vector<UserId>{*user});
  }

  void take_reviews(const std::vector<ReviewedRecord>& records) {
    for (const ReviewedRecord& one : records) {
      switch (one.state) {
        case ReviewState::accepted: break;
        case ReviewState::edited_since: add_review(InboxKind::edited_since, one, one.at); break;
        case ReviewState::submitted: add_review(InboxKind::submitted, one, one.decided_at); break;
        case ReviewState::returned_by_team:
        case ReviewState::returned_by_office: add_review(InboxKind::returned, one, one.decided_at); break;
        case ReviewState::incomplete:
        case ReviewState::to_hand_in:
          if (request_.now_ms - one.first_at > hand_in_after_days * day_ms)
            add_review(InboxKind::not_handed_in, one, one.first_at);
          break;
      }
    }
  }
  void add_review(InboxKind kind, const ReviewedRecord& one, std::int64_t since) {
    InboxItem& item = add(kind, {one.record}, since);
    item.mark = one.mark;
    item.contradicted = one.incomplete || one.in_conflict || contradicted_.contains(one.record);
  }

  /// Papers are chased from the first day on; what else the law wants is here when it is near.
  void take_deadlines(const RecordId& record, const Matter& matter) {
    bool papers = false;
    for (const Deadline& deadline : deadlines_of(matter, catalogue_)) {
      const bool is_papers = deadline.kind == DeadlineKind::papers || deadline.kind == DeadlineKind::promised_papers;
      const Urgency urgency = urgency_of(deadline, request_.now_ms, catalogue_);
      if (is_papers ? papers : urgency == Urgency::later) continue;
      papers = papers || is_papers;
      InboxItem& item = add(is_papers ? InboxKind::missing_papers : InboxKind::deadline, {record}, matter.written_at);
      item.deadline = deadline;
      item.urgency = urgency;
    }
  }

  void take_requests() {
    Statement row = database_.prepare(
        std::string("SELECT f.record, f.date, f.hard_area, f.proof_state, f.proof_promised_on, f.urgency, f.held,"
                    " f.decision, f.service_form, f.accepted_on, f.appointed_on, f.complex, f.answered_on,"
                    " f.ended_on, r.first_at FROM form_request f JOIN record r ON r.record = f.record WHERE ")
            .append(open_requests));
    while (row.step()) {
      Matter matter;
      matter.date = date_in(row, 1);
      matter.hard_area = row.text_view(2) == "yes";
      matter.proof_state = row.text(3);
      matter.proof_promised_on = date_in(row, 4);
      matter.urgent = row.text_view(5).size() > 1;
      matter.held = row.text_view(6) == "yes";
      matter.decision = row.text(7);
      matter.service_form = row.text(8);
      matter.accepted_on = date_in(row, 9);
      matter.appointed_on = date_in(row, 10);
      matter.complex = row.text_view(11) == "yes";
      matter.answered_on = date_in(row, 12);
      matter.ended_on = date_in(row, 13);
      matter.written_at = row.integer(14);
      take_deadlines(row.id<RecordId>(0), matter);
    }
  }

  void take_consultations() {
    Statement row = database_.prepare(
        std::string("SELECT f.record, f.date, f.outcome, f.answer_due, f.answered_on, f.proof_state,"
                    " f.proof_promised_on, r.first_at FROM form_consultation f JOIN record r ON r.record = f.record"
                    " WHERE ")
            .append(open_consultations));
    while (row.step()) {
      Matter matter;
      matter.kind = Matter::Kind::consultation;
      matter.date = date_in(row, 1);
      matter.has_slip = row.text_view(2) == "appointment";
      matter.answer_due = date_in(row, 3);
      matter.answered_on = date_in(row, 4);
      matter.proof_state = row.text(5);
      matter.proof_promised_on = date_in(row, 6);
      matter.written_at = row.integer(7);
      take_deadlines(row.id<RecordId>(0), matter);
    }
  }

  Result<void> take_laptops() {
    const auto laptops = read_laptops(store_);
    if (!laptops) return laptops.error();
    for (const FleetLaptop& laptop : *laptops) {
      if (laptop.is_own) continue;
      if (is_silent(laptop, request_.now_ms)) add(InboxKind::silent, {}, laptop.last_word).device = laptop.device;
      if (laptop.missing == 0) continue;
      InboxItem& item = add(InboxKind::gap, {}, laptop.last_word);
      item.device = laptop.device;
      item.count = laptop.missing;
    }
    return {};
  }

  Store& store_;
  const InboxRequest& request_;
  Database& database_;
  const Catalogue& catalogue_;
  std::vector<InboxItem> items_;
  std::unordered_set<RecordId> contradicted_;
  std::unordered_map<RecordId, std::vector<UserId>> holders_;
};

}  // namespace

const char* inbox_kind_name(InboxKind kind) {
  switch (kind) {
    case InboxKind::deadline: return "deadline";
    case InboxKind::missing_papers: return "missing_papers";
    case InboxKind::held: return "held";
    case InboxKind::refused: return "refused";
    case InboxKind::conflict: return "conflict";
    case InboxKind::decision: return "decision";
    case InboxKind::same_session: return "same_session";
    case InboxKind::same_person: return "same_person";
    case InboxKind::edited_since: return "edited_since";
    case InboxKind::submitted: return "submitted";
    case InboxKind::returned: return "returned";
    case InboxKind::not_handed_in: return "not_handed_in";
    case InboxKind::silent: return "silent";
    case InboxKind::gap: return "gap";
  }
  return "unknown";
}

Result<std::vector<InboxItem>> read_inbox(Store& store, const InboxRequest& request) {
  return Reader(store, request).read();
}

Result<RecordSummary> summary_of(Store& store, const RecordId& record) {
  return guarded([&]() -> Result<RecordSummary> {
    Statement row = store.database().prepare(
        "SELECT form, title, own_date, author, at, incomplete, conflicts FROM record WHERE record = ? AND present");
    row.bind(record);
    if (!row.step()) return Error{ErrorCode::not_found, "this record is not on this laptop"};
    RecordSummary summary;
    summary.record = record;
    summary.form = row.text(0);
    summary.title = row.text(1);
    summary.own_date = date_in(row, 2);
    summary.author = row.id<UserId>(3);
    summary.at = row.integer(4);
    summary.incomplete = row.integer(5) != 0;
    summary.conflicts = static_cast<int>(row.integer(6));
    return summary;
  });
}

Result<RecordGlance> glance_at(Store& store, const RecordId& record) {
  Result<RecordSummary> summary = summary_of(store, record);
  if (!summary) return summary.error();
  RecordGlance glance;
  glance.summary = *std::move(summary);
  const Form* form = store.catalogue().form(glance.summary.form);
  if (form == nullptr) return glance;
  std::vector<std::uint32_t> numbers;
  for (const Question* question : form->questions_of(nullptr))
    if (question->number != 0) numbers.push_back(question->number);
  auto answers = store.answers(record, form->name, numbers);
  if (!answers) return answers.error();
  glance.answers = *std::move(answers);
  return guarded([&] {
    for (const Question* repeat : form->repeats())
      if (const auto rows = store.database().integer(
              "SELECT count(*) FROM \"form_" + form->name + "__" + repeat->name + "\" WHERE record = ?", record);
          rows && *rows > 0)
        glance.rows[repeat->number] = *rows;
    return glance;
  });
}

Result<std::vector<Returned>> returned_records(Store& store) {
  return guarded([&] {
    std::vector<Returned> out;
    if (store.catalogue().form("review") == nullptr) return out;
    std::vector<RecordId> candidates;
    {
      Statement row = store.database().prepare(
          "SELECT subject FROM form_review WHERE subject IS NOT NULL AND (office = 'returned' OR team = 'returned')");
      while (row.step()) candidates.push_back(row.id<RecordId>(0));
    }
    for (const RecordId& record : candidates) {
      const auto review = review_of(store, record);
      if (!review) continue;  // the subject is not here, or deleted
      const bool by_office = review->state == ReviewState::returned_by_office;
      if (!by_office && review->state != ReviewState::returned_by_team) continue;
      Statement row = store.database().prepare("SELECT first_device FROM record WHERE record = ? AND present");
      row.bind(record);
      if (row.step()) out.push_back({record, row.id<DeviceId>(0), by_office});
    }
    return out;
  });
}

Result<void> prepare_inbox(Store& store) {
  return guarded([&] {
    Database& database = store.database();
    const auto index = [&](const std::string& name, const std::string& on, std::string_view condition) {
      // Asked first: a transaction that changes nothing would wait its turn for nothing.
      if (database.integer("SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?", name)) return;
      Transaction transaction(database);
      database.execute("CREATE INDEX IF NOT EXISTS " + name + " ON " + on + " WHERE " + std::string(condition));
      transaction.commit();
    };
    if (has_requests(store.catalogue())) index("desk_open_requests", "form_request (record)", open_requests);
    if (has_consultations(store.catalogue()))
      index("desk_open_consultations", "form_consultation (record)", open_consultations);
    if (store.catalogue().form("review") == nullptr) return;
    index("desk_returned", "form_review (subject)",
          "subject IS NOT NULL AND (office = 'returned' OR team = 'returned')");
    // Everything that tells where a record stands, without the rows themselves (reviewed_records.cpp).
    index("desk_reviews", "form_review (subject, record, team, office, handed_in, answers_to, looked_at)",
          "subject IS NOT NULL");
  });
}

}  // namespace fieldpost
