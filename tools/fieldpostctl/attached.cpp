#include "tools/fieldpostctl/attached.h"

#include <map>
#include <set>

#include "shared/forms/json_values.h"
#include "shared/foundation/limits.h"
#include "shared/intake/intake.h"
#include "shared/storage/files.h"
#include "tools/fieldpostctl/fields.h"

namespace fieldpost::ctl {

namespace {

using Json = nlohmann::json;

/// The path in a value that names a file to take in.
std::optional<std::string> path_in(const Json& value) {
  if (value.is_string() && value.get_ref<const std::string&>().starts_with("@"))
    return value.get<std::string>().substr(1);
  if (value.is_object() && value.size() == 1 && value.contains("file") && value["file"].is_string())
    return value["file"].get<std::string>();
  return std::nullopt;
}

Result<Value> taken_in(const Question& question, const std::string& path, AttachmentStore& attachments) {
  // What a camera wrote may be larger than what is kept of it, yet not without bound.
  const std::size_t bytes_max = limits::attachment_bytes_max;
  Result<Bytes> file = read_small_file(path, bytes_max);
  if (!file && file.error().code == ErrorCode::out_of_bounds)
    return Error{ErrorCode::out_of_bounds, "the file has more than 64 MiB: nothing was attached"};
  if (!file) return file.error();
  const Result<TakenIn> taken = take_in(question, *std::move(file), path);
  if (!taken) return taken.error();
  const Result<AttachmentId> id = attachments.put(taken->content);
  if (!id) return id.error();
  return Value{Attachment{*id, taken->type, taken->name}};
}

Result<void> take_in_answers(const Form& form, const Question* repeat, Json& answers, const std::string& place,
                             AttachmentStore& attachments) {
  if (!answers.is_object()) return {};
  for (const Question* question : form.questions_of(repeat)) {
    if (!is_attached(question->type) || !answers.contains(question->name)) continue;
    const std::optional<std::string> path = path_in(answers[question->name]);
    if (!path) continue;
    const Result<Value> value = taken_in(*question, *path, attachments);
    if (!value) return Error{value.error().code, place + question->name + ": " + value.error().message};
    answers[question->name] = value_to_json(*question, *value);
  }
  return {};
}

}  // namespace

Result<Json> take_in_files(const Form& form, Json values, AttachmentStore& attachments) {
  if (Result<void> taken = take_in_answers(form, nullptr, values, "", attachments); !taken) return taken.error();
  for (const Question* repeat : form.repeats()) {
    if (!values.is_object() || !values.contains(repeat->name) || !values[repeat->name].is_array()) continue;
    Json& rows = values[repeat->name];
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::string place = repeat->name + "[" + std::to_string(i) + "].";
      if (Result<void> taken = take_in_answers(form, repeat, rows[i], place, attachments); !taken)
        return taken.error();
    }
  }
  return values;
}

Result<Value> attached_value(const Question& question, const std::string& given, const FieldState* rivals,
                             AttachmentStore& attachments) {
  if (const std::optional<std::string> path = path_in(given)) return taken_in(question, *path, attachments);
  if (given.empty()) return Value{};
  for (std::size_t i = 0; rivals && i < rivals->heads.size(); ++i)
    if (const auto* rival = std::get_if<Attachment>(&rivals->heads[i].value))
      if (text(rival->id.digest) == given) return Value{*rival};
  return Error{ErrorCode::invalid_argument,
               "needs the digest of one of the files that stand against each other, or @path of another one"};
}

Json files_json(Reading& reading, const Form* form, const RecordId& record, const std::vector<RecordFile>& files) {
  if (files.empty()) return nullptr;
  std::int64_t here = 0;
  Json missing = Json::array();
  for (const RecordFile& file : files) {
    here += file.here ? 1 : 0;
    if (file.here) continue;
    missing.push_back({{"field", field_path(form, record, file.field)},
                       {"device", text(file.device)},
                       {"device_name", reading.device_name(file.device)},
                       {"at_central", file.at_central}});
  }
  return {{"here", here}, {"of", files.size()}, {"missing", std::move(missing)}};
}

std::string files_text(const Json& files) {
  std::string out = "tệp (files): có " + std::to_string(files["here"].get<std::int64_t>()) + " trong " +
                    std::to_string(files["of"].get<std::int64_t>()) + " tệp (here)";
  std::map<std::string, int> elsewhere;
  for (const Json& file : files["missing"])
    ++elsewhere[file["at_central"].get<bool>() ? "ở trung tâm (at central)"
                                               : "ở máy (on laptop) " + file["device_name"].get<std::string>()];
  for (const auto& [where, count] : elsewhere) out += ", " + std::to_string(count) + " " + where;
  return out + "\n";
}

void mark_here(Json& values, const std::vector<RecordFile>& files) {
  std::set<std::string> here;
  for (const RecordFile& file : files)
    if (file.here) here.insert(text(file.attachment.id.digest));
  const auto mark = [&](Json& answers) {
    for (auto& [name, value] : answers.items())
      if (value.is_object() && value.contains("digest"))
        value["here"] = here.contains(value["digest"].get<std::string>());
  };
  mark(values);
  for (auto& [name, rows] : values.items())
    if (rows.is_array())
      for (Json& row : rows)
        if (row.is_object()) mark(row);
}

}  // namespace fieldpost::ctl
