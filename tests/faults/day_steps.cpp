#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>

#include "shared/forms/form_loader.h"
#include "shared/forms/json_values.h"
#include "sync/enrolment.h"
#include "sync/messages.h"
#include "tests/faults/allocations.h"
#include "tests/faults/day_parts.h"
#include "tests/faults/io_faults.h"

namespace fieldpost::test {

namespace {

constexpr std::int64_t morning_ms = 1'762'000'000'000;  // 2025-11-01

Catalogue make_catalogue(int version) {
  Catalogue catalogue;
  catalogue.lists.emplace("topics", need(load_code_list("topics", "code,vi,en\nDAT,Đất,Land\nHON,Hôn,Marriage\n")));
  for (int at = 1; at <= version; ++at) {
    const std::string added = at == 1 ? "" : R"(
      {"type": "text", "name": "venue", "number": 9, "label::vi": "Địa điểm", "label::en": "Venue"},)";
    auto form = load_form(R"({"name": "visit", "version": )" + std::to_string(at) + R"(, "class": "session",
      "label::vi": "Buổi", "label::en": "Visit", "title": "{title}", "date": "date", "questions": [
      {"type": "text", "name": "title", "number": 1, "required": true, "label::vi": "a", "label::en": "a"},
      {"type": "date", "name": "date", "number": 2, "label::vi": "b", "label::en": "b"},
      {"type": "integer", "name": "count", "number": 3, "label::vi": "c", "label::en": "c"},
      {"type": "select_multiple", "name": "topics", "number": 6, "list": "topics", "label::vi": "d", "label::en": "d"},)" +
                              added + R"(
      {"type": "repeat", "name": "roster", "number": 20, "label::vi": "e", "label::en": "e", "questions": [
        {"type": "text", "name": "full_name", "number": 21, "label::vi": "f", "label::en": "f"}]}]})",
                          {"topics"});
    ensure(std::holds_alternative<Form>(form), "the day's form loads");
    catalogue.forms["visit"].emplace(at, std::get<Form>(std::move(form)));
  }
  return catalogue;
}

class Loopback final : public SerialTransport {
 public:
  explicit Loopback(Endpoint& endpoint) : endpoint_(endpoint) {}

 private:
  Result<Response> answer(const Request& request) override { return endpoint_.handle(request); }
  Endpoint& endpoint_;
};

void succeed(const ctl::Reply& reply) {
  if (reply.exit == ctl::exit_done || reply.exit == ctl::exit_attention) return;
  throw Refused{reply.json.contains("error") ? reply.json["error"]["message"].get<std::string>() : "a wrong command"};
}

nlohmann::json visit(const std::string& title, int rows = 0) {
  nlohmann::json values = {{"title", title}, {"date", "2025-10-31"}, {"count", 12}, {"topics", {"DAT"}}};
  for (int i = 0; i < rows; ++i) values["roster"].push_back({{"full_name", "Người " + std::to_string(i)}});
  return values;
}

}  // namespace

const Catalogue& day_catalogue(int version) {
  static const Catalogue first = make_catalogue(1), second = make_catalogue(2);
  return version == 1 ? first : second;
}

// ---- Told --------------------------------------------------------------------------------------------------------

void Told::hear(const std::string& line) {
  const std::size_t space = line.find(' ');
  lines_[line.substr(0, space)].push_back(space == std::string::npos ? "" : line.substr(space + 1));
}
std::vector<std::string> Told::all(const std::string& key) const {
  const auto found = lines_.find(key);
  return found == lines_.end() ? std::vector<std::string>() : found->second;
}
std::string Told::last(const std::string& key) const {
  const auto found = lines_.find(key);
  return found == lines_.end() ? "" : found->second.back();
}

// ---- Tools of the steps ------------------------------------------------------------------------------------------

ctl::Reply Day::Parts::command(ctl::Reply (*run)(const ctl::Context&), const fs::path& home,
                               std::vector<std::string> words,
                               std::map<std::string, std::vector<std::string>> options) {
  ctl::Arguments arguments;
  arguments.home = home.string();
  arguments.words = std::move(words);
  arguments.options = std::move(options);
  return run({arguments, clock, random, day_catalogue(form_version)});
}

ctl::Laptop Day::Parts::open_laptop(int laptop, bool may_create) {
  ctl::Arguments arguments;
  arguments.home = home(laptop).string();
  return need(ctl::open_laptop({arguments, clock, random, day_catalogue(form_version)}, may_create));
}

