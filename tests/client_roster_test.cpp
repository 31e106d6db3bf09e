#include <doctest/doctest.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "client/model/grid_view.h"
#include "client/model/pasted_table.h"
#include "client/model/presence.h"
#include "client/model/translation.h"
#include "shared/forms/assets.h"
#include "tests/support/laptop.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

const Catalogue& catalogue() { return shipped_catalogue(); }
const CivilDate today{2026, 3, 14};
constexpr const char *khanh_an = "32059@post-2025-07", *nguyen_phich = "32044@post-2025-07";

EntityId id(std::uint8_t last) {
  EntityId made;
  made.bytes[0] = 1;
  made.bytes[15] = last;
  return made;
}

FormEntry new_entry(const char* name) {
  const Form& form = *catalogue().form(name);
  Seen seen;
  seen.record = id(1);
  seen.form = name;
  seen.form_version = form.version;
  seen.is_new = true;
  seen.answers.record = seen.record;
  return {form, std::move(seen), {catalogue(), today, {}, {}}};
}

const Question& roster(const FormEntry& entry) { return *entry.form().find("roster"); }
const Question& column(const FormEntry& entry, const char* name) {
  const Question* found = entry.form().find_in(&roster(entry), name);
  REQUIRE(found);
  return *found;
}
void type(FormEntry& entry, const EntityId& entity, const Question& question, std::string_view text) {
  entry.text(entity, question) = text;
  entry.text_changed(entity, question);
}
void type(FormEntry& entry, const char* name, std::string_view text) {
  type(entry, entry.record(), *entry.form().find(name), text);
}
std::string shown(FormEntry& entry, const EntityId& row, const char* name) {
  entry.present();
  return entry.answer_text(row, column(entry, name));
}
EntityId add(FormEntry& entry, std::string_view name, const char* sex = "", std::string_view born = "") {
  const EntityId row = entry.add_row(roster(entry));
  type(entry, row, column(entry, "full_name"), name);
  if (*sex != 0) entry.choose(row, column(entry, "sex"), sex);
  if (!born.empty()) type(entry, row, column(entry, "birth_date"), born);
  return row;
}

// What Store::save does to what was seen: new rows get ids of the store.
void save(FormEntry& entry) {
  const Edit edit = entry.edit();
  Seen& seen = entry.seen_to_save();
  seen.is_new = false;
  for (const auto& [key, value] : edit.fields) seen.answers.fields[key] = value;
  auto next = static_cast<std::uint8_t>(100 + seen.answers.rows.size());
  for (const Edit::RowEdit& row : edit.rows) {
    if (!row.row) {
      seen.answers.rows.push_back({id(next++), row.repeat, row.fields});
      continue;
    }
    const auto held = std::find_if(seen.answers.rows.begin(), seen.answers.rows.end(),
                                   [&](const Row& each) { return each.id == *row.row; });
    if (row.deleted) {
      seen.answers.rows.erase(held);
    } else if (held == seen.answers.rows.end()) {
      seen.answers.rows.push_back({*row.row, row.repeat, row.fields});
    } else {
      for (const auto& [key, value] : row.fields) held->fields[key] = value;
    }
  }
  entry.saved();
}

MetPerson met(std::string name, const char* birth, const char* place, const char* hamlet, CivilDate on) {
  MetPerson person;
  person.name = std::move(name);
  person.sex = "female";
  if (const auto date = parse_iso_date(birth)) person.birth = *date;
  person.place = place;
  person.hamlet = hamlet;
  person.on = on;
  return person;
}

