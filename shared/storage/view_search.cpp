// Lists and search over the view. What a person types is never the index's own query language: it is folded into
// words first, and each is quoted.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <tuple>

#include "shared/foundation/vietnamese.h"
#include "shared/storage/view.h"
#include "shared/storage/view_rows.h"
#include "shared/storage/view_tables.h"

namespace fieldpost {
namespace {

// Hits that are ranked by how well their titles answer; about 2 ms. Those after them come newest first.
constexpr std::size_t ranked_hits_max = 500;

constexpr std::string_view summary_columns =
    "SELECT r.record, r.form, r.title, r.own_date, r.author, r.at, r.incomplete, r.conflicts ";

RecordSummary summary_in(const Statement& row) {
  RecordSummary summary;
  summary.record = row.id<RecordId>(0);
  summary.form = row.text(1);
  summary.title = row.text(2);
  if (const Result<CivilDate> date = parse_iso_date(row.text_view(3))) summary.own_date = *date;
  summary.author = row.id<UserId>(4);
  summary.at = row.integer(5);
  summary.incomplete = row.integer(6) != 0;
  summary.conflicts = static_cast<int>(row.integer(7));
  return summary;
}

/// The index's query for all words, the last of them as a beginning; empty when nothing was typed that can be
/// searched.
std::string index_query(const View::Query& query) {
  std::vector<std::string> words = vietnamese::folded_words(query.search);
  if (words.empty()) return {};
  if (auto digits = vietnamese::phone_digits(query.search)) words = {std::move(*digits)};
  std::string out;
  const auto add = [&](std::string_view word) {
    if (!out.empty()) out += " AND ";
    out.append("\"").append(word).append("\"");
  };
  // The marks are the commonest words; the index starts from the rarest on its own.
  if (!query.form.empty()) add(form_mark(query.form));
  if (query.author) add(author_mark(*query.author));
  for (const std::string& word : words) add(word);
  return out + "*";
}

// Saves that wait: of this laptop without an answer, and those that central holds back or refused. The first
// condition is that of the index.
constexpr std::string_view waiting =
    "SELECT c.record FROM entry e JOIN change c ON c.number = e.change"
    " WHERE (e.outcome IS NULL OR e.outcome >= 2) AND e.outcome ";

/// Where the records of a query come from, which of them it wants, and the parameters of both.
struct Source {
  std::string from = "FROM record r", where = " WHERE r.present";
  struct Parameter {
    std::string bytes;
    bool is_id = false;
  };
  std::vector<Parameter> parameters;
  bool searches = false;
  bool reads_record = false;  // beyond what the search index knows

  Source(const View::Query& query, const ViewTables& tables) {
    const auto text = [&](std::string_view condition, std::string_view value) {
      where += condition;
      parameters.push_back({std::string(value)});
      reads_record = true;
    };
    const std::string words = index_query(query);
    if (!words.empty()) {
      searches = true;
      from = "FROM search JOIN record r ON r.number = search.rowid";
      where = " WHERE search MATCH ?";
      parameters.push_back({words});
    } else {
      if (!query.form.empty())
        text(" AND r.form = ?", query.form);
      else
        where += without_decisions(tables);
      if (query.author) {
        where += " AND r.first_author = ?";
        const BytesView id = query.author->view();
        parameters.push_back({std::string(id.begin(), id.end()), true});
      }
    }
    if (query.from) text(" AND r.own_date >= ?", iso_text(*query.from));
    // A date that is known to the month or year alone sorts before its days, and `~` after them.
    if (query.to) text(" AND r.own_date <= ?", iso_text(*query.to) + "~");
    const auto only = [&](std::string_view condition) {
      where += condition;
      reads_record = true;
    };
    if (query.incomplete) only(" AND r.incomplete");
    if (query.in_conflict) only(" AND r.record IN (SELECT record FROM conflict)");
    if (!query.place.empty()) only(" AND r.record IN (" + in_place(query, tables) + ")");
    using Holding = View::Query::Holding;
    // Asked of sets of records, never of each record's row.
    const std::string in_conflict = "SELECT record FROM conflict";
    const std::string held = std::string(waiting) + ">= 2", unsent = std::string(waiting) + "IS NULL";
    const std::string attention = "(" + in_conflict + " UNION " + held + ")";
    switch (query.holding) {
      case Holding::any: break;
      case Holding::needs_attention: only(" AND r.record IN " + attention); break;
      case Holding::on_this_laptop:
        // Before the first sync that is every record: `+` keeps to the walk over the index.
        only(" AND +r.record IN (" + unsent + ") AND r.record NOT IN " + attention);
        break;
      case Holding::at_central: only(" AND r.record NOT IN (" + unsent + ") AND r.record NOT IN " + attention); break;
    }
  }

  void bind(Statement& statement) const {
    int at = 0;
    for (const Parameter& parameter : parameters) {
      if (parameter.is_id)
        statement.bind_blob(++at, view_of(parameter.bytes));
      else
        statement.bind_text(++at, parameter.bytes);
    }
  }

