#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>

#include "client/model/help.h"
#include "client/model/pasted_table.h"
#include "client/model/screens_model.h"
#include "client/model/settings.h"
#include "client/model/translation.h"
#include "shared/forms/assets.h"
#include "tests/support/changes.h"

using namespace fieldpost;

namespace {

const Catalogue& catalogue() { return shipped_catalogue(); }
const Form& form(const char* name) { return *catalogue().form(name); }
const CivilDate today{2026, 3, 14};

EntityId id(std::uint8_t last) {
  EntityId made;
  made.bytes[0] = 1;
  made.bytes[15] = last;
  return made;
}

FormEntry::Context context() { return {catalogue(), today, {}, {}}; }

FormEntry new_entry(const char* name) {
  Seen seen;
  seen.record = id(1);
  seen.form = name;
  seen.form_version = form(name).version;
  seen.is_new = true;
  seen.answers.record = seen.record;
  return {form(name), std::move(seen), context()};
}

const Question& question(const FormEntry& entry, const char* name) { return *entry.form().find(name); }

/// The hamlet of a person on the roster; the session has one of its own.
const Question& home_hamlet(const FormEntry& entry) {
  for (const Question* column : entry.columns(question(entry, "roster")))
    if (column->name == "hamlet") return *column;
  throw std::logic_error("no such column");
}

void type(FormEntry& entry, const EntityId& entity, const Question& asked, const char* text) {
  entry.text(entity, asked) = text;
  entry.text_changed(entity, asked);
}
void type(FormEntry& entry, const EntityId& entity, const char* name, const char* text) {
  type(entry, entity, question(entry, name), text);
}
void type(FormEntry& entry, const char* name, const char* text) { type(entry, entry.record(), name, text); }

Value answer(const FormEntry& entry, const char* name) {
  const auto found = entry.answers().fields.find({question(entry, name).number, {}});
  return found == entry.answers().fields.end() ? Value{} : found->second;
}

// What Store::save does to what was seen: the edit joins it, new rows get ids of the store.
void save(FormEntry& entry) {
  const Edit edit = entry.edit();
  Seen& seen = entry.seen_to_save();
  seen.is_new = false;
  for (const auto& [key, value] : edit.fields) seen.answers.fields[key] = value;
  std::uint8_t next = static_cast<std::uint8_t>(100 + seen.answers.rows.size());
  for (const Edit::RowEdit& row : edit.rows) {
    if (!row.row) {
      seen.answers.rows.push_back({id(next++), row.repeat, row.fields});
      continue;
    }
    std::erase_if(seen.answers.rows, [&](const Row& held) { return row.deleted && held.id == *row.row; });
    for (Row& held : seen.answers.rows)
      if (held.id == *row.row)
        for (const auto& [key, value] : row.fields) held.fields[key] = value;
  }
  entry.saved();
}

std::set<std::string> keys_of(const char* file) {
  std::set<std::string> keys;
  const auto json = nlohmann::json::parse(*find_asset(file));
  for (const auto& [key, text] : json.items()) keys.insert(key);
  return keys;
}

}  // namespace

TEST_CASE(
    "a consultation that becomes a request gives its answers on, and a request begun by mistake leaves no draft") {
  FormEntry consultation = new_entry("consultation");
  const EntityId record = consultation.record();
  const auto type = [&](const char* question, const std::string& text) {
    const Question& asked = *form("consultation").find(question);
    consultation.text(record, asked) = text;
    consultation.text_changed(record, asked);
  };
  type("full_name", "Danh Thị Sà Rươl");
  type("summary", "Tranh chấp ranh đất");
  consultation.toggle(record, *form("consultation").find("eligibility"), "HN", true);
  const FollowUp& follow_up = form("consultation").follow_ups.at(0);
  REQUIRE(follow_up.form == "request");
  CHECK_FALSE(consultation.offers(follow_up));
  consultation.choose(record, *form("consultation").find("outcome"), "request_taken");
  CHECK(consultation.offers(follow_up));

  Seen seen;
  seen.record = id(2);
  seen.form = "request";
  seen.form_version = form("request").version;
  seen.is_new = true;
  seen.answers.record = seen.record;
  FormEntry request(form("request"), std::move(seen), context());
  request.take_over(follow_up, consultation);
  const auto answer = [&](const char* question) {
    return request.answer_text(request.record(), *form("request").find(question));
  };
  CHECK(answer("full_name") == "Danh Thị Sà Rươl");
  CHECK(answer("summary") == "Tranh chấp ranh đất");
  CHECK(answer("eligibility") == "Người thuộc hộ nghèo");
  CHECK(answer("decision") == "Chờ xem xét");  // its own default stays
  CHECK(request.answers().fields.at({form("request").find("consultation")->number, {}}) == Value(record));
  CHECK_FALSE(request.dirty());
  request.choose(request.record(), *form("request").find("service_form"), "TV");
  CHECK(request.dirty());
  CHECK(request.edit().fields.contains({form("request").find("full_name")->number, {}}));
}

TEST_CASE("below the papers stands what is lacking for the category used, and that they are complete once they are") {
  FormEntry entry = new_entry("consultation");
  const Form& consultation = form("consultation");
  const auto below = [&](const char* question) {
    std::string out;
    for (const FieldNote& note : entry.notes_at(*consultation.find(question))) out += note.text + "\n";
    return out;
  };
  CHECK(below("proof_state").empty());
  const Question& birth = *consultation.find("birth_date");
  entry.text(entry.record(), birth) = "2014";
  entry.text_changed(entry.record(), birth);
  CHECK(below("eligibility") == "Có thể thuộc diện: Trẻ em.\n");
  entry.toggle(entry.record(), *consultation.find("eligibility"), "BTCN", true);
  CHECK(below("proof_state").find("Cần có: Giấy chứng nhận hộ cận nghèo.") != std::string::npos);
  entry.choose(entry.record(), *consultation.find("proof_state"), "original_seen");
  entry.toggle(entry.record(), *consultation.find("proof_papers"), "GCN_HCN", true);
  CHECK(below("proof_papers").find("Còn thiếu: Văn bản của cơ quan tiến hành tố tụng") == 0);
  CHECK(below("proof_state").empty());  // the papers are being named: it is said there
  entry.toggle(entry.record(), *consultation.find("proof_papers"), "VB_TT_BT", true);
  CHECK(below("proof_papers") == "Đủ giấy tờ cho diện: Người bị buộc tội thuộc hộ cận nghèo.\n");
}

