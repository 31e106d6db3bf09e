// See form_loader.h. The definition file, member by member (design 6):
//
//   form      { "name", "version", "class", "label::vi", "label::en", "title": "{date} {title}", "date": question,
//               "questions": [ question … ], "follow_ups": [ follow-up … ], "about": [ record question … ],
//               "writers": [ role … ], "register": register }
//   follow-up { "form", "link": a record question of that form, "label::vi", "label::en", "when": expression,
//               "takes": [ question of both forms … ] }
//   register  { "entry": form, "when": expression, "date": question, "kind": question }
//   question  { "type", "name", "number", "label::vi", "label::en", "hint::vi", "hint::en", "list", "target",
//               "personal", "partner", "appearance", "required", "relevant", "constraint", "constraint_message::vi",
//               "constraint_message::en", "severity", "calculation", "choice_filter", "default", "parameters",
//               "writers", "questions" }
//   parameters of image and file, as XLSForm writes them, `max-pixels=1600 max-bytes=2000000`; `metadata=keep` keeps
//   a
//               picture as it came, with the place and device that a camera writes into it
#include "shared/forms/form_loader.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>

#include "shared/foundation/vietnamese.h"

namespace fieldpost {

namespace {

using Json = nlohmann::ordered_json;
using Faults = std::vector<FormFault>;

constexpr std::size_t form_bytes_max = 1 << 20;
constexpr std::size_t nesting_max = 8;
constexpr std::size_t questions_max = 2'000;

constexpr std::array<QuestionType, 15> all_types = {
    QuestionType::text,      QuestionType::note,   QuestionType::integer,    QuestionType::decimal,
    QuestionType::date,      QuestionType::time,   QuestionType::select_one, QuestionType::select_multiple,
    QuestionType::place,     QuestionType::record, QuestionType::image,      QuestionType::file,
    QuestionType::calculate, QuestionType::group,  QuestionType::repeat};

bool is_select(QuestionType type) {
  return type == QuestionType::select_one || type == QuestionType::select_multiple;
}
bool is_container(QuestionType type) { return type == QuestionType::group || type == QuestionType::repeat; }
/// Questions whose answers are stored under their number, and repeats.
bool needs_number(QuestionType type) {
  return type != QuestionType::group && type != QuestionType::note && type != QuestionType::calculate;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 48 && text[0] >= 'a' && text[0] <= 'z' &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

/// `line 12, column 4`, columns in characters.
std::string place_of_byte(std::string_view text, std::size_t byte) {
  std::size_t line = 1, column = 1;
  for (std::size_t i = 0; i + 1 < byte && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++line;
      column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) {
      ++column;
    }
  }
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// The text as JSON. A member that stands twice in one object is a fault: one of the two would silently win.
std::optional<Json> parse_json(std::string_view text, Faults& faults) {
  std::vector<std::set<std::string>> open;
  const auto watch = [&](int, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::object_start) open.emplace_back();
    if (event == Json::parse_event_t::object_end) open.pop_back();
    if (event == Json::parse_event_t::key && !open.back().insert(value.get<std::string>()).second)
      faults.push_back({"form", "the member " + value.get<std::string>() + " stands twice in one object"});
    return true;
  };
  try {
    return Json::parse(text.begin(), text.end(), watch);
  } catch (const Json::parse_error& error) {
    std::string what = error.what();
    // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while …": the place is ours.
    if (const std::size_t at = what.find(": "); at != std::string::npos) what = what.substr(at + 2);
    faults.push_back({place_of_byte(text, error.byte), "not JSON: " + what});
  } catch (const std::exception&) {
    faults.push_back({"form", "not JSON"});
  }
  return std::nullopt;
}

class Loader {
 public:
  Loader(const std::set<std::string, std::less<>>& known_lists) : known_lists_(known_lists) {}