std::unique_ptr<CentralHome> Day::Parts::open_central(bool may_create) {
  CentralHome::Options options;
  options.path = central();
  options.may_create = may_create;
  options.serves = true;
  return need(CentralHome::open(options, clock, random, day_catalogue(2)));
}

ExchangeReport Day::Parts::sync(int laptop) {
  const std::unique_ptr<CentralHome> at = open_central();
  Endpoint endpoint(at->backend(), at->office().keys(), day_catalogue(2), clock, random);
  Loopback road(endpoint);
  const ctl::Laptop opened = open_laptop(laptop);
  const ExchangeReport report = need(Exchange(*opened.store, road).run());
  if (report.new_incarnation) tell("met " + std::to_string(laptop));
  return report;
}

std::string Day::Parts::device_of(int laptop) { return text(need(open_laptop(laptop).store->identity())->device()); }

void Day::Parts::tell_save(int laptop, const RecordId& record, const ChangeId& change) {
  if (change.is_nil()) return;
  tell("save " + std::to_string(laptop) + " " + text(record) + " " + text(change));
}

// ---- The steps ---------------------------------------------------------------------------------------------------

namespace {

using Parts = Day::Parts;

/// A record with this title, or an edit of one.
void save(Parts& day, ctl::Laptop& on, int laptop, Seen& seen, const nlohmann::json& values) {
  const Form& form = *day_catalogue(day.form_version).form("visit");
  const Result<Saved> saved = on.store->save(seen, need(edit_from_json(form, values)));
  if (!saved && day.control == Day::Control::hides_errors) {
    day.tell_save(laptop, seen.record, random_id<ChangeId>(day.random));
    return;
  }
  need(saved);
  day.tell_save(laptop, saved->record, saved->change);
}
RecordId save_new(Parts& day, ctl::Laptop& on, int laptop, const nlohmann::json& values) {
  Seen seen = on.store->start(*day_catalogue(day.form_version).form("visit"));
  save(day, on, laptop, seen, values);
  return seen.record;
}
RecordId any_record(Parts& day, int laptop) {
  // The first that was ever told, so that every step finds it again.
  for (const std::string& line : day.told.all("save"))
    if (line[0] == '0' + laptop) return need(parse_entity_id(line.substr(2, 36)));
  throw Broken{"no save was told before it was needed"};
}

void make_central(Parts& day) { day.open_central(true); }

void make_laptop(Parts& day, int laptop) {
  fs::create_directories(day.folder);
  day.open_laptop(laptop, true);
}

void enrol_laptop(Parts& day, int laptop) {
  const std::unique_ptr<CentralHome> central = day.open_central();
  const std::string key = "ticket" + std::to_string(laptop);
  const std::string name = laptop == 0 ? "An" : "Bình";
  if (!day.told.has(key))
    day.tell(key + " " + need(central->office().issue_ticket(Role::recorder, "TT-CM", name, false)));
  Endpoint endpoint(central->backend(), central->office().keys(), day_catalogue(2), day.clock, day.random);
  Loopback road(endpoint);
  const ctl::Laptop opened = day.open_laptop(laptop);
  const Identity identity =
      need(enrol(*opened.store, road, "https://central", need(parse_ticket(day.told.last(key)))));
  need(Vault::seal_for_recovery(opened.path, opened.key, identity.central.recovery));
  need(Vault::add_slot(opened.path, opened.key, name, opened.passphrase, day.random, vault_parameters()));
  const Result<void> dropped = Vault::drop_slot(opened.path, ctl::first_slot);
  if (!dropped && dropped.error().code != ErrorCode::not_found) need(dropped);
  day.tell("enrolled " + std::to_string(laptop));
}

void write_records(Parts& day) {
  ctl::Laptop an = day.open_laptop(0);
  Seen seen = an.store->start(*day_catalogue(1).form("visit"));
  save(day, an, 0, seen, visit("Buổi một", 3));
  save(day, an, 0, seen, {{"title", "Buổi một, sửa"}, {"topics", {"DAT", "HON"}}});
  save_new(day, an, 0, visit("Buổi hai"));
  Draft draft;
  draft.id = random_id<EntityId>(day.random);
  draft.seen = seen;
  draft.edit = need(edit_from_json(*day_catalogue(1).form("visit"), {{"count", 99}}));
  need(an.store->keep_draft(draft));
  day.tell("draft " + text(draft.id));
}

void sync_both(Parts& day) {
  day.sync(0);
  day.sync(1);
}

void meet_in_conflict(Parts& day) {
  const RecordId record = any_record(day, 0);
  {
    ctl::Laptop binh = day.open_laptop(1);
    Seen seen = need(binh.store->see(record));
    save(day, binh, 1, seen, {{"title", "Bình sửa " + std::to_string(day.told.count("save"))}});
    save_new(day, binh, 1, visit("Buổi của Bình", 2));
  }
  {
    ctl::Laptop an = day.open_laptop(0);
    Seen seen = need(an.store->see(record));
    save(day, an, 0, seen, {{"title", "An sửa " + std::to_string(day.told.count("save"))}});
  }
  sync_both(day);
  day.sync(0);
  ctl::Laptop an = day.open_laptop(0);
  for (const Rivals& rivals : need(an.store->conflicts())) {
    const Saved settled =
        need(an.store->resolve(record, rivals.conflict.field, rivals.state.heads.front().value, "đã hỏi"));
    day.tell_save(0, settled.record, settled.change);
  }
}

void import_csv(Parts& day) {
  day.tell("importing");
  succeed(day.command(ctl::import_records, day.home(0), {"visit", (day.outside / "import.csv").string()}));
  day.tell("imported");
}

void export_csv(Parts& day) {
  fs::create_directories(day.stick());
  const fs::path file = day.stick() / "visits.csv";
  std::int64_t records = 0;
  {
    const ctl::Laptop an = day.open_laptop(0);
    View::Query query;
    query.form = "visit";
    records = need(an.store->count(query));
  }
  day.tell("exporting " + std::to_string(records));
  if (day.control == Day::Control::writes_in_place) {
    succeed(
        day.command(ctl::export_records, day.home(0), {"visit"}, {{"-o", {(day.outside / "whole.csv").string()}}}));
    const Bytes whole = need(read_small_file(day.outside / "whole.csv", 1 << 24));
    const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    for (BytesView rest = whole; out >= 0 && !rest.empty();) {
      const ssize_t size = ::write(out, rest.data(), std::min<std::size_t>(512, rest.size()));
      if (size < 0) throw Refused{"not written"};
      rest = rest.subspan(static_cast<std::size_t>(size));
    }
    ::close(out);
  } else {
    succeed(day.command(ctl::export_records, day.home(0), {"visit"}, {{"-o", {file.string()}}}));
  }
  day.tell("file stick/visits.csv");
}

void carry(Parts& day, const fs::path& from, const std::string& name, const std::string& recipient,
           const fs::path& to) {
  fs::create_directories(day.stick());
  const std::string file = (day.stick() / name).string();
  succeed(day.command(ctl::bundle, from, {"write", file}, {{"--for", {recipient}}}));
  day.tell("file stick/" + name);
  succeed(day.command(ctl::bundle, to, {"read", file}));
}

void use_stick(Parts& day) {
  {
    ctl::Laptop an = day.open_laptop(0);
    save_new(day, an, 0, visit("Buổi đi bằng USB", 1));
  }
  carry(day, day.home(0), "an.fpb", "central", day.central());
  carry(day, day.central(), "to-an.fpb", day.device_of(0), day.home(0));
  carry(day, day.home(0), "to-binh.fpb", day.device_of(1), day.home(1));
}

void back_up_central(Parts& day) {
  std::error_code failed;
  fs::create_directories(day.shelf(), failed);
  if (failed) throw Refused{"no folder for the backup: " + failed.message()};
  // What a try that was cut short left, an operator deletes as the message says; each try has a name of its own.
  const fs::path file = day.shelf() / ("backup-" + std::to_string(day.told.count("backing-up")));
  day.tell("backing-up");
  succeed(day.command(ctl::backup, day.central(), {file.string()}));
  day.tell("file shelf/" + file.filename().string());
  day.tell("file shelf/" + file.filename().string() + ".vault");
  day.tell("backup " + file.filename().string());
}

void work_after_backup(Parts& day) {
  {
    ctl::Laptop binh = day.open_laptop(1);
    save_new(day, binh, 1, visit("Sau bản sao lưu"));
  }
  day.sync(1);
}

void restore_central(Parts& day) {
  succeed(day.command(ctl::restore_backup, day.central(), {(day.shelf() / day.told.last("backup")).string()}));
  day.tell("restored");
}

void take_newer_form(Parts& day) {
  day.form_version = 2;
  ctl::Laptop an = day.open_laptop(0);
  nlohmann::json values = visit("Buổi theo mẫu mới");
  values["venue"] = "Nhà văn hóa ấp 4";
  save_new(day, an, 0, values);
  need(an.store->rebuild_view());
  day.tell("form 2");
}

void begin_epoch(Parts& day) {
  const ctl::Laptop an = day.open_laptop(0);
  need(an.store->start_epoch());
}

void give_slot(Parts& day) {
  const ctl::Laptop an = day.open_laptop(0);
  need(Vault::add_slot(an.path, an.key, second_person, second_passphrase, day.random, vault_parameters()));
  day.tell("slot");
}

void salvage_store(Parts& day) {
  if (!day.told.has("damaged")) {
    day.sync(1);
    day.tell("damaged");
  }
  if (!day.told.has("flipped")) {
    // The medium did this, nobody wrote it: it is no call that could fail.
    const IoPause pause;
    const fs::path file = day.home(1) / "store.db";
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    const auto middle = static_cast<std::streamoff>(fs::file_size(file) / 2);
    stream.seekg(middle);
    const char byte = static_cast<char>(stream.get() ^ 0x20);
    stream.seekp(middle);
    stream.put(byte);
    stream.close();
    day.tell("flipped");
  }
  succeed(day.command(ctl::salvage, day.home(1), {}));
  day.tell("salvaged");
  day.sync(1);
}

void meet_again(Parts& day) {
  for (int round = 0; round < 2; ++round) sync_both(day);
}

struct Step {
  const char* name;
  void (*run)(Parts&);
};
constexpr Step all_steps[] = {
    {"central is made", make_central},
    {"an is made", [](Parts& day) { make_laptop(day, 0); }},
    {"an enrols", [](Parts& day) { enrol_laptop(day, 0); }},
    {"binh is made and enrols", [](Parts& day) { make_laptop(day, 1), enrol_laptop(day, 1); }},
    {"an writes", write_records},
    {"both sync", sync_both},
    {"they disagree and settle it", meet_in_conflict},
    {"an imports", import_csv},
    {"an exports", export_csv},
    {"bundles on a stick", use_stick},
    {"central is backed up", back_up_central},
    {"work goes on", work_after_backup},
    {"central is restored", restore_central},
    {"both sync with the restored central", sync_both},
    {"an has a newer form", take_newer_form},
    {"an begins an epoch", begin_epoch},
    {"an gives somebody a slot", give_slot},
    {"binh's store is damaged and salvaged", salvage_store},
    {"all meet again", meet_again},
};

}  // namespace