std::vector<std::string> names(const std::vector<const MetPerson*>& people) {
  std::vector<std::string> out;
  for (const MetPerson* person : people) out.push_back(person->name + " " + person->hamlet);
  return out;
}
using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("people are found without marks, those of this commune first, then of this hamlet, then met last") {
  const KnownPeople known({met("Trần Thị Bưởi", "1975", khanh_an, "Ấp 7", {2025, 1, 5}),
                           met("Trần Thị Bương", "1980", khanh_an, "Ấp 3", {2026, 1, 5}),
                           met("Trần Thị Bướm", "1990", nguyen_phich, "Ấp 7", {2026, 2, 1}),
                           met("Trần Văn Bửu", "1961", nguyen_phich, "Ấp 9", {2026, 3, 1}),
                           met("Lê Thị Lành", "1961", khanh_an, "Ấp 7", {2026, 3, 1})},
                          catalogue().places);
  CHECK(names(known.find("tran b", {khanh_an, "ấp 7"}, 5)) ==
        Lines{"Trần Thị Bưởi Ấp 7", "Trần Thị Bương Ấp 3", "Trần Thị Bướm Ấp 7", "Trần Văn Bửu Ấp 9"});
  CHECK(names(known.find("Trần Thị", {}, 2)) == Lines{"Trần Thị Bướm Ấp 7", "Trần Thị Bương Ấp 3"});
  CHECK(names(known.find("lanh", {}, 5)) == Lines{"Lê Thị Lành Ấp 7"});
  CHECK(known.find("b", {}, 5).empty());      // one letter begins half the names
  CHECK(known.find("tra b", {}, 5).empty());  // as in search, only the last word may be a beginning
  CHECK(known.find("buoi tran", {}, 5).empty());
  CHECK(known.find("", {}, 5).empty());
  CHECK(KnownPeople({}, catalogue().places).find("tran", {khanh_an, ""}, 5).empty());
}

TEST_CASE("somebody met in a commune before its merger is of the commune that it became") {
  const Place* old = nullptr;
  for (const auto& [key, place] : catalogue().places.places())
    if (place.successors == std::vector<std::string>{"32059"} && place.scheme == "pre-2025-07") old = &place;
  REQUIRE(old);
  const KnownPeople known({met("Danh Út", "1970", old->key().c_str(), "", {2024, 1, 1}),
                           met("Danh Ú", "1971", nguyen_phich, "", {2026, 1, 1})},
                          catalogue().places);
  CHECK(names(known.find("danh", {khanh_an, ""}, 5)) == Lines{"Danh Út ", "Danh Ú "});
}

TEST_CASE("a person of many rosters is offered once, with what each of them says; two people never become one") {
  MetPerson older = met("Trần Thị Bưởi", "1975-04-02", khanh_an, "Ấp 7", {2025, 1, 5});
  older.phone = "0912345678";
  older.citizen_number = "096175000001";
  MetPerson other = met("Trần Thị Bưởi", "1975", khanh_an, "", {2025, 6, 1});
  other.citizen_number = "096175000002";
  const KnownPeople known(
      {older, met("Trần Thị Bưởi", "1975", khanh_an, "Ấp 7", {2026, 1, 5}), other,
       met("Trần Thị Bưởi", "1975", nguyen_phich, "Ấp 7", {2025, 1, 1}),
       met("Trần Thị Bưởi", "1988", khanh_an, "Ấp 7", {2025, 1, 1}),
       met("Trần Thị Bưởi", "", khanh_an, "", {2025, 1, 1}), met("Trần Thị Bưởi", "", khanh_an, "", {2025, 1, 2})},
      catalogue().places);
  CHECK(known.size() == 6);
  const MetPerson& found = *known.find("tran thi buoi", {khanh_an, "Ấp 7"}, 1).front();
  CHECK(*found.on == CivilDate{2026, 1, 5});
  CHECK(*found.birth == CivilDate{1975, 4, 2});
  CHECK(found.phone == "0912345678");
  CHECK(found.citizen_number == "096175000001");
}

TEST_CASE("taking a known person over fills what is empty or carried over, and nothing that was typed") {
  FormEntry entry = new_entry("outreach_session");
  entry.choose(entry.record(), *entry.form().find_in(nullptr, "place"), khanh_an);
  const EntityId above = add(entry, "Lê Văn Ba", "male", "1950");
  type(entry, above, column(entry, "hamlet"), "Ấp 3");
  const EntityId row = add(entry, "tran thi b");
  CHECK(shown(entry, row, "hamlet") == "Ấp 3");
  type(entry, row, column(entry, "phone"), "0987654321");
  MetPerson person = met("Trần Thị Bưởi", "1975", khanh_an, "Ấp 7", {2025, 1, 5});
  person.phone = "0912345678";
  person.ethnicity = "01";
  person.citizen_number = "096175000001";
  take_person(entry, roster(entry), row, person);
  CHECK(shown(entry, row, "full_name") == "Trần Thị Bưởi");
  CHECK(shown(entry, row, "sex") == "Nữ");
  CHECK(shown(entry, row, "birth_date") == "1975");
  CHECK(shown(entry, row, "ethnicity") == "Kinh");
  CHECK(shown(entry, row, "hamlet") == "Ấp 7");
  CHECK(shown(entry, row, "citizen_number") == "096175000001");
  CHECK(shown(entry, row, "phone") == "0987654321");
  // The hamlet of another commune is named with it.
  const EntityId stranger = add(entry, "tran");
  take_person(entry, roster(entry), stranger, met("Trần Út", "1970", nguyen_phich, "Ấp 9", {2025, 1, 5}));
  CHECK(shown(entry, stranger, "hamlet") == "Ấp 9, Xã Nguyễn Phích");
}

