#include "tools/simulation/clock_pairs.h"

#include <algorithm>

#include "sync/enrolment.h"
#include "sync/messages.h"
#include "tools/simulation/world.h"

namespace fieldpost::simulation {

namespace {

constexpr std::int64_t right_ms = 1'762'000'000'000;  // 2025-11-01
constexpr std::int64_t year_ms = 365LL * 24 * 3600 * 1000;
constexpr std::int64_t end_of_9999_ms = 253'370'764'800'000;  // its first day: a step further is still a date
constexpr std::size_t laptops = 3, records_max = 3;
constexpr std::uint32_t title = 1, note = 2, roster = 10, full_name = 11;

std::int64_t start_of(Clocks clocks) {
  switch (clocks) {
    case Clocks::right:
    case Clocks::jumping: return right_ms;
    case Clocks::ahead: return right_ms + 10 * year_ms;
    case Clocks::behind: return right_ms - 10 * year_ms;
    case Clocks::at_1970: return 0;
    case Clocks::at_9999: return end_of_9999_ms;
  }
  return right_ms;
}

/// Straight into central; from the n-th request on nothing comes through.
class Cable final : public SerialTransport {
 public:
  Cable(Central& central, int cut_at) : central_(central), left_(cut_at) {}

 private:
  Result<Response> answer(const Request& request) override {
    if (left_ == 0) return Error{ErrorCode::unreachable, "cut"};
    --left_;
    Response response = central_.handle(request);
    // Every other cut takes the answer, not the request.
    if (left_ == 0 && request.body.empty()) return Error{ErrorCode::unreachable, "cut"};
    return response;
  }
  Central& central_;
  int left_;
};

class Days {
 public:
  Days(Clocks clocks, std::uint64_t seed, bool clock_decides)
      : clocks_(clocks),
        random_(seed * 0x9e3779b97f4a7c15u + 3),
        keys_(seed + 1),
        ticks_(seed + 2),
        clock_decides_(clock_decides),
        central_(keys_, seed % 2 == 1 ? start_of(clocks) : right_ms) {
    for (std::size_t i = 0; i < laptops; ++i) {
      auto laptop = std::make_unique<Laptop>("laptop" + std::to_string(i), Role::recorder, "team", seed * 10 + i,
                                             start_of(clocks), true);
      Cable cable(central_, -1);
      const std::string ticket = central_.ticket(Role::recorder, "team", laptop->name);
      must(enrol(laptop->store(), cable, "sim", must(parse_ticket(ticket))));
      laptops_.push_back(std::move(laptop));
    }
    central_.learn_forms();
  }

  std::string run() {
    for (std::uint64_t steps = 40 + random_.below(40); steps > 0; --steps) step();
    for (int round = 0; round < 3; ++round)
      for (std::size_t i = 0; i < laptops; ++i) sync(i, -1);
    std::string out;
    for (std::size_t i = 0; i < laptops; ++i) {
      for (std::size_t record = 0; record < records_.size(); ++record)
        out += described(record, must(laptops_[i]->store().counting_heads(records_[record])));
      const StoreStatus status = must(laptops_[i]->store().status());
      // What is accepted and what waits must not depend on a clock either.
      out += "unsent " + std::to_string(status.unsent) + " receipted " + std::to_string(status.receipted) + " held " +
             std::to_string(status.held) + " conflicts " + std::to_string(status.conflicts) + "\n";
      if (!must(laptops_[i]->store().verify()).ok) throw Broken{"a store does not verify"};
    }
    return out;
  }

 private:
  struct Name {
    std::size_t laptop = 0, save = 0;
    auto operator<=>(const Name&) const = default;
  };

