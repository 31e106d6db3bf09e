#include "client/model/record_list.h"

#include <algorithm>

#include "client/model/translation.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {
namespace {

// What was scrolled past is read again when it comes back; a few screens of it are kept.
constexpr std::size_t rows_kept_max = 1'000;

constexpr const char* default_columns[] = {"@date", "@title", "@place", "@changed", "@status"};

const Question* place_question(const Form& form) {
  for (const Question* question : form.questions_of(nullptr))
    if (question->type == QuestionType::place) return question;
  return nullptr;
}

bool can_be_column(const Question& question) {
  return question.number != 0 && !is_attached(question.type) && question.type != QuestionType::calculate &&
         question.type != QuestionType::note;
}

std::optional<CivilDate> day(std::string_view typed) {
  const Result<CivilDate> date = vietnamese::parse_date(typed);
  return date ? std::optional<CivilDate>(*date) : std::nullopt;
}

}  // namespace

void LazyRows::show(std::vector<std::int64_t> order, Read read) {
  order_ = std::move(order);
  read_ = std::move(read);
  known_.clear();
}

const ListedRecord* LazyRows::at(std::size_t place) {
  const std::int64_t number = order_[place];
  auto found = known_.find(number);
  if (found == known_.end()) {
    if (known_.size() >= rows_kept_max) known_.clear();
    found = known_.emplace(number, read_(number)).first;
  }
  return found->second ? &*found->second : nullptr;
}

View::Query list_query(const RecordList& list) {
  using Holding = View::Query::Holding;
  View::Query query;
  query.form = list.form;
  query.search = list.search;
  query.place = list.place;
  query.from = day(list.from_text);
  query.to = day(list.to_text);
  query.order = list.order;
  query.ascending = list.ascending;
  switch (list.state) {
    case RecordList::State::any: break;
    case RecordList::State::on_this_laptop: query.holding = Holding::on_this_laptop; break;
    case RecordList::State::at_central: query.holding = Holding::at_central; break;
    case RecordList::State::needs_attention: query.holding = Holding::needs_attention; break;
    case RecordList::State::incomplete: query.incomplete = true; break;
    case RecordList::State::in_conflict: query.in_conflict = true; break;
  }
  return query;
}

bool unreadable_day(std::string_view typed) {
  return typed.find_first_not_of(' ') != std::string_view::npos && !day(typed);
}

bool is_filtered(const RecordList& list) {
  return list.state != RecordList::State::any || !list.place.empty() || !list.from_text.empty() ||
         !list.to_text.empty();
}

void clear_filters(RecordList& list) {
  list.state = RecordList::State::any;
  list.place.clear();
  list.place_text.clear();
  list.from_text.clear();
  list.to_text.clear();
}

bool sort_by(RecordList& list, ListColumn::Kind column) {
  using Order = View::Query::Order;
  Order order = Order::natural;
  switch (column) {
    case ListColumn::Kind::date: order = Order::date; break;
    case ListColumn::Kind::title: order = Order::title; break;
    case ListColumn::Kind::changed: order = Order::changed; break;
    default: return false;
  }
  // Names from A on, days from the newest.
  const bool first_way = order == Order::title;
  if (list.order != order) {
    list.order = order;
    list.ascending = first_way;
  } else if (list.ascending == first_way) {
    list.ascending = !first_way;
  } else {
    list.order = Order::natural;
    list.ascending = false;
  }
  return true;
}

std::vector<ListColumn> columns_offered(const Form* form) {
  using Kind = ListColumn::Kind;
  std::vector<ListColumn> offered = {{Kind::date, "@date", tr("list.date"), 0},
                                     {Kind::title, "@title", tr("list.title"), 0},
                                     {Kind::place, "@place", tr("list.place"), 0},
                                     {Kind::changed, "@changed", tr("list.changed_by"), 0},
                                     {Kind::status, "@status", tr("list.status"), 0}};
  if (!form) return offered;
  const Question* place = place_question(*form);
  for (const Question* question : form->questions_of(nullptr))
    if (question != place && can_be_column(*question))
      offered.push_back({Kind::question, question->name, question->label.in(language()), question->number});
  return offered;
}

std::vector<ListColumn> columns_shown(const Form* form, const Settings& settings) {
  std::vector<std::string> wanted(std::begin(default_columns), std::end(default_columns));
  if (form)
    if (const auto chosen = settings.columns.find(form->name); chosen != settings.columns.end())
      wanted = chosen->second;
  std::vector<ListColumn> shown;
  for (ListColumn& column : columns_offered(form))
    if (column.kind == ListColumn::Kind::title || is_among(wanted, column.name)) shown.push_back(std::move(column));
  // The marks stand at the right edge, so that the eye runs down one column.
  std::stable_partition(shown.begin(), shown.end(), [](const ListColumn& column) {
    return column.kind != ListColumn::Kind::changed && column.kind != ListColumn::Kind::status;
  });
  return shown;
}

Settings with_column(const Settings& settings, const std::string& form, const std::vector<ListColumn>& shown,
                     const std::vector<ListColumn>& offered, const std::string& column, bool on) {
  Settings wanted = settings;
  std::vector<std::string>& names = wanted.columns[form];
  names.clear();
  for (const ListColumn& one : offered) {
    const bool is_shown =
        std::any_of(shown.begin(), shown.end(), [&](const ListColumn& other) { return other.name == one.name; });
    if ((one.name == column ? on : is_shown) && names.size() < columns_max) names.push_back(one.name);
  }
  return wanted;
}

}  // namespace fieldpost