  Form form(const Json& json) {
    Form out;
    if (!json.is_object()) {
      fault("form", "a form is a JSON object");
      return out;
    }
    static const std::set<std::string> members = {"name",       "version", "class",   "label::vi",
                                                  "label::en",  "title",   "date",    "questions",
                                                  "follow_ups", "about",   "writers", "register"};
    known_members("form", json, members);
    out.name = text(json, "form", "name", true);
    if (!out.name.empty() && !is_name(out.name)) fault("name", "not a name: small letters, digits and _");
    out.version = number(json, "form", "version", true);
    const std::string class_text = text(json, "form", "class", true);
    if (const auto parsed = parse_class(class_text))
      out.record_class = *parsed;
    else if (!class_text.empty())
      fault("class", "no class is named " + class_text + ": open, person, session, consultation, case");
    out.label = label(json, "form", "label", true);
    out.title = text(json, "form", "title", false);
    out.date = text(json, "form", "date", false);
    read_questions(json, "", nullptr, 0, out.questions);

    // Expressions look at every name, so they come after all names are known.
    form_ = &out;
    for (Pending& pending : pending_) parse_expressions(pending);
    read_follow_ups(json, out);
    read_about(json, out);
    read_writers(json, "form", out.writers);
    read_register(json, out);
    check_title(out);
    if (!out.date.empty()) {
      const Question* date = out.find_in(nullptr, out.date);
      if (!date || date->type != QuestionType::date)
        fault("date", "not a question of type date of the record itself");
    }
    check_circles(out);
    out.index();
    return out;
  }

  Faults faults;

 private:
  struct Pending {
    const Json* json;
    std::vector<std::size_t> path;  // the question's place in the tree, since vectors move while they grow
    std::string place;
  };

  void fault(const std::string& place, const std::string& what) { faults.push_back({place, what}); }

  void known_members(const std::string& place, const Json& json, const std::set<std::string>& members) {
    for (const auto& [key, value] : json.items())
      if (!members.count(key)) fault(place == "form" ? key : place + "." + key, "an unknown member");
  }

  std::string text(const Json& json, const std::string& place, const std::string& member, bool needed) {
    const std::string where = place == "form" ? member : place + "." + member;
    const auto found = json.find(member);
    if (found == json.end()) {
      if (needed) fault(where, "is missing");
      return {};
    }
    if (!found->is_string()) {
      fault(where, "must be a text");
      return {};
    }
    const Result<std::string> value = vietnamese::nfc(found->get<std::string>());
    if (!value || value->find('\0') != std::string::npos) {
      fault(where, "holds a character that is no text");
      return {};
    }
    if (needed && value->empty()) fault(where, "is empty");
    return *value;
  }

  std::uint32_t number(const Json& json, const std::string& place, const std::string& member, bool needed) {
    const std::string where = place == "form" ? member : place + "." + member;
    const auto found = json.find(member);
    if (found == json.end()) {
      if (needed) fault(where, "is missing");
      return 0;
    }
    if (!found->is_number_integer() || *found < 1 || *found > 1'000'000'000) {
      fault(where, "must be a whole number from 1");
      return 0;
    }
    return found->get<std::uint32_t>();
  }

  bool flag(const Json& json, const std::string& place, const std::string& member) {
    const auto found = json.find(member);
    if (found == json.end()) return false;
    if (!found->is_boolean()) fault(place + "." + member, "must be true or false");
    return found->is_boolean() && found->get<bool>();
  }

  Label label(const Json& json, const std::string& place, const std::string& member, bool needed) {
    Label out{text(json, place, member + "::vi", needed), text(json, place, member + "::en", needed)};
    if (!needed && out.vi.empty() != out.en.empty())
      fault(place + "." + member + (out.vi.empty() ? "::vi" : "::en"), "is missing");
    return out;
  }