TEST_CASE("a suggestion says sex, year, hamlet, where and when they were met, and whether they are here already") {
  FormEntry entry = new_entry("outreach_session");
  const EntityId row = add(entry, "tran thi b");
  CHECK(suggestions(entry, roster(entry), row).empty());  // nothing was read yet
  entry.known_people = std::make_shared<KnownPeople>(
      std::vector<MetPerson>{met("Trần Thị Bưởi", "1975", khanh_an, "Ấp 7", {2025, 1, 5}),
                             met("Trần Thị Bé", "", nguyen_phich, "", {2024, 1, 5})},
      catalogue().places);
  std::vector<Suggestion> offered = suggestions(entry, roster(entry), row);
  REQUIRE(offered.size() == 2);
  CHECK(offered[0].text == "Trần Thị Bưởi");
  CHECK(offered[0].detail == "Nữ · 1975 · Ấp 7 · gặp ngày 05/01/2025, Xã Khánh An");
  CHECK(offered[1].detail == "Nữ · gặp ngày 05/01/2024, Xã Nguyễn Phích");
  CHECK(!offered[0].line);
  add(entry, "Trần Thị Bưởi", "female", "1975");
  offered = suggestions(entry, roster(entry), row);
  CHECK(offered[0].text == "Trần Thị Bé");
  CHECK(offered[1].line == 2);
}

TEST_CASE("looking for a person among 100,000 takes no frame's time") {
  const char *family[] = {"Nguyễn", "Trần", "Danh", "Lê", "Thạch", "Phạm", "Huỳnh"},
             *middle[] = {"Văn", "Thị", "Thanh", "Hữu", "Ngọc"},
             *given[] = {"Bưởi", "Đường", "Ú", "Phước", "Hường", "Sơn", "Lành", "Đạo"};
  std::vector<MetPerson> people;
  for (int i = 0; i < 100'000; ++i)
    people.push_back(met(std::string(family[i % 3 == 0 ? 0 : i % 7]) + " " + middle[i % 5] + " " + given[i / 5 % 8],
                         std::to_string(1930 + i % 80).c_str(), i % 3 == 0 ? khanh_an : nguyen_phich,
                         ("Ấp " + std::to_string(i % 997)).c_str(), from_day_number(19'000 + i % 2'000)));
  const auto start = std::chrono::steady_clock::now();
  const auto shared = std::make_shared<const KnownPeople>(std::move(people), catalogue().places);
  const KnownPeople& known = *shared;
  const auto made = std::chrono::steady_clock::now();
  MESSAGE("made of 100,000 lines in " << std::chrono::duration<double, std::milli>(made - start).count() << " ms, "
                                      << known.size() << " people");
  for (const char* typed : {"ng", "nguyen", "Nguyễn Văn", "nguyen thi b", "thi buoi", "tr"}) {
    const auto before = std::chrono::steady_clock::now();
    std::size_t found = 0;
    for (int i = 0; i < 20; ++i) found += known.find(typed, {khanh_an, "Ấp 7"}, 5).size();
    const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - before;
    MESSAGE(std::string(typed) << ": " << taken.count() / 20 << " ms");
    CHECK(found == 100);
  }
  // All that a letter typed into a roster of 500 adds to its frame.
  FormEntry entry = new_entry("outreach_session");
  for (int i = 0; i < 500; ++i) add(entry, "Nguyễn Văn " + std::to_string(i));
  const EntityId row = add(entry, "ng");
  entry.known_people = shared;
  const auto before = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) CHECK(suggestions(entry, roster(entry), row).size() == 5);
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - before;
  MESSAGE("suggestions in a roster of 500: " << taken.count() / 20 << " ms");
}