  void tick() {
    for (const auto& laptop : laptops_) {
      const std::uint64_t anywhere = ticks_.below(static_cast<std::uint64_t>(end_of_9999_ms));
      const auto forward = static_cast<std::int64_t>(1000 + ticks_.below(600'000));
      laptop->clock.ms =
          clocks_ == Clocks::jumping ? static_cast<std::int64_t>(anywhere) : laptop->clock.ms + forward;
    }
  }

  void step() {
    tick();
    const std::size_t who = random_.below(laptops);
    const std::uint64_t dice = random_.below(100);
    if (dice < 30)
      open(who);
    else if (dice < 70)
      save(who);
    else if (dice < 90)
      sync(who, random_.below(4) == 0 ? static_cast<int>(random_.below(5)) : -1);
    else if (dice < 97)
      settle(who);
    else
      must(laptops_[who]->store().start_epoch());
  }

  void open(std::size_t who) {
    Laptop& laptop = *laptops_[who];
    if (laptop.forms.size() >= 3) return;
    const std::size_t record = random_.below(std::min(records_.size() + 1, records_max));
    OpenForm form;
    if (record == records_.size()) {
      form.seen = laptop.store().start(*laptop_catalogue().form("visit"));
      records_.push_back(form.seen.record);
      rows_.emplace_back();
    } else {
      Result<Seen> seen = laptop.store().see(records_[record]);
      if (!seen) return;  // not here yet
      form.seen = *std::move(seen);
    }
    laptop.forms.push_back(std::move(form));
  }

  void save(std::size_t who) {
    Laptop& laptop = *laptops_[who];
    const std::uint64_t dice = random_.below(1000), which = random_.below(7), row_dice = random_.below(1000);
    if (laptop.forms.empty()) return;
    const std::size_t at = dice % laptop.forms.size();
    Seen& seen = laptop.forms[at].seen;
    const std::size_t record = record_at(seen.record);
    Edit edit;
    edit.deleted = !seen.is_new && dice % 11 == 0;
    const std::string value = "v" + std::to_string(dice % 4);
    bool adds_row = false;
    if (!edit.deleted) {
      if (which & 1) edit.fields[{title, ""}] = value;
      if (which & 2) edit.fields[{note, ""}] = value;
      if (which & 4) {
        Edit::RowEdit row;
        row.repeat = roster;
        row.fields[{full_name, ""}] = value;
        // A row by the order in which rows were made, wherever it stands: one of those that this form shows.
        const std::vector<EntityId> shown = seen.heads.entities();
        std::vector<EntityId> known;
        for (const EntityId& id : rows_[record])
          if (std::find(shown.begin(), shown.end(), id) != shown.end()) known.push_back(id);
        if (!known.empty() && row_dice % 2 == 0) row.row = known[row_dice / 2 % known.size()];
        adds_row = !row.row;
        edit.rows.push_back(std::move(row));
      }
    }
    const Saved saved = must(laptop.store().save(seen, edit));
    if (!saved.change.is_nil()) name(who, saved.change);
    if (adds_row && !saved.new_rows.empty()) rows_[record].push_back(saved.new_rows.front());
    if (dice % 5 < 3) laptop.forms.erase(laptop.forms.begin() + static_cast<std::ptrdiff_t>(at));
  }

  /// The first conflict by when its record and row were made, in favour of the rival that was saved first.
  void settle(std::size_t who) {
    Store& store = laptops_[who]->store();
    const Rivals* first = nullptr;
    const std::vector<Rivals> conflicts = must(store.conflicts());
    const auto order = [&](const Rivals& rivals) {
      const std::size_t record = record_at(rivals.conflict.record);
      return std::tuple(record, entity_at(record, rivals.conflict.field.entity), rivals.conflict.field.field);
    };
    for (const Rivals& rivals : conflicts)
      if (!first || order(rivals) < order(*first)) first = &rivals;
    if (!first) return;
    const Rival* chosen = nullptr;
    for (const Rival& rival : first->state.heads)
      if (!chosen || names_.at(rival.change) < names_.at(chosen->change)) chosen = &rival;
    const Saved saved = must(store.resolve(first->conflict.record, first->conflict.field, chosen->value, "đã hỏi"));
    name(who, saved.change);
  }

  void sync(std::size_t who, int cut_at) {
    Cable cable(central_, cut_at);
    const Result<ExchangeReport> report = Exchange(laptops_[who]->store(), cable).run();
    if (!report && cut_at < 0) throw Broken{"an exchange without faults failed: " + report.error().message};
    if (!clock_decides_) return;
    // Whoever is older yields to the newest of another laptop.
    Store& store = laptops_[who]->store();
    for (const Rivals& rivals : must(store.conflicts())) {
      const ChangeId& newest = rivals.state.heads.back().change;
      if (names_.at(newest).laptop == who) continue;
      const Result<Saved> saved =
          store.resolve(rivals.conflict.record, rivals.conflict.field, rivals.state.shown, "");
      if (saved) name(who, saved->change);
    }
  }

  void name(std::size_t who, const ChangeId& change) { names_[change] = {who, ++saves_[who]}; }
  std::size_t record_at(const RecordId& record) const {
    return static_cast<std::size_t>(std::find(records_.begin(), records_.end(), record) - records_.begin());
  }
  std::size_t entity_at(std::size_t record, const EntityId& entity) const {
    if (entity == records_[record]) return 0;
    const std::vector<EntityId>& rows = rows_[record];
    return 1 + static_cast<std::size_t>(std::find(rows.begin(), rows.end(), entity) - rows.begin());
  }
  std::string described(std::size_t record, const RecordHeads& heads) const {
    std::map<std::tuple<std::size_t, FieldKey>, std::vector<Name>> fields;
    for (const auto& [field, ids] : heads.fields()) {
      std::vector<Name>& at = fields[{entity_at(record, field.entity), field.field}];
      for (const ChangeId& id : ids) at.push_back(names_.at(id));
      std::sort(at.begin(), at.end());
    }
    std::string out = "record " + std::to_string(record) + ":";
    for (const auto& [field, ids] : fields) {
      const auto& [entity, key] = field;
      out += " " + std::to_string(entity) + "." + std::to_string(key.number) + key.option + "=";
      for (const Name& id : ids) out += std::to_string(id.laptop) + "/" + std::to_string(id.save) + ",";
    }
    return out + "\n";
  }

  Clocks clocks_;
  SeededRandom random_;  // of what people do: draws the same whatever the clocks say
  SeededRandom keys_, ticks_;
  bool clock_decides_;
  Central central_;
  std::vector<std::unique_ptr<Laptop>> laptops_;
  std::vector<RecordId> records_;            // as they were made
  std::vector<std::vector<EntityId>> rows_;  // of each record, as they were made
  std::map<ChangeId, Name> names_;
  std::array<std::size_t, laptops> saves_{};
};

}  // namespace

std::string heads_under(Clocks clocks, std::uint64_t seed, bool clock_decides) {
  register_vfs();
  try {
    return Days(clocks, seed, clock_decides).run();
  } catch (const Broken& broken) {
    return "broken under clock " + std::to_string(static_cast<int>(clocks)) + ": " + broken.what;
  }
}

}  // namespace fieldpost::simulation
