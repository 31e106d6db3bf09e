// Records: writing them on a laptop, reading them anywhere.
#include <charconv>

#include "shared/forms/json_values.h"
#include "tools/fieldpostctl/attached.h"
#include "tools/fieldpostctl/commands.h"
#include "tools/fieldpostctl/fields.h"
#include "tools/fieldpostctl/input.h"

namespace fieldpost::ctl {

namespace {

using Json = nlohmann::json;

Error no_form(const std::string& name) {
  return {ErrorCode::not_found, "no form is called '" + name + "': see `form list`"};
}

Result<RecordId> record_in(const Context& context) {
  const Result<RecordId> record = parse_entity_id(context.arguments.words[0]);
  if (!record) return Error{ErrorCode::invalid_argument, "a record is named by its id, of the form 8-4-4-4-12"};
  return record;
}

Result<Json> values_in(const Context& context) {
  const Result<std::string> text = read_input(*context.arguments.value("--values"));
  if (!text) return text.error();
  return parse_json(*text);
}

const char* kind_name(Problem::Kind kind) {
  switch (kind) {
    case Problem::Kind::required: return "required";
    case Problem::Kind::constraint: return "constraint";
    case Problem::Kind::wrong_type: return "wrong_type";
    case Problem::Kind::unknown_code: return "unknown_code";
    case Problem::Kind::not_valid_then: return "not_valid_then";
    case Problem::Kind::suspicious: return "suspicious";
  }
  return "unknown";
}

std::string problem_path(const Form& form, const RecordId& record, const Problem& problem) {
  if (problem.entity == record) return problem.question;
  for (const Question* repeat : form.repeats())
    if (form.find_in(repeat, problem.question))
      return repeat->name + "/" + text(problem.entity) + "/" + problem.question;
  return problem.question;
}

Json problems_json(const Form& form, const RecordId& record, const std::vector<Problem>& problems) {
  Json out = Json::array();
  for (const Problem& problem : problems)
    out.push_back({{"field", problem_path(form, record, problem)},
                   {"kind", kind_name(problem.kind)},
                   {"severity", problem.severity == Severity::error ? "error" : "warning"},
                   {"message", problem.message.vi},
                   {"message_en", problem.message.in("en")}});
  return out;
}

/// What a save came to: ids, and what is still missing in the record.
Reply saved_reply(Store& store, const Form& form, const Saved& saved) {
  Reply reply;
  reply.json["record"] = text(saved.record);
  reply.json["change"] = text(saved.change);
  const Result<std::vector<Problem>> problems = store.problems(saved.record);
  if (!problems) return failed(problems.error());
  reply.json["problems"] = problems_json(form, saved.record, *problems);
  reply.text = text(saved.record) + "\n";
  if (saved.incomplete) {
    reply.exit = exit_attention;
    reply.notes.push_back("đã lưu, nhưng hồ sơ chưa đủ (saved, but the record is incomplete):");
  }
  for (const Problem& problem : *problems)
    reply.notes.push_back("  " + problem_path(form, saved.record, problem) + ": " + problem.message.vi + " (" +
                          problem.message.in("en") + ")");
  return reply;
}

/// A row that is edited or deleted must be one of this record; a slip of the pen must not make a row.
Result<void> rows_exist(const Form& form, const Edit& edit, const RecordHeads& heads) {
  for (const Edit::RowEdit& row : edit.rows) {
    if (!row.row || heads.fields().contains({*row.row, {row.repeat, ""}})) continue;
    const Question* repeat = form.find(row.repeat);
    return Error{ErrorCode::not_found,
                 (repeat ? repeat->name : std::string("repeat")) + ": the record has no row " + text(*row.row)};
  }
  return {};
}

std::optional<std::size_t> number_in(const std::string& text, std::size_t least, std::size_t most) {
  std::size_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || number < least || number > most)
    return std::nullopt;
  return number;
}

Json history_json(Reading& reading, const Catalogue& catalogue, const std::vector<Change>& changes) {
  Json out = Json::array();
  for (const Change& change : changes) {
    const Form* form = catalogue.form(change.form, change.form_version);
    if (!form) form = catalogue.form(change.form);
    Json& json = out.emplace_back(Json::object());
    json["id"] = text(change.id);
    json["author"] = reading.author_name(change.author);
    json["author_id"] = text(change.author);
    json["device"] = text(change.device);
    json["device_name"] = reading.device_name(change.device);
    json["at"] = utc_text(change.at);
    if (Json doubt = reading.clock_doubt(change.record, change.id); !doubt.is_null()) json["clock_doubt"] = doubt;
    json["form_version"] = change.form_version;
    json["reason"] = change.reason ? Json(*change.reason) : Json();
    json["base"] = Json::array();
    for (const ChangeId& id : change.base) json["base"].push_back(text(id));
    json["writes"] = Json::array();
    for (std::size_t i = 0; i < change.writes.size(); ++i) {
      Json& write = json["writes"].emplace_back(Json::object());
      write["field"] = field_path(form, change.record, change.writes[i]);
      if (!change.erased) write["value"] = value_json(change.values[i]);
    }
  }
  return out;
}

std::string line_of(const std::string& name, const Json& value) {
  return name + ": " + (value.is_string() ? value.get<std::string>() : json_text(value)) + "\n";
}

}  // namespace

