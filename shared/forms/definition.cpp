#include "shared/forms/definition.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/forms/fault_list.h"
#include "shared/forms/form_loader.h"
#include "shared/foundation/cbor.h"
#include "shared/foundation/crypto.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {

namespace {

constexpr std::uint32_t kind_field = 1, name_field = 2, version_field = 3, content_field = 4;
// The mark is a UUIDv7's time of 1970-01-01 00:00:00, under version 8: no record made by a clock has it.
constexpr std::array<std::uint8_t, 8> mark = {0, 0, 0, 0, 0, 0, 0x80, 0};
constexpr std::size_t part_bytes = 60 << 10;  // a text answer's bound, and room for a character cut in two

/// In pieces that are texts of their own: cut between characters.
std::vector<std::string> parts_of(std::string_view content) {
  std::vector<std::string> parts;
  while (!content.empty()) {
    std::size_t end = std::min(part_bytes, content.size());
    while (end < content.size() && (static_cast<std::uint8_t>(content[end]) & 0xC0) == 0x80) --end;
    parts.emplace_back(content.substr(0, end));
    content.remove_prefix(end);
  }
  return parts;
}

Result<Form> read_form(std::string_view json, const Catalogue& catalogue) {
  auto loaded = load_form(json, catalogue.list_names());
  if (auto* form = std::get_if<Form>(&loaded)) return std::move(*form);
  FaultList faults;
  for (const FormFault& fault : std::get<std::vector<FormFault>>(loaded)) faults.add(fault.place, fault.message);
  return faults.error(ErrorCode::malformed);
}

/// What a number means, for those who read old records.
std::string meaning_of(const Form& form, const Question& question) {
  const Question* repeat = form.repeat_of(question);
  return fmt::format("{}{}{}{}", type_name(question.type), question.list.empty() ? "" : " " + question.list,
                     question.target.empty() ? "" : " " + question.target,
                     repeat ? fmt::format(" of repeat {}", repeat->number) : "");
}

Result<void> check_form(const Form& form, const Form& before) {
  FaultList faults;
  if (form.version < before.version)
    faults.add("version", fmt::format("{} is older than {}, which is in use", form.version, before.version));
  if (form.record_class != before.record_class)
    faults.add("class", fmt::format("it is '{}' since version {}; another class is another form",
                                    class_name(before.record_class), before.version));
  for (const Question* question : form.all()) {
    const Question* old = question->number != 0 ? before.find(question->number) : nullptr;
    if (!old) continue;
    const std::string was = meaning_of(before, *old), is = meaning_of(form, *question);
    if (was != is)
      faults.add(question->name,
                 fmt::format("number {} is '{}' ({}) in version {}; a number is permanent, take a new one for '{}'",
                             question->number, old->name, was, before.version, is));
  }
  if (!faults.empty()) return faults.error(ErrorCode::invalid_argument);
  return {};
}

Result<void> check_list(const CodeList& list, const CodeList& before) {
  FaultList faults;
  for (const Option& option : before.options)
    if (!list.find(option.code))
      faults.add("code " + option.code, "it is missing: records name it; keep it and give it a valid_to");
  if (!faults.empty()) return faults.error(ErrorCode::invalid_argument);
  return {};
}

bool is_places(std::string_view csv) {
  const std::string_view header = csv.substr(0, csv.find('\n'));
  return header.find("scheme") != std::string_view::npos;
}

/// Lines end with a newline alone, as everywhere in changes.
std::string with_plain_lines(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  std::string plain(text);
  std::erase(plain, '\r');
  return plain;
}

}  // namespace

const char* kind_name(Definition::Kind kind) {
  switch (kind) {
    case Definition::Kind::form: return "form";
    case Definition::Kind::list: return "list";
    case Definition::Kind::places: return "places";
  }
  return "";
}

RecordId definition_record(const Definition& definition) {
  CborWriter name;
  name.array(3).text(kind_name(definition.kind)).text(definition.name).uint(definition.version);
  const Digest digest = sha256(name.result());
  RecordId record;
  std::copy(mark.begin(), mark.end(), record.bytes.begin());
  std::copy_n(digest.bytes.begin(), record.bytes.size() - mark.size(), record.bytes.begin() + mark.size());
  record.bytes[mark.size()] = static_cast<std::uint8_t>((record.bytes[mark.size()] & 0x3f) | 0x80);
  return record;
}

DefinitionRange definition_range() {
  DefinitionRange range;
  range.last.bytes.fill(0xff);
  std::copy(mark.begin(), mark.end(), range.first.bytes.begin());
  std::copy(mark.begin(), mark.end(), range.last.bytes.begin());
  return range;
}

bool is_definition(const RecordId& record) { return std::equal(mark.begin(), mark.end(), record.bytes.begin()); }

