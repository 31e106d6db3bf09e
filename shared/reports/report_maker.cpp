// From a definition to its tables. Facts are added up as they are read; sums, ratios, grades, ranks and checks follow
// from the figures once all are there. The records behind a figure are those of the very facts that made it.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "shared/foundation/vietnamese.h"
#include "shared/reports/report.h"
#include "shared/reports/report_tables.h"

namespace fieldpost {

namespace {

constexpr const char* none_code = "none";
constexpr const char* unknown_code = "unknown";
constexpr const char* total_code = "total";

std::vector<std::string> codes_in(std::string_view chosen) {
  std::vector<std::string> codes;
  while (!chosen.empty()) {
    const std::size_t end = std::min(chosen.find(';'), chosen.size());
    if (end > 0) codes.emplace_back(chosen.substr(0, end));
    chosen.remove_prefix(std::min(end + 1, chosen.size()));
  }
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  return codes;
}

std::optional<std::int64_t> thousandths(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  if (row.is_integer(column)) return row.integer(column) * 1000;
  return std::llround(row.real(column) * 1000);
}

/// The columns of a table, each code of a list as one of its own.
std::vector<ReportColumn> expanded(const TableDefinition& definition, const Catalogue& catalogue, bool names) {
  std::vector<ReportColumn> out;
  for (const ReportColumn& column : definition.columns) {
    if (column.personal && !names) continue;
    const CodeList* list = column.list.empty() ? nullptr : catalogue.list(column.list);
    if (!list) {
      out.push_back(column);
      continue;
    }
    for (const Option& option : list->options) {
      out.push_back(column);
      out.back().name += "." + option.code;
      out.back().label = option.label;
    }
  }
  return out;
}

/// What facts add to one line.
struct Sums {
  explicit Sums(std::size_t columns) : figures(columns, 0), different(columns) {}
  std::vector<std::int64_t> figures;
  std::vector<std::unordered_set<std::string>> different;  // of distinct columns
};

/// Which figure's records are looked for.
struct Wanted {
  std::set<std::string> lines;  // empty: any
  std::set<std::string> columns;
  std::set<RecordId> records;
};

class Maker {
 public:
  Maker(Database& view, const Catalogue& catalogue, const TableDefinition& definition, const ReportWindow& window,
        const ReportOptions& options, ReportTables& tables)
      : view_(view),
        catalogue_(catalogue),
        definition_(definition),
        window_(window),
        options_(options),
        tables_(tables),
        all_(0) {
    table_.definition = &definition;
    table_.columns = expanded(definition, catalogue, options.names);
    for (std::size_t i = 0; i < table_.columns.size(); ++i) columns_[table_.columns[i].name] = i;
    for (const ReportColumn& column : definition.columns)
      if (!column.list.empty()) lists_.insert(column.name);
    all_ = Sums(table_.columns.size());
  }

  Result<void> make(ReportSink& sink) {
    if (definition_.is_plain_list()) {
      if (const Result<void> begun = sink.begin(table_); !begun) return begun;
      if (const Result<void> read = each_queried_row([&](ReportLine line) -> Result<void> {
            derive(line);
            return sink.line(table_, line);
          });
          !read)
        return read;
      return sink.end(table_);
    }
    if (const Result<void> added = add_facts(nullptr); !added) return added;
    if (const Result<void> lined = make_lines(); !lined) return lined;
    for (ReportLine& line : table_.lines) derive(line);
    if (definition_.total) {
      ReportLine total{total_code, "", *definition_.total, cells_of(all_), {}, {}, 0, false};
      take_query_totals(total);
      derive(total);
      table_.total = std::move(total);
    }
    rank();
    check();
    if (const Result<void> begun = sink.begin(table_); !begun) return begun;
    for (const ReportLine& line : table_.lines)
      if (const Result<void> put = sink.line(table_, line); !put) return put;
    return sink.end(table_);
  }

