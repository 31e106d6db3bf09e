// Forms left open: answers that are not yet a change, kept at each pause of the keyboard.
#include "shared/storage/store_state.h"

namespace fieldpost {

namespace {

// draft = [ 1, record: bytes16, form: text, form_version: uint, is_new: bool, heads: bytes, fields, [ row … ],
// deleted: bool ], or [ 2, the same …, writer: text ] where it is known who typed it; row   = [ id: bytes16 | null,
// repeat: uint, deleted: bool, fields ]        fields = [ [ number, option, value ] … ]
void write_fields(CborWriter& out, const Fields& fields) {
  out.array(fields.size());
  for (const auto& [field, value] : fields) {
    out.array(3).uint(field.number).text(field.option);
    write_value(out, value);
  }
}

Fields read_fields(CborReader& in) {
  Fields fields;
  const std::size_t count = in.array();
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    in.array_of(3);
    FieldKey field;
    field.number = static_cast<std::uint32_t>(in.uint());
    field.option = std::string(in.text());
    fields[field] = read_value(in);
  }
  return fields;
}

Bytes encode_draft(const Draft& draft) {
  CborWriter out;
  const bool has_writer = !draft.writer.empty();
  out.array(has_writer ? 10 : 9)
      .uint(has_writer ? 2 : 1)
      .bytes(draft.seen.record.view())
      .text(draft.seen.form)
      .uint(draft.seen.form_version);
  out.boolean(draft.seen.is_new).bytes(draft.seen.heads.encode());
  write_fields(out, draft.edit.fields);
  out.array(draft.edit.rows.size());
  for (const Edit::RowEdit& row : draft.edit.rows) {
    out.array(4);
    if (row.row)
      out.bytes(row.row->view());
    else
      out.null();
    out.uint(row.repeat).boolean(row.deleted);
    write_fields(out, row.fields);
  }
  out.boolean(draft.edit.deleted);
  if (has_writer) out.text(draft.writer);
  return std::move(out).result();
}

Result<Draft> decode_draft(BytesView stored) {
  CborReader in(stored);
  Draft draft;
  const std::size_t parts = in.array();
  const std::uint64_t version = in.uint();
  if (!(version == 1 && parts == 9) && !(version == 2 && parts == 10)) in.fail("a draft of another version");
  draft.seen.record = in.id<RecordId>();
  draft.seen.form = std::string(in.text());
  draft.seen.form_version = static_cast<std::uint32_t>(in.uint());
  draft.seen.is_new = in.boolean();
  Result<RecordHeads> heads = RecordHeads::decode(in.bytes());
  if (heads)
    draft.seen.heads = *std::move(heads);
  else
    in.fail("heads that cannot be read");
  draft.edit.fields = read_fields(in);
  const std::size_t rows = in.array();
  for (std::size_t i = 0; i < rows && in.ok(); ++i) {
    Edit::RowEdit row;
    in.array_of(4);
    if (!in.try_null()) row.row = in.id<EntityId>();
    row.repeat = static_cast<std::uint32_t>(in.uint());
    row.deleted = in.boolean();
    row.fields = read_fields(in);
    draft.edit.rows.push_back(std::move(row));
  }
  draft.edit.deleted = in.boolean();
  if (version == 2) draft.writer = std::string(in.text());
  if (Result<void> whole = in.finish("a draft"); !whole) return whole.error();
  return draft;
}

}  // namespace

Result<void> Store::keep_draft(const Draft& draft) {
  return guarded([&] {
    state_->database->run(
        "INSERT INTO draft (id, at, stored) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " at = excluded.at, stored = excluded.stored",
        draft.id, state_->environment.clock.now_ms(), encode_draft(draft));
  });
}

Result<void> Store::drop_draft(const EntityId& draft) {
  return guarded([&] { state_->database->run("DELETE FROM draft WHERE id = ?", draft); });
}

Result<std::vector<Draft>> Store::drafts() {
  return guarded([&] {
    std::vector<Draft> out;
    Statement statement = state_->database->prepare("SELECT id, at, stored FROM draft ORDER BY at DESC");
    while (statement.step()) {
      Result<Draft> draft = decode_draft(statement.blob(2));
      if (!draft) throw SqlError(draft.error());
      draft->id = statement.id<EntityId>(0);
      draft->at = statement.integer(1);
      out.push_back(*std::move(draft));
    }
    // The answers seen when the form opened follow from the heads it saw.
    for (Draft& draft : out) {
      draft.seen.answers.record = draft.seen.record;
      if (!draft.seen.heads.empty())
        draft.seen.answers = state_->answers_of(draft.seen.record, draft.seen.heads,
                                                state_->form_of(draft.seen.form, draft.seen.form_version));
    }
    return out;
  });
}

}  // namespace fieldpost
