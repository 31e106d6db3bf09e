// The side of Store that knows which files its changes name, which of them are here, and what central said of them.
#include "shared/storage/store_state.h"

namespace fieldpost {

namespace {

void add_files(const Fields& fields, std::set<AttachmentId>& into) {
  for (const auto& [field, value] : fields)
    if (const auto* attachment = std::get_if<Attachment>(&value)) into.insert(attachment->id);
}

}  // namespace

AttachmentStore& Store::attachments() { return state_->attachments; }

void Store::State::check_files(const Change& change) {
  std::set<AttachmentId> named;
  for (const Value& value : change.values)
    if (const auto* attachment = std::get_if<Attachment>(&value)) named.insert(attachment->id);
  if (named.empty()) return;
  for (const Journal::NamedAttachment& known : journal.attachments_of(change.record)) named.erase(known.id);
  for (const AttachmentId& id : named)
    if (!attachments.holds(id))
      throw SqlError(Error{ErrorCode::not_found,
                           "the answers name a file that is not on this laptop: nothing was saved; attach it again"});
}

void Store::State::settle_files(const Change& change) {
  for (const Value& value : change.values)
    if (const auto* attachment = std::get_if<Attachment>(&value)) attachments.settle(attachment->id);
}

bool Store::State::is_current(const Journal::NamedAttachment& named, std::map<RecordId, RecordHeads>& heads) {
  if (!named.counts) return false;
  auto at = heads.find(named.record);
  if (at == heads.end()) at = heads.emplace(named.record, journal.heads(named.record)).first;
  const std::vector<ChangeId>& ids = at->second.of(named.field);
  return std::binary_search(ids.begin(), ids.end(), named.change_id);
}

Store::AtCentral Store::State::at_central(const AttachmentId& id) {
  return static_cast<AtCentral>(
      database->integer("SELECT state FROM attachment_at_central WHERE digest = ? AND bytes = ?", id.digest, id.bytes)
          .value_or(0));
}

void Store::State::count_files(StoreStatus& status) {
  std::map<RecordId, RecordHeads> heads;
  std::set<AttachmentId> counted, current;
  for (const Journal::NamedAttachment& named : journal.attachments()) {
    const bool here = attachments.holds(named.id);
    if (counted.insert(named.id).second && here && at_central(named.id) != AtCentral::holds) ++status.files_to_send;
    if (!is_current(named, heads) || !current.insert(named.id).second) continue;
    ++status.files;
    if (!here) ++status.files_to_fetch;
  }
}

Result<std::vector<RecordFile>> Store::files_of(const RecordId& record) {
  return guarded([&] {
    std::vector<RecordFile> out;
    const RecordHeads heads = state_->journal.heads(record);
    const std::optional<RecordState> state = state_->view->state(record, state_->journal);
    std::set<EntityId> present = {record};
    if (state)
      for (const Row& row : state->answers.rows) present.insert(row.id);
    std::map<RecordId, RecordHeads> known = {{record, heads}};
    for (const Journal::NamedAttachment& named : state_->journal.attachments_of(record)) {
      if (!present.contains(named.field.entity) || !state_->is_current(named, known)) continue;
      const Change change = state_->journal.read(named.change);
      const Value* value = change.value_of(named.field);
      const auto* attachment = value ? std::get_if<Attachment>(value) : nullptr;
      if (!attachment) continue;
      out.push_back({named.field, *attachment, named.device, state_->attachments.holds(named.id),
                     state_->at_central(named.id) == AtCentral::holds});
    }
    std::sort(out.begin(), out.end(), [](const RecordFile& a, const RecordFile& b) { return a.field < b.field; });
    return out;
  });
}

Result<std::int64_t> Store::drop_unnamed_files() {
  // Most commands attach nothing and have nothing to clear away.
  std::error_code ignored;
  if (!std::filesystem::exists(state_->attachments.folder(), ignored)) return std::int64_t{0};
  std::set<AttachmentId> named;
  const Result<std::vector<Draft>> open = drafts();
  if (!open) return open.error();
  for (const Draft& draft : *open) {
    add_files(draft.edit.fields, named);
    for (const Edit::RowEdit& row : draft.edit.rows) add_files(row.fields, named);
  }
  const Result<void> read = guarded([&] {
    for (const Journal::NamedAttachment& known : state_->journal.attachments()) named.insert(known.id);
  });
  if (!read) return read.error();
  return state_->attachments.drop_unnamed(named);
}

// ---- For sync -----------------------------------------------------------------------------------------------------

Result<std::vector<Store::FileState>> Store::files_to_send(Naming naming) {
  return guarded([&] {
    std::vector<FileState> out;
    Statement statement = state_->database->prepare(
        "SELECT a.digest, a.bytes, coalesce(c.state, 0), coalesce(c.sent, 0), min(a.change) FROM attachment a"
        " LEFT JOIN attachment_at_central c ON c.digest = a.digest AND c.bytes = a.bytes"
        " WHERE coalesce(c.state, 0) <> ? AND (? OR EXISTS"
        " (SELECT 1 FROM entry e WHERE e.change = a.change AND e.outcome IN (0, 2)))"
        " GROUP BY a.digest, a.bytes ORDER BY min(a.change)");
    statement.bind(static_cast<std::int64_t>(AtCentral::holds), naming == Naming::any);
    while (statement.step()) {
      const AttachmentId id{statement.id<Digest>(0), static_cast<std::uint64_t>(statement.integer(1))};
      if (state_->attachments.holds(id))
        out.push_back(
            {id, static_cast<AtCentral>(statement.integer(2)), static_cast<std::uint64_t>(statement.integer(3))});
    }
    return out;
  });
}

Result<std::vector<Store::FileState>> Store::files_to_fetch() {
  return guarded([&] {
    std::vector<FileState> out;
    std::map<RecordId, RecordHeads> heads;
    std::set<AttachmentId> seen;
    for (const Journal::NamedAttachment& named : state_->journal.attachments()) {
      if (seen.contains(named.id) || state_->attachments.holds(named.id) || !state_->is_current(named, heads))
        continue;
      seen.insert(named.id);
      out.push_back({named.id, state_->at_central(named.id), 0});
    }
    return out;
  });
}

Result<void> Store::note_at_central(const AttachmentId& id, AtCentral central, std::uint64_t sent) {
  return guarded([&] {
    state_->database->run(
        "INSERT INTO attachment_at_central (digest, bytes, state, sent) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (digest, bytes) DO UPDATE SET state = excluded.state, sent = excluded.sent",
        id.digest, id.bytes, static_cast<std::int64_t>(central), sent);
  });
}

Result<std::vector<AttachmentId>> Store::files_in(const DeviceId& device, const EpochId& epoch, std::uint64_t first,
                                                  std::uint64_t last) {
  return guarded(
      [&] { return state_->journal.attachments_at(state_->journal.epoch_number(device, epoch), first, last); });
}

Result<bool> Store::is_named(const AttachmentId& id) {
  return guarded([&] {
    for (const Journal::NamedAttachment& named : state_->journal.attachments(id.digest))
      if (named.id == id) return true;
    return false;
  });
}

// wanted = [ [ digest: bytes32, bytes: uint, held: uint ] … ]
Result<void> Store::keep_wanted(const DeviceId& colleague, const std::vector<FilePosition>& files) {
  return guarded([&] {
    CborWriter out;
    out.array(files.size());
    for (const FilePosition& file : files)
      out.array(3).bytes(file.id.digest.view()).uint(file.id.bytes).uint(file.held);
    state_->set_meta("wanted:" + text(colleague), out.result());
  });
}

Result<std::vector<FilePosition>> Store::wanted(const DeviceId& colleague) {
  return guarded([&] {
    std::vector<FilePosition> out;
    const auto kept = state_->meta("wanted:" + text(colleague));
    if (!kept) return out;
    CborReader in(*kept);
    for (std::size_t left = in.array(); left > 0 && in.ok(); --left) {
      in.array_of(3);
      FilePosition& file = out.emplace_back();
      file.id.digest = in.id<Digest>();
      file.id.bytes = in.uint();
      file.held = in.uint();
    }
    return out;
  });
}

}  // namespace fieldpost