  Result<void> find(std::string_view line, std::string_view column, Wanted& wanted) {
    want_column(std::string(column), wanted);
    if (wanted.columns.empty())
      return Error{ErrorCode::not_found, "no column is called '" + std::string(column) + "'"};
    if (line != total_code || !definition_.total) {
      const auto fixed = std::find_if(definition_.rows.begin(), definition_.rows.end(),
                                      [&](const ReportRow& row) { return row.code == line; });
      if (definition_.rows_are == TableDefinition::Rows::fixed && fixed == definition_.rows.end())
        return Error{ErrorCode::not_found, "no line is called '" + std::string(line) + "'"};
      if (fixed != definition_.rows.end() && !fixed->sum.empty())
        wanted.lines.insert(fixed->sum.begin(), fixed->sum.end());
      else
        wanted.lines.insert(std::string(line));
    }
    if (const Result<void> added = add_facts(&wanted); !added) return added;
    if (definition_.rows_are != TableDefinition::Rows::query) return {};
    // A figure that the rows' own question says rests on what the row is.
    return each_queried_row([&](const ReportLine& each) -> Result<void> {
      if (each.record && (wanted.lines.empty() || wanted.lines.contains(each.code)) && says_any(each, wanted))
        wanted.records.insert(*each.record);
      return {};
    });
  }

 private:
  using Kind = ReportColumn::Kind;

  void want_column(std::string name, Wanted& wanted) {
    if (name.starts_with('-')) name.erase(0, 1);
    const auto found = columns_.find(name);
    if (found == columns_.end()) return;
    const ReportColumn& column = table_.columns[found->second];
    if (column.kind == Kind::sum)
      for (const std::string& part : column.sum) want_column(part, wanted);
    else if (column.kind == Kind::ratio || column.kind == Kind::grade) {
      want_column(column.of, wanted);
      if (column.kind == Kind::ratio) want_column(column.to, wanted);
    } else {
      wanted.columns.insert(name);
    }
  }

  bool says_any(const ReportLine& line, const Wanted& wanted) const {
    for (const std::string& name : wanted.columns) {
      const ReportCell& cell = line.cells[columns_.at(name)];
      if (cell.figure.value_or(0) != 0 || !cell.text.empty()) return true;
    }
    return false;
  }

  // ---- Facts

  struct Answered {
    int at = 0;              // of the answer
    std::size_t column = 0;  // of the table
    bool is_list = false;    // `name` with a code behind it
    std::string name;
  };

  Result<void> add_facts(Wanted* wanted) {
    for (const std::string& question : definition_.facts)
      if (const Result<void> added = add_answers(question, wanted); !added) return added;
    return {};
  }

  Result<void> add_answers(const std::string& question, Wanted* wanted) {
    Result<Statement> asked = tables_.ask(question);
    if (!asked) return asked.error();
    int record = -1, row = -1;
    std::vector<Answered> answered;
    for (int i = 0; i < asked->columns(); ++i) {
      std::string name = asked->column_name(i);
      if (name == "record")
        record = i;
      else if (name == "row")
        row = i;
      else if (lists_.contains(name))
        answered.push_back({i, 0, true, std::move(name)});
      else if (const auto column = columns_.find(name); column != columns_.end())
        answered.push_back({i, column->second, false, std::move(name)});
    }
    while (asked->step()) {
      const std::string_view said = row < 0 ? std::string_view() : asked->text_view(row);
      // Nearly every fact belongs to one line.
      if (said.find(';') == std::string_view::npos) {
        const std::string code(said.empty() ? none_code : said);
        add_line(*asked, record, answered, {&code, 1}, wanted);
      } else {
        std::vector<std::string> codes = codes_in(said);
        if (codes.empty()) codes.emplace_back(none_code);
        add_line(*asked, record, answered, codes, wanted);
      }
    }
    return {};
  }

  Sums& sums_of(const std::string& code) {
    const auto found = sums_.find(code);
    return found != sums_.end() ? found->second : sums_.emplace(code, Sums(table_.columns.size())).first->second;
  }

