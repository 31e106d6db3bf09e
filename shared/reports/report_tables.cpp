#include "shared/reports/report_tables.h"

#include <set>

#include "shared/foundation/vietnamese.h"
#include "shared/matching/groups.h"

namespace fieldpost {

namespace {

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

bool may_read(std::string_view table) {
  // What stands behind the view's names where it shows an earlier state (View::shadow).
  if (table == "shadowed") return true;
  if (table.starts_with("then_")) table.remove_prefix(5);
  for (const std::string_view name : {"record", "conflict", "counted", "same_record", "place", "json_each"})
    if (table == name) return true;
  return table.starts_with("form_") || table.starts_with("list_");
}

std::string day_text(const std::optional<CivilDate>& day) { return day ? iso_text(*day) : std::string(); }

void make_list(Database& view, const CodeList& list) {
  std::set<std::string> columns;
  for (const Option& option : list.options)
    for (const auto& [column, value] : option.columns) columns.insert(column);
  for (const char* named : {"position", "code", "vi", "en", "parent", "valid_from", "valid_to"}) columns.erase(named);
  const std::string name = "temp." + quoted("list_" + list.name);
  std::string make = "CREATE TABLE " + name + " (position, code PRIMARY KEY, vi, en, parent, valid_from, valid_to";
  std::string put = "INSERT INTO " + name + " VALUES (?, ?, ?, ?, ?, ?, ?";
  for (const std::string& column : columns) {
    make += ", " + quoted(column);
    put += ", ?";
  }
  view.execute("DROP TABLE IF EXISTS " + name);
  view.execute(make + ")");
  int position = 0;
  for (const Option& option : list.options) {
    Statement row = view.prepare(put + ")");
    row.bind(position++, option.code, option.label.vi, option.label.in("en"), option.parent,
             day_text(option.valid_from), day_text(option.valid_to));
    int at = 7;
    for (const std::string& column : columns) {
      const auto found = option.columns.find(column);
      row.bind_text(++at, found == option.columns.end() ? std::string_view() : std::string_view(found->second));
    }
    row.run();
  }
}

void make_places(Database& view, const Gazetteer& places) {
  view.execute(
      "DROP TABLE IF EXISTS temp.place;"
      "CREATE TABLE temp.place (key PRIMARY KEY, name, province, scheme, today)");
  for (const auto& [key, place] : places.places()) {
    const std::vector<const Place*> today = places.today(place);
    view.run("INSERT INTO temp.place VALUES (?, ?, ?, ?, ?)", key, place.name, place.province_name, place.scheme,
             today.size() == 1 ? std::optional(today.front()->key()) : std::nullopt);
  }
}

/// Where the office's own list says that a hamlet of a split commune went; empty where it does not.
std::string place_of_hamlet(const CodeList* hamlets, std::string_view place, std::string_view hamlet) {
  if (!hamlets || hamlet.empty()) return {};
  const std::string folded = vietnamese::fold(hamlet);
  for (const Option& option : hamlets->options) {
    const auto was = option.columns.find("place"), is = option.columns.find("today");
    if (was != option.columns.end() && is != option.columns.end() && was->second == place &&
        vietnamese::fold(option.label.vi) == folded)
      return is->second;
  }
  return {};
}

void define_functions(Database& view, const Catalogue& catalogue, bool todays_places) {
  view.define("fold", 1, [](auto text) { return std::optional(vietnamese::fold(text[0])); });
  view.define("person_key", 4, [](auto text) -> std::optional<std::string> {
    std::string digits;
    for (const char letter : text[0])
      if (letter >= '0' && letter <= '9') digits += letter;
    if (digits.size() == 12) return digits;
    const std::string name = vietnamese::fold(text[1]);
    if (name.empty()) return std::nullopt;
    return name + "|" + std::string(text[2].substr(0, 4)) + "|" + std::string(text[3]);
  });
  view.define("place_row", 2, [&catalogue, todays_places](auto text) -> std::optional<std::string> {
    const std::string_view key = text[0];
    const Place* place = catalogue.places.find(key);
    if (!todays_places || !place) return std::string(key);
    const std::vector<const Place*> today = catalogue.places.today(*place);
    if (today.size() == 1) return today.front()->key();
    const std::string known = place_of_hamlet(catalogue.list("hamlets"), key, text[1]);
    return known.empty() ? std::string(undetermined_place) : known;
  });
}

constexpr std::string_view make_counted = R"(
  CREATE TABLE temp.counted AS
    SELECT r.record AS record, r.form AS form, substr(r.own_date || '-01-01', 1, 10) AS day, r.first_device AS device
    FROM record r
    WHERE r.present AND r.own_date >= substr(?1, 1, 4) AND r.own_date <= ?2
      AND substr(r.own_date || '-01-01', 1, 10) BETWEEN ?1 AND ?2
      AND NOT EXISTS (SELECT 1 FROM same_record s WHERE s.record = r.record AND NOT s.official)
)";

}  // namespace

ReportTables::ReportTables(Database& view, const Catalogue& catalogue, const ReportWindow& window, bool todays_places)
    : view_(view) {
  const std::string from = iso_text(window.from), to = iso_text(window.to), year = to.substr(0, 4);
  parameters_ = {
      {":from", from}, {":to", to}, {":year", year}, {":year_from", year + "-01-01"}, {":year_to", year + "-12-31"}};
  define_functions(view, catalogue, todays_places);
  for (const auto& [name, list] : catalogue.lists) make_list(view, list);
  make_places(view, catalogue.places);
  create_same_record_table(view, catalogue);
  view.execute("DROP TABLE IF EXISTS temp.counted");
  view.run(make_counted, from, to);
  view.execute("CREATE INDEX temp.counted_by_form ON counted (form, record)");
}

ReportTables::~ReportTables() {
  // What the function borrows may go before the connection does. The tables are made anew by the next report.
  const Result<void> gone =
      guarded([&] { view_.define("place_row", 2, [](auto) { return std::optional<std::string>(); }); });
  static_cast<void>(gone);
}

Result<Statement> ReportTables::ask(const std::string& sql) {
  Result<Statement> question = view_.prepare_question(sql, may_read);
  if (!question) return question;
  for (int at = 1; at <= question->parameters(); ++at) {
    const auto known = parameters_.find(question->parameter_name(at));
    if (known == parameters_.end())
      return Error{ErrorCode::invalid_argument, "no parameter is called '" + question->parameter_name(at) +
                                                    "': :from, :to, :year, :year_from, :year_to"};
    question->bind_text(at, known->second);
  }
  return question;
}

}  // namespace fieldpost
