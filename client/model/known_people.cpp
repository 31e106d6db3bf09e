#include "client/model/known_people.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "client/model/translation.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {
namespace {

constexpr std::size_t shown_max = 5;      // more than that is a list to read, not a help
constexpr std::size_t letters_least = 2;  // one letter begins half the names
constexpr std::int64_t long_ago = -1;     // of a record without a day

std::int64_t day_met(const MetPerson& person) { return person.on ? day_number(*person.on) : long_ago; }

std::string merge_key(const MetPerson& person) {
  const std::string year = person.birth ? std::to_string(person.birth->year) : std::string();
  return vietnamese::fold(person.name) + '\n' + person.sex + '\n' + year + '\n' + person.place;
}

/// Whether two of the same key are taken for one person.
bool are_one(const MetPerson& a, const MetPerson& b) {
  if (a.birth && b.birth && a.birth->has_day() && b.birth->has_day() && *a.birth != *b.birth) return false;
  if (!a.citizen_number.empty() && !b.citizen_number.empty()) return a.citizen_number == b.citizen_number;
  return vietnamese::fold(a.hamlet) == vietnamese::fold(b.hamlet) && (a.birth || !a.hamlet.empty());
}

void fill_gaps(MetPerson& person, const MetPerson& older) {
  const auto fill = [](std::string& text, const std::string& from) {
    if (text.empty()) text = from;
  };
  fill(person.ethnicity, older.ethnicity);
  fill(person.hamlet, older.hamlet);
  fill(person.phone, older.phone);
  fill(person.citizen_number, older.citizen_number);
  // A day says more than a year.
  if (person.birth && older.birth && !person.birth->has_day() && older.birth->has_day()) person.birth = older.birth;
}

std::vector<MetPerson> each_once(std::vector<MetPerson> met, const std::function<bool()>& go_on) {
  std::stable_sort(met.begin(), met.end(), [](const MetPerson& a, const MetPerson& b) {
    return day_met(a) != day_met(b) ? day_met(a) > day_met(b) : a.name < b.name;
  });
  std::unordered_map<std::string, std::vector<std::size_t>> by_key;
  std::vector<MetPerson> people;
  for (MetPerson& person : met) {
    if (go_on && !go_on()) return {};
    std::vector<std::size_t>& alike = by_key[merge_key(person)];
    const auto same =
        std::find_if(alike.begin(), alike.end(), [&](std::size_t i) { return are_one(people[i], person); });
    if (same != alike.end()) {
      fill_gaps(people[*same], person);
      continue;
    }
    alike.push_back(people.size());
    people.push_back(std::move(person));
  }
  return people;
}

std::vector<std::string> units_today(const std::string& key, const Gazetteer& places) {
  std::vector<std::string> units = {key};
  if (const Place* place = places.find(key))
    for (const Place* unit : places.today(*place)) units.push_back(unit->key());
  std::sort(units.begin(), units.end());
  return units;
}

bool share_one(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& unit) {
    return !unit.empty() && std::binary_search(b.begin(), b.end(), unit);
  });
}

}  // namespace

KnownPeople::KnownPeople(std::vector<MetPerson> met, const Gazetteer& places, const std::function<bool()>& go_on)
    : people_(each_once(std::move(met), go_on)), gazetteer_(&places) {
  const std::size_t count = people_.size();
  std::unordered_map<std::string, Number> place_numbers, hamlet_numbers{{"", 0}}, word_numbers;
  hamlets_.emplace_back();
  std::vector<std::string> words;
  name_starts_.push_back(0);
  for (const MetPerson& person : people_) {
    const auto [place, new_place] = place_numbers.try_emplace(person.place, static_cast<Number>(places_.size()));
    if (new_place) places_.push_back({person.place, units_today(person.place, places)});
    place_of_.push_back(place->second);
    std::string folded = vietnamese::fold(person.hamlet);
    const auto [hamlet, new_hamlet] = hamlet_numbers.try_emplace(folded, static_cast<Number>(hamlets_.size()));
    if (new_hamlet) hamlets_.push_back(std::move(folded));
    hamlet_of_.push_back(hamlet->second);
    vietnamese::for_each_folded_word(person.name, [&](std::string_view word) {
      const auto [number, fresh] = word_numbers.try_emplace(std::string(word), static_cast<Number>(words.size()));
      if (fresh) words.emplace_back(word);
      name_words_.push_back(number->second);
    });
    name_starts_.push_back(static_cast<Number>(name_words_.size()));
  }
  // Words in their order, so that those with one beginning follow each other, and so do the people who have them.
  words_ = words;
  std::sort(words_.begin(), words_.end());
  std::vector<Number> sorted(words.size());
  for (std::size_t i = 0; i < words.size(); ++i)
    sorted[i] = static_cast<Number>(std::lower_bound(words_.begin(), words_.end(), words[i]) - words_.begin());
  for (Number& word : name_words_) word = sorted[word];
  word_starts_.assign(words_.size() + 1, 0);
  for (const Number word : name_words_) ++word_starts_[word + 1];
  for (std::size_t i = 1; i < word_starts_.size(); ++i) word_starts_[i] += word_starts_[i - 1];
  people_with_.resize(name_words_.size());
  std::vector<Number> next(word_starts_.begin(), word_starts_.end() - 1);
  for (Number person = 0; person < count; ++person)
    for (Number at = name_starts_[person]; at < name_starts_[person + 1]; ++at)
      people_with_[next[name_words_[at]]++] = person;
}