  void add_line(const Statement& fact, int record, const std::vector<Answered>& answered,
                std::span<const std::string> codes, Wanted* wanted) {
    if (wanted) {
      const bool here =
          wanted->lines.empty() || std::any_of(codes.begin(), codes.end(),
                                               [&](const std::string& code) { return wanted->lines.contains(code); });
      if (!here || record < 0 || fact.is_null(record)) return;
      for (const Answered& each : answered)
        if (counts(fact, each, *wanted)) {
          wanted->records.insert(fact.id<RecordId>(record));
          return;
        }
      return;
    }
    std::vector<Sums*> lines = {&all_};
    for (const std::string& code : codes) lines.push_back(&sums_of(code));
    for (const Answered& each : answered) {
      std::size_t column = each.column;
      std::int64_t amount = 1000;
      if (each.is_list) {
        const auto found = column_of_code(each.name, fact.text(each.at));
        if (!found) continue;
        column = *found;
      } else if (table_.columns[column].kind == Kind::distinct) {
        if (!fact.is_null(each.at))
          for (Sums* line : lines) line->different[column].insert(fact.text(each.at));
        continue;
      } else {
        amount = thousandths(fact, each.at).value_or(0);
      }
      if (amount != 0)
        for (Sums* line : lines) line->figures[column] += amount;
    }
  }

  bool counts(const Statement& fact, const Answered& each, const Wanted& wanted) const {
    if (each.is_list) {
      const auto found = column_of_code(each.name, fact.text(each.at));
      return found && wanted.columns.contains(table_.columns[*found].name);
    }
    if (!wanted.columns.contains(each.name)) return false;
    return table_.columns[each.column].kind == Kind::distinct ? !fact.is_null(each.at)
                                                              : thousandths(fact, each.at).value_or(0) != 0;
  }

  /// A code that the list does not know, and none at all, is unknown: where the table has a column for it.
  std::optional<std::size_t> column_of_code(const std::string& name, const std::string& code) const {
    auto found = columns_.find(name + "." + code);
    if (found == columns_.end() || code.empty()) found = columns_.find(name + "." + unknown_code);
    return found == columns_.end() ? std::nullopt : std::optional(found->second);
  }

  // ---- Lines

  std::vector<ReportCell> cells_of(const Sums& sums) const {
    std::vector<ReportCell> cells(table_.columns.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (table_.columns[i].kind == Kind::amount) cells[i].figure = sums.figures[i];
      if (table_.columns[i].kind == Kind::distinct)
        cells[i].figure = static_cast<std::int64_t>(sums.different[i].size()) * 1000;
    }
    return cells;
  }

  void add(const std::string& code, const std::string& number, const Label& label) {
    const auto found = sums_.find(code);
    table_.lines.push_back({code,
                            number,
                            label,
                            cells_of(found == sums_.end() ? Sums(table_.columns.size()) : found->second),
                            {},
                            {},
                            0,
                            false});
    // What only the rows' question says, it does not say of a line that is not its own.
    for (const std::string& name : queried_) table_.lines.back().cells[columns_.at(name)].figure.reset();
    sums_.erase(code);
  }

  Result<void> make_lines() {
    using Rows = TableDefinition::Rows;
    if (definition_.rows_are == Rows::fixed) add_fixed();
    if (definition_.rows_are == Rows::list) {
      for (const Option& option : catalogue_.list(definition_.rows_list)->options) {
        const bool in_window = (!option.valid_from || *option.valid_from <= window_.to) &&
                               (!option.valid_to || window_.from <= *option.valid_to);
        if (in_window || sums_.contains(option.code)) add(option.code, "", option.label);
      }
    }
    if (definition_.rows_are == Rows::query) {
      const Result<void> read = each_queried_row([&](ReportLine line) -> Result<void> {
        const auto found = sums_.find(line.code);
        if (found != sums_.end()) {
          const std::vector<ReportCell> added = cells_of(found->second);
          for (std::size_t i = 0; i < added.size(); ++i)
            if (!queried_.contains(table_.columns[i].name)) line.cells[i] = added[i];
          sums_.erase(found);
        }
        table_.lines.push_back(std::move(line));
        return {};
      });
      if (!read) return read;
    }
    const auto none = sums_.extract(none_code);
    if (definition_.rows_are == Rows::places) {
      add_places();
    } else if (definition_.rows_are != Rows::fixed) {
      // Codes that nothing knows: typed by a newer laptop, or of what the view does not hold.
      std::vector<std::string> left;
      for (const auto& [code, sums] : sums_) left.push_back(code);
      std::sort(left.begin(), left.end());
      for (const std::string& code : left) add(code, "", device_label(code));
    }
    if (!none.empty()) sums_.emplace(none_code, none.mapped());
    if (definition_.none) add(none_code, "", *definition_.none);
    return {};
  }