TEST_CASE("a reading that is called off knows nobody") {
  const KnownPeople known({met("Trần Thị Bưởi", "1975", khanh_an, "Ấp 7", {2025, 1, 5})}, catalogue().places,
                          [] { return false; });
  CHECK(known.find("tran", {}, 5).empty());
}

TEST_CASE("the store names people of rosters, persons and consultations, and never those of confidential records") {
  LaptopStore laptop(catalogue());
  const auto keep = [&](const char* form, const nlohmann::json& values) { return laptop.keep(form, values); };
  keep("outreach_session", {{"title", "Buổi một"},
                            {"date", "2026-03-01"},
                            {"place", khanh_an},
                            {"hamlet", "Ấp 1"},
                            {"roster",
                             {{{"full_name", "Danh Út"},
                               {"sex", "male"},
                               {"birth_date", "1961"},
                               {"hamlet", "Ấp 7"},
                               {"phone", "0912345678"}},
                              {{"sex", "female"}}}}});
  keep("person", {{"full_name", "Lê Thị Lành"}, {"sex", "female"}, {"place", nguyen_phich}, {"hamlet", "Ấp 9"}});
  keep("consultation", {{"full_name", "Võ Tư"}, {"sex", "male"}, {"date", "2026-03-02"}, {"hamlet", "Ấp 1"}});
  keep("consultation", {{"full_name", "Không Ai Biết"}, {"sex", "female"}, {"confidential", "yes"}});
  const RecordId gone = keep("person", {{"full_name", "Đã Xóa"}, {"sex", "male"}});
  laptop.edit(gone, {{"_deleted", true}});
  const auto read = [&](Consultations consultations) {
    std::map<std::string, MetPerson> people;
    REQUIRE(each_person(laptop.options, laptop.catalogue, consultations, [&](const MetPerson& person) {
      people[person.name] = person;
      return true;
    }));
    return people;
  };
  const auto people = read(Consultations::read);
  REQUIRE(people.size() == 3);
  const MetPerson& one = people.at("Danh Út");
  CHECK(one.sex == "male");
  CHECK(*one.birth == CivilDate{1961, 0, 0});
  CHECK(one.hamlet == "Ấp 7");
  CHECK(one.phone == "0912345678");
  CHECK(one.place == khanh_an);
  CHECK(*one.on == CivilDate{2026, 3, 1});
  CHECK(people.at("Lê Thị Lành").hamlet == "Ấp 9");
  CHECK(people.at("Võ Tư").hamlet.empty());  // where it was held is not where they live
  CHECK(read(Consultations::left_out).size() == 2);
  // Two laptops do not agree whether it is confidential: until somebody decides, it is.
  const RecordId open = keep("consultation", {{"full_name", "Còn Hỏi Lại"}, {"sex", "male"}, {"confidential", "no"}});
  CHECK(read(Consultations::read).contains("Còn Hỏi Lại"));
  const std::uint32_t number = catalogue().form("consultation")->find("confidential")->number;
  laptop.store->database().run("INSERT INTO conflict (record, entity, number, option, id) VALUES (?, ?, ?, '', ?)",
                               open, open, number, open);
  CHECK(!read(Consultations::read).contains("Còn Hỏi Lại"));
}

namespace {

/// A grid in which a person works: what they do, and the cell they are in.
struct Hands {
  FormEntry entry;
  RowHistory& history;
  const Question& repeat;
  explicit Hands(const char* form = "outreach_session")
      : entry(new_entry(form)), history(entry.grid(roster(entry)).history), repeat(roster(entry)) {
    look("");
  }
  void look(const std::string& cell) { history.look(entry, repeat, cell); }
  void types(const EntityId& row, const char* in, const std::string& words) {
    for (std::size_t end = 1; end <= words.size(); ++end) {
      if (end < words.size() && (static_cast<unsigned char>(words[end]) & 0xc0) == 0x80) continue;
      type(entry, row, column(entry, in), words.substr(0, end));
      look(std::string("cell/") + in + fieldpost::text(row));
    }
  }
  std::string undo() {
    const auto back = history.undo(entry, repeat);
    return back ? back->words : "";
  }
  std::string redo() {
    const auto back = history.redo(entry, repeat);
    return back ? back->words : "";
  }
  Lines people() {
    Lines out;
    for (const EntityId& row : entry.rows(repeat))
      out.push_back((entry.is_deleted(row) ? "×" : "") + shown(entry, row, "full_name") + "|" +
                    shown(entry, row, "birth_date"));
    return out;
  }
};

}  // namespace

