// See report_definition.h. The definition file, member by member:
//
//   report  { "name", "label::vi", "label::en", "basis", "presets": [ preset … ], "by_place", "of_cases",
//             "tables": [ table … ] }, or the members of its only table instead of "tables"
//   table   { "name", "label::vi", "label::en", "line", "line::vi", "line::en", "rows": rows, "total::vi",
//             "total::en", "columns": [ column … ], "facts": [ sql … ], "rank": { "by": column, "propose": number },
//             "checks": [ check … ], "notes": [ { "vi", "en" } … ] }
//   rows    { "fixed": [ { "code", "number", "label::vi", "label::en", "sum": [ code … ] } … ] }, or { "list": list
//   },
//           { "sql", "personal", "devices" }, { "places": true }, { "found": true }; with "none::vi", "none::en"
//   column  { "name", "number", "label::vi", "label::en", "decimal", "only_if_any", "personal" } and what it is:
//           nothing (facts add up), "distinct": true, "text": true, "list": list, "sum": [ column … ],
//           "ratio": [ column, column ] with "target" and "more_than",
//           "grade": column with "steps": [ { "from": column, "label::vi", "label::en" } … ];
//           or a head over others: { "label::vi", "label::en", "columns": [ column … ] }
//   check   { "label::vi", "label::en", "left": [ … ], "right": [ … ], "of": "columns" or "rows" }
//   sql     a text, or a list of texts that are its lines
//
// A fact is one line of an answer: "record" (the record behind it), "row" (the line it belongs to, or several as
// `;A;B;`, which the total then counts once) and columns of the table by their name. An amount is a number; of a
// column with "list" it is a code; of a distinct one, whatever tells one from another.
#include "shared/reports/report_definition.h"

#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>

#include "shared/forms/assets.h"
#include "shared/forms/json_members.h"
#include "shared/reports/report_tables.h"
#include "shared/storage/view.h"

namespace fieldpost {

namespace {

using Json = nlohmann::ordered_json;
using Members = std::set<std::string, std::less<>>;

constexpr std::size_t report_bytes_max = 1 << 20;

/// A connection with the empty tables of a catalogue, to prepare questions against.
class BlankView {
 public:
  explicit BlankView(const Catalogue& catalogue) {
    Result<std::unique_ptr<Database>> opened = Database::open({.path = ":memory:", .key = {}, .vfs = {}});
    if (!opened) throw SqlError(opened.error());
    database_ = std::move(*opened);
    Journal::create_tables(*database_);
    View(*database_, catalogue).create_tables();
    tables_ =
        std::make_unique<ReportTables>(*database_, catalogue, ReportWindow{{2025, 1, 1}, {2025, 12, 31}, {}}, false);
  }
  ReportTables& tables() { return *tables_; }

 private:
  std::unique_ptr<Database> database_;
  std::unique_ptr<ReportTables> tables_;
};

class Loader : public JsonMembers {
 public:
  Loader(const Catalogue& catalogue, ReportTables& tables) : catalogue_(catalogue), tables_(tables) {}

  ReportDefinition report(const Json& json) {
    ReportDefinition out;
    if (!json.is_object()) {
      faults.add("report", "a report is a JSON object");
      return out;
    }
    const Members own = {"name", "label::vi", "label::en", "basis", "presets", "by_place", "of_cases", "tables"};
    out.name = name(json, "", "name");
    out.label = label(json, "", "label", true);
    out.basis = text(json, "", "basis", false);
    out.by_place = flag(json, "", "by_place");
    out.of_cases = flag(json, "", "of_cases");
    out.presets = texts(json, "", "presets");
    for (const std::string& preset : out.presets)
      if (!find_preset(preset)) faults.add("presets", "no preset is called '" + preset + "'");
    const auto tables = json.find("tables");
    if (tables == json.end()) {
      Members members = own;
      members.insert(table_members.begin(), table_members.end());
      known_members("", json, members);
      out.tables.push_back(table(json, "", out.name, out.label));
      return out;
    }
    known_members("", json, own);
    if (!tables->is_array() || tables->empty()) faults.add("tables", "must be a list of tables");
    for (std::size_t i = 0; tables->is_array() && i < tables->size(); ++i) {
      const std::string place = "tables[" + std::to_string(i) + "]";
      const Json& each = (*tables)[i];
      if (!each.is_object()) {
        faults.add(place, "a table is a JSON object");
        continue;
      }
      Members members = table_members;
      members.insert({"name", "label::vi", "label::en"});
      known_members(place, each, members);
      const std::string table_name = name(each, place, "name");
      out.tables.push_back(table(each, place, table_name, label(each, place, "label", true)));
    }
    return out;
  }