  Label device_label(const std::string& code) const {
    const auto found = options_.devices.find(code);
    return found == options_.devices.end() ? Label{code, ""} : Label{found->second, ""};
  }

  void add_fixed() {
    for (const ReportRow& row : definition_.rows) {
      if (row.sum.empty()) {
        const auto found = sums_.find(row.code);
        table_.lines.push_back({row.code,
                                row.number,
                                row.label,
                                cells_of(found == sums_.end() ? Sums(table_.columns.size()) : found->second),
                                {},
                                {},
                                0,
                                false});
        continue;
      }
      Sums sums(table_.columns.size());
      for (const std::string& part : row.sum) {
        const auto found = sums_.find(part);
        if (found == sums_.end()) continue;
        for (std::size_t i = 0; i < sums.figures.size(); ++i) {
          sums.figures[i] += found->second.figures[i];
          sums.different[i].insert(found->second.different[i].begin(), found->second.different[i].end());
        }
      }
      table_.lines.push_back({row.code, row.number, row.label, cells_of(sums), {}, {}, 0, false});
    }
  }

  void add_places() {
    std::vector<std::pair<std::string, std::string>> named;  // in the order people look for them
    const bool undetermined = sums_.contains(undetermined_place);
    for (const auto& [code, sums] : sums_) {
      if (code == undetermined_place) continue;
      const Place* place = catalogue_.places.find(code);
      named.emplace_back(place ? vietnamese::sort_key(place->name) : code, code);
    }
    std::sort(named.begin(), named.end());
    for (const auto& [key, code] : named) {
      const Place* place = catalogue_.places.find(code);
      add(code, "", place ? Label{place->name + ", " + place->province_name, ""} : Label{code, ""});
    }
    if (undetermined)
      add(undetermined_place, "",
          {"Chưa xác định (xã đã chia tách, không đủ thông tin ấp, khóm, thôn)",
           "Undetermined (the commune was split, and no hamlet tells whither)"});
  }

  Result<void> each_queried_row(const std::function<Result<void>(ReportLine)>& take) {
    Result<Statement> asked = tables_.ask(definition_.rows_sql);
    if (!asked) return asked.error();
    std::map<std::string, int> at;
    for (int i = 0; i < asked->columns(); ++i) at[asked->column_name(i)] = i;
    std::vector<std::pair<int, std::size_t>> cells;
    for (const auto& [name, i] : at)
      if (const auto column = columns_.find(name); column != columns_.end()) {
        cells.emplace_back(i, column->second);
        queried_.insert(name);
      }
    const auto text_of = [&](const char* name) {
      const auto found = at.find(name);
      return found == at.end() ? std::string() : asked->text(found->second);
    };
    std::size_t count = 0;
    while (asked->step()) {
      ReportLine line{text_of("code"),
                      text_of("number"),
                      {text_of("vi"), text_of("en")},
                      cells_of(Sums(table_.columns.size())),
                      {},
                      {},
                      0,
                      false};
      ++count;
      if (definition_.rows_are_devices) line.label = device_label(line.code);
      // Whoever may not read names still tells the lines apart.
      if (definition_.rows_are_personal && !options_.names)
        line.label = {"Số thứ tự " + std::to_string(count), "No. " + std::to_string(count)};
      if (const auto record = at.find("record"); record != at.end() && !asked->is_null(record->second))
        line.record = asked->id<RecordId>(record->second);
      for (const auto& [from, to] : cells) {
        if (table_.columns[to].kind == Kind::text)
          line.cells[to].text = asked->text(from);
        else
          line.cells[to].figure = thousandths(*asked, from);
      }
      if (const Result<void> taken = take(std::move(line)); !taken) return taken;
    }
    return {};
  }

