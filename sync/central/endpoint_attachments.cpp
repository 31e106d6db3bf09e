// Central's side of attachments: who may bring and fetch a file, and how far it is here. What a laptop may not see it
// cannot tell from what does not exist; what it sends wrongly lies apart and goes when its digest does not fit.
#include <algorithm>

#include "shared/foundation/limits.h"
#include "sync/central/endpoint.h"
#include "sync/central/scope.h"

namespace fieldpost {

namespace {

// In the store's meta: [ [ digest: bytes32, bytes: uint ] … ]. Files seldom rot, and the list stays short.
constexpr std::string_view lost_key = "lost_attachments";

Error unknown_file() { return {ErrorCode::not_found, "no such attachment is known here"}; }

}  // namespace

bool Endpoint::may_fetch(Tx& tx, const DeviceRow& device, const AttachmentId& id) {
  const std::vector<std::string> feeds = feeds_of(tx, device);
  if (feeds.empty()) return false;
  const bool partner = read_scope(device.certificate.role).partner;
  for (const AttachmentRow& row : tx.attachments(id.digest)) {
    if (row.id != id) continue;
    if (row.counts) {
      const std::set<std::string> of_record = tx.feeds_of(row.record);
      if (std::any_of(feeds.begin(), feeds.end(), [&](const auto& feed) { return of_record.contains(feed); }))
        return true;
    }
    if (!partner) continue;
    const std::optional<ProjectionRow> told = tx.projection(row.record, device.certificate.unit);
    if (!told) continue;
    for (const auto& [field, value] : told->values)
      if (const auto* attachment = std::get_if<Attachment>(&value); attachment && attachment->id == id) return true;
  }
  return false;
}

bool Endpoint::may_put(Tx& tx, const DeviceRow& device, const AttachmentId& id) {
  const std::vector<DeviceId>& predecessors = device.certificate.predecessors;
  for (const AttachmentRow& row : tx.attachments(id.digest)) {
    const bool own = row.device == device.certificate.device() ||
                     std::find(predecessors.begin(), predecessors.end(), row.device) != predecessors.end();
    if (row.id == id && own) return true;
  }
  return may_fetch(tx, device, id);
}

std::optional<std::uint64_t> Endpoint::position(Tx& tx, const DeviceRow& device, const AttachmentId& id) {
  if (!attachments_ || !may_put(tx, device, id)) return std::nullopt;
  return attachments_->position(id, device.certificate.device());
}

Result<Bytes> Endpoint::tell_positions(const Request& request) {
  const Result<PositionsRequest> asked = decode_positions_request(request.body);
  if (!asked) return asked.error();
  Positions answer;
  const Result<void> done = backend_.read([&](Tx& tx) -> Result<void> {
    const Result<Caller> from = caller(tx, request.token);
    if (!from) return from.error();
    for (const AttachmentId& id : asked->ids) answer.push_back(position(tx, from->device, id));
    return {};
  });
  if (!done) return done.error();
  return encode(answer);
}

Result<std::uint64_t> Endpoint::take_chunk(const DeviceId& device, const Chunk& chunk) {
  bool was_lost = false;
  const Result<void> allowed = backend_.read([&](Tx& tx) -> Result<void> {
    const std::optional<DeviceRow> from = tx.device(device);
    if (!attachments_ || !from || !may_put(tx, *from, chunk.id)) return unknown_file();
    const std::vector<AttachmentId> lost = lost_files(tx);
    was_lost = std::find(lost.begin(), lost.end(), chunk.id) != lost.end();
    return {};
  });
  if (!allowed) return allowed.error();
  // The transaction is over: nobody waits while a file is written.
  Result<std::uint64_t> held = attachments_->add(chunk.id, device, chunk.offset, chunk.content);
  if (!held && held.error().code == ErrorCode::untrusted) return Error{ErrorCode::malformed, held.error().message};
  if (held && *held == chunk.id.bytes && was_lost) note_lost(chunk.id, false);
  return held;
}

Result<Bytes> Endpoint::put_chunk(const Request& request) {
  const Result<Chunk> chunk = decode_chunk(request.body);
  if (!chunk) return chunk.error();
  DeviceId device;
  const Result<void> known = backend_.read([&](Tx& tx) -> Result<void> {
    const Result<Caller> from = caller(tx, request.token);
    if (!from) return from.error();
    device = from->id;
    return {};
  });
  if (!known) return known.error();
  const Result<std::uint64_t> held = take_chunk(device, *chunk);
  if (!held) return held.error();
  return encode(FilePosition{chunk->id, *held});
}

Result<Bytes> Endpoint::fetch_chunk(const Request& request) {
  const Result<FilePosition> asked = decode_file_position(request.body);
  if (!asked) return asked.error();
  const Result<void> allowed = backend_.read([&](Tx& tx) -> Result<void> {
    const Result<Caller> from = caller(tx, request.token);
    if (!from) return from.error();
    return attachments_ && may_fetch(tx, from->device, asked->id) ? Result<void>() : unknown_file();
  });
  if (!allowed) return allowed.error();
  Result<Bytes> content = attachments_->chunk(asked->id, asked->held);
  if (content) return encode(Chunk{asked->id, asked->held, *std::move(content)});
  if (content.error().code == ErrorCode::damaged) note_lost(asked->id, true);
  const bool absent = content.error().code == ErrorCode::damaged || content.error().code == ErrorCode::not_found;
  return absent ? unknown_file() : content.error();
}

std::vector<AttachmentId> Endpoint::lost_files(Tx& tx) {
  const std::optional<Bytes> kept = tx.meta(lost_key);
  if (!kept) return {};
  CborReader in(*kept);
  return read_attachment_ids(in);
}

std::vector<AttachmentId> Endpoint::lost_files_for(Tx& tx, const DeviceRow& device) {
  std::vector<AttachmentId> out;
  for (const AttachmentId& id : lost_files(tx))
    if (out.size() < limits::attachment_waiting_max && may_put(tx, device, id)) out.push_back(id);
  return out;
}

void Endpoint::note_lost(const AttachmentId& id, bool lost) {
  // Where it cannot be kept, the next reading of the file notes it again.
  (void)backend_.write([&](Tx& tx) -> Result<void> {
    std::vector<AttachmentId> files = lost_files(tx);
    std::erase(files, id);
    if (lost && files.size() < limits::attachment_list_max) files.push_back(id);
    CborWriter out;
    write_attachment_ids(out, files);
    tx.set_meta(lost_key, out.result());
    return {};
  });
}

}  // namespace fieldpost
