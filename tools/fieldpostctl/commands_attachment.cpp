// `attachment`: a photo or file of a record in the clear, where somebody asks for it. The only way out of the store.
#include "shared/storage/files.h"
#include "tools/fieldpostctl/commands.h"
#include "tools/fieldpostctl/fields.h"

namespace fieldpost::ctl {

namespace {

const Attachment* attachment_at(const RecordState& state, const FieldRef& field) {
  const Fields* fields = field.entity == state.record ? &state.answers.fields : nullptr;
  for (const Row& row : state.answers.rows)
    if (row.id == field.entity) fields = &row.fields;
  if (!fields) return nullptr;
  const auto found = fields->find(field.field);
  return found == fields->end() ? nullptr : std::get_if<Attachment>(&found->second);
}

Error not_here(Reading& reading, const std::vector<RecordFile>& files, const AttachmentId& id) {
  std::string where;
  for (const RecordFile& file : files)
    if (file.attachment.id == id)
      where = file.at_central ? "central holds it, sync brings it"
                              : "it was attached on " + reading.device_name(file.device) +
                                    " and comes once that laptop has met central, or by a stick";
  return {ErrorCode::not_found, "this file is not here yet: " + where};
}

}  // namespace

Reply attachment(const Context& context) {
  const Arguments& arguments = context.arguments;
  const std::optional<std::string> target = arguments.value("-o");
  if (!target) return wrong_usage("attachment: cần -o FILE (is needed)");
  const Result<RecordId> record = parse_entity_id(arguments.words[0]);
  if (!record) return failed({ErrorCode::invalid_argument, "a record is named by its id, of the form 8-4-4-4-12"});
  Result<std::unique_ptr<Reading>> reading = Reading::open(context);
  if (!reading) return failed(reading.error());
  Store& store = (*reading)->store();
  const Result<std::optional<RecordState>> state = store.state(*record);
  if (!state) return failed(state.error());
  const Form* form = *state ? store.catalogue().form((*state)->form) : nullptr;
  if (!form)
    return failed(
        {ErrorCode::not_found, "this record is not in this store: it does not exist, or is outside its scope"});
  const Result<NamedField> field = parse_field_path(*form, *record, arguments.words[1]);
  if (!field) return failed(field.error());
  const Attachment* asked = attachment_at(**state, field->ref);
  if (!asked) return failed({ErrorCode::not_found, arguments.words[1] + ": no file is attached here"});
  const Result<std::vector<RecordFile>> files = store.files_of(*record);
  if (!files) return failed(files.error());
  if (!store.attachments().holds(asked->id)) return failed(not_here(**reading, *files, asked->id));
  const Result<Bytes> content = store.attachments().read(asked->id);
  if (!content) return failed(content.error());
  if (const Result<void> written = write_durably(*target, *content); !written) return failed(written.error());
  Reply reply;
  reply.json = {{"file", *target},
                {"digest", text(asked->id.digest)},
                {"size", asked->id.bytes},
                {"type", asked->type},
                {"name", asked->name}};
  reply.text = *target + "\n";
  reply.notes.push_back(
      "tệp này không được mã hóa: cất giữ cẩn thận, xóa khi xong việc (this file is in the clear: keep it safe, "
      "delete "
      "it when done)");
  return reply;
}

}  // namespace fieldpost::ctl