std::pair<KnownPeople::Number, KnownPeople::Number> KnownPeople::words_with(std::string_view beginning) const {
  const auto first = std::lower_bound(words_.begin(), words_.end(), beginning);
  const auto last = std::find_if(first, words_.end(), [&](const std::string& word) {
    return word.compare(0, beginning.size(), beginning) != 0;
  });
  return {static_cast<Number>(first - words_.begin()), static_cast<Number>(last - words_.begin())};
}

bool KnownPeople::has_in_order(Number person, const std::vector<std::pair<Number, Number>>& words) const {
  Number at = name_starts_[person];
  for (const auto& [first, last] : words) {
    while (at < name_starts_[person + 1] && (name_words_[at] < first || name_words_[at] >= last)) ++at;
    if (at++ == name_starts_[person + 1]) return false;
  }
  return true;
}

std::vector<const MetPerson*> KnownPeople::find(std::string_view typed, const Here& here, std::size_t most) const {
  const std::vector<std::string> wanted = vietnamese::folded_words(typed);
  std::size_t letters = 0;
  for (const std::string& word : wanted) letters += word.size();
  if (letters < letters_least || most == 0) return {};
  // As in search: every word whole, the last as far as it was typed.
  std::vector<std::pair<Number, Number>> words;
  std::pair<Number, Number> rarest{0, static_cast<Number>(people_with_.size()) + 1};
  for (const std::string& word : wanted) {
    std::pair<Number, Number> range = words_with(word);
    if (words.size() + 1 < wanted.size() && range.first != range.second)
      range.second = words_[range.first] == word ? range.first + 1 : range.first;
    if (range.first == range.second) return {};
    words.push_back(range);
    const std::pair<Number, Number> people{word_starts_[range.first], word_starts_[range.second]};
    if (people.second - people.first < rarest.second - rarest.first) rarest = people;
  }
  std::vector<bool> same_place(places_.size());
  const std::vector<std::string> units = units_today(here.place, *gazetteer_);
  for (std::size_t i = 0; i < places_.size(); ++i) same_place[i] = share_one(places_[i].units, units);
  const auto hamlet = std::find(hamlets_.begin() + 1, hamlets_.end(), vietnamese::fold(here.hamlet));
  const auto hamlet_number = static_cast<Number>(hamlet - hamlets_.begin());

  // Of each rank only the first few: people stand in the order in which they were met.
  std::vector<std::pair<int, Number>> best;
  for (Number at = rarest.first; at < rarest.second; ++at) {
    const Number person = people_with_[at];
    const int rank = (same_place[place_of_[person]] ? 0 : 2) + (hamlet_of_[person] == hamlet_number ? 0 : 1);
    const std::pair<int, Number> entry{rank, person};
    if (best.size() == most && best.back() <= entry) continue;
    const auto place = std::lower_bound(best.begin(), best.end(), entry);
    if (place != best.end() && *place == entry) continue;  // two words of one name begin alike
    if (!has_in_order(person, words)) continue;
    best.insert(place, entry);
    if (best.size() > most) best.pop_back();
  }
  std::vector<const MetPerson*> found;
  for (const auto& [rank, person] : best) found.push_back(&people_[person]);
  return found;
}

const Question* name_column(const FormEntry& entry, const Question& repeat) {
  for (const Question* question : entry.columns(repeat))
    if (question->appearance == "person_name") return question;
  return nullptr;
}

