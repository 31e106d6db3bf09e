#include "shared/matching/session_match.h"

#include <algorithm>
#include <map>

#include "shared/forms/validation.h"
#include "shared/matching/words.h"

namespace fieldpost {
namespace {

// Points beside the rule, to put the likeliest first: they decide nothing.
struct Points {
  double base = 10, same_time = 6, near_time = 3, place = 4, presenters = 4, title = 2, other_headcount = -2;
};
constexpr Points points;

constexpr int same_time_minutes = 30;       // one says when people were called, the other when it began
constexpr std::size_t presenter_words = 2;  // a name or a function; one word alone is in every list
constexpr std::size_t title_words = 2;
constexpr std::int64_t headcount_times = 2;  // 52 and 60 is how people count; 30 and 80 is not

std::optional<int> minutes_in(const std::string& time) {
  if (time.size() != 5 || time[2] != ':') return std::nullopt;
  return std::stoi(time.substr(0, 2)) * 60 + std::stoi(time.substr(3, 2));
}

bool share_one(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  return std::any_of(a.begin(), a.end(),
                     [&](std::uint64_t unit) { return std::binary_search(b.begin(), b.end(), unit); });
}

}  // namespace

SessionWords session_in(const Form& form, const Answers& answers) {
  const auto text = [&](const char* name) { return text_answer_to(form, answers, name); };
  SessionWords words;
  words.title = text("title");
  words.start_time = text("start_time");
  words.end_time = text("end_time");
  words.place = text("place");
  words.hamlet = text("hamlet");
  words.venue = text("venue");
  words.presenters = text("presenters") + " " + text("trainers");
  if (const Value* date = answer_to(form, answers, "date"))
    if (const auto* day = std::get_if<CivilDate>(date)) words.date = *day;
  if (const Value* count = answer_to(form, answers, "headcount_total"))
    if (const auto* number = std::get_if<std::int64_t>(count)) words.headcount = *number;
  return words;
}

Session prepared(const SessionWords& words, const Gazetteer& places) {
  Session session;
  if (words.date && words.date->has_day()) session.date = words.date;
  session.start = minutes_in(words.start_time);
  session.end = minutes_in(words.end_time);
  session.units = units_today(words.place, places);
  session.place_words = place_words(words.hamlet + " " + words.venue);
  session.hamlet = hamlet_key(words.hamlet);
  session.presenters = telling_words(words.presenters);
  session.title = telling_words(words.title);
  // The commune stands in every title and venue there.
  const Place* commune = places.find(words.place);
  const std::vector<std::string> commune_words = place_words(commune ? commune->name : std::string());
  const auto is_commune = [&](const std::string& word) {
    return std::binary_search(commune_words.begin(), commune_words.end(), word);
  };
  std::erase_if(session.place_words, is_commune);
  std::erase_if(session.title, is_commune);
  session.headcount = words.headcount;
  return session;
}

Match match(const Session& a, const Session& b) {
  Match match;
  if (!a.date || !b.date || *a.date != *b.date || !share_one(a.units, b.units)) return match;
  match.reasons.push_back(MatchReason::same_day);
  match.score = points.base;
  const auto say = [&](double bits, MatchReason reason) {
    match.score += bits;
    match.reasons.push_back(reason);
  };

  const bool timed = a.start && b.start;
  const int apart = timed ? std::abs(*a.start - *b.start) : 0;
  if (apart > start_minutes_apart_max) return {};
  // One had ended before the other began: two sessions, whatever else they share.
  if (timed &&
      ((a.end && *a.end > *a.start && *a.end <= *b.start) || (b.end && *b.end > *b.start && *b.end <= *a.start)))
    return {};
  const bool at_once = timed && apart <= same_time_minutes;
  if (!timed)
    match.reasons.push_back(MatchReason::no_time);
  else
    say(at_once ? points.same_time : points.near_time, at_once ? MatchReason::same_time : MatchReason::near_time);

  // A title may say the hamlet that the other report has in its own question.
  const bool places = shared_words(a.place_words, b.place_words) > 0 || shared_words(a.title, b.place_words) > 0 ||
                      shared_words(a.place_words, b.title) > 0;
  const bool presenters = shared_words(a.presenters, b.presenters) >= presenter_words;
  const bool titles = shared_words(a.title, b.title) >= title_words;
  const bool other_hamlet = !places && a.hamlet != 0 && b.hamlet != 0 && a.hamlet != b.hamlet;
  if (places) say(points.place, MatchReason::same_place_words);
  if (presenters) say(points.presenters, MatchReason::same_presenters);
  if (titles) say(points.title, MatchReason::near_title);
  if (other_hamlet) match.reasons.push_back(MatchReason::other_hamlet);
  if (a.headcount && b.headcount) {
    const auto [less, more] = std::minmax(*a.headcount, *b.headcount);
    if (more > headcount_times * less) say(points.other_headcount, MatchReason::other_headcount);
  }

  const bool alike = timed ? places || presenters : places && (presenters || titles);
  // The same presenters go from one hamlet to the next, and cannot be in both at once.
  const bool elsewhere = other_hamlet && !at_once;
  if (alike && !elsewhere) match.certainty = Certainty::likely;
  std::stable_partition(match.reasons.begin(), match.reasons.end(), speaks_for);
  return match;
}

std::vector<SessionPair> session_pairs(const std::vector<Session>& sessions) {
  std::map<std::pair<CivilDate, std::uint64_t>, std::vector<std::size_t>> by_day_and_unit;
  for (std::size_t i = 0; i < sessions.size(); ++i)
    if (sessions[i].date)
      for (const std::uint64_t unit : sessions[i].units) by_day_and_unit[{*sessions[i].date, unit}].push_back(i);
  std::map<std::pair<std::size_t, std::size_t>, Match> found;  // an old commune may be two of today's
  for (const auto& [key, there] : by_day_and_unit)
    for (std::size_t i = 0; i < there.size(); ++i)
      for (std::size_t j = i + 1; j < there.size(); ++j)
        if (Match compared = match(sessions[there[i]], sessions[there[j]]); compared.certainty >= Certainty::likely)
          found.emplace(std::pair(there[i], there[j]), std::move(compared));
  std::vector<SessionPair> pairs;
  for (auto& [places, compared] : found) pairs.push_back({places.first, places.second, std::move(compared)});
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const SessionPair& a, const SessionPair& b) { return a.match.score > b.match.score; });
  return pairs;
}

}  // namespace fieldpost