  /// Amounts that the rows' question says are in no fact: their total is known where every line says its own. A share
  /// of a part of the denominators would look like one of all.
  void take_query_totals(ReportLine& total) const {
    for (const std::string& name : queried_) {
      const std::size_t column = columns_.at(name);
      if (table_.columns[column].kind != Kind::amount) continue;
      std::optional<std::int64_t> sum = 0;
      for (const ReportLine& line : table_.lines)
        sum = sum && line.cells[column].figure ? std::optional(*sum + *line.cells[column].figure) : std::nullopt;
      total.cells[column].figure = sum;
    }
  }

  // ---- What follows from the figures

  std::optional<std::int64_t> figure(const ReportLine& line, const std::string& column) const {
    return line.cells[columns_.at(column)].figure;
  }

  void derive(ReportLine& line) const {
    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
      const ReportColumn& column = table_.columns[i];
      ReportCell& cell = line.cells[i];
      if (column.kind == Kind::sum) cell.figure = sum_of(line, column.sum);
      if (column.kind == Kind::ratio) {
        const std::optional<std::int64_t> of = figure(line, column.of), to = figure(line, column.to);
        if (of && to && *to > 0) cell.figure = rounded(*of * 100'000, *to);
      }
    }
    // Grades compare what is there by then.
    for (std::size_t i = 0; i < table_.columns.size(); ++i)
      if (table_.columns[i].kind == Kind::grade) line.cells[i].text = grade(line, table_.columns[i]);
    if (window_.actual_to) estimate(line);
  }

  std::optional<std::int64_t> sum_of(const ReportLine& line, const std::vector<std::string>& parts) const {
    std::optional<std::int64_t> sum;
    for (const std::string& part : parts) {
      const bool off = part.starts_with('-');
      const std::optional<std::int64_t> one = figure(line, off ? part.substr(1) : part);
      // What one part does not know the sum does not know either, unless it adds only.
      if (!one && off) return std::nullopt;
      if (one) sum = sum.value_or(0) + (off ? -*one : *one);
    }
    return sum;
  }

  static std::int64_t rounded(std::int64_t of, std::int64_t to) { return (of + (of < 0 ? -to : to) / 2) / to; }

  std::string grade(const ReportLine& line, const ReportColumn& column) const {
    const std::optional<std::int64_t> reached = figure(line, column.of);
    if (!reached) return {};
    for (const ReportColumn::Step& step : column.steps) {
      if (step.from.empty()) return step.label.vi;
      const std::optional<std::int64_t> threshold = figure(line, step.from);
      if (!threshold) return {};
      if (*reached >= *threshold) return step.label.vi;
    }
    return {};
  }

  /// Pure arithmetic, and told as such: the office may know better. Wholes stay wholes.
  void estimate(ReportLine& line) const {
    const std::int64_t done = day_number(*window_.actual_to) - day_number(window_.from) + 1;
    const std::int64_t left = day_number(window_.to) - day_number(*window_.actual_to);
    line.estimated.assign(table_.columns.size(), std::nullopt);
    if (done <= 0 || left <= 0) return;
    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
      const ReportColumn& column = table_.columns[i];
      if (column.kind != Kind::amount || !line.cells[i].figure || queried_.contains(column.name)) continue;
      const std::int64_t unit = column.decimal ? 500 : 1000;  // halves are the smallest part that is reported
      line.estimated[i] = rounded(*line.cells[i].figure * left, done * unit) * unit;
    }
    for (const ReportCheck& check : definition_.checks)
      if (!check.of_rows && check.left.size() == 1) share_out(line, check, left, done);
    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
      if (table_.columns[i].kind != Kind::sum) continue;
      std::int64_t sum = 0;
      for (const std::string& part : table_.columns[i].sum) {
        const bool off = part.starts_with('-');
        const std::int64_t one = line.estimated[columns_.at(off ? part.substr(1) : part)].value_or(0);
        sum += off ? -one : one;
      }
      line.estimated[i] = sum;
    }
  }