Reply new_record(const Context& context) {
  if (!context.arguments.has("--values")) return wrong_usage("new: cần --values FILE|- (is needed)");
  Result<Laptop> laptop = open_laptop(context);
  if (!laptop) return failed(laptop.error());
  const Form* form = laptop->store->catalogue().form(context.arguments.words[0]);
  if (!form) return failed(no_form(context.arguments.words[0]));
  const Result<Json> values = values_in(context);
  if (!values) return failed(values.error());
  const Result<Json> with_files = take_in_files(*form, *values, laptop->store->attachments());
  if (!with_files) return failed(with_files.error());
  const Result<Edit> edit = edit_from_json(*form, *with_files);
  if (!edit) return failed(edit.error());
  if (edit->deleted) return failed({ErrorCode::invalid_argument, "_deleted: a new record cannot be a deleted one"});
  if (const Result<void> there = rows_exist(*form, *edit, {}); !there) return failed(there.error());
  Seen seen = laptop->store->start(*form);
  const Result<Saved> saved = laptop->store->save(seen, *edit);
  if (!saved) return failed(saved.error());
  return saved_reply(*laptop->store, *form, *saved);
}

Reply edit(const Context& context) {
  const Result<RecordId> record = record_in(context);
  if (!record) return failed(record.error());
  if (!context.arguments.has("--values")) return wrong_usage("edit: cần --values FILE|- (is needed)");
  std::vector<ChangeId> base;
  for (const std::string& text : context.arguments.values("--base")) {
    const Result<ChangeId> id = parse_hex_id<ChangeId>(text);
    if (!id) return failed({ErrorCode::invalid_argument, "--base: a change is named by its 64 hex digits"});
    base.push_back(*id);
  }
  const Result<Json> values = values_in(context);
  if (!values) return failed(values.error());
  std::optional<std::string> reason;
  if (const auto given = context.arguments.value("--reason")) {
    Result<std::string> storable = storable_text(*given);
    if (!storable) return failed(storable.error());
    reason = *std::move(storable);
  }
  Result<Laptop> laptop = open_laptop(context);
  if (!laptop) return failed(laptop.error());
  Store& store = *laptop->store;
  const Result<Seen> now = store.see(*record);
  if (!now) return failed(now.error());
  const Form* form = store.catalogue().form(now->form, now->form_version);
  if (!form) return failed(no_form(now->form));
  const Result<Json> with_files = take_in_files(*form, *values, store.attachments());
  if (!with_files) return failed(with_files.error());
  const Result<Edit> edit = edit_from_json(*form, *with_files);
  if (!edit) return failed(edit.error());
  if (const Result<void> there = rows_exist(*form, *edit, now->heads); !there) return failed(there.error());
  Result<Seen> seen = base.empty() ? Result<Seen>(*now) : store.see_at(*record, base);
  if (!seen) return failed(seen.error());
  const Result<Saved> saved = store.save(*seen, *edit, std::move(reason));
  if (!saved) return failed(saved.error());
  if (saved->change.is_nil()) {
    Reply reply;
    reply.json = {{"record", text(*record)}, {"change", nullptr}};
    reply.notes.push_back("không có gì mới để ghi (nothing new to write)");
    return reply;
  }
  Reply reply = saved_reply(store, *form, *saved);
  if (reply.exit != exit_failed) reply.text = text(saved->change) + "\n";
  return reply;
}