TEST_CASE("what is typed into one cell is one step back, a new line with its first cell too, and words say which") {
  Hands hands;
  const EntityId row = hands.entry.add_row(hands.repeat);
  hands.types(row, "full_name", "Danh Út");
  hands.types(row, "birth_date", "1961");
  hands.types(row, "full_name", "Danh Ú");
  CHECK(hands.people() == Lines{"Danh Ú|1961"});
  CHECK(hands.undo() == "Đã hoàn tác: sửa ô Họ và tên ở dòng 1.");
  CHECK(hands.people() == Lines{"Danh Út|1961"});
  CHECK(hands.undo() == "Đã hoàn tác: sửa ô Ngày, tháng, năm sinh ở dòng 1.");
  CHECK(hands.people() == Lines{"Danh Út|"});
  CHECK(hands.undo() == "Đã hoàn tác: thêm dòng 1.");
  CHECK(hands.people().empty());
  CHECK(hands.undo().empty());
  CHECK(hands.entry.edit().rows.empty());
  CHECK(hands.redo() == "Đã làm lại: thêm dòng 1.");
  CHECK(hands.people() == Lines{"Danh Út|"});
  hands.redo();
  hands.redo();
  CHECK(hands.people() == Lines{"Danh Ú|1961"});
  CHECK(hands.redo().empty());
  hands.undo();
  hands.types(row, "birth_date", "1970");  // something new: there is nothing to do again
  CHECK(hands.redo().empty());
}

TEST_CASE("a line taken away, brought back, pasted lines and a person taken over go back as one step each") {
  Hands hands;
  const EntityId row = hands.entry.add_row(hands.repeat);
  hands.types(row, "full_name", "tran b");
  hands.history.begin(RowHistory::Deed::person_taken);
  take_person(hands.entry, hands.repeat, row, met("Trần Thị Bưởi", "1975", khanh_an, "Ấp 7", {2025, 1, 5}));
  hands.look("");
  CHECK(hands.people() == Lines{"Trần Thị Bưởi|1975"});
  hands.entry.delete_row(row);
  hands.look("");
  CHECK(hands.people() == Lines{"×Trần Thị Bưởi|1975"});
  CHECK(hands.undo() == "Đã hoàn tác: xóa dòng 1.");
  CHECK(hands.people() == Lines{"Trần Thị Bưởi|1975"});
  hands.history.begin(RowHistory::Deed::pasted);
  add_rows(hands.entry, read_table("Lý Văn Ba\tNam\t1961\nDanh Sà\tNam\t1950\n", hands.entry, hands.repeat,
                                   column(hands.entry, "full_name")));
  hands.look("");
  CHECK(hands.people().size() == 3);
  CHECK(hands.undo() == "Đã hoàn tác: dán 2 dòng.");
  CHECK(hands.undo() == "Đã hoàn tác: lấy người đã biết vào dòng 1.");
  CHECK(hands.people() == Lines{"tran b|"});
  CHECK(shown(hands.entry, row, "sex").empty());
  CHECK(hands.redo() == "Đã làm lại: lấy người đã biết vào dòng 1.");
  CHECK(hands.redo() == "Đã làm lại: dán 2 dòng.");
  CHECK(hands.people() == Lines{"Trần Thị Bưởi|1975", "Lý Văn Ba|1961", "Danh Sà|1950"});
}

TEST_CASE("what could not be read comes back as it was typed") {
  Hands hands;
  const EntityId row = hands.entry.add_row(hands.repeat);
  hands.types(row, "full_name", "Danh Út");
  type(hands.entry, row, column(hands.entry, "birth_date"), "3/3/61");
  hands.look("birth");
  hands.look("");
  type(hands.entry, row, column(hands.entry, "birth_date"), "1961");
  hands.look("birth");
  CHECK(hands.entry.typing_fault_count() == 0);
  hands.undo();
  CHECK(hands.entry.text(row, column(hands.entry, "birth_date")) == "3/3/61");
  CHECK(hands.entry.typing_fault(row, column(hands.entry, "birth_date")));
  hands.undo();
  CHECK(hands.entry.typing_fault_count() == 0);
}