namespace {

const Question* column(const FormEntry& entry, const Question& repeat, std::string_view name, QuestionType type) {
  for (const Question* question : entry.columns(repeat))
    if (question->name == name && question->type == type) return question;
  return nullptr;
}

std::string place_name(const FormEntry& entry, const std::string& key) {
  const Place* place = entry.context().catalogue.places.find(key);
  return place ? place->name : std::string();
}

KnownPeople::Here where(const FormEntry& entry) {
  KnownPeople::Here here;
  const auto answer = [&](const char* name, QuestionType type) {
    const Question* question = entry.form().find_in(nullptr, name);
    return question && question->type == type ? text_answer_to(entry.form(), entry.answers(), name) : std::string();
  };
  here.place = answer("place", QuestionType::place);
  here.hamlet = answer("hamlet", QuestionType::text);
  return here;
}

std::string details(const FormEntry& entry, const Question& repeat, const MetPerson& person) {
  std::string out;
  const auto add = [&](const std::string& part) {
    if (part.empty()) return;
    if (!out.empty()) out += " · ";
    out += part;
  };
  if (const Question* sex = column(entry, repeat, "sex", QuestionType::select_one); sex && !person.sex.empty())
    add(option_label(*sex, person.sex, entry.context().catalogue));
  if (person.birth) add(std::to_string(person.birth->year));
  add(person.hamlet);
  const std::string place = place_name(entry, person.place);
  if (person.on)
    add(place.empty() ? tr_with("known.met", {vietnamese::date_text(*person.on)})
                      : tr_with("known.met_at", {vietnamese::date_text(*person.on), place}));
  else
    add(place);
  return out;
}

/// Notes for each of them the line, from 1, that names them already.
void find_lines(const FormEntry& entry, const Question& repeat, const EntityId& row,
                std::vector<Suggestion>& offered) {
  const Question* name = name_column(entry, repeat);
  const Question* birth = column(entry, repeat, "birth_date", QuestionType::date);
  std::vector<std::string> folded;
  for (const Suggestion& each : offered) folded.push_back(vietnamese::fold(each.text));
  std::size_t number = 0;
  for (const Row& line : entry.answers().rows) {
    if (line.repeat != repeat.number) continue;
    ++number;
    if (line.id == row || entry.is_deleted(line.id)) continue;
    const auto held = line.fields.find({name->number, {}});
    const auto* text = held == line.fields.end() ? nullptr : std::get_if<std::string>(&held->second);
    if (!text) continue;
    const std::string here = vietnamese::fold(*text);
    const auto born = birth ? line.fields.find({birth->number, {}}) : line.fields.end();
    const auto* date = born == line.fields.end() ? nullptr : std::get_if<CivilDate>(&born->second);
    for (std::size_t i = 0; i < offered.size(); ++i) {
      const auto& birth_known = offered[i].person->birth;
      const bool other_year = date && birth_known && date->year != birth_known->year;
      if (!offered[i].line && here == folded[i] && !other_year) offered[i].line = number;
    }
  }
}

}  // namespace

std::vector<Suggestion> suggestions(FormEntry& entry, const Question& repeat, const EntityId& row) {
  const Question* name = name_column(entry, repeat);
  if (!name || !entry.known_people) return {};
  std::vector<Suggestion> offered;
  for (const MetPerson* person : entry.known_people->find(entry.text(row, *name), where(entry), shown_max))
    offered.push_back({person, person->name, details(entry, repeat, *person), std::nullopt});
  if (!offered.empty()) find_lines(entry, repeat, row, offered);
  // Whoever is on the roster already is told, and comes last.
  std::stable_partition(offered.begin(), offered.end(), [](const Suggestion& each) { return !each.line; });
  return offered;
}

void take_person(FormEntry& entry, const Question& repeat, const EntityId& row, const MetPerson& person) {
  const Question* name = name_column(entry, repeat);
  if (!name) return;
  const auto type = [&](const Question* question, const std::string& text) {
    if (!question || text.empty()) return;
    entry.text(row, *question) = text;
    entry.text_changed(row, *question);
    entry.visited(row, *question);
  };
  const auto empty = [&](const Question* question) {
    return question && !entry.typing_fault(row, *question) && entry.holds_nothing_own(row, *question);
  };
  const auto choose = [&](const char* of, const std::string& code) {
    const Question* question = column(entry, repeat, of, QuestionType::select_one);
    if (!empty(question) || code.empty()) return;
    for (const Choice& choice : entry.choices(row, *question, ""))
      if (choice.code == code) return entry.choose(row, *question, code);
  };
  const auto fill = [&](const char* of, QuestionType of_type, const std::string& text) {
    const Question* question = column(entry, repeat, of, of_type);
    if (empty(question)) type(question, text);
  };
  type(name, person.name);
  choose("sex", person.sex);
  if (person.birth) {
    fill("birth_date", QuestionType::date, vietnamese::date_text(*person.birth));
    fill("birth_year", QuestionType::integer, std::to_string(person.birth->year));
  }
  choose("ethnicity", person.ethnicity);
  std::string hamlet = person.hamlet;
  // A hamlet means nothing without its commune where it is not this one.
  const std::string place = where(entry).place;
  const Gazetteer& places = entry.context().catalogue.places;
  if (!hamlet.empty() && !place.empty() && !person.place.empty() &&
      !share_one(units_today(place, places), units_today(person.place, places)))
    hamlet += ", " + place_name(entry, person.place);
  fill("hamlet", QuestionType::text, hamlet);
  fill("phone", QuestionType::text, person.phone);
  fill("citizen_number", QuestionType::text, person.citizen_number);
}

}  // namespace fieldpost