  void read_questions(const Json& json, const std::string& above, const Question* repeat, std::size_t depth,
                      std::vector<Question>& out) {
    const std::string place = above.empty() ? "questions" : above + ".questions";
    const auto found = json.find("questions");
    if (found == json.end()) return fault(place, "is missing");
    if (!found->is_array()) return fault(place, "must be a list");
    if (found->empty()) return fault(place, "is empty");
    if (depth > nesting_max) return fault(place, "groups nested too deeply");
    for (std::size_t i = 0; i < found->size(); ++i) {
      if (++question_count_ > questions_max) return fault(place, "more than 2,000 questions");
      path_.push_back(i);
      out.emplace_back();
      read_question((*found)[i], place + "[" + std::to_string(i) + "]", repeat, depth, out.back());
      path_.pop_back();
    }
  }

  void read_question(const Json& json, const std::string& place, const Question* repeat, std::size_t depth,
                     Question& out) {
    if (!json.is_object()) return fault(place, "a question is a JSON object");
    static const std::set<std::string> members = {"type",
                                                  "name",
                                                  "number",
                                                  "label::vi",
                                                  "label::en",
                                                  "hint::vi",
                                                  "hint::en",
                                                  "list",
                                                  "target",
                                                  "personal",
                                                  "partner",
                                                  "appearance",
                                                  "required",
                                                  "relevant",
                                                  "constraint",
                                                  "constraint_message::vi",
                                                  "constraint_message::en",
                                                  "severity",
                                                  "calculation",
                                                  "choice_filter",
                                                  "default",
                                                  "parameters",
                                                  "writers",
                                                  "questions"};
    known_members(place, json, members);
    const std::string type = text(json, place, "type", true);
    bool type_known = false;
    for (const QuestionType each : all_types)
      if (type == type_name(each)) {
        out.type = each;
        type_known = true;
      }
    if (!type.empty() && !type_known) fault(place + ".type", "no type is named " + type);

    out.name = text(json, place, "name", true);
    check_name(out, place, repeat);
    if (type_known) check_members(json, place, out.type);
    out.number = number(json, place, "number", type_known && needs_number(out.type));
    if (out.number != 0) {
      if (const auto [other, fresh] = numbers_.emplace(out.number, place); !fresh)
        fault(place + ".number",
              "the number " + std::to_string(out.number) + " is that of " + other->second + " too");
    }
    out.label = label(json, place, "label", out.type != QuestionType::calculate || json.contains("label::vi"));
    out.hint = label(json, place, "hint", false);
    out.list = text(json, place, "list", is_select(out.type));
    if (!out.list.empty() && !known_lists_.count(out.list))
      fault(place + ".list", "no code list is named " + out.list);
    out.target = text(json, place, "target", false);
    out.personal = flag(json, place, "personal");
    out.partner = flag(json, place, "partner");
    read_writers(json, place, out.writers);
    if (out.personal && out.partner) fault(place + ".partner", "personal data is never shown to partners");
    out.appearance = text(json, place, "appearance", false);
    out.constraint_message = label(json, place, "constraint_message", json.contains("constraint"));
    const std::string severity = text(json, place, "severity", false);
    if (severity == "warning")
      out.severity = Severity::warning;
    else if (!severity.empty() && severity != "error")
      fault(place + ".severity", "must be error or warning");
    if (type_known && out.type == QuestionType::calculate && !json.contains("calculation"))
      fault(place + ".calculation", "is missing");
    if (is_attached(out.type)) read_parameters(text(json, place, "parameters", false), place + ".parameters", out);
    pending_.push_back({&json, path_, place});
    if (is_container(out.type) && type_known) {
      if (out.type == QuestionType::repeat && repeat) fault(place, "a repeat inside a repeat");
      read_questions(json, place, out.type == QuestionType::repeat ? &out : repeat, depth + 1, out.questions);
    }
  }

