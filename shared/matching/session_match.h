// Whether two reports speak of one session: the Centre's team and the border-guard station both report it, under
// other titles and with other figures (domain 8.3). Pure. Never on date and place alone: a morning and an afternoon
// in one hamlet are two sessions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "shared/forms/answers.h"
#include "shared/forms/code_list.h"
#include "shared/matching/match.h"

namespace fieldpost {

/// A session as one report tells it. Texts are empty where it does not say.
struct SessionWords {
  std::string title;
  std::optional<CivilDate> date;
  std::string start_time, end_time;  // 08:15
  std::string place;                 // key of the commune
  std::string hamlet, venue;
  std::string presenters;
  std::optional<std::int64_t> headcount;
};

/// By the names our forms use.
SessionWords session_in(const Form& form, const Answers& answers);

/// The same made ready to be compared many times.
struct Session {
  std::optional<CivilDate> date;         // with its day
  std::optional<int> start, end;         // minutes after midnight
  std::vector<std::uint64_t> units;      // of today's communes, ascending
  std::vector<std::string> place_words;  // of hamlet and venue, and what the title says of them; ascending
  std::uint64_t hamlet = 0;
  std::vector<std::string> presenters, title;  // telling words, ascending
  std::optional<std::int64_t> headcount;
};
Session prepared(const SessionWords& words, const Gazetteer& places);

/// Domain 8.3: "time within about 2 h".
inline constexpr int start_minutes_apart_max = 120;

/// likely: the same day and commune, starts at most 2 hours apart, and place words or presenters in common. Where a
/// report names no time, both. Never certain.
Match match(const Session& a, const Session& b);

/// The pairs that are likely, by their places in `sessions`, best first, then in order.
struct SessionPair {
  std::size_t one = 0, other = 0;  // one < other
  Match match;
};
std::vector<SessionPair> session_pairs(const std::vector<Session>& sessions);

}  // namespace fieldpost