TEST_CASE("a new form starts with its defaults, and nothing is to be lost yet") {
  FormEntry entry = new_entry("consultation");
  CHECK(std::get<CivilDate>(answer(entry, "date")) == today);
  CHECK(entry.revision() == 0);
  // Missing answers are no reproach before the field was visited.
  CHECK(entry.problems_at(entry.record(), question(entry, "summary")).empty());
  entry.visited(entry.record(), question(entry, "summary"));
  CHECK(entry.problems_at(entry.record(), question(entry, "summary")).size() == 1);
}

TEST_CASE("dates and numbers are typed as people write them and shown as the screen writes them") {
  FormEntry entry = new_entry("outreach_session");
  type(entry, "date", "3/3/2025");
  CHECK(std::get<CivilDate>(answer(entry, "date")) == CivilDate{2025, 3, 3});
  entry.visited(entry.record(), question(entry, "date"));
  CHECK(entry.text(entry.record(), question(entry, "date")) == "03/03/2025");
  type(entry, "leaflets", "1.250");
  CHECK(std::get<std::int64_t>(answer(entry, "leaflets")) == 1250);
  type(entry, "start_time", "8h15");
  CHECK(std::get<std::string>(answer(entry, "start_time")) == "08:15");
}

TEST_CASE("what cannot be read is said at the field, stays there, and does not replace the answer") {
  FormEntry entry = new_entry("outreach_session");
  type(entry, "date", "3/3/2025");
  type(entry, "date", "3/3/25");
  CHECK(entry.typing_fault(entry.record(), question(entry, "date")).has_value());
  CHECK(std::get<CivilDate>(answer(entry, "date")) == CivilDate{2025, 3, 3});
  entry.visited(entry.record(), question(entry, "date"));
  CHECK(entry.text(entry.record(), question(entry, "date")) == "3/3/25");
  save(entry);
  CHECK(entry.text(entry.record(), question(entry, "date")) == "3/3/25");
  type(entry, "date", "4/3/2025");
  CHECK(!entry.typing_fault(entry.record(), question(entry, "date")));
}

TEST_CASE("an edit holds what changed and nothing else, and nothing after the save") {
  FormEntry entry = new_entry("outreach_session");
  type(entry, "title", "Truyền thông tại ấp 7");
  CHECK(entry.dirty());
  save(entry);
  CHECK(!entry.dirty());
  type(entry, "hamlet", "Ấp 7");
  const Edit edit = entry.edit();
  CHECK(edit.fields.size() == 1);
  CHECK(edit.rows.empty());
  type(entry, "hamlet", "");
  CHECK(!entry.dirty());  // never answered, and empty again
  type(entry, "title", "");
  CHECK(is_cleared(entry.edit().fields.begin()->second));
}

TEST_CASE("rows are added by typing, an untouched new row is not saved, a deleted one can be taken back") {
  FormEntry entry = new_entry("outreach_session");
  const Question& roster = question(entry, "roster");
  const EntityId an = entry.add_row(roster), empty = entry.add_row(roster), binh = entry.add_row(roster);
  static_cast<void>(empty);
  type(entry, an, "full_name", "Nguyễn Văn An");
  type(entry, binh, "full_name", "Danh Bình");
  entry.choose(binh, question(entry, "sex"), "male");
  CHECK(entry.edit().rows.size() == 2);
  CHECK(entry.row_count(roster) == 3);
  save(entry);
  REQUIRE(entry.rows(roster).size() == 2);
  CHECK(entry.answer_text(entry.rows(roster)[1], question(entry, "full_name")) == "Danh Bình");
  const EntityId first = entry.rows(roster)[0];
  entry.delete_row(first);
  CHECK(entry.row_count(roster) == 1);
  CHECK(entry.rows(roster).size() == 2);  // still shown, to be taken back
  REQUIRE(entry.edit().rows.size() == 1);
  CHECK(entry.edit().rows[0].deleted);
  entry.restore_row(first);
  CHECK(!entry.dirty());
  entry.delete_row(first);
  save(entry);
  CHECK(entry.rows(roster).size() == 1);
}

TEST_CASE("a multi-select writes one field an option and that it was answered") {
  FormEntry entry = new_entry("outreach_session");
  const Question& topics = question(entry, "topics");
  const std::string code = catalogue().list("topics")->options.front().code;
  entry.toggle(entry.record(), topics, code, true);
  CHECK(entry.is_chosen(entry.record(), topics, code));
  entry.toggle(entry.record(), topics, code, false);
  CHECK(entry.answers().fields.at({topics.number, {}}) == Value(true));
  CHECK(entry.answer_text(entry.record(), topics) == tr("value.none_chosen"));
}

TEST_CASE("options and places are found without marks") {
  FormEntry entry = new_entry("consultation");
  const auto ethnic = entry.choices(entry.record(), question(entry, "ethnicity"), "kho");
  REQUIRE(!ethnic.empty());
  CHECK(ethnic.front().text.find("Khơ") != std::string::npos);
  const auto places = entry.choices(entry.record(), question(entry, "place"), "khanh");
  REQUIRE(!places.empty());
  entry.choose(entry.record(), question(entry, "place"), places.front().code);
  CHECK(entry.answer_text(entry.record(), question(entry, "place")) == places.front().text);
}