TEST_CASE("undo goes on over a save: the next save writes what was put back") {
  Hands hands;
  const EntityId first = hands.entry.add_row(hands.repeat);
  hands.types(first, "full_name", "Danh Út");
  const EntityId second = hands.entry.add_row(hands.repeat);
  hands.types(second, "full_name", "Lý Ba");
  hands.types(second, "birth_date", "1961");
  hands.entry.add_row(hands.repeat);  // an empty line, which no save keeps
  hands.look("");
  save(hands.entry);
  hands.look("");
  CHECK(hands.people() == Lines{"Danh Út|", "Lý Ba|1961"});
  CHECK(!hands.entry.dirty());
  hands.undo();  // the empty line: there is nothing to see of it
  CHECK(hands.undo() == "Đã hoàn tác: sửa ô Ngày, tháng, năm sinh ở dòng 2.");
  CHECK(hands.people() == Lines{"Danh Út|", "Lý Ba|"});
  CHECK(hands.undo() == "Đã hoàn tác: thêm dòng 2.");
  CHECK(hands.people() == Lines{"Danh Út|", "×Lý Ba|"});
  save(hands.entry);
  hands.look("");
  CHECK(hands.people() == Lines{"Danh Út|"});
  CHECK(hands.redo() == "Đã làm lại: thêm dòng 2.");
  hands.redo();
  CHECK(hands.people() == Lines{"Danh Út|", "Lý Ba|1961"});
  CHECK(hands.entry.edit().rows.size() == 1);
}

TEST_CASE("lines are shown by tên or as they came; their own order never changes") {
  FormEntry entry = new_entry("outreach_session");
  for (const char* name : {"Trần Thị Bưởi", "Nguyễn Văn Ánh", "Lê Đạo", "Danh An"}) add(entry, name);
  const auto rows = [&] { return entry.rows(roster(entry)); };
  LineOrder order;
  const auto shown_names = [&] {
    Lines out;
    for (const std::size_t i : order.lines(entry, roster(entry), rows()))
      out.push_back(shown(entry, rows()[i], "full_name"));
    return out;
  };
  CHECK(shown_names() == Lines{"Trần Thị Bưởi", "Nguyễn Văn Ánh", "Lê Đạo", "Danh An"});
  order.choose(LineOrder::By::name);
  CHECK(shown_names() == Lines{"Danh An", "Nguyễn Văn Ánh", "Trần Thị Bưởi", "Lê Đạo"});
  // No line jumps away while its name is typed, and a new one comes last.
  type(entry, rows()[3], column(entry, "full_name"), "Danh Xuân");
  const EntityId fresh = add(entry, "Bá Ân");
  CHECK(shown_names() == Lines{"Danh Xuân", "Nguyễn Văn Ánh", "Trần Thị Bưởi", "Lê Đạo", "Bá Ân"});
  order.choose(LineOrder::By::name);
  CHECK(shown_names() == Lines{"Nguyễn Văn Ánh", "Bá Ân", "Trần Thị Bưởi", "Lê Đạo", "Danh Xuân"});
  CHECK(rows().back() == fresh);
  order.choose(LineOrder::By::arrival);
  CHECK(shown_names().front() == "Trần Thị Bưởi");
}

