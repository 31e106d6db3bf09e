// The members of a JSON file that a person wrote (a paper, a report), read so that every fault is named by its place.
#pragma once

#include <nlohmann/json.hpp>

#include <set>
#include <string>

#include "shared/forms/fault_list.h"

namespace fieldpost {

class JsonMembers {
 public:
  FaultList faults;

 protected:
  using Json = nlohmann::ordered_json;

  static std::string under(const std::string& place, const std::string& member) {
    return place.empty() ? member : place + "." + member;
  }

  void known_members(const std::string& place, const Json& json, const std::set<std::string, std::less<>>& members) {
    for (const auto& [key, value] : json.items())
      if (!members.contains(key)) faults.add(under(place, key), "an unknown member");
  }

  /// Empty where it is not there, or no text.
  std::string text(const Json& json, const std::string& place, const std::string& member, bool needed) {
    const auto found = json.find(member);
    if (found == json.end()) {
      if (needed) faults.add(under(place, member), "is missing");
      return {};
    }
    if (!found->is_string() || (needed && found->get<std::string>().empty())) {
      faults.add(under(place, member), "must be a text");
      return {};
    }
    return found->get<std::string>();
  }
};

}  // namespace fieldpost
