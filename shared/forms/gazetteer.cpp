#include <algorithm>
#include <set>

#include "shared/forms/code_list.h"
#include "shared/forms/fault_list.h"
#include "shared/foundation/csv.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {

namespace {

std::vector<std::string> split_codes(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(';', at), text.size());
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

bool is_digits(std::string_view text, std::size_t length) {
  return text.size() == length && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_scheme(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

bool Place::valid_on(const CivilDate& day) const {
  return (!valid_from || first_day(day) >= *valid_from) && (!valid_to || first_day(day) <= *valid_to);
}

Result<std::size_t> Gazetteer::load(std::string_view csv) {
  const Result<CsvTable> table = read_csv(csv);
  if (!table) return table.error();
  FaultList faults;
  for (const char* column : {"code", "name", "unit_type", "scheme", "province_code", "province_name", "district_name",
                             "valid_from", "valid_to", "successor_codes", "predecessor_codes"})
    if (!table->column(column)) faults.add_line(1, std::string("the column ") + column + " is missing");
  if (!faults.empty()) return faults.error(ErrorCode::malformed);

  std::map<std::string, Place, std::less<>> loaded;
  for (const CsvTable::Line& line : table->lines) {
    const auto cell = [&](std::string_view column) {
      const std::size_t at = *table->column(column);
      return at < line.cells.size() ? line.cells[at] : std::string();
    };
    const auto name_in = [&](std::string_view column, bool needed) {
      const Result<std::string> text = vietnamese::nfc(cell(column));
      if (text && (!text->empty() || !needed)) return *text;
      faults.add_line(line.number, std::string(column) + " is empty");
      return std::string();
    };
    const auto day_in = [&](std::string_view column) -> std::optional<CivilDate> {
      const std::string text = cell(column);
      if (text.empty()) return std::nullopt;
      const Result<CivilDate> date = parse_iso_date(text);
      if (date && date->has_day()) return *date;
      faults.add_line(line.number, std::string(column) + " is no day of the form 2025-07-01");
      return std::nullopt;
    };
    const auto codes_in = [&](std::string_view column) {
      std::vector<std::string> codes = split_codes(cell(column));
      for (const std::string& code : codes)
        if (!is_digits(code, 5))
          faults.add_line(line.number, std::string(column) + " holds a code that is not 5 digits");
      return codes;
    };
    Place place;
    place.code = cell("code");
    if (!is_digits(place.code, 5)) faults.add_line(line.number, "the code is not 5 digits (a leading zero lost?)");
    place.scheme = cell("scheme");
    if (!is_scheme(place.scheme)) faults.add_line(line.number, "the scheme is empty or no plain word");
    place.name = name_in("name", true);
    place.unit_type = name_in("unit_type", true);
    place.province_code = cell("province_code");
    if (!is_digits(place.province_code, 2)) faults.add_line(line.number, "province_code is not 2 digits");
    place.province_name = name_in("province_name", true);
    place.district_name = name_in("district_name", false);
    place.valid_from = day_in("valid_from");
    place.valid_to = day_in("valid_to");
    if (place.valid_from && place.valid_to && *place.valid_from > *place.valid_to)
      faults.add_line(line.number, "valid_from lies after valid_to");
    place.successors = codes_in("successor_codes");
    place.predecessors = codes_in("predecessor_codes");
    place.folded =
        vietnamese::fold(place.name + " " + place.district_name + " " + place.province_name + " " + place.code);
    const std::string key = place.key();
    if (!loaded.emplace(key, std::move(place)).second)
      faults.add_line(line.number, key + " stands in the file twice");
  }
  if (loaded.empty() && faults.empty()) faults.add_line(2, "the file has no place");
  if (!faults.empty()) return faults.error(ErrorCode::malformed);
  const std::size_t count = loaded.size();
  for (auto& [key, place] : loaded) places_.insert_or_assign(key, std::move(place));
  return count;
}

const Place* Gazetteer::find(std::string_view key) const {
  const auto found = places_.find(key);
  return found == places_.end() ? nullptr : &found->second;
}

std::vector<const Place*> Gazetteer::search(std::string_view text, const CivilDate& day, std::size_t limit) const {
  const std::vector<std::string> words = vietnamese::folded_words(text);
  struct Hit {
    bool valid;
    int quality;
    std::string order;
    const Place* place;
  };
  std::vector<Hit> hits;
  for (const auto& [key, place] : places_) {
    const bool all = std::all_of(words.begin(), words.end(), [&](const std::string& word) {
      return place.folded.find(word) != std::string::npos;
    });
    if (!all) continue;
    hits.push_back({place.valid_on(day), words.empty() ? 0 : vietnamese::match_quality(place.name, text),
                    vietnamese::sort_key(place.name), &place});
  }
  std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
    if (a.valid != b.valid) return a.valid;
    if (a.quality != b.quality) return a.quality > b.quality;
    return a.order < b.order;
  });
  std::vector<const Place*> out;
  for (std::size_t i = 0; i < hits.size() && i < limit; ++i) out.push_back(hits[i].place);
  return out;
}

std::vector<const Place*> Gazetteer::today(const Place& place) const {
  std::vector<const Place*> out, open = {&place};
  std::set<const Place*> met;
  while (!open.empty()) {
    const Place* here = open.back();
    open.pop_back();
    if (!met.insert(here).second) continue;
    bool went_on = false;
    for (const std::string& code : here->successors) {
      // Codes are used again from one scheme to the next: the successor is the unit of this code that began first
      // after this one ended.
      const Place* successor = nullptr;
      for (auto at = places_.lower_bound(code + "@"); at != places_.end() && at->second.code == code; ++at) {
        const Place& candidate = at->second;
        if (candidate.scheme == here->scheme || !candidate.valid_from) continue;
        if (here->valid_to && *candidate.valid_from <= *here->valid_to) continue;
        if (!successor || *candidate.valid_from < *successor->valid_from) successor = &candidate;
      }
      if (!successor) continue;
      went_on = true;
      open.push_back(successor);
    }
    if (!went_on) out.push_back(here);
  }
  std::sort(out.begin(), out.end(), [](const Place* a, const Place* b) { return a->key() < b->key(); });
  return out;
}

}  // namespace fieldpost