TEST_CASE("above the grid stands how many there are, by sex, age and groups, and beside what was counted") {
  FormEntry entry = new_entry("outreach_session");
  CHECK(roster_summary(entry, roster(entry)).people.empty());
  type(entry, "date", "14/03/2026");
  const EntityId first = add(entry, "Trần Thị Bưởi", "female", "1975");
  add(entry, "Lý Mận", "female", "2011");        // fifteen this year, or fourteen
  add(entry, "Danh Sơn", "male", "15/03/2010");  // sixteen tomorrow
  add(entry, "Danh Út", "male", "14/03/2010");   // sixteen today
  const EntityId last = add(entry, "Không Rõ");
  entry.choose(first, column(entry, "ethnicity"), "05");
  entry.toggle(last, column(entry, "eligibility"), "HN", true);
  RosterSummary summary = roster_summary(entry, roster(entry));
  CHECK(summary.people ==
        Lines{"Nam 2", "Nữ 2", "Chưa rõ giới tính 1", "Trẻ em dưới 16 tuổi 2", "Chưa ghi năm sinh 1"});
  REQUIRE(summary.groups.size() == 2);
  CHECK(summary.groups[0].find("Dân tộc: ") == 0);
  CHECK(summary.headcounts.empty());

  type(entry, "headcount_total", "8");
  type(entry, "headcount_female", "2");
  summary = roster_summary(entry, roster(entry));
  REQUIRE(summary.headcounts.size() == 1);  // the women agree
  CHECK(summary.headcounts[0].words == "Danh sách 5, đếm được 8: 3 người chưa ghi.");
  CHECK(summary.headcounts[0].differs);
  type(entry, "headcount_total", "4");
  type(entry, "headcount_female", "3");
  entry.delete_row(last);
  summary = roster_summary(entry, roster(entry));
  REQUIRE(summary.headcounts.size() == 2);
  CHECK(summary.headcounts[0].words == "Danh sách và số đếm khớp nhau: 4 người.");
  CHECK(!summary.headcounts[0].differs);
  CHECK(summary.headcounts[1].words == "Trong đó: nữ. Danh sách 2, đếm được 3: 1 người chưa ghi.");
  type(entry, "headcount_total", "3");
  CHECK(roster_summary(entry, roster(entry)).headcounts[0].words ==
        "Danh sách 4, đếm được 3: danh sách nhiều hơn 1 người.");
}

TEST_CASE("presence is ticked by day of the class, for one or for all, and hours follow from the days") {
  FormEntry entry = new_entry("training_class");
  const Question& days = column(entry, "days_present");
  const auto codes = [&] {
    Lines out;
    for (const DayColumn& day : day_columns(entry, roster(entry), days)) out.push_back(day.code);
    return out;
  };
  type(entry, "date", "10/03/2026");
  CHECK(codes() == Lines{"1"});  // no last day: a class of one
  type(entry, "end_date", "12/03/2026");
  CHECK(codes() == Lines{"1", "2", "3"});
  CHECK(day_columns(entry, roster(entry), days)[1].label == "Ngày 2 (11/03)");
  const EntityId first = add(entry, "Lê Bình"), second = add(entry, "Võ Tư"), gone = add(entry, "Đỗ Sáu");
  entry.delete_row(gone);
  mark_day(entry, roster(entry), days, "1");
  CHECK(day_columns(entry, roster(entry), days)[0].present == 2);
  entry.toggle(first, days, "3", true);
  mark_day(entry, roster(entry), days, "3");  // who lacks it gets it
  CHECK(entry.is_chosen(second, days, "3"));
  mark_day(entry, roster(entry), days, "3");  // all have it: it is taken from all
  CHECK(!entry.is_chosen(first, days, "3"));
  entry.toggle(first, days, "2", true);
  CHECK(shown(entry, first, "hours_attended").empty());  // nobody said how long a day is
  type(entry, "hours_planned", "12");
  CHECK(shown(entry, first, "hours_attended") == "8");
  CHECK(shown(entry, second, "hours_attended") == "4");
  type(entry, "hours_per_day", "3,5");
  CHECK(shown(entry, first, "hours_attended") == "7");
  type(entry, second, column(entry, "hours"), "2");  // came late: what is written counts
  CHECK(shown(entry, second, "hours_attended") == "2");
  // A class made shorter still shows what was ticked.
  type(entry, "end_date", "10/03/2026");
  CHECK(codes() == Lines{"1", "2"});
}

TEST_CASE("a training class written under the first version of its form opens and saves as it was") {
  const Form* first = catalogue().form("training_class", 1);
  REQUIRE(first);
  CHECK(!first->find("days_present"));
  CHECK(catalogue().form("training_class")->version == 3);
  Seen seen;
  seen.record = id(1);
  seen.form = "training_class";
  seen.form_version = 1;
  seen.answers.record = seen.record;
  seen.answers.rows.push_back({id(2), 90, {{{100, ""}, std::string("Lê Bình")}, {{109, ""}, std::int64_t{8}}}});
  FormEntry entry(*first, seen, {catalogue(), today, {}, {}});
  CHECK(shown(entry, id(2), "hours") == "8");
  CHECK(!entry.dirty());
}
