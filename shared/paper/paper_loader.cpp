// See paper.h. The definition file, member by member:
//
//   paper   { "name", "label::vi", "label::en", "form", "blocks": [ block … ] }
//   block   { "block": kind, "when", "unless", … }
//           letterhead  "form_number", "above", "issuer", "number", "place_and_date"
//           title       "text", "about"
//           heading, note    "text"
//           text        "text", "lines"
//           row         "columns": [ { "text", "width_mm" } … ]
//           table       "repeat", "blank_rows", "columns": [ { "heading", "text", "width_mm", "counts", "centred" } …
//           ] signatures  "place_and_date", "columns": [ { "role", "note", "name" } | { "recipients": [ text … ] } …
//           ]
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "shared/forms/assets.h"
#include "shared/forms/json_members.h"
#include "shared/paper/paper.h"
#include "shared/paper/print.h"

namespace fieldpost {

namespace {

using Json = nlohmann::ordered_json;
using Kind = PaperBlock::Kind;

constexpr std::size_t lines_max = 40;
constexpr std::size_t blank_rows_max = 500;
constexpr std::string_view folder = "paper/";

struct KindRule {
  std::string_view name;
  Kind kind;
  std::set<std::string, std::less<>> members, needed, of_columns;
};
const std::vector<KindRule>& kind_rules() {
  static const std::vector<KindRule> rules = {
      {"letterhead", Kind::letterhead, {"form_number", "above", "issuer", "number", "place_and_date"}, {}, {}},
      {"title", Kind::title, {"text", "about"}, {"text"}, {}},
      {"heading", Kind::heading, {"text"}, {"text"}, {}},
      {"text", Kind::text, {"text", "lines"}, {"text"}, {}},
      {"note", Kind::note, {"text"}, {"text"}, {}},
      {"row", Kind::row, {"columns"}, {"columns"}, {"text", "width_mm"}},
      {"table",
       Kind::table,
       {"repeat", "blank_rows", "columns"},
       {"repeat", "columns"},
       {"heading", "text", "width_mm", "counts", "centred"}},
      {"signatures",
       Kind::signatures,
       {"place_and_date", "columns"},
       {"columns"},
       {"role", "note", "name", "recipients", "width_mm"}},
  };
  return rules;
}

class Loader : public JsonMembers {
 public:
  explicit Loader(const Catalogue& catalogue) : catalogue_(catalogue) {}

  Paper paper(const Json& json) {
    Paper out;
    if (!json.is_object()) {
      faults.add("paper", "a paper is a JSON object");
      return out;
    }
    known_members("", json, {"name", "label::vi", "label::en", "form", "blocks"});
    out.name = text(json, "", "name", true);
    out.label = {text(json, "", "label::vi", true), text(json, "", "label::en", true)};
    out.form = text(json, "", "form", true);
    form_ = catalogue_.form(out.form);
    if (!form_) {
      faults.add("form", "no form is called '" + out.form + "'");
      return out;
    }
    const auto blocks = json.find("blocks");
    if (blocks == json.end() || !blocks->is_array() || blocks->empty()) {
      faults.add("blocks", "must be a list of blocks");
      return out;
    }
    for (std::size_t i = 0; i < blocks->size(); ++i)
      out.blocks.push_back(block((*blocks)[i], "blocks[" + std::to_string(i) + "]"));
    return out;
  }

 private:
  Wording wording(const Json& json, const std::string& place, const std::string& member,
                  const Question* repeat = nullptr) {
    return parsed(text(json, place, member, false), under(place, member), repeat);
  }
  Wording parsed(const std::string& source, const std::string& place, const Question* repeat) {
    Result<Wording> out = parse_wording(source, *form_, repeat, catalogue_);
    if (out) return *std::move(out);
    faults.add(place, out.error().message);
    return {};
  }

  std::size_t number(const Json& json, const std::string& place, const std::string& member, std::size_t absent,
                     std::size_t most) {
    const auto found = json.find(member);
    if (found == json.end()) return absent;
    if (found->is_number_unsigned() && found->get<std::uint64_t>() >= 1 && found->get<std::uint64_t>() <= most)
      return found->get<std::size_t>();
    faults.add(under(place, member), "must be a whole number from 1 to " + std::to_string(most));
    return absent;
  }

  bool flag(const Json& json, const std::string& place, const std::string& member) {
    const auto found = json.find(member);
    if (found == json.end()) return false;
    if (!found->is_boolean()) faults.add(under(place, member), "must be true or false");
    return found->is_boolean() && found->get<bool>();
  }

  std::string condition(const Json& json, const std::string& place, const std::string& member) {
    const std::string condition = text(json, place, member, false);
    if (condition.empty()) return {};
    const std::size_t equals = condition.find('=');
    const std::string name = condition.substr(0, equals);
    const Question* question = form_->find_in(nullptr, name);
    if (!question) question = form_->find(name);
    if (!question || (question->type != QuestionType::repeat && form_->repeat_of(*question))) {
      faults.add(under(place, member), "no question of the record and no repeat is called '" + name + "'");
    } else if (equals != std::string::npos) {
      const CodeList* list = catalogue_.list(question->list);
      const std::string code = condition.substr(equals + 1);
      if (question->type != QuestionType::select_one || !list || !list->find(code))
        faults.add(under(place, member), "'" + name + "' has no option '" + code + "'");
    }
    return condition;
  }

