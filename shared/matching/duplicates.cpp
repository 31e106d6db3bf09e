#include "shared/matching/duplicates.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "shared/storage/view_tables.h"

namespace fieldpost {
namespace {

constexpr std::size_t asked_every = 4'096;

/// An SQL expression for the answer, NULL where the form does not ask for it.
std::string answer(const ViewTable& table, std::string_view question) {
  return table.column(question) != nullptr ? fmt::format("f.\"{}\"", question) : std::string("NULL");
}

std::string query(const FormTables& form, std::initializer_list<std::string_view> questions) {
  std::string sql = "SELECT f.record";
  for (const std::string_view question : questions) sql += ", " + answer(form.main, question);
  return sql + fmt::format(" FROM \"{}\" f JOIN record r ON r.record = f.record WHERE r.present ORDER BY f.record",
                           form.main.name);
}

std::optional<CivilDate> date_in(const Statement& row, int at) {
  const Result<CivilDate> date = parse_iso_date(row.text_view(at));
  return date ? std::optional(*date) : std::nullopt;
}

/// The view holds a form's table once a store has opened with it.
bool is_there(Database& view, const FormTables& form) {
  return view.integer("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", form.main.name).has_value();
}

int rank(const DuplicatePair& pair) {
  const auto& reasons = pair.match.reasons;
  if (std::find(reasons.begin(), reasons.end(), MatchReason::contradicted) != reasons.end()) return 0;
  return pair.match.certainty == Certainty::certain ? 1 : 2;
}

}  // namespace

bool Duplicates::looks_at(const Form& form) {
  if (!form.about.empty()) return false;
  const bool person = form.record_class == RecordClass::person && form.find_in(nullptr, "full_name") != nullptr;
  const bool session = form.record_class == RecordClass::session && form.find_in(nullptr, "date") != nullptr &&
                       form.find_in(nullptr, "place") != nullptr;
  return person || session;
}

Duplicates::Duplicates(Database& view, const Catalogue& catalogue, const std::function<bool()>& go_on)
    : places_(&catalogue.places), groups_(read_same_decisions(view)) {
  const ViewTables tables(catalogue);
  std::size_t read = 0;
  const auto stopped = [&] { return go_on && ++read % asked_every == 0 && !go_on(); };
  for (const auto& [name, form] : tables.forms()) {
    if (!looks_at(*form.form) || !is_there(view, form)) continue;
    if (form.form->record_class == RecordClass::person) {
      People& people = people_[name];
      std::vector<Person> persons;
      Statement row =
          view.prepare(query(form, {"full_name", "birth_date", "citizen_number", "sex", "place", "hamlet", "phone"}));
      while (row.step() && !stopped()) {
        people.records.push_back(row.id<RecordId>(0));
        persons.push_back(prepared(PersonWords{row.text(1), date_in(row, 2), row.text(3), row.text(4), row.text(5),
                                               row.text(6), row.text(7)},
                                   catalogue.places));
      }
      people.index = std::make_unique<PersonIndex>(std::move(persons), go_on);
    } else {
      Sessions& sessions = sessions_[name];
      Statement row = view.prepare(query(form, {"title", "date", "start_time", "end_time", "place", "hamlet", "venue",
                                                "presenters", "trainers", "headcount_total"}));
      while (row.step() && !stopped()) {
        SessionWords words;
        words.title = row.text(1);
        words.date = date_in(row, 2);
        words.start_time = row.text(3);
        words.end_time = row.text(4);
        words.place = row.text(5);
        words.hamlet = row.text(6);
        words.venue = row.text(7);
        words.presenters = row.text(8) + " " + row.text(9);
        if (!row.is_null(10)) words.headcount = row.integer(10);
        sessions.records.push_back(row.id<RecordId>(0));
        sessions.sessions.push_back(prepared(words, catalogue.places));
      }
    }
  }
}

std::size_t Duplicates::size() const {
  std::size_t count = 0;
  for (const auto& [form, people] : people_) count += people.records.size();
  for (const auto& [form, sessions] : sessions_) count += sessions.records.size();
  return count;
}

bool Duplicates::is_open(const RecordId& a, const RecordId& b) const {
  return groups_.decided(a, b) == SameDecision::Decided::undecided;
}

const std::string* Duplicates::form_of(const RecordId& record) const {
  for (const auto& [form, people] : people_)
    if (std::binary_search(people.records.begin(), people.records.end(), record)) return &form;
  for (const auto& [form, sessions] : sessions_)
    if (std::binary_search(sessions.records.begin(), sessions.records.end(), record)) return &form;
  return nullptr;
}

std::vector<DuplicatePair> Duplicates::pairs(std::string_view wanted, const std::function<bool()>& go_on) const {
  std::vector<DuplicatePair> pairs;
  const auto add = [&](const std::string& form, const RecordId& one, const RecordId& other, const Match& match) {
    if (is_open(one, other)) pairs.push_back({one, other, form, match});
  };
  for (const auto& [form, people] : people_)
    if (wanted.empty() || wanted == form)
      for (const PersonIndex::Found& found : people.index->pairs(go_on))
        add(form, people.records[found.one], people.records[found.other], found.match);
  for (const auto& [form, sessions] : sessions_)
    if (wanted.empty() || wanted == form)
      for (const SessionPair& found : session_pairs(sessions.sessions))
        add(form, sessions.records[found.one], sessions.records[found.other], found.match);
  for (const SameDecision& decision : groups_.contradictions()) {
    const std::string* form = form_of(decision.one);
    if (form == nullptr || (!wanted.empty() && wanted != *form)) continue;
    pairs.push_back({decision.one, decision.other, *form, {Certainty::likely, 0, {MatchReason::contradicted}}});
  }
  std::sort(pairs.begin(), pairs.end(), [](const DuplicatePair& a, const DuplicatePair& b) {
    return std::tuple(rank(a), -a.match.score, a.one, a.other) < std::tuple(rank(b), -b.match.score, b.one, b.other);
  });
  return pairs;
}

std::vector<DuplicatePair> Duplicates::of(const RecordId& record) const {
  std::vector<DuplicatePair> out;
  const auto add = [&](const std::string& form, const RecordId& other, Match match) {
    if (other == record || !is_open(record, other)) return;
    out.push_back({std::min(record, other), std::max(record, other), form, std::move(match)});
  };
  for (const auto& [form, people] : people_) {
    const auto at = std::lower_bound(people.records.begin(), people.records.end(), record);
    if (at == people.records.end() || *at != record) continue;
    const auto number = static_cast<PersonIndex::Number>(at - people.records.begin());
    for (const PersonIndex::Candidate& found : people.index->like(people.index->person(number)))
      add(form, people.records[found.number], found.match);
  }
  for (const auto& [form, sessions] : sessions_) {
    const auto at = std::lower_bound(sessions.records.begin(), sessions.records.end(), record);
    if (at == sessions.records.end() || *at != record) continue;
    const auto number = static_cast<std::size_t>(at - sessions.records.begin());
    for (std::size_t i = 0; i < sessions.records.size(); ++i) {
      if (i == number) continue;
      Match found = match(sessions.sessions[number], sessions.sessions[i]);
      if (found.certainty >= Certainty::likely) add(form, sessions.records[i], std::move(found));
    }
  }
  for (const SameDecision& decision : groups_.contradictions())
    if (decision.one == record || decision.other == record)
      if (const std::string* form = form_of(record))
        out.push_back({decision.one, decision.other, *form, {Certainty::likely, 0, {MatchReason::contradicted}}});
  return out;
}

std::vector<Duplicates::Known> Duplicates::like(const PersonWords& typed, const RecordId& itself) const {
  std::vector<Known> out;
  const Person person = prepared(typed, *places_);
  for (const auto& [form, people] : people_)
    for (PersonIndex::Candidate& found : people.index->like(person)) {
      const RecordId record = people.records[found.number];
      const RecordId leader = groups_.leader(record);
      if (leader == groups_.leader(itself)) continue;
      const bool known = std::any_of(out.begin(), out.end(), [&](const Known& one) { return one.record == leader; });
      if (!known) out.push_back({leader, std::move(found.match)});
    }
  return out;
}

}  // namespace fieldpost
