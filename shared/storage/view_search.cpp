// Lists and search over the view. What a person types is never the index's own query language: it is folded into
// words first, and each is quoted.
#include <fmt/format.h>

#include <algorithm>

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

/// WHERE over `record` for a query without a search, and its parameters.
struct Filter {
  std::string where = "WHERE r.present";
  explicit Filter(const View::Query& query) {
    if (!query.form.empty()) where += " AND r.form = ?";
    if (query.author) where += " AND r.first_author = ?";
  }
  static int bind(Statement& statement, const View::Query& query) {
    int at = 0;
    if (!query.form.empty()) statement.bind_text(++at, query.form);
    if (query.author) statement.bind_blob(++at, query.author->view());
    return at;
  }
};

}  // namespace

std::vector<RecordSummary> View::list(const Query& query) {
  std::vector<RecordSummary> out;
  const std::string words = index_query(query);
  const auto limit = static_cast<std::int64_t>(query.limit);
  const auto offset = static_cast<std::int64_t>(query.offset);
  if (words.empty()) {
    Statement statement = database_.prepare(std::string(summary_columns) + "FROM record r " + Filter(query).where +
                                            " ORDER BY r.own_date DESC, r.record DESC LIMIT ? OFFSET ?");
    const int bound = Filter::bind(statement, query);
    statement.bind_integer(bound + 1, limit);
    statement.bind_integer(bound + 2, offset);
    while (statement.step()) out.push_back(summary_in(statement));
    return out;
  }

  Statement statement = database_.prepare(std::string(summary_columns) +
                                          "FROM search JOIN record r ON r.number = search.rowid"
                                          " WHERE search MATCH ? ORDER BY search.rowid DESC LIMIT ?");
  statement.bind(words, std::max<std::int64_t>(ranked_hits_max, limit + offset));
  std::vector<std::pair<int, RecordSummary>> hits;
  while (statement.step()) {
    RecordSummary summary = summary_in(statement);
    const int quality = hits.size() < ranked_hits_max ? vietnamese::match_quality(summary.title, query.search) : -1;
    hits.emplace_back(quality, std::move(summary));
  }
  std::stable_sort(hits.begin(), hits.end(), [](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first > b.first;
    return a.first >= 0 && a.second.own_date > b.second.own_date;
  });
  for (std::size_t i = query.offset; i < hits.size() && out.size() < query.limit; ++i)
    out.push_back(std::move(hits[i].second));
  return out;
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
  const std::string words = index_query(query);
  if (!words.empty()) return database_.integer("SELECT count(*) FROM search WHERE search MATCH ?", words).value_or(0);
  Statement statement = database_.prepare("SELECT count(*) FROM record r " + Filter(query).where);
  Filter::bind(statement, query);
  return statement.step() ? statement.integer(0) : 0;
}

}  // namespace fieldpost