TEST_CASE("a question that is no longer relevant disappears and its answer is kept") {
  FormEntry entry = new_entry("consultation");
  const auto shown = [&](const char* name) {
    for (const FormEntry::Item& item : entry.items())
      if (item.question->name == name) return true;
    return false;
  };
  CHECK(!shown("refusal_reason"));
  const Question& outcome = question(entry, "outcome");
  for (const Choice& choice : entry.choices(entry.record(), outcome, "")) {
    entry.choose(entry.record(), outcome, choice.code);
    if (shown("refusal_reason")) break;
  }
  REQUIRE(shown("refusal_reason"));
  const Question& reason = question(entry, "refusal_reason");
  const auto reasons = entry.choices(entry.record(), reason, "");
  REQUIRE(!reasons.empty());
  entry.choose(entry.record(), reason, reasons.front().code);
  entry.clear(entry.record(), outcome);
  CHECK(!shown("refusal_reason"));
  CHECK(answer(entry, "refusal_reason") == Value(reasons.front().code));
}

TEST_CASE("a draft gives back what was typed, on the base it was typed on") {
  FormEntry entry = new_entry("outreach_session");
  type(entry, "title", "Dở dang");
  const EntityId row = entry.add_row(question(entry, "roster"));
  type(entry, row, "full_name", "Lê Thị Bưởi");
  const Draft draft{id(9), entry.seen(), entry.edit(), 0};
  FormEntry again(form("outreach_session"), draft, context());
  CHECK(again.dirty());
  CHECK(again.text(again.record(), question(again, "title")) == "Dở dang");
  REQUIRE(again.rows(question(again, "roster")).size() == 1);
  CHECK(again.edit().rows.size() == 1);
}

TEST_CASE("taking in what others changed redraws, keeps the own unsaved words, and takes the new base") {
  FormEntry entry = new_entry("outreach_session");
  type(entry, "title", "Buổi sáng");
  save(entry);
  type(entry, "hamlet", "Ấp 7");
  Seen now = entry.seen();
  now.answers.fields[{question(entry, "venue").number, {}}] = std::string("Nhà văn hóa");
  now.answers.rows.push_back({id(200), question(entry, "roster").number, {}});
  entry.others_changed = true;
  entry.take_in(now);
  CHECK(!entry.others_changed);
  CHECK(answer(entry, "venue") == Value(std::string("Nhà văn hóa")));
  CHECK(answer(entry, "hamlet") == Value(std::string("Ấp 7")));
  CHECK(entry.edit().fields.size() == 1);
  CHECK(entry.row_count(question(entry, "roster")) == 1);
}

TEST_CASE("a conflict reads with both values, author, laptop and time") {
  const Form& session = form("outreach_session");
  FieldState state;
  state.conflict = true;
  state.heads.push_back({{}, {}, {}, 1773446400000, std::string("Luật đất đai"), {}});
  state.heads.push_back({{}, {}, {}, 1773450000000, std::string("Luật hôn nhân"), {}});
  const Names names{
      [](const UserId&) { return std::string("An"); }, [](const DeviceId&) { return std::string("TT-01"); }, {}};
  const ConflictView view = conflict_view(session, {id(1), {session.find("topic_note")->number, {}}}, state, id(1),
                                          catalogue(), names, today);
  REQUIRE(view.rivals.size() == 2);
  CHECK(view.label == session.find("topic_note")->label.vi);
  CHECK(view.rivals[0].text == "Luật đất đai");
  CHECK(view.rivals[1].author == "An");
  CHECK(view.rivals[1].device == "TT-01");
  CHECK(view.rivals[0].when == "07:00");
}

TEST_CASE("a list from a spreadsheet is read by its heads, whatever their order, and shown before it is taken over") {
  FormEntry entry = new_entry("outreach_session");
  const Question& roster = question(entry, "roster");
  const std::string text =
      "STT\tHọ tên\tNăm sinh\tGiới tính\tCột lạ\r\n"
      "1\tTrần Thị Bưởi\t1975\tNữ\tx\r\n"
      "2\t\"Danh \"\"Sà\"\" Rết\"\t12/3/1961\tnam\t\r\n"
      "\t\t\t\t\r\n"
      "3\tLý Văn Ba\tnăm ngoái\tkhông rõ\t\r\n";
  const PastedTable table = read_table(text, entry, roster, question(entry, "full_name"));
  REQUIRE(table.columns.size() == 5);
  CHECK(table.columns[0] == nullptr);
  CHECK(table.columns[1]->name == "full_name");
  CHECK(table.columns[2]->name == "birth_date");
  CHECK(table.columns[3]->name == "sex");
  CHECK(table.columns[4] == nullptr);
  REQUIRE(table.rows.size() == 3);
  CHECK(table.rows[1][1] == "Danh \"Sà\" Rết");
  REQUIRE(table.faults.size() == 2);
  CHECK(table.faults[0].row == 2);
  CHECK(table.faults[0].text == "năm ngoái");
  CHECK(table.faults[1].column->name == "sex");
  CHECK(entry.row_count(roster) == 0);  // nothing yet

  CHECK(add_rows(entry, table) == 3);
  const std::vector<EntityId> rows = entry.rows(roster);
  REQUIRE(rows.size() == 3);
  CHECK(entry.answer_text(rows[0], question(entry, "sex")) == "Nữ");
  CHECK(entry.answer_text(rows[0], question(entry, "birth_date")) == "1975");
  CHECK(entry.answer_text(rows[1], question(entry, "birth_date")) == "12/03/1961");
  CHECK(entry.text(rows[2], question(entry, "birth_date")) == "năm ngoái");  // kept where it was typed
  CHECK(entry.typing_fault(rows[2], question(entry, "birth_date")).has_value());
  CHECK(entry.answer_text(rows[2], question(entry, "sex")).empty());
}