  /// Columns that must add up still do when they are estimates: whole ones first, then those that lost most by that.
  void share_out(ReportLine& line, const ReportCheck& check, std::int64_t left, std::int64_t done) const {
    const std::optional<std::int64_t> whole = line.estimated[columns_.at(check.left.front())];
    if (!whole || *whole % 1000 != 0) return;
    std::vector<std::pair<std::int64_t, std::size_t>> lost;
    std::int64_t rest = *whole / 1000;
    for (const std::string& part : check.right) {
      const auto column = columns_.find(part);
      if (column == columns_.end() || !line.estimated[column->second]) return;
      const std::int64_t exact = line.cells[column->second].figure.value_or(0) * left;  // over `done` thousandths
      line.estimated[column->second] = exact / (done * 1000) * 1000;
      rest -= exact / (done * 1000);
      lost.emplace_back(-(exact % (done * 1000)), column->second);
    }
    std::stable_sort(lost.begin(), lost.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < lost.size() && rest > 0; ++i, --rest)
      if (lost[i].first != 0) *line.estimated[lost[i].second] += 1000;
  }

  void rank() {
    if (definition_.rank_by.empty()) return;
    const std::size_t by = columns_.at(definition_.rank_by);
    const auto points = [&](const ReportLine& line) { return line.cells[by].figure.value_or(0); };
    // Stable: equals stay in the order of their lines.
    std::stable_sort(table_.lines.begin(), table_.lines.end(),
                     [&](const ReportLine& a, const ReportLine& b) { return points(a) > points(b); });
    for (std::size_t i = 0; i < table_.lines.size(); ++i) {
      ReportLine& line = table_.lines[i];
      const bool equal = i > 0 && points(table_.lines[i - 1]) == points(line);
      line.rank = points(line) <= 0 ? 0 : equal ? table_.lines[i - 1].rank : i + 1;
    }
    if (definition_.propose == 0) return;
    // Who has as much as the first that has no place left is not put before them by chance: a person decides.
    const std::size_t most = std::min(definition_.propose, table_.lines.size());
    const std::int64_t above = most < table_.lines.size() ? points(table_.lines[most]) : 0;
    for (std::size_t i = 0; i < most; ++i) {
      ReportLine& line = table_.lines[i];
      line.proposed = line.rank > 0 && line.code != none_code && points(line) > above;
      table_.tie_at_the_end = table_.tie_at_the_end || (above > 0 && points(line) == above);
    }
  }

  void check() {
    for (const ReportCheck& check : definition_.checks) {
      if (check.of_rows) {
        for (std::size_t i = 0; i < table_.columns.size(); ++i) {
          if (table_.columns[i].kind != Kind::amount && table_.columns[i].kind != Kind::sum) continue;
          const auto side = [&](const std::vector<std::string>& codes) {
            std::int64_t sum = 0;
            for (const ReportLine& line : table_.lines)
              if (std::find(codes.begin(), codes.end(), line.code) != codes.end())
                sum += line.cells[i].figure.value_or(0);
            return sum;
          };
          compare(check, "", table_.columns[i].name, side(check.left), side(check.right));
        }
        continue;
      }
      const auto look = [&](const ReportLine& line) {
        compare(check, line.code, "", sum_of(line, check.left).value_or(0), sum_of(line, check.right).value_or(0));
      };
      for (const ReportLine& line : table_.lines) look(line);
      if (table_.total) look(*table_.total);
    }
  }