  /// `name=value` between blanks.
  void read_parameters(const std::string& parameters, const std::string& place, Question& out) {
    std::istringstream words(parameters);
    std::set<std::string> named;
    for (std::string word; words >> word;) {
      const std::size_t sign = word.find('=');
      const std::string name = word.substr(0, sign), value = sign == std::string::npos ? "" : word.substr(sign + 1);
      if (!named.insert(name).second) fault(place, name + " stands twice");
      const auto number = [&](std::uint64_t max) -> std::uint64_t {
        std::uint64_t read = 0;
        const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), read);
        if (failed == std::errc() && end == value.data() + value.size() && read >= 1 && read <= max) return read;
        fault(place, name + " must be a whole number from 1 to " + std::to_string(max));
        return 1;
      };
      if (name == "max-bytes")
        out.bytes_max = number(limits::attachment_bytes_max);
      else if (name == "max-pixels" && out.type == QuestionType::image)
        out.pixels_max = static_cast<std::uint32_t>(number(65'535));
      else if (name == "metadata" && out.type == QuestionType::image) {
        if (value != "keep" && value != "remove") fault(place, "metadata must be keep or remove");
        out.keeps_metadata = value == "keep";
      } else {
        fault(place, "the type " + std::string(type_name(out.type)) + " has no parameter " + name);
      }
    }
    if (out.keeps_metadata && out.pixels_max != 0)
      fault(place, "a picture that is scaled loses its metadata: give max-pixels or metadata=keep, not both");
  }

  void check_name(const Question& question, const std::string& place, const Question* repeat) {
    if (question.name.empty()) return;
    if (!is_name(question.name)) return fault(place + ".name", "not a name: small letters, digits and _");
    // Names are columns of the view's tables, which have some of their own.
    static const std::set<std::string> reserved = {"record", "row", "position", "present"};
    if (reserved.count(question.name)) fault(place + ".name", "the name " + question.name + " is taken");
    // Repeats lie beside the record's own questions; inside a repeat its rows have names of their own.
    const std::string scope = repeat ? repeat->name + "/" : "";
    if (const auto [other, fresh] = names_.emplace(scope + question.name, place); !fresh)
      fault(place + ".name", "the name " + question.name + " is that of " + other->second + " too");
  }

  void check_members(const Json& json, const std::string& place, QuestionType type) {
    const auto only = [&](const char* member, bool allowed) {
      if (!allowed && json.contains(member))
        fault(place + "." + member, std::string("has no meaning for the type ") + type_name(type));
    };
    const bool answered = needs_number(type) && type != QuestionType::repeat;
    only("number", needs_number(type));
    only("list", is_select(type));
    only("target", type == QuestionType::record);
    only("choice_filter", is_select(type));
    only("calculation", type == QuestionType::calculate);
    only("questions", is_container(type));
    only("default", answered && !is_attached(type));
    only("parameters", is_attached(type));
    only("required", answered || type == QuestionType::repeat);
    only("constraint", answered || type == QuestionType::repeat);
    only("constraint_message::vi", json.contains("constraint"));
    only("constraint_message::en", json.contains("constraint"));
    only("severity", json.contains("constraint"));
    only("partner", answered || type == QuestionType::repeat);
  }

  Question& at(const std::vector<std::size_t>& path) {
    std::vector<Question>* level = &form_->questions;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) level = &(*level)[path[i]].questions;
    return (*level)[path.back()];
  }

  void parse_expressions(const Pending& pending) {
    Question& question = at(pending.path);
    const Question* repeat = form_->repeat_of(question);
    const auto parse = [&](const char* member, std::optional<Expression>& into, bool columns) {
      const auto found = pending.json->find(member);
      if (found == pending.json->end()) return;
      std::string source;
      if (found->is_boolean() && std::string_view(member) == "required") {
        if (!found->get<bool>()) return;
        source = "true()";
      } else {
        source = text(*pending.json, pending.place, member, true);
      }
      if (source.empty()) return;
      const auto known = [&](std::string_view name) { return form_->find(name) != nullptr; };
      Result<Expression> parsed = Expression::parse(source, known, columns);
      const std::string place = pending.place + "." + member;
      if (!parsed) return fault(place, parsed.error().message);
      for (const std::string& name : parsed->questions())
        if (!(repeat && form_->find_in(repeat, name)) && !form_->find_in(nullptr, name))
          fault(place, "${" + name + "} has no single answer here: it lies in another repeat, or holds questions");
      for (const std::string& name : parsed->questions_of_rows()) {
        const Question* named = form_->find(name);
        const bool in_rows =
            std::any_of(rows_.begin(), rows_.end(), [&](const Question* each) { return form_->find_in(each, name); });
        if (!in_rows && named->type != QuestionType::repeat) fault(place, "${" + name + "} has no rows");
      }
      into = std::move(*parsed);
    };
    rows_ = form_->repeats();
    parse("required", question.required, false);
    parse("relevant", question.relevant, false);
    parse("constraint", question.constraint, false);
    parse("calculation", question.calculation, false);
    parse("default", question.default_value, false);
    parse("choice_filter", question.choice_filter, true);
  }