TEST_CASE("a list without heads goes on from the cell one is in, and its numbers are left out") {
  FormEntry entry = new_entry("outreach_session");
  const Question& roster = question(entry, "roster");
  const PastedTable table =
      read_table("1\tNguyễn Thị Hoa\tNữ\n2\tĐỗ Thị Út\tNữ\n", entry, roster, question(entry, "full_name"));
  REQUIRE(table.columns.size() == 3);
  CHECK(table.columns[0] == nullptr);
  CHECK(table.columns[1]->name == "full_name");
  CHECK(table.columns[2]->name == "sex");
  CHECK(table.faults.empty());
  CHECK(read_table("Ấp 3\nẤp 4\n", entry, roster, home_hamlet(entry)).columns[0]->name == "hamlet");
  CHECK(read_table(" \n\t\n", entry, roster, question(entry, "full_name")).rows.empty());
  // A quote that encloses nothing is a letter like any other.
  const PastedTable quoted = read_table("\"Ba\" Lý\tNam\n\"Út\tNữ\n", entry, roster, question(entry, "full_name"));
  REQUIRE(quoted.rows.size() == 2);
  CHECK(quoted.rows[0][0] == "\"Ba\" Lý");
  CHECK(quoted.rows[1][0] == "\"Út");
}

TEST_CASE("a list longer than a roster says how many lines it leaves out") {
  FormEntry entry = new_entry("outreach_session");
  const Question& roster = question(entry, "roster");
  std::string text;
  for (int i = 0; i < 2'003; ++i) text += "Người " + std::to_string(i) + "\tNữ\n";
  const PastedTable table = read_table(text, entry, roster, question(entry, "full_name"));
  CHECK(table.rows.size() == 2'000);
  CHECK(table.rows_left_out == 3);
  CHECK(table.rows.back()[0] == "Người 1999");
}

TEST_CASE("a new line has the hamlet of the line above, which alone makes no line that is saved") {
  FormEntry entry = new_entry("outreach_session");
  const Question& roster = question(entry, "roster");
  const EntityId first = entry.add_row(roster);
  type(entry, first, "full_name", "Trần Thị Bưởi");
  type(entry, first, home_hamlet(entry), "Ấp Rạch Gốc");
  const EntityId second = entry.add_row(roster);
  CHECK(entry.answer_text(second, home_hamlet(entry)) == "Ấp Rạch Gốc");
  CHECK(entry.answer_text(second, question(entry, "full_name")).empty());
  CHECK(entry.edit().rows.size() == 1);
  type(entry, second, "full_name", "Lý Văn Ba");
  CHECK(entry.edit().rows.size() == 2);
}

TEST_CASE("a person who is on the roster already is noticed, unless the years of birth say otherwise") {
  FormEntry entry = new_entry("outreach_session");
  const Question& roster = question(entry, "roster");
  const EntityId first = entry.add_row(roster), second = entry.add_row(roster);
  type(entry, first, "full_name", "Trần Thị Bưởi");
  type(entry, first, "birth_date", "1975");
  CHECK(entry.same_person(roster, second) == std::nullopt);
  type(entry, second, "full_name", "tran thi buoi");
  CHECK(entry.same_person(roster, second) == 1);
  CHECK(entry.same_person(roster, first) == 2);
  type(entry, second, "birth_date", "2/9/1975");
  CHECK(entry.same_person(roster, second) == 1);
  type(entry, second, "birth_date", "1990");
  CHECK(entry.same_person(roster, second) == std::nullopt);
  type(entry, second, "birth_date", "");
  entry.delete_row(first);
  CHECK(entry.same_person(roster, second) == std::nullopt);
}

TEST_CASE("the worker's events become plain words, and a failure says what was kept") {
  SyncStatus sync;
  take_event(sync, SyncStarted{});
  CHECK(sync.running);
  ExchangeProgress progress;
  progress.phase = ExchangeProgress::Phase::sending;
  progress.sent = 3;
  progress.to_send = 12;
  progress.bytes_out = 1'400'000;
  take_event(sync, SyncProgressed{progress, std::chrono::seconds(1)});
  CHECK(sync_progress_text(sync).find("3") != std::string::npos);
  CHECK(sync_progress_text(sync).find("1,4 MB") != std::string::npos);
  CHECK(sync_progress_text(sync).find("còn khoảng") == std::string::npos);  // too early to tell
  take_event(sync, SyncProgressed{progress, std::chrono::seconds(10)});
  CHECK(sync_progress_text(sync).find("còn khoảng 30 giây") != std::string::npos);
  const float early = sync_fraction(sync.progress);
  progress.sent = 12;
  CHECK(sync_fraction(progress) > early);
  take_event(sync, SyncFailed{{ErrorCode::unreachable, "connect: refused"}, {}, std::chrono::minutes(4)});
  CHECK(sync.kept.find("4 phút") != std::string::npos);
  CHECK(!sync.running);
  CHECK(sync.problem == tr("error.unreachable"));
  CHECK(!sync.kept.empty());
  take_event(sync, SyncStarted{});
  CHECK(sync.problem.empty());
}

TEST_CASE("what a stick held is told in words: what came in, what is for others, and what was damaged") {
  SyncStatus sync;
  sync.stick.running = true;
  StickWritten written;
  written.file = "20251031-0815-3fad-to-central.fpb";
  written.changes = 412;
  written.bytes = 1'400'000;
  take_event(sync, written);
  CHECK(!sync.stick.running);
  CHECK(sync.stick.done.find("412") != std::string::npos);
  CHECK(sync.stick.done.find("1,4 MB") != std::string::npos);
  CHECK(sync.stick.notes.front() == tr("stick.safe"));

  StickRead read;
  read.bundles = 2;
  read.for_others = 1;
  read.sum.received = 7;
  read.faults.push_back({"half.fpb", {ErrorCode::malformed, "incomplete"}});
  take_event(sync, read);
  CHECK(sync.stick.done.find("7") != std::string::npos);
  REQUIRE(sync.stick.notes.size() == 2);
  CHECK(sync.stick.notes[1].find("half.fpb") == 0);
  CHECK(sync.stick.notes[1].find(tr("stick.error_malformed")) != std::string::npos);

  take_event(sync, StickRead{});
  CHECK(sync.stick.problem == tr("stick.none"));
  StickRead others;
  others.for_others = 3;
  take_event(sync, others);
  CHECK(sync.stick.problem == tr("stick.only_others"));
  take_event(sync, StickFailed{{ErrorCode::disk_full, "write"}});
  CHECK(sync.stick.problem == tr("stick.error_disk_full"));
  CHECK(sync.stick.notes.front() == tr("stick.kept"));
}

TEST_CASE("the chosen drive stays chosen until it is pulled out") {
  StickModel stick;
  take_drives(stick, {{"/media/an/USB", "USB", ""}, {"/media/an/ZIP", "ZIP", ""}});
  CHECK(stick.path == "/media/an/USB");
  stick.path = "/media/an/ZIP";
  take_drives(stick, {{"/media/an/ZIP", "ZIP", ""}});
  CHECK(stick.path == "/media/an/ZIP");
  take_drives(stick, {});
  CHECK(stick.path.empty());
  stick.path = "/home/an/goi";  // typed
  take_drives(stick, {{"/media/an/USB", "USB", ""}});
  CHECK(stick.path == "/home/an/goi");
}

TEST_CASE("in two texts that are nearly the same, the words that differ are marked on both sides") {
  const auto marked = marked_differences({"Hỏi về đất đai, thừa kế", "Hỏi về đất đai, hôn nhân"});
  CHECK(marked[0] == std::vector<TextPiece>{{"Hỏi về đất đai, ", false}, {"thừa kế", true}});
  CHECK(marked[1] == std::vector<TextPiece>{{"Hỏi về đất đai, ", false}, {"hôn nhân", true}});
  // A word that one of them lacks is marked where it is.
  const auto lacking = marked_differences({"bà Danh Thị Út", "bà Danh Út"});
  CHECK(lacking[0] == std::vector<TextPiece>{{"bà Danh ", false}, {"Thị ", true}, {"Út", false}});
  CHECK(lacking[1] == std::vector<TextPiece>{{"bà Danh Út", false}});
  // With nothing in common, marks would only be in the way.
  CHECK(marked_differences({"08:15", "09:30"})[0] == std::vector<TextPiece>{{"08:15", false}});
  CHECK(marked_differences({"", "a b"})[0].empty());
}

namespace {

/// A record that two people changed without knowing of each other, as a store would give it back.
struct TwoLaptops {
  Catalogue forms = test::small_catalogue();
  const Form& visit = *forms.form("visit");
  test::FakeClock clock;
  SeededRandom random{5};
  test::Author an{clock, random}, binh{clock, random};
  RecordId record = new_uuid<RecordId>(clock, random);
  RecordHeads heads;
  std::vector<Change> history;

  void take(Change change) {
    heads.apply(change, [&](const ChangeId& id) {
      return std::any_of(history.begin(), history.end(), [&](const Change& known) { return known.id == id; });
    });
    history.push_back(std::move(change));
  }
  RecordState state() const {
    return record_state(
        record, heads,
        [this](const ChangeId& id) -> const Change* {
          for (const Change& change : history)
            if (change.id == id) return &change;
          return nullptr;
        },
        &visit);
  }
  Names names() {
    return {[this](const UserId& user) { return std::string(user == an.user ? "An" : "Bình"); },
            [this](const DeviceId& device) { return std::string(device == an.device ? "CM-01" : "CM-02"); },
            {}};
  }
  std::optional<ConflictAtHand> at_hand(const FieldRef& field) {
    OpenConflict conflict;
    conflict.record = record;
    conflict.field = field;
    conflict.form = "visit";
    return conflict_at_hand(visit, conflict, state(), history, forms, names(), today);
  }
  FieldRef field(const char* name) { return {record, {visit.find(name)->number, ""}}; }
};

}  // namespace

TEST_CASE(
    "the conflict at hand says what both had seen, who wrote what, and which laptop has a say in more of them") {
  TwoLaptops world;
  world.take(world.an.save(world.visit, world.record, {}, {{"title", "Đất đai"}, {"count", 40}}));
  const RecordHeads seen = world.heads;
  world.take(world.an.save(world.visit, world.record, seen, {{"title", "Đất đai, thừa kế"}, {"count", 41}}));
  world.take(world.binh.save(world.visit, world.record, seen,
                             {{"title", "Đất đai, nhà ở"}, {"count", 42}, {"phone", "0912345678"}}));
  const auto title = world.at_hand(world.field("title"));
  REQUIRE(title);
  CHECK(title->before == "Đất đai");
  REQUIRE(title->rivals.size() == 2);
  CHECK(title->rivals[0].view.author == "An");
  CHECK(title->rivals[1].view.device == "CM-02");
  CHECK(title->rivals[1].text == std::vector<TextPiece>{{"Đất đai, ", false}, {"nhà ở", true}});
  REQUIRE(title->sides.size() == 2);
  CHECK(title->sides[0].fields.size() == 2);
  CHECK(title->question != nullptr);
  CHECK(title->in_words.empty());
  // A further change that saw only one of them moves nothing below them.
  world.take(world.an.save(world.visit, world.record, seen, {{"title", "Đất đai, hôn nhân"}}));
  CHECK(world.at_hand(world.field("title"))->before == "Đất đai");
  CHECK(!world.at_hand(world.field("phone")));  // written by one alone

  const Result<Value> by_hand = typed_settlement(*world.at_hand(world.field("count")), "1.250");
  REQUIRE(by_hand);
  CHECK(*by_hand == Value(std::int64_t{1250}));
  CHECK(!typed_settlement(*world.at_hand(world.field("count")), "nhiều"));
}

TEST_CASE("what nobody had answered before, or cannot be told, is not invented") {
  TwoLaptops world;
  const Change first = world.an.save(world.visit, world.record, {}, {{"title", "Đất đai"}});
  world.take(first);
  const RecordHeads seen = world.heads;
  world.take(world.an.save(world.visit, world.record, seen, {{"count", 41}}));
  world.take(world.binh.save(world.visit, world.record, seen, {{"count", 42}}));
  CHECK(world.at_hand(world.field("count"))->before == tr("conflict.nothing_before"));
  std::erase_if(world.history, [&](const Change& change) { return change.id == first.id; });
  CHECK(!world.at_hand(world.field("count"))->before);
}

TEST_CASE("a deletion against an edit reads in words, and says what the edit was") {
  TwoLaptops world;
  world.take(world.an.save(world.visit, world.record, {}, {{"title", "Đất đai"}}));
  const RecordHeads seen = world.heads;
  world.take(world.an.save(world.visit, world.record, seen, {{"_deleted", true}}));
  world.take(world.binh.save(world.visit, world.record, seen, {{"count", 42}}));
  const auto presence = world.at_hand({world.record, {record_presence, ""}});
  REQUIRE(presence);
  CHECK(presence->in_words == tr("conflict.record_presence"));
  CHECK(presence->rivals[0].view.text == tr("conflict.delete_record"));
  CHECK(presence->rivals[1].view.text == tr("conflict.keep_record"));
  CHECK(presence->rivals[1].besides == "Số");
  CHECK(presence->question == nullptr);
  CHECK(!typed_settlement(*presence, "true"));
}

TEST_CASE(
    "the list of conflicts stands by record, is searched without marks, and is walked without leaving its ends") {
  const Catalogue forms = test::small_catalogue();
  const auto open = [](std::uint8_t record, std::uint32_t number, const char* title, std::int64_t at) {
    OpenConflict conflict;
    conflict.id.bytes[0] = record;
    conflict.id.bytes[1] = static_cast<std::uint8_t>(number);
    conflict.record = id(record);
    conflict.field = {conflict.record, {number, ""}};
    conflict.form = "visit";
    conflict.title = title;
    conflict.at = at;
    return conflict;
  };
  ConflictReview review;
  take_rows(review,
            {open(1, 1, "Truyền thông ấp Đường Đào", 10), open(1, 3, "Truyền thông ấp Đường Đào", 10),
             open(2, 3, "An toàn giao thông", 20)},
            forms);
  REQUIRE(review.lines.size() == 5);
  CHECK(review.lines[0].of_record == 1);  // the newest record first
  CHECK(review.lines[2].of_record == 2);
  review.order = ConflictReview::Order::by_record;
  review.search = "duong";
  arrange(review);
  CHECK(review.fitting == 2);
  review.search = "không có";
  arrange(review);
  CHECK(!conflict_after(review, 0));
  review.search.clear();
  arrange(review);

  CHECK(conflict_after(review, 0) == ConflictReview::Key{id(2), {id(2), {3, ""}}});
  review.at_hand.emplace();
  review.at_hand->conflict = open(1, 1, "", 10);
  CHECK(conflict_after(review, 1) == ConflictReview::Key{id(1), {id(1), {3, ""}}});
  CHECK(conflict_after(review, 9) == ConflictReview::Key{id(1), {id(1), {3, ""}}});
  CHECK(conflict_after(review, -1) == ConflictReview::Key{id(2), {id(2), {3, ""}}});
  // Both of the record settled at once: on to what is left.
  CHECK(conflict_to_follow(review, {{id(1), {1, ""}}, {id(1), {3, ""}}}) ==
        ConflictReview::Key{id(2), {id(2), {3, ""}}});

  // What was looked up stays with what did not change.
  review.rows[0].label = "Tên";
  take_rows(review, {open(1, 1, "Truyền thông ấp Đường Đào", 10)}, forms);
  CHECK(review.rows[0].label == "Tên");
  take_rows(review, {}, forms);
  CHECK(review.lines.empty());
}

TEST_CASE("the last reasons are kept once each, the newest first, and an empty one is none") {
  ConflictReview review;
  for (const char* reason : {"a", "b", "", "a", "c", "d", "e"}) use_reason(review.reasons, reason);
  CHECK(review.reasons == std::vector<std::string>{"e", "d", "c", "a"});
}

TEST_CASE("a list reads a row when it comes into sight, and once") {
  LazyRows rows;
  int read = 0;
  std::vector<std::int64_t> order;
  for (std::int64_t i = 0; i < 100'000; ++i) order.push_back(i);
  rows.show(order, [&](std::int64_t number) -> std::optional<ListedRecord> {
    ++read;
    if (number == 7) return std::nullopt;
    ListedRecord row;
    row.title = std::to_string(number);
    return row;
  });
  CHECK(read == 0);
  CHECK(rows.at(99'999)->title == "99999");
  CHECK(rows.at(99'999)->title == "99999");
  CHECK(read == 1);
  CHECK(rows.at(7) == nullptr);
}

TEST_CASE("what a list is filtered by asks the store for just that, and a day that cannot be read for nothing") {
  RecordList list;
  CHECK(!is_filtered(list));
  list.from_text = "3/2025";
  list.to_text = "31/02/2025";
  list.state = RecordList::State::needs_attention;
  const View::Query query = list_query(list);
  CHECK(query.from == CivilDate{2025, 3, 0});
  CHECK(!query.to);
  CHECK(unreadable_day(list.to_text));
  CHECK(!unreadable_day(" "));
  CHECK(query.holding == View::Query::Holding::needs_attention);
  CHECK(is_filtered(list));
  clear_filters(list);
  CHECK(!is_filtered(list));
}

TEST_CASE("a heading sorts, then the other way round, then not at all; what is not sorted by does nothing") {
  using Order = View::Query::Order;
  RecordList list;
  CHECK(sort_by(list, ListColumn::Kind::title));
  CHECK(list.order == Order::title);
  CHECK(list.ascending);
  sort_by(list, ListColumn::Kind::title);
  CHECK(!list.ascending);
  sort_by(list, ListColumn::Kind::title);
  CHECK(list.order == Order::natural);
  sort_by(list, ListColumn::Kind::date);
  CHECK(!list.ascending);  // newest first
  CHECK(!sort_by(list, ListColumn::Kind::status));
  CHECK(list.order == Order::date);
}

TEST_CASE("the columns of a kind of record are chosen and remembered, and its title always stays") {
  const Form& visits = form("consultation");
  Settings settings;
  const auto names = [&] {
    std::vector<std::string> out;
    for (const ListColumn& column : columns_shown(&visits, settings)) out.push_back(column.name);
    return out;
  };
  CHECK(names() == std::vector<std::string>{"@date", "@title", "@place", "@changed", "@status"});
  settings = with_column(settings, visits.name, columns_shown(&visits, settings), columns_offered(&visits),
                         "legal_field", true);
  settings =
      with_column(settings, visits.name, columns_shown(&visits, settings), columns_offered(&visits), "@title", false);
  CHECK(names() == std::vector<std::string>{"@date", "@title", "@place", "legal_field", "@changed", "@status"});
  CHECK(settings_from(settings_json(settings)) == settings);
  // A question that the form lost, or a broken file, costs a column and no window.
  settings = settings_from(R"({"columns": {"consultation": ["gone", "@date", 7], "x": "y"}})");
  CHECK(names() == std::vector<std::string>{"@date", "@title"});
}

TEST_CASE("both languages have the same keys, and no text is empty") {
  CHECK(keys_of("translations/vi.json") == keys_of("translations/en.json"));
  for (const char* file : {"translations/vi.json", "translations/en.json"}) {
    const auto json = nlohmann::json::parse(*find_asset(file));
    for (const auto& [key, text] : json.items()) CHECK_MESSAGE(text != "", key);
  }
}

TEST_CASE("every key the screens use has a text, and every text is used") {
  const std::set<std::string> keys = keys_of("translations/vi.json");
  std::set<std::string> used;
  const std::regex literal("\"([a-z_]+\\.[a-z_]+)\"");
  for (const auto& file : std::filesystem::recursive_directory_iterator(FIELDPOST_SOURCE_DIR "/client")) {
    if (file.path().extension() != ".cpp" && file.path().extension() != ".h") continue;
    std::ifstream in(file.path());
    std::stringstream text;
    text << in.rdbuf();
    const std::string source = text.str();
    for (std::sregex_iterator at(source.begin(), source.end(), literal), end; at != end; ++at) used.insert((*at)[1]);
    const std::regex call("tr(_with)?\\(\"([^\"]+)\"\\)");
    for (std::sregex_iterator at(source.begin(), source.end(), call), end; at != end; ++at)
      CHECK_MESSAGE(keys.contains((*at)[2]), std::string((*at)[2]));
  }
  for (int code = 0; code <= static_cast<int>(ErrorCode::interrupted); ++code) {
    used.insert(std::string("error.") + code_name(static_cast<ErrorCode>(code)));
    CHECK(keys.contains(std::string("error.") + code_name(static_cast<ErrorCode>(code))));
  }
  for (int reason = 1; reason <= static_cast<int>(Reason::missing); ++reason) {
    used.insert(std::string("reason.") + reason_name(static_cast<Reason>(reason)));
    CHECK(keys.contains(std::string("reason.") + reason_name(static_cast<Reason>(reason))));
  }
  for (const ErrorCode code : {ErrorCode::disk_full, ErrorCode::io, ErrorCode::not_found, ErrorCode::malformed,
                               ErrorCode::not_central, ErrorCode::untrusted})
    used.insert(std::string("stick.error_") + code_name(code));
  for (const char* core : {"outreach_session", "training_class", "consultation"})
    used.insert(std::string("start.") + core);
  for (const std::string& key : keys) CHECK_MESSAGE(used.contains(key), key);
}

TEST_CASE("the language is changed for every word, and an unknown one is Vietnamese") {
  use_language("en");
  CHECK(tr("tab.home") == "Today");
  use_language("fr");
  CHECK(tr("tab.home") == "Hôm nay");
  CHECK(tr_with("form.saved", {"14:03"}) == "Đã lưu trên máy này lúc 14:03");
}

TEST_CASE("every page of help can be read in both languages, and every key and button it names is there") {
  for (const char* chosen : {"vi", "en"}) {
    use_language(chosen);
    std::set<std::string> listed;
    for (const std::string_view name : help_names) {
      CAPTURE(std::string(chosen) + "/" + std::string(name));
      const std::string path = "help/" + std::string(chosen) + "/" + std::string(name) + ".md";
      listed.insert(path);
      const auto text = find_asset(path);
      REQUIRE(text);
      const Result<HelpPage> page = read_help(name, *text);
      if (!page) FAIL(page.error().message);
      CHECK(!page->title.empty());
      for (const HelpBlock& block : page->blocks)
        for (const HelpSpan& span : block.spans) {
          if (span.kind != HelpSpan::Kind::key) continue;
          CAPTURE(span.text);
          if (span.text.find('.') == std::string::npos) {
            CHECK(is_among(keyboard_keys, span.text));
          } else {
            CHECK(has_text(span.text));
            CHECK(tr(span.text).find('{') == std::string::npos);  // no name, but a sentence with something in it
          }
        }
    }
    for (const Asset& asset : assets())
      if (asset.path.starts_with("help/" + std::string(chosen) + "/"))
        CHECK(listed.contains(std::string(asset.path)));
  }
  use_language("vi");
}

TEST_CASE("every screen has its page of help, and each part of a form its own") {
  for (int screen = 0; screen <= static_cast<int>(Screen::help); ++screen)
    CHECK(is_among(help_names, help_for(static_cast<Screen>(screen), nullptr)));
  FormEntry session = new_entry("outreach_session");
  CHECK(help_for(Screen::form, &session) == "session");
  session.page = 1;
  CHECK(help_for(Screen::form, &session) == "roster");
  FormEntry consultation = new_entry("consultation"), person = new_entry("person");
  CHECK(help_for(Screen::form, &consultation) == "consultation");
  CHECK(help_for(Screen::form, &person) == "form");
}

TEST_CASE("the help is searched without marks, and the page that is about it comes first") {
  CHECK(find_help("").size() == help_names.size());
  REQUIRE(!find_help("mat may").empty());
  CHECK(find_help("cam usb").front() == "sync");  // in its title
  CHECK(is_among(find_help("o dia day"), "trouble"));
  CHECK(is_among(find_help("luu (ctrl+s)"), "form"));  // the words of a button are found like any others
  CHECK(find_help("xe đạp").empty());
}

TEST_CASE("a page of help that is written wrongly is told with its line") {
  const auto fault = [](const char* text) {
    const Result<HelpPage> page = read_help("home", text);
    return page ? std::string() : page.error().message;
  };
  CHECK(fault("# Tên\n\nMột **câu** với `tab.home`\nvà hai dòng.\n").empty());
  CHECK(fault("Không có tên\n") == "home:1: a page begins with its title");
  CHECK(fault("# Tên\n") == "home:1: a page without words");
  CHECK(fault("# Tên\n\nMột **câu\n\nkhác\n") == "home:4: a mark is not closed above this line");
  CHECK(fault("# Tên\n\nMột `khóa") == "home:3: a mark is not closed at the end");
  CHECK(fault("# Tên\n\n| bảng |\n") == "home:3: neither heading, list nor words");
}

TEST_CASE("the window stands where it stood, on the monitor it stood on") {
  const std::vector<Monitor> two = {{"eDP-1", 0, 27, 1366, 741}, {"HDMI-1", 1366, 0, 1920, 1080}};
  const WindowRect rect{1500, 100, 1000, 700};
  const WindowPlace kept = window_place(rect, false, two);
  CHECK(kept == WindowPlace{"HDMI-1", 134, 100, 1000, 700, false});
  CHECK(window_rect(kept, two, 30) == rect);
  // The same monitor on the other side.
  CHECK(window_rect(kept, {{"HDMI-1", 0, 0, 1920, 1080}, {"eDP-1", 1920, 27, 1366, 741}}, 30) ==
        WindowRect{134, 100, 1000, 700});
}

TEST_CASE("a monitor that is gone, or smaller than the window, still shows all of it and its title") {
  const std::vector<Monitor> laptop = {{"eDP-1", 0, 27, 1366, 741}};
  CHECK(window_rect({"HDMI-1", 900, 500, 1000, 600, false}, laptop, 30) == WindowRect{183, 112, 1000, 600});
  CHECK(window_rect({"eDP-1", 10, 10, 1920, 1080, true}, laptop, 30) == WindowRect{0, 57, 1366, 711});
  CHECK(window_rect({"eDP-1", 5'000, -300, 800, 600, false}, laptop, 30) == WindowRect{566, 57, 800, 600});
  CHECK(window_rect({"eDP-1", 0, 0, 10, 10, false}, laptop, 0).width == window_width_least);
  CHECK(window_rect({}, {{"VGA-1", 0, 0, 800, 600}}, 0) == WindowRect{0, 0, 800, 600});
  CHECK(window_rect({}, {}, 0).width > 0);  // no monitor is named: the window system decides
}

TEST_CASE("what a window was like is read back as it was written, and what is damaged is as if it had never been") {
  Settings settings;
  settings.veil = settings.toured = true;
  settings.window = {"Màn hình 1", -20, 40, 1024, 700, true};
  CHECK(settings_from(settings_json(settings)) == settings);
  CHECK(settings_from(R"({"veil": 1, "toured": "yes", "window": {"width": -5, "x": 1e9, "monitor": 7}})") ==
        Settings{});
  CHECK(settings_from(R"({"window": [1, 2]})") == Settings{});
}

TEST_CASE("a form says which of its answers and titles others must not see") {
  CHECK(has_personal_title(form("consultation")));
  CHECK(has_personal_title(form("person")));
  CHECK(!has_personal_title(form("outreach_session")));
  const FormEntry session = new_entry("outreach_session");
  CHECK(is_personal(question(session, "full_name")));
  CHECK(!is_personal(question(session, "topic_note")));
  const Form& consultation = form("consultation");
  CHECK(is_personal(*consultation.find("person")));               // another record, by its name
  CHECK(is_personal(consultation, {id(1), {9'999, {}}}, id(1)));  // of another version: nobody can tell
  CHECK(!is_personal(consultation, {id(1), {record_presence, {}}}, id(1)));
  FormEntry open = new_entry("outreach_session");
  CHECK(!open.hides(question(open, "full_name")));
  open.veiled = true;
  CHECK(open.hides(question(open, "full_name")));
  CHECK(!open.hides(question(open, "topic_note")));
}