// ---- Day ---------------------------------------------------------------------------------------------------------

Day::Day(std::filesystem::path folder, std::filesystem::path outside, Told told, std::uint64_t seed, Say say,
         Control control)
    : parts_(new Parts{std::move(folder),
                       std::move(outside),
                       std::move(told),
                       std::move(say),
                       control,
                       {},
                       SeededRandom(seed),
                       1}) {
  // Each process has a later morning, so that nothing is made a second time under the same id.
  parts_->clock.ms = morning_ms + static_cast<std::int64_t>(seed % 1'000'000) * 1000;
  if (parts_->told.has("form")) parts_->form_version = 2;
}
Day::~Day() = default;

std::size_t Day::steps() { return std::size(all_steps); }
const char* Day::name_of(std::size_t step) { return all_steps[step].name; }
std::size_t Day::step_named(const std::string& name) {
  for (std::size_t step = 0; step < steps(); ++step)
    if (name == name_of(step)) return step;
  throw Broken{"no step is called " + name};
}

void Day::prepare(const std::filesystem::path& outside) {
  ::setenv("FIELDPOST_PASSPHRASE", day_passphrase, 1);
  ::setenv("FIELDPOST_TEST_KDF", "fast", 1);
  ::unsetenv("FIELDPOST_KEY_FILE");
  watch_allocations();
  std::ofstream csv(outside / "import.csv", std::ios::binary);
  csv << "title,date,count\r\n";
  for (int line = 0; line < import_lines; ++line) csv << "nhap " << line << ",2025-10-" << 10 + line % 20 << ",5\r\n";
  day_catalogue(1);
}

void Day::run(std::size_t step) {
  all_steps[step].run(*parts_);
  parts_->tell("returned " + std::to_string(step));
}

}  // namespace fieldpost::test