 private:
  /// A list of everything is of what was recorded; what the office decided about it is shown there.
  static std::string without_decisions(const ViewTables& tables) {
    std::string names;
    for (const auto& [name, form] : tables.forms())
      if (!form.form->about.empty()) names += (names.empty() ? "'" : ", '") + name + "'";
    return names.empty() ? names : " AND r.form NOT IN (" + names + ")";
  }
  std::string in_place(const View::Query& query, const ViewTables& tables) {
    std::string select;
    for (const auto& [name, form] : tables.forms()) {
      const ViewTable::Column* place = form.main.place();
      if (place == nullptr || (!query.form.empty() && query.form != name)) continue;
      select.append(select.empty() ? "" : " UNION ALL ");
      select.append("SELECT record FROM \"" + form.main.name + "\" WHERE \"" + place->name + "\" = ?");
      parameters.push_back({query.place});
    }
    return select.empty() ? "NULL" : select;
  }
};

std::optional<Value> value_in(const Statement& row, int at, QuestionType type) {
  if (row.is_null(at)) return std::nullopt;
  switch (type) {
    case QuestionType::integer: return Value(row.integer(at));
    case QuestionType::decimal: {
      const Result<Decimal> number = parse_decimal(fmt::format("{}", row.real(at)));
      return number ? std::optional<Value>(*number) : std::nullopt;
    }
    case QuestionType::date: {
      const Result<CivilDate> date = parse_iso_date(row.text_view(at));
      return date ? std::optional<Value>(*date) : std::nullopt;
    }
    case QuestionType::record: return Value(row.id<EntityId>(at));
    case QuestionType::image:
    case QuestionType::file: return std::nullopt;
    default: return row.is_text(at) ? Value(row.text(at)) : Value(row.integer(at) != 0);
  }
}

/// The numbers of a search's hits, best first: the newest of them ranked by how well their titles answer, the rest
/// newest first; no more than `most`, but all that are ranked.
std::vector<std::int64_t> best_first(Database& database, const Source& source, std::string_view search,
                                     std::int64_t most) {
  std::vector<std::int64_t> numbers;
  struct Hit {
    int quality = 0;
    std::string date;
    std::int64_t number = 0;
  };
  std::vector<Hit> hits;
  {
    Statement statement = database.prepare("SELECT r.number, r.title, r.own_date " + source.from + source.where +
                                           " ORDER BY search.rowid DESC LIMIT ?");
    source.bind(statement);
    statement.bind_integer(static_cast<int>(source.parameters.size()) + 1,
                           static_cast<std::int64_t>(ranked_hits_max));
    while (statement.step())
      hits.push_back({vietnamese::match_quality(statement.text(1), search), statement.text(2), statement.integer(0)});
  }
  const auto left = most - static_cast<std::int64_t>(hits.size());
  const bool more = hits.size() == ranked_hits_max && left > 0;
  const std::int64_t last_ranked = hits.empty() ? 0 : hits.back().number;
  std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
    return std::tie(a.quality, a.date) > std::tie(b.quality, b.date);
  });
  for (const Hit& hit : hits) numbers.push_back(hit.number);
  if (!more) return numbers;
  const std::string rest = source.reads_record ? source.from : "FROM search";
  Statement statement = database.prepare("SELECT search.rowid " + rest + source.where +
                                         " AND search.rowid < ? ORDER BY search.rowid DESC LIMIT ?");
  source.bind(statement);
  const int bound = static_cast<int>(source.parameters.size());
  statement.bind_integer(bound + 1, last_ranked);
  statement.bind_integer(bound + 2, left);
  while (statement.step()) numbers.push_back(statement.integer(0));
  return numbers;
}

}  // namespace

std::vector<RecordSummary> View::list(const Query& query) {
  std::vector<RecordSummary> out;
  const Source source(query, *tables_);
  if (!source.searches) {
    Statement statement = database_.prepare(std::string(summary_columns) + source.from + source.where +
                                            " ORDER BY r.own_date DESC, r.record DESC LIMIT ? OFFSET ?");
    source.bind(statement);
    const int bound = static_cast<int>(source.parameters.size());
    statement.bind_integer(bound + 1, static_cast<std::int64_t>(query.limit));
    statement.bind_integer(bound + 2, static_cast<std::int64_t>(query.offset));
    while (statement.step()) out.push_back(summary_in(statement));
    return out;
  }
  // Of many hits no more are read than are ranked or asked for: `order` is for who shows them all.
  const std::vector<std::int64_t> numbers =
      best_first(database_, source, query.search, static_cast<std::int64_t>(query.offset + query.limit));
  const std::size_t first = std::min(query.offset, numbers.size());
  return rows(std::span(numbers).subspan(first, std::min(query.limit, numbers.size() - first)));
}