  void read_follow_ups(const Json& json, Form& form) {
    const auto found = json.find("follow_ups");
    if (found == json.end()) return;
    if (!found->is_array()) return fault("follow_ups", "must be a list");
    for (std::size_t i = 0; i < found->size(); ++i) {
      const Json& each = (*found)[i];
      const std::string place = "follow_ups[" + std::to_string(i) + "]";
      if (!each.is_object()) {
        fault(place, "a follow-up is a JSON object");
        continue;
      }
      static const std::set<std::string> members = {"form", "link", "label::vi", "label::en", "when", "takes"};
      known_members(place, each, members);
      FollowUp& follow_up = form.follow_ups.emplace_back();
      follow_up.form = text(each, place, "form", true);
      follow_up.link = text(each, place, "link", true);
      follow_up.label = label(each, place, "label", true);
      if (const auto takes = each.find("takes"); takes != each.end()) {
        if (!takes->is_array()) fault(place + ".takes", "must be a list");
        for (const Json& name : takes->is_array() ? *takes : Json::array()) {
          const std::string question = name.is_string() ? name.get<std::string>() : std::string();
          if (!form.find_in(nullptr, question))
            fault(place + ".takes", question + " is no question of the record itself");
          follow_up.takes.push_back(question);
        }
      }
      const std::string when = text(each, place, "when", false);
      if (when.empty()) continue;
      const auto known = [&](std::string_view name) { return form.find_in(nullptr, name) != nullptr; };
      Result<Expression> parsed = Expression::parse(when, known, false);
      if (!parsed)
        fault(place + ".when", parsed.error().message);
      else
        follow_up.when = *std::move(parsed);
    }
  }

  /// The strings of a list member; none where it is not there.
  std::vector<std::string> texts(const Json& json, const std::string& place, const std::string& member) {
    std::vector<std::string> out;
    const auto found = json.find(member);
    if (found == json.end()) return out;
    const std::string where = place == "form" ? member : place + "." + member;
    if (!found->is_array()) {
      fault(where, "must be a list");
      return out;
    }
    for (const Json& each : *found) {
      if (each.is_string())
        out.push_back(each.get<std::string>());
      else
        fault(where, "must be a list of words");
    }
    return out;
  }

  void read_about(const Json& json, Form& form) {
    form.about = texts(json, "form", "about");
    for (const std::string& name : form.about) {
      const Question* subject = form.find_in(nullptr, name);
      if (!subject || subject->type != QuestionType::record)
        fault("about", name + " is no question of type record of the record itself");
    }
  }

  void read_writers(const Json& json, const std::string& place, std::optional<std::vector<Role>>& out) {
    if (!json.contains("writers")) return;
    out.emplace();
    for (const std::string& name : texts(json, place, "writers")) {
      if (const std::optional<Role> role = parse_role(name))
        out->push_back(*role);
      else
        fault(place == "form" ? "writers" : place + ".writers", "no role is named " + name);
    }
  }