 private:
  static inline const Members table_members = {"line",    "line::vi", "line::en", "rows",   "total::vi", "total::en",
                                               "columns", "facts",    "rank",     "checks", "notes"};

  static std::string at(const std::string& place, std::size_t i) { return place + "[" + std::to_string(i) + "]"; }

  std::string name(const Json& json, const std::string& place, const std::string& member) {
    std::string out = text(json, place, member, true);
    if (out.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") != std::string::npos || out.size() > 48)
      faults.add(under(place, member), "not a name: small letters, digits, _ and dots, 48 at most");
    return out;
  }

  Label label(const Json& json, const std::string& place, const std::string& member, bool needed) {
    Label out{text(json, place, member + "::vi", needed), text(json, place, member + "::en", needed)};
    if (!needed && out.vi.empty() != out.en.empty())
      faults.add(under(place, member + (out.vi.empty() ? "::vi" : "::en")), "is missing");
    return out;
  }

  bool flag(const Json& json, const std::string& place, const std::string& member) {
    const auto found = json.find(member);
    if (found == json.end()) return false;
    if (!found->is_boolean()) faults.add(under(place, member), "must be true or false");
    return found->is_boolean() && found->get<bool>();
  }

  std::int64_t number(const Json& json, const std::string& place, const std::string& member, std::int64_t most) {
    const Json& found = json.at(member);
    if (found.is_number_integer() && found >= 0 && found <= most) return found.get<std::int64_t>();
    faults.add(under(place, member), "must be a whole number from 0 to " + std::to_string(most));
    return 0;
  }

  std::vector<std::string> texts(const Json& json, const std::string& place, const std::string& member) {
    std::vector<std::string> out;
    const auto found = json.find(member);
    if (found == json.end()) return out;
    if (!found->is_array()) faults.add(under(place, member), "must be a list of texts");
    for (std::size_t i = 0; found->is_array() && i < found->size(); ++i) {
      if ((*found)[i].is_string())
        out.push_back((*found)[i].get<std::string>());
      else
        faults.add(at(under(place, member), i), "must be a text");
    }
    return out;
  }

  std::string sql(const Json& json, const std::string& place) {
    if (json.is_string()) return json.get<std::string>();
    std::string out;
    bool good = json.is_array() && !json.empty();
    for (std::size_t i = 0; json.is_array() && i < json.size(); ++i) {
      good = good && json[i].is_string();
      if (good) out += (i == 0 ? "" : "\n") + json[i].get<std::string>();
    }
    if (!good) faults.add(place, "must be a text, or a list of its lines");
    return good ? out : std::string();
  }

  TableDefinition table(const Json& json, const std::string& place, const std::string& table_name,
                        const Label& table_label) {
    TableDefinition out;
    out.name = table_name;
    out.label = table_label;
    out.line_name = name(json, place, "line");
    out.line_label = label(json, place, "line", true);
    const Label total = label(json, place, "total", false);
    if (!total.vi.empty()) out.total = total;
    if (const auto columns = json.find("columns"); columns != json.end())
      read_columns(*columns, under(place, "columns"), {}, out);
    else
      faults.add(under(place, "columns"), "is missing");
    if (const auto rows = json.find("rows"); rows != json.end() && rows->is_object())
      read_rows(*rows, under(place, "rows"), out);
    else
      faults.add(under(place, "rows"), "must be an object");
    for (std::size_t i = 0; i < out.columns.size(); ++i) check_column(out.columns[i], under(place, "columns"), out);
    if (const auto facts = json.find("facts"); facts != json.end()) {
      if (!facts->is_array()) faults.add(under(place, "facts"), "must be a list of questions");
      for (std::size_t i = 0; facts->is_array() && i < facts->size(); ++i) {
        const std::string here = at(under(place, "facts"), i);
        out.facts.push_back(sql((*facts)[i], here));
        check_question(out.facts.back(), here, {"record"}, {"record", "row"}, out);
      }
    }
    read_rank(json, place, out);
    read_checks(json, place, out);
    read_notes(json, place, out);
    return out;
  }

  void read_rows(const Json& json, const std::string& place, TableDefinition& out) {
    known_members(place, json,
                  {"fixed", "list", "sql", "places", "found", "personal", "devices", "none::vi", "none::en"});
    const Label none = label(json, place, "none", false);
    if (!none.vi.empty()) out.none = none;
    out.rows_are_personal = flag(json, place, "personal");
    out.rows_are_devices = flag(json, place, "devices");
    const int kinds = static_cast<int>(json.contains("fixed") + json.contains("list") + json.contains("sql") +
                                       json.contains("places") + json.contains("found"));
    if (kinds != 1) return faults.add(place, "says one of fixed, list, sql, places and found");
    if (json.contains("list")) {
      out.rows_are = TableDefinition::Rows::list;
      out.rows_list = text(json, place, "list", true);
      if (!catalogue_.list(out.rows_list))
        faults.add(under(place, "list"), "no code list is called '" + out.rows_list + "'");
    } else if (const auto question = json.find("sql"); question != json.end()) {
      out.rows_are = TableDefinition::Rows::query;
      out.rows_sql = sql(*question, under(place, "sql"));
      check_question(out.rows_sql, under(place, "sql"), {"code", "vi"}, {"code", "vi", "en", "record", "number"},
                     out);
    } else if (json.contains("places")) {
      out.rows_are = TableDefinition::Rows::places;
    } else if (json.contains("found")) {
      out.rows_are = TableDefinition::Rows::found;
    } else {
      read_fixed(json.at("fixed"), under(place, "fixed"), out);
    }
  }

  void read_fixed(const Json& json, const std::string& place, TableDefinition& out) {
    if (!json.is_array() || json.empty()) return faults.add(place, "must be a list of rows");
    Members codes;
    for (std::size_t i = 0; i < json.size(); ++i) {
      const std::string here = at(place, i);
      if (!json[i].is_object()) {
        faults.add(here, "a row is a JSON object");
        continue;
      }
      known_members(here, json[i], {"code", "number", "label::vi", "label::en", "sum"});
      out.rows.push_back({text(json[i], here, "code", true), text(json[i], here, "number", false),
                          label(json[i], here, "label", true), texts(json[i], here, "sum")});
      if (!codes.insert(out.rows.back().code).second) faults.add(under(here, "code"), "stands twice");
    }
    for (std::size_t i = 0; i < out.rows.size(); ++i)
      for (const std::string& part : out.rows[i].sum) {
        const auto found =
            std::find_if(out.rows.begin(), out.rows.end(), [&](const ReportRow& row) { return row.code == part; });
        if (found == out.rows.end())
          faults.add(under(at(place, i), "sum"), "no row is called '" + part + "'");
        else if (!found->sum.empty())
          faults.add(under(at(place, i), "sum"), "'" + part + "' is a sum itself: name what it adds");
      }
  }

  void read_columns(const Json& json, const std::string& place, const std::vector<Label>& heads,
                    TableDefinition& out) {
    if (!json.is_array() || json.empty()) return faults.add(place, "must be a list of columns");
    if (heads.size() > 3) return faults.add(place, "heads nested too deeply");
    for (std::size_t i = 0; i < json.size(); ++i) {
      const std::string here = at(place, i);
      const Json& each = json[i];
      if (!each.is_object()) {
        faults.add(here, "a column is a JSON object");
        continue;
      }
      if (const auto inner = each.find("columns"); inner != each.end()) {
        known_members(here, each, {"label::vi", "label::en", "columns"});
        std::vector<Label> below = heads;
        below.push_back(label(each, here, "label", true));
        read_columns(*inner, under(here, "columns"), below, out);
        continue;
      }
      ReportColumn column = read_column(each, here);
      column.heads = heads;
      if (find(out, column.name)) faults.add(under(here, "name"), "'" + column.name + "' stands twice");
      out.columns.push_back(std::move(column));
    }
  }

  ReportColumn read_column(const Json& json, const std::string& place) {
    using Kind = ReportColumn::Kind;
    known_members(place, json,
                  {"name", "number", "label::vi", "label::en", "decimal", "only_if_any", "personal", "distinct",
                   "text", "list", "sum", "ratio", "target", "more_than", "grade", "steps"});
    ReportColumn out;
    out.name = name(json, place, "name");
    out.number = text(json, place, "number", false);
    out.label = label(json, place, "label", !json.contains("list"));
    out.decimal = flag(json, place, "decimal");
    out.only_if_any = flag(json, place, "only_if_any");
    out.personal = flag(json, place, "personal");
    out.more_than_target = flag(json, place, "more_than");
    if (flag(json, place, "distinct")) out.kind = Kind::distinct;
    if (flag(json, place, "text")) out.kind = Kind::text;
    out.list = text(json, place, "list", false);
    if (!out.list.empty() && !catalogue_.list(out.list))
      faults.add(under(place, "list"), "no code list is called '" + out.list + "'");
    if (json.contains("sum")) {
      out.kind = Kind::sum;
      out.sum = texts(json, place, "sum");
    }
    if (json.contains("ratio")) {
      out.kind = Kind::ratio;
      const std::vector<std::string> parts = texts(json, place, "ratio");
      if (parts.size() == 2) {
        out.of = parts[0];
        out.to = parts[1];
      } else {
        faults.add(under(place, "ratio"), "must name two columns");
      }
    }
    if (json.contains("target")) out.target_percent = number(json, place, "target", 1'000);
    if (json.contains("grade")) {
      out.kind = Kind::grade;
      out.of = text(json, place, "grade", true);
      const auto steps = json.find("steps");
      if (steps == json.end() || !steps->is_array() || steps->empty()) {
        faults.add(under(place, "steps"), "must be a list of steps");
        return out;
      }
      for (std::size_t i = 0; i < steps->size(); ++i) {
        const std::string here = at(under(place, "steps"), i);
        if (!(*steps)[i].is_object()) {
          faults.add(here, "a step is a JSON object");
          continue;
        }
        known_members(here, (*steps)[i], {"from", "label::vi", "label::en"});
        out.steps.push_back({text((*steps)[i], here, "from", false), label((*steps)[i], here, "label", true)});
      }
    }
    return out;
  }

  static const ReportColumn* find(const TableDefinition& table, std::string_view column) {
    for (const ReportColumn& each : table.columns)
      if (each.name == column) return &each;
    return nullptr;
  }

  void check_named(const TableDefinition& table, std::string_view column, const std::string& place) {
    if (column.starts_with('-')) column.remove_prefix(1);
    if (!find(table, column)) faults.add(place, "no column is called '" + std::string(column) + "'");
  }

  void check_column(const ReportColumn& column, const std::string& place, const TableDefinition& table) {
    const std::string here = place + " '" + column.name + "'";
    for (const std::string& part : column.sum) check_named(table, part, here + ".sum");
    if (!column.of.empty()) check_named(table, column.of, here);
    if (!column.to.empty()) check_named(table, column.to, here);
    for (const ReportColumn::Step& step : column.steps)
      if (!step.from.empty()) check_named(table, step.from, here + ".steps");
  }

  /// It can be asked, answers with what is needed, and with nothing that the table does not know.
  void check_question(const std::string& question, const std::string& place, const Members& needed, Members known,
                      const TableDefinition& table) {
    if (question.empty()) return;
    const Result<Statement> asked = tables_.ask(question);
    if (!asked) return faults.add(place, asked.error().message);
    for (const ReportColumn& column : table.columns) known.insert(column.name);
    Members answered;
    for (int i = 0; i < asked->columns(); ++i) {
      const std::string column = asked->column_name(i);
      if (!answered.insert(column).second) faults.add(place, "answers '" + column + "' twice");
      if (!known.contains(column)) faults.add(place, "answers '" + column + "', which is no column");
    }
    for (const std::string& column : needed)
      if (!answered.contains(column)) faults.add(place, "does not answer '" + column + "'");
  }

  void read_rank(const Json& json, const std::string& place, TableDefinition& out) {
    const auto rank = json.find("rank");
    if (rank == json.end()) return;
    const std::string here = under(place, "rank");
    if (!rank->is_object()) return faults.add(here, "must be an object");
    known_members(here, *rank, {"by", "propose"});
    out.rank_by = text(*rank, here, "by", true);
    check_named(out, out.rank_by, under(here, "by"));
    if (rank->contains("propose")) out.propose = static_cast<std::size_t>(number(*rank, here, "propose", 1'000));
  }

  void read_checks(const Json& json, const std::string& place, TableDefinition& out) {
    const auto checks = json.find("checks");
    if (checks == json.end()) return;
    if (!checks->is_array()) return faults.add(under(place, "checks"), "must be a list of checks");
    for (std::size_t i = 0; i < checks->size(); ++i) {
      const std::string here = at(under(place, "checks"), i);
      const Json& each = (*checks)[i];
      if (!each.is_object()) {
        faults.add(here, "a check is a JSON object");
        continue;
      }
      known_members(here, each, {"label::vi", "label::en", "of", "left", "right"});
      ReportCheck check{label(each, here, "label", true), false, texts(each, here, "left"),
                        texts(each, here, "right")};
      const std::string of = text(each, here, "of", false);
      if (of != "rows" && of != "columns" && !of.empty()) faults.add(under(here, "of"), "must be columns or rows");
      check.of_rows = of == "rows";
      if (check.left.empty() || check.right.empty()) faults.add(here, "needs a left and a right");
      for (const auto* side : {&check.left, &check.right})
        for (const std::string& each_name : *side) {
          const bool is_row = std::any_of(out.rows.begin(), out.rows.end(),
                                          [&](const ReportRow& row) { return row.code == each_name; });
          if (!check.of_rows)
            check_named(out, each_name, here);
          else if (!is_row)
            faults.add(here, "no row is called '" + each_name + "'");
        }
      out.checks.push_back(std::move(check));
    }
  }

  void read_notes(const Json& json, const std::string& place, TableDefinition& out) {
    const auto notes = json.find("notes");
    if (notes == json.end()) return;
    if (!notes->is_array()) return faults.add(under(place, "notes"), "must be a list of notes");
    for (std::size_t i = 0; i < notes->size(); ++i) {
      const std::string here = at(under(place, "notes"), i);
      if (!(*notes)[i].is_object()) {
        faults.add(here, "a note is a JSON object");
        continue;
      }
      known_members(here, (*notes)[i], {"vi", "en"});
      out.notes.push_back({text((*notes)[i], here, "vi", true), text((*notes)[i], here, "en", true)});
    }
  }

  const Catalogue& catalogue_;
  ReportTables& tables_;
};

Result<ReportDefinition> load(std::string_view json, const Catalogue& catalogue, ReportTables& tables) {
  if (json.size() > report_bytes_max) return Error{ErrorCode::out_of_bounds, "report: longer than 1 MiB"};
  Json parsed;
  try {
    parsed = Json::parse(json);
  } catch (const std::exception& error) {
    return Error{ErrorCode::malformed, std::string("report: not JSON: ") + error.what()};
  }
  Loader loader(catalogue, tables);
  ReportDefinition report = loader.report(parsed);
  if (!loader.faults.empty()) return loader.faults.error(ErrorCode::malformed);
  return report;
}

/// As a person looks for them: results first, then what is due by law, then what helps to judge the rest.
constexpr std::string_view shipped_order[] = {"programmes",     "stat24",       "stat25",      "kpi",
                                              "training_hours", "plan_result",  "movement",    "border_guard_recap",
                                              "gender",         "completeness", "narrative12", "ministry_keying"};

std::vector<ReportDefinition> load_shipped() {
  std::vector<ReportDefinition> out;
  const Result<void> loaded = guarded([&]() -> Result<void> {
    BlankView blank(shipped_catalogue());
    for (const std::string_view name : shipped_order) {
      const auto file = find_asset("reports/" + std::string(name) + ".json");
      if (!file) return Error{ErrorCode::not_found, "reports/" + std::string(name) + ".json: is missing"};
      Result<ReportDefinition> report = load(*file, shipped_catalogue(), blank.tables());
      if (!report)
        return Error{report.error().code, "reports/" + std::string(name) + ".json: " + report.error().message};
      out.push_back(std::move(*report));
    }
    return {};
  });
  if (!loaded) {
    std::fprintf(stderr, "fieldpost: broken asset %s\n", loaded.error().message.c_str());
    std::abort();
  }
  return out;
}

}  // namespace

Result<ReportDefinition> load_report(std::string_view json, const Catalogue& catalogue) {
  return guarded([&] {
    BlankView blank(catalogue);
    return load(json, catalogue, blank.tables());
  });
}

const std::vector<ReportDefinition>& shipped_reports() {
  static const std::vector<ReportDefinition> reports = load_shipped();
  return reports;
}

const ReportDefinition* find_report(std::string_view name) {
  for (const ReportDefinition& report : shipped_reports())
    if (report.name == name) return &report;
  return nullptr;
}

}  // namespace fieldpost