Reply show(const Context& context) {
  const Result<RecordId> record = record_in(context);
  if (!record) return failed(record.error());
  Result<std::unique_ptr<Reading>> reading = Reading::open(context);
  if (!reading) return failed(reading.error());
  Store& store = (*reading)->store();
  const Result<std::optional<RecordState>> state = store.state(*record);
  if (!state) return failed(state.error());
  if (!*state)
    return failed(
        {ErrorCode::not_found, "this record is not in this store: it does not exist, or is outside its scope"});
  const RecordState& shown = **state;
  const Form* form = store.catalogue().form(shown.form, shown.form_version);
  if (!form) form = store.catalogue().form(shown.form);
  const Result<RecordStatus> status = store.status_of(*record);
  if (!status) return failed(status.error());
  Reply reply;
  Json& json = reply.json;
  json["record"] = text(*record);
  json["form"] = shown.form;
  json["form_version"] = shown.form_version;
  json["deleted"] = !shown.present;
  json["values"] = form ? values_to_json(*form, shown.answers) : Json::object();
  const Result<std::vector<RecordFile>> files = store.files_of(*record);
  if (!files) return failed(files.error());
  mark_here(json["values"], *files);
  if (!files->empty()) json["files"] = files_json(**reading, form, *record, *files);
  json["status"] = status_name(*status);
  json["conflicts"] = Json::array();
  const Result<RecordHeads> heads = guarded([&] { return Journal((*reading)->database()).heads(*record); });
  if (!heads) return failed(heads.error());
  for (const auto& [field, rivals] : shown.conflicts)
    json["conflicts"].push_back({{"id", text(conflict_id(field, heads->of(field)))},
                                 {"field", field_path(form, *record, field)},
                                 {"values", rivals_json(**reading, rivals)}});
  if (form && shown.present) {
    const Result<std::vector<Problem>> problems = store.problems(*record);
    if (!problems) return failed(problems.error());
    json["incomplete"] = is_incomplete(*problems);
    json["problems"] = problems_json(*form, *record, *problems);
  }
  if (context.arguments.has("--history")) {
    const Result<std::vector<Change>> changes = store.history(*record);
    if (!changes) return failed(changes.error());
    json["history"] = history_json(**reading, store.catalogue(), *changes);
  }
  for (const char* name : {"record", "form", "status"}) reply.text += line_of(name, json[name]);
  if (!shown.present) reply.text += "đã xóa (deleted)\n";
  for (const auto& [name, value] : json["values"].items()) reply.text += line_of(name, value);
  if (json.contains("files")) reply.text += files_text(json["files"]);
  for (const Json& conflict : json["conflicts"]) {
    reply.text += "mâu thuẫn (conflict) " + conflict["field"].get<std::string>() + "\n";
    for (const Json& value : conflict["values"])
      reply.text += "  " + json_text(value["value"]) + "  — " + value["author"].get<std::string>() + ", " +
                    value["device_name"].get<std::string>() + ", " + value["at"].get<std::string>() + "\n";
  }
  if (json.contains("history"))
    for (const Json& change : json["history"]) {
      reply.text += change["at"].get<std::string>() + "  " + change["author"].get<std::string>() + "  " +
                    change["id"].get<std::string>() + "\n";
      if (change.contains("clock_doubt")) {
        const Json& corrected = change["clock_doubt"]["corrected_at"];
        reply.text += "  đồng hồ đáng ngờ, giờ đúng có lẽ là (doubtful clock, the time was perhaps): " +
                      (corrected.is_null() ? std::string("?") : corrected.get<std::string>()) + "\n";
      }
      for (const Json& write : change["writes"])
        reply.text +=
            "  " + write["field"].get<std::string>() + " = " + json_text(write.value("value", Json())) + "\n";
    }
  return reply;
}