std::vector<RecordSummary> View::linked(std::string_view form, std::string_view link, const RecordId& record) {
  std::vector<RecordSummary> out;
  const FormTables* tables = tables_->of(form);
  if (tables == nullptr) return out;
  const ViewTable::Column* column = tables->main.column(link);
  if (column == nullptr || column->type != QuestionType::record) return out;
  Statement statement = database_.prepare(
      fmt::format("{}FROM \"{}\" f JOIN record r ON r.record = f.record WHERE f.\"{}\" = ? AND r.present"
                  " ORDER BY r.first_at, r.record",
                  summary_columns, tables->main.name, column->name));
  statement.bind(record);
  while (statement.step()) out.push_back(summary_in(statement));
  return out;
}

std::int64_t View::count(const Query& query) {
  const Source source(query, *tables_);
  const bool index_alone = source.searches && !source.reads_record;
  Statement statement =
      database_.prepare("SELECT count(*) " + (index_alone ? std::string("FROM search") : source.from) + source.where);
  source.bind(statement);
  return statement.step() ? statement.integer(0) : 0;
}

std::map<std::string, std::int64_t> View::counts() {
  std::map<std::string, std::int64_t> counts;
  // Over the index that holds the forms, not over the records themselves.
  Statement statement =
      database_.prepare("SELECT form, count(*) FROM record INDEXED BY record_by_date WHERE present GROUP BY form");
  while (statement.step()) counts[statement.text(0)] = statement.integer(1);
  return counts;
}

std::vector<std::int64_t> View::order(const Query& query) {
  std::vector<std::int64_t> numbers;
  const Source source(query, *tables_);
  const auto collect = [&](const std::string& sql) {
    Statement statement = database_.prepare(sql);
    source.bind(statement);
    while (statement.step()) numbers.push_back(statement.integer(0));
  };
  const std::string direction = query.ascending ? " ASC" : " DESC";
  switch (query.order) {
    case Query::Order::natural: break;
    case Query::Order::date:
      collect("SELECT r.number " + source.from + source.where + " ORDER BY r.own_date" + direction + ", r.record" +
              direction);
      return numbers;
    case Query::Order::changed:
      collect("SELECT r.number " + source.from + source.where + " ORDER BY r.at" + direction + ", r.record" +
              direction);
      return numbers;
    case Query::Order::title: {
      std::vector<std::pair<std::string, std::int64_t>> titles;
      Statement statement = database_.prepare("SELECT r.number, r.title " + source.from + source.where);
      source.bind(statement);
      while (statement.step())
        titles.emplace_back(vietnamese::sort_key(statement.text_view(1)), statement.integer(0));
      std::sort(titles.begin(), titles.end());
      if (!query.ascending) std::reverse(titles.begin(), titles.end());
      for (const auto& [title, number] : titles) numbers.push_back(number);
      return numbers;
    }
  }
  if (!source.searches) {
    collect("SELECT r.number " + source.from + source.where + " ORDER BY r.own_date DESC, r.record DESC");
    return numbers;
  }

  return best_first(database_, source, query.search, std::numeric_limits<std::int64_t>::max());
}

std::vector<RecordSummary> View::rows(std::span<const std::int64_t> numbers) {
  std::vector<RecordSummary> out;
  const std::string one = std::string(summary_columns) + "FROM record r WHERE r.number = ? AND r.present";
  for (const std::int64_t number : numbers) {
    Statement statement = database_.prepare(one);
    statement.bind(number);
    if (statement.step()) out.push_back(summary_in(statement));
  }
  return out;
}

Fields View::answers(const RecordId& record, std::string_view form, std::span<const std::uint32_t> questions) {
  Fields fields;
  const FormTables* tables = tables_->of(form);
  if (tables == nullptr) return fields;
  std::vector<const ViewTable::Column*> columns;
  std::string names;
  for (const ViewTable::Column& column : tables->main.columns)
    if (std::find(questions.begin(), questions.end(), column.number) != questions.end()) {
      names += (names.empty() ? "\"" : ", \"") + column.name + "\"";
      columns.push_back(&column);
    }
  if (columns.empty()) return fields;
  Statement statement = database_.prepare("SELECT " + names + " FROM \"" + tables->main.name + "\" WHERE record = ?");
  statement.bind(record);
  if (!statement.step()) return fields;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const int at = static_cast<int>(i);
    const std::uint32_t number = columns[i]->number;
    if (columns[i]->type != QuestionType::select_multiple) {
      if (std::optional<Value> value = value_in(statement, at, columns[i]->type)) fields[{number, ""}] = *value;
      continue;
    }
    if (statement.is_null(at)) continue;
    fields[{number, ""}] = true;
    std::string_view codes = statement.text_view(at);
    while (codes.size() > 1) {
      codes.remove_prefix(1);
      const std::size_t end = std::min(codes.find(';'), codes.size());
      fields[{number, std::string(codes.substr(0, end))}] = true;
      codes.remove_prefix(end);
    }
  }
  return fields;
}

}  // namespace fieldpost