  void read_register(const Json& json, Form& form) {
    const auto found = json.find("register");
    if (found == json.end()) return;
    if (!found->is_object()) return fault("register", "a register is a JSON object");
    known_members("register", *found, {"entry", "when", "date", "kind"});
    Register book;
    book.entry = text(*found, "register", "entry", true);
    book.date = text(*found, "register", "date", true);
    book.kind = text(*found, "register", "kind", false);
    const Question* date = form.find_in(nullptr, book.date);
    if (!date || date->type != QuestionType::date)
      fault("register.date", "not a question of type date of the record itself");
    const Question* kind = form.find_in(nullptr, book.kind);
    if (!book.kind.empty() && (!kind || kind->type != QuestionType::select_one))
      fault("register.kind", "not a question of type select_one of the record itself");
    const auto known = [&](std::string_view name) { return form.find_in(nullptr, name) != nullptr; };
    Result<Expression> when = Expression::parse(text(*found, "register", "when", true), known, false);
    if (!when)
      fault("register.when", when.error().message);
    else
      book.when = *std::move(when);
    form.numbering = std::move(book);
  }

  void check_title(const Form& form) {
    for (std::size_t at = form.title.find('{'); at != std::string::npos; at = form.title.find('{', at + 1)) {
      const std::size_t end = form.title.find('}', at);
      const std::string name = form.title.substr(at + 1, end == std::string::npos ? end : end - at - 1);
      if (end == std::string::npos || !form.find_in(nullptr, name))
        fault("title", "{" + name + "} is no question of the record itself");
    }
  }

  /// An answer counts only while its question is relevant, so relevance and calculations lead from question to
  /// question; a way that comes back would never end.
  void check_circles(const Form& form) {
    std::map<const Question*, std::set<const Question*>> reads;
    const auto collect = [&](const std::optional<Expression>& expression, const Question& question,
                             std::set<const Question*>& into) {
      if (!expression) return;
      const Question* repeat = form.repeat_of(question);
      for (const std::string& name : expression->questions()) {
        const Question* found = repeat ? form.find_in(repeat, name) : nullptr;
        if (!found) found = form.find_in(nullptr, name);
        if (found) into.insert(found);
      }
      for (const std::string& name : expression->questions_of_rows())
        for (const Question* each : form.all())
          if (each->name == name && (each->type == QuestionType::repeat || form.repeat_of(*each))) into.insert(each);
    };
    const std::function<void(const std::vector<Question>&, std::set<const Question*>)> visit =
        [&](const std::vector<Question>& questions, const std::set<const Question*>& above) {
          for (const Question& question : questions) {
            std::set<const Question*> own = above;
            collect(question.relevant, question, own);
            if (is_container(question.type)) visit(question.questions, own);
            collect(question.calculation, question, own);
            reads[&question] = own;
          }
        };
    visit(form.questions, {});
    std::map<const Question*, int> state;  // 1: on the way, 2: done
    const std::function<void(const Question*)> follow = [&](const Question* question) {
      if (state[question] == 2) return;
      if (state[question] == 1) {
        fault(question->name, "depends on itself through relevant and calculation");
        return;
      }
      state[question] = 1;
      for (const Question* next : reads[question]) follow(next);
      state[question] = 2;
    };
    for (const Question* question : form.all()) follow(question);
  }

  const std::set<std::string, std::less<>>& known_lists_;
  Form* form_ = nullptr;
  std::vector<const Question*> rows_;
  std::vector<Pending> pending_;
  std::vector<std::size_t> path_;
  std::map<std::uint32_t, std::string> numbers_;  // number -> place
  std::map<std::string, std::string> names_;      // scope and name -> place
  std::size_t question_count_ = 0;
};

}  // namespace

std::variant<Form, std::vector<FormFault>> load_form(std::string_view json,
                                                     const std::set<std::string, std::less<>>& known_lists) {
  Loader loader(known_lists);
  if (json.size() > form_bytes_max) return Faults{{"form", "longer than 1 MiB"}};
  const std::optional<Json> parsed = parse_json(json, loader.faults);
  if (!parsed) return loader.faults;
  Form form = loader.form(*parsed);
  if (!loader.faults.empty()) return loader.faults;
  return form;
}

}  // namespace fieldpost