Reply list(const Context& context) {
  View::Query query;
  query.form = context.arguments.words[0];
  query.search = context.arguments.value("--search").value_or("");
  if (const auto limit = context.arguments.value("--limit")) {
    const auto number = number_in(*limit, 1, 1'000'000);
    if (!number) return wrong_usage("--limit " + *limit + ": một số từ 1 (a number from 1)");
    query.limit = *number;
  }
  if (const auto offset = context.arguments.value("--offset")) {
    const auto number = number_in(*offset, 0, 1'000'000'000);
    if (!number) return wrong_usage("--offset " + *offset + ": một số từ 0 (a number from 0)");
    query.offset = *number;
  }
  Result<std::unique_ptr<Reading>> reading = Reading::open(context);
  if (!reading) return failed(reading.error());
  Store& store = (*reading)->store();
  if (!store.catalogue().form(query.form)) return failed(no_form(query.form));
  const Result<std::vector<RecordSummary>> records = store.list(query);
  if (!records) return failed(records.error());
  const Result<std::int64_t> total = store.count(query);
  if (!total) return failed(total.error());
  Reply reply;
  reply.json["records"] = Json::array();
  reply.json["total"] = *total;
  for (const RecordSummary& record : *records) {
    const Result<RecordStatus> status = store.status_of(record.record);
    if (!status) return failed(status.error());
    const std::string date = record.own_date ? iso_text(*record.own_date) : "";
    reply.json["records"].push_back({{"record", text(record.record)},
                                     {"title", record.title},
                                     {"date", date},
                                     {"author", (*reading)->author_name(record.author)},
                                     {"status", status_name(*status)},
                                     {"incomplete", record.incomplete},
                                     {"conflicts", record.conflicts}});
    reply.text += text(record.record) + "  " + record.title + (record.incomplete ? "  [chưa đủ, incomplete]" : "") +
                  (record.conflicts > 0 ? "  [mâu thuẫn, conflict]" : "") + "\n";
  }
  return reply;
}

Reply conflicts(const Context& context) {
  Result<std::unique_ptr<Reading>> reading = Reading::open(context);
  if (!reading) return failed(reading.error());
  const Result<std::vector<Rivals>> open = (*reading)->store().conflicts();
  if (!open) return failed(open.error());
  Reply reply;
  reply.json["conflicts"] = Json::array();
  for (const Rivals& rivals : *open) {
    const OpenConflict& conflict = rivals.conflict;
    const std::string field =
        field_path((*reading)->store().catalogue().form(conflict.form), conflict.record, conflict.field);
    reply.json["conflicts"].push_back({{"id", text(conflict.id)},
                                       {"record", text(conflict.record)},
                                       {"form", conflict.form},
                                       {"title", conflict.title},
                                       {"field", field},
                                       {"values", rivals_json(**reading, rivals.state)}});
    reply.text += text(conflict.record) + "  " + field + "  " + conflict.title + "\n";
    for (const Rival& rival : rivals.state.heads)
      reply.text += "  " + json_text(value_json(rival.value)) + "  — " + (*reading)->author_name(rival.author) +
                    ", " + (*reading)->device_name(rival.device) + ", " + utc_text(rival.at) + "\n";
  }
  return reply;
}

Reply resolve(const Context& context) {
  const Result<RecordId> record = record_in(context);
  if (!record) return failed(record.error());
  const auto value_text = context.arguments.value("--value");
  const auto reason = context.arguments.value("--reason");
  if (!value_text || !reason)
    return wrong_usage("resolve: cần --value và --reason (--value and --reason are needed)");
  Result<Laptop> laptop = open_laptop(context);
  if (!laptop) return failed(laptop.error());
  Store& store = *laptop->store;
  const Result<Seen> seen = store.see(*record);
  if (!seen) return failed(seen.error());
  const Form* form = store.catalogue().form(seen->form, seen->form_version);
  if (!form) return failed(no_form(seen->form));
  const Result<NamedField> field = parse_field_path(*form, *record, context.arguments.words[1]);
  if (!field) return failed(field.error());
  Result<Value> value = Value{*value_text == "true"};
  if (field->question && is_attached(field->question->type)) {
    const Result<std::optional<RecordState>> state = store.state(*record);
    if (!state) return failed(state.error());
    const auto rivals = (*state)->conflicts.find(field->ref);
    value = attached_value(*field->question, *value_text,
                           rivals == (*state)->conflicts.end() ? nullptr : &rivals->second, store.attachments());
  } else if (field->question)
    value = value_from_text(*field->question, *value_text);
  else if (*value_text != "true" && *value_text != "false")
    value = Error{ErrorCode::invalid_argument, "--value: whether it is there is true or false"};
  if (!value) return failed({value.error().code, context.arguments.words[1] + ": " + value.error().message});
  const Result<Saved> saved = store.resolve(*record, field->ref, *value, *reason);
  if (!saved) return failed(saved.error());
  Reply reply;
  reply.json["record"] = text(*record);
  reply.json["change"] = text(saved->change);
  reply.text = text(saved->change) + "\n";
  return reply;
}

Reply verify(const Context& context) {
  Result<std::unique_ptr<Reading>> reading = Reading::open(context);
  if (!reading) return failed(reading.error());
  const Result<Verification> done = (*reading)->store().verify();
  if (!done) return failed(done.error());
  Reply reply;
  reply.json["ok"] = done->ok;
  reply.json["changes"] = done->changes;
  reply.json["files"] = done->files;
  reply.json["digest"] = text(done->digest);
  reply.text = std::string(done->ok ? "đúng (ok)" : "sai (faults)") + "\n" + text(done->digest) + "\n";
  if (done->ok) return reply;
  reply.exit = exit_failed;
  reply.json["faults"] = done->faults;
  reply.json["error"] = {{"code", code_name(ErrorCode::damaged)}, {"message", done->faults.front()}};
  for (const std::string& fault : done->faults) reply.notes.push_back(fault);
  return reply;
}

}  // namespace fieldpost::ctl