  PaperBlock block(const Json& json, const std::string& place) {
    PaperBlock out;
    if (!json.is_object()) {
      faults.add(place, "a block is a JSON object");
      return out;
    }
    const std::string name = text(json, place, "block", true);
    const auto rule = std::find_if(kind_rules().begin(), kind_rules().end(),
                                   [&](const KindRule& each) { return each.name == name; });
    if (rule == kind_rules().end()) {
      faults.add(under(place, "block"), "no block is called '" + name + "'");
      return out;
    }
    out.kind = rule->kind;
    std::set<std::string, std::less<>> members = rule->members;
    members.insert({"block", "when", "unless"});
    known_members(place, json, members);
    for (const std::string& member : rule->needed)
      if (!json.contains(member)) faults.add(under(place, member), "is missing");
    out.when = condition(json, place, "when");
    out.unless = condition(json, place, "unless");
    out.text = wording(json, place, "text");
    out.about = wording(json, place, "about");
    out.above = wording(json, place, "above");
    out.issuer = wording(json, place, "issuer");
    out.number = wording(json, place, "number");
    out.place_and_date = wording(json, place, "place_and_date");
    out.form_number = wording(json, place, "form_number");
    out.lines = number(json, place, "lines", 1, lines_max);
    out.blank_rows = number(json, place, "blank_rows", 0, blank_rows_max);
    const Question* repeat = nullptr;
    if (out.kind == Kind::table) {
      out.repeat = text(json, place, "repeat", false);
      repeat = form_->find(out.repeat);
      if (!repeat || repeat->type != QuestionType::repeat) {
        faults.add(under(place, "repeat"), "no repeat is called '" + out.repeat + "'");
        return out;
      }
    }
    if (const auto columns = json.find("columns"); columns != json.end())
      read_columns(*columns, under(place, "columns"), *rule, repeat, out);
    return out;
  }

  void read_columns(const Json& json, const std::string& place, const KindRule& rule, const Question* repeat,
                    PaperBlock& out) {
    if (!json.is_array() || json.empty()) return faults.add(place, "must be a list of columns");
    double width_mm = 0;
    for (std::size_t i = 0; i < json.size(); ++i) {
      const std::string here = place + "[" + std::to_string(i) + "]";
      if (!json[i].is_object()) {
        faults.add(here, "a column is a JSON object");
        continue;
      }
      known_members(here, json[i], rule.of_columns);
      PaperBlock::Column& column = out.columns.emplace_back();
      const bool signs = out.kind == Kind::signatures;
      column.text = wording(json[i], here, signs ? "name" : "text", repeat);
      column.heading = wording(json[i], here, signs ? "role" : "heading");
      column.note = wording(json[i], here, "note");
      column.counts = flag(json[i], here, "counts");
      column.centred = flag(json[i], here, "centred");
      column.width_mm =
          static_cast<double>(number(json[i], here, "width_mm", 0, static_cast<std::size_t>(text_width_mm)));
      width_mm += column.width_mm;
      if (const auto recipients = json[i].find("recipients"); recipients != json[i].end()) {
        if (!recipients->is_array() || recipients->empty())
          faults.add(here + ".recipients", "must be a list of texts");
        for (std::size_t k = 0; recipients->is_array() && k < recipients->size(); ++k) {
          const std::string at = here + ".recipients[" + std::to_string(k) + "]";
          if ((*recipients)[k].is_string())
            column.recipients.push_back(parsed((*recipients)[k].get<std::string>(), at, nullptr));
          else
            faults.add(at, "must be a text");
        }
      }
    }
    const bool shares = std::any_of(out.columns.begin(), out.columns.end(),
                                    [](const PaperBlock::Column& column) { return column.width_mm == 0; });
    if (width_mm > text_width_mm || (shares && width_mm > text_width_mm - 10))
      faults.add(place,
                 "the columns are wider than the page's " + std::to_string(static_cast<int>(text_width_mm)) + " mm");
  }

  const Catalogue& catalogue_;
  const Form* form_ = nullptr;
};

}  // namespace

Result<Paper> load_paper(std::string_view json, const Catalogue& catalogue) {
  Loader loader(catalogue);
  Json parsed;
  try {
    parsed = Json::parse(json);
  } catch (const std::exception& error) {
    return Error{ErrorCode::malformed, std::string("paper: not JSON: ") + error.what()};
  }
  Paper paper = loader.paper(parsed);
  if (!loader.faults.empty()) return loader.faults.error(ErrorCode::malformed);
  return paper;
}

std::vector<std::string> shipped_paper_names() {
  std::vector<std::string> out;
  for (const Asset& asset : assets())
    if (asset.path.starts_with(folder))
      out.emplace_back(asset.path.substr(folder.size(), asset.path.rfind('.') - folder.size()));
  return out;
}

Result<Paper> shipped_paper(std::string_view name) {
  const std::vector<std::string> names = shipped_paper_names();
  if (std::find(names.begin(), names.end(), name) != names.end())
    return load_paper(*find_asset(std::string(folder) + std::string(name) + ".json"), shipped_catalogue());
  std::string known;
  for (const std::string& each : names) known += (known.empty() ? "" : ", ") + each;
  return Error{ErrorCode::not_found, "no paper is called '" + std::string(name) + "': there are " + known};
}

}  // namespace fieldpost