Change change_of(const Definition& definition) {
  Change change;
  change.record = definition_record(definition);
  change.form = definition_form;
  change.form_version = 1;
  const auto write = [&](FieldKey field, Value value) {
    change.writes.push_back({change.record, std::move(field)});
    change.values.push_back(std::move(value));
  };
  write({record_presence, ""}, true);
  write({kind_field, ""}, static_cast<std::int64_t>(definition.kind));
  write({name_field, ""}, definition.name);
  write({version_field, ""}, static_cast<std::int64_t>(definition.version));
  const std::vector<std::string> parts = parts_of(definition.content);
  for (std::size_t i = 0; i < parts.size(); ++i) write({content_field, fmt::format("{:03}", i)}, parts[i]);
  return change;
}

std::optional<Definition> definition_in(const Change& change) {
  if (change.form != definition_form || !is_definition(change.record) || change.erased) return std::nullopt;
  const auto value = [&](std::uint32_t field) { return change.value_of({change.record, {field, ""}}); };
  const Value *kind = value(kind_field), *name = value(name_field), *version = value(version_field);
  const auto* kind_number = kind ? std::get_if<std::int64_t>(kind) : nullptr;
  const auto* name_text = name ? std::get_if<std::string>(name) : nullptr;
  const auto* version_number = version ? std::get_if<std::int64_t>(version) : nullptr;
  if (!kind_number || *kind_number < 1 || *kind_number > 3 || !name_text || !version_number || *version_number < 1 ||
      *version_number > INT32_MAX)
    return std::nullopt;
  Definition definition{
      static_cast<Definition::Kind>(*kind_number), *name_text, static_cast<std::uint32_t>(*version_number), {}};
  // The fields of a change are ascending, and so are the parts.
  for (std::size_t i = 0; i < change.writes.size(); ++i)
    if (change.writes[i].field.number == content_field)
      if (const auto* part = std::get_if<std::string>(&change.values[i])) definition.content += *part;
  if (definition_record(definition) != change.record) return std::nullopt;
  return definition;
}

Result<void> add_definition(Catalogue& catalogue, const Definition& definition) {
  switch (definition.kind) {
    case Definition::Kind::form: {
      Result<Form> form = read_form(definition.content, catalogue);
      if (!form) return form.error();
      if (form->name != definition.name || form->version != definition.version)
        return Error{ErrorCode::malformed, "the form is not the one its definition names"};
      catalogue.forms[form->name].insert_or_assign(form->version, *std::move(form));
      catalogue.published[{definition.name, definition.version}] = definition.content;
      return {};
    }
    case Definition::Kind::list: {
      Result<CodeList> list = load_code_list(definition.name, definition.content);
      if (!list) return list.error();
      catalogue.lists.insert_or_assign(definition.name, *std::move(list));
      return {};
    }
    case Definition::Kind::places: {
      const Result<std::size_t> places = catalogue.places.load(definition.content);
      if (!places) return places.error();
      return {};
    }
  }
  return {};
}

Result<Definition> read_definition(std::string_view file_name, std::string_view content, const Catalogue& catalogue) {
  Result<std::string> text = vietnamese::nfc(with_plain_lines(content));
  if (!text) return text.error();
  Definition definition;
  definition.content = *std::move(text);
  const std::size_t dot = file_name.rfind('.');
  definition.name = file_name.substr(0, dot);
  const std::string_view ending = dot == std::string_view::npos ? "" : file_name.substr(dot);
  if (ending == ".json") {
    const Result<Form> form = read_form(definition.content, catalogue);
    if (!form) return form.error();
    definition.name = form->name;
    definition.version = form->version;
    if (const Form* before = catalogue.form(form->name)) {
      if (Result<void> fits = check_form(*form, *before); !fits) return fits.error();
      if (before->version == form->version) {
        const auto published = catalogue.published.find({form->name, form->version});
        if (published == catalogue.published.end() || published->second != definition.content)
          return Error{ErrorCode::already_exists,
                       fmt::format("version {} of this form is in use already: raise the version", form->version)};
      }
    }
    return definition;
  }
  if (ending != ".csv")
    return Error{ErrorCode::invalid_argument, "a form is a .json file, a code list or a file of places a .csv file"};
  definition.version = 1;
  if (is_places(definition.content)) {
    definition.kind = Definition::Kind::places;
    Gazetteer places;
    if (const Result<std::size_t> loaded = places.load(definition.content); !loaded) return loaded.error();
    return definition;
  }
  definition.kind = Definition::Kind::list;
  const Result<CodeList> list = load_code_list(definition.name, definition.content);
  if (!list) return list.error();
  if (const CodeList* before = catalogue.list(definition.name))
    if (Result<void> fits = check_list(*list, *before); !fits) return fits.error();
  return definition;
}

}  // namespace fieldpost