  void compare(const ReportCheck& check, const std::string& line, const std::string& column, std::int64_t left,
               std::int64_t right) {
    if (left != right) table_.broken.push_back({check.label, line, column, left, right});
  }

  Database& view_;
  const Catalogue& catalogue_;
  const TableDefinition& definition_;
  const ReportWindow& window_;
  const ReportOptions& options_;
  ReportTables& tables_;
  ReportTable table_;
  std::unordered_map<std::string, std::size_t> columns_;
  std::set<std::string> lists_, queried_;
  std::unordered_map<std::string, Sums> sums_;
  Sums all_;
};

/// What was done: the estimate follows from it.
ReportWindow actual_part(const ReportWindow& window) {
  return {window.from, window.actual_to.value_or(window.to), {}};
}

/// No more questions once this ends, whichever way it does.
class Watched {
 public:
  Watched(Database& view, const std::function<bool()>& goes_on) : view_(view), watches_(goes_on != nullptr) {
    if (watches_) view_.watch(goes_on);
  }
  ~Watched() {
    if (watches_) view_.watch(nullptr);
  }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

 private:
  Database& view_;
  bool watches_;
};

class Collector final : public ReportSink {
 public:
  explicit Collector(Report& report) : report_(report) {}
  Result<void> begin(const ReportTable& table) override {
    report_.tables.push_back({table.definition, table.columns, {}, {}, {}, false});
    return {};
  }
  Result<void> line(const ReportTable&, const ReportLine& line) override {
    report_.tables.back().lines.push_back(line);
    return {};
  }
  Result<void> end(const ReportTable& table) override {
    report_.tables.back().total = table.total;
    report_.tables.back().broken = table.broken;
    report_.tables.back().tie_at_the_end = table.tie_at_the_end;
    return {};
  }

 private:
  Report& report_;
};

}  // namespace

std::optional<std::size_t> ReportTable::column(std::string_view name) const {
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].name == name) return i;
  return std::nullopt;
}

const ReportLine* ReportTable::line(std::string_view code) const {
  if (code == total_code && total) return &*total;
  for (const ReportLine& each : lines)
    if (each.code == code) return &each;
  return nullptr;
}

Result<void> make_report(Database& view, const Catalogue& catalogue, const ReportDefinition& definition,
                         const ReportWindow& window, const ReportOptions& options, ReportSink& sink) {
  return guarded([&]() -> Result<void> {
    const Watched watched(view, options.goes_on);
    ReportTables tables(view, catalogue, actual_part(window), options.todays_places);
    for (const TableDefinition& table : definition.tables)
      if (const Result<void> made = Maker(view, catalogue, table, window, options, tables).make(sink); !made)
        return made;
    return {};
  });
}

Result<Report> make_report(Database& view, const Catalogue& catalogue, const ReportDefinition& definition,
                           const ReportWindow& window, const ReportOptions& options) {
  Report report{&definition, window, options.todays_places, options.state, {}};
  Collector collector(report);
  if (const Result<void> made = make_report(view, catalogue, definition, window, options, collector); !made)
    return made.error();
  return report;
}

Result<std::vector<RecordId>> records_behind(Database& view, const Catalogue& catalogue,
                                             const ReportDefinition& definition, const ReportWindow& window,
                                             const ReportOptions& options, std::string_view table,
                                             std::string_view line, std::string_view column) {
  return guarded([&]() -> Result<std::vector<RecordId>> {
    const Watched watched(view, options.goes_on);
    ReportTables tables(view, catalogue, actual_part(window), options.todays_places);
    for (const TableDefinition& each : definition.tables) {
      if (each.name != table) continue;
      Wanted wanted;
      if (const Result<void> found = Maker(view, catalogue, each, window, options, tables).find(line, column, wanted);
          !found)
        return found.error();
      return std::vector<RecordId>(wanted.records.begin(), wanted.records.end());
    }
    return Error{ErrorCode::not_found, "no table is called '" + std::string(table) + "'"};
  });
}

}  // namespace fieldpost
