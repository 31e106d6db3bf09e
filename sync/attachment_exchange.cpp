#include "sync/attachment_exchange.h"

#include <algorithm>

#include "shared/foundation/limits.h"

namespace fieldpost {

namespace {

using AtCentral = Store::AtCentral;

constexpr int restarts_max = 2;  // of one file, when central forgets what it was sent

/// This file's own trouble, not the meeting's.
bool ends_the_file(const Error& error) {
  return error.code == ErrorCode::not_found || error.code == ErrorCode::malformed ||
         error.code == ErrorCode::untrusted || error.code == ErrorCode::damaged ||
         error.code == ErrorCode::out_of_bounds;
}

}  // namespace

Result<AttachmentExchange::Step> AttachmentExchange::step() {
  if (!planned_)
    if (Result<void> done = plan(); !done) return done.error();
  if (asking_.empty() && sending_.empty() && fetching_.empty()) return Step::done;
  const Result<void> done = !asking_.empty() ? ask_positions() : !sending_.empty() ? send_chunk() : fetch_chunk();
  if (!done) return done.error();
  return Step::more;
}

Result<void> AttachmentExchange::plan() {
  const Result<std::vector<Store::FileState>> here = store_.files_to_send(Store::Naming::answered);
  if (!here) return here.error();
  for (const Store::FileState& file : *here) asking_.push_back(file.id);
  const Result<std::vector<Store::FileState>> lacking = store_.files_to_fetch();
  if (!lacking) return lacking.error();
  for (const Store::FileState& file : *lacking) {
    if (file.central == AtCentral::unknown) asking_.push_back(file.id);
    if (file.central == AtCentral::holds) fetching_.push_back(file.id);
  }
  planned_ = true;
  return {};
}

Result<void> AttachmentExchange::ask_positions() {
  PositionsRequest request;
  const std::size_t count = std::min(asking_.size(), limits::attachment_list_max);
  request.ids.assign(asking_.begin(), asking_.begin() + static_cast<std::ptrdiff_t>(count));
  const Result<Response> response = ask_(path::attachments, encode(request));
  if (!response) return response.error();
  const Result<Positions> held = decode_positions(response->body);
  if (!held || held->size() != request.ids.size())
    return Error{ErrorCode::not_central, "central's answer about attachments cannot be read"};
  for (std::size_t i = 0; i < count; ++i)
    if (Result<void> taken = take_position(request.ids[i], (*held)[i]); !taken) return taken;
  asking_.erase(asking_.begin(), asking_.begin() + static_cast<std::ptrdiff_t>(count));
  return {};
}

Result<void> AttachmentExchange::take_position(const AttachmentId& id, const std::optional<std::uint64_t>& held) {
  const bool here = store_.attachments().holds(id);
  if (held && *held == id.bytes) {
    if (!here) fetching_.push_back(id);
    return store_.note_at_central(id, AtCentral::holds);
  }
  if (!here) return store_.note_at_central(id, AtCentral::lacks);
  if (held) sending_.push_back({id, *held, 0});
  return {};
}

Result<void> AttachmentExchange::send_chunk() {
  Sending& file = sending_.front();
  Result<Bytes> content = store_.attachments().chunk(file.id, file.offset);
  if (!content) {
    if (!ends_the_file(content.error())) return content.error();
    sending_.pop_front();
    return {};
  }
  const Result<Response> response =
      ask_(path::attachment_put, encode(Chunk{file.id, file.offset, *std::move(content)}));
  if (!response) {
    if (response.error().code != ErrorCode::not_found && response.error().code != ErrorCode::malformed)
      return response.error();
    // Its bytes are not what its digest says: is it this laptop's disk? Then it is set aside here.
    if (response.error().code == ErrorCode::malformed) (void)store_.attachments().verify(file.id);
    sending_.pop_front();
    return {};
  }
  const Result<FilePosition> now = decode_file_position(response->body);
  if (!now || now->id != file.id)
    return Error{ErrorCode::not_central, "central's answer to a chunk of an attachment cannot be read"};
  if (now->is_whole()) {
    if (Result<void> noted = store_.note_at_central(file.id, AtCentral::holds); !noted) return noted;
    ++counts_.sent;
    sending_.pop_front();
    return {};
  }
  const bool goes_on = now->held > file.offset || ++file.restarts <= restarts_max;
  file.offset = now->held;
  if (!goes_on) sending_.pop_front();
  return {};
}

Result<void> AttachmentExchange::fetch_chunk() {
  const AttachmentId id = fetching_.front();
  const std::uint64_t offset = store_.attachments().position(id, central_);
  const Result<Response> response = ask_(path::attachment_fetch, encode(FilePosition{id, offset}));
  if (!response) {
    if (response.error().code != ErrorCode::not_found) return response.error();
    fetching_.pop_front();
    return store_.note_at_central(id, AtCentral::lacks);
  }
  const Result<Chunk> chunk = decode_chunk(response->body);
  if (!chunk || chunk->id != id || chunk->offset != offset)
    return Error{ErrorCode::not_central, "a chunk of an attachment from central cannot be read"};
  const Result<std::uint64_t> held = store_.attachments().add(id, central_, offset, chunk->content);
  if (!held && !ends_the_file(held.error())) return held.error();
  if (held && *held > offset && *held < id.bytes) return {};
  fetching_.pop_front();
  if (held && *held == id.bytes) {
    ++counts_.received;
    return {};
  }
  return store_.note_at_central(id, AtCentral::lacks);  // what it gave is not that file
}

Result<std::vector<AttachmentId>> files_waited_for(Store& store) {
  const Result<std::vector<Store::FileState>> lacking = store.files_to_fetch();
  if (!lacking) return lacking.error();
  std::vector<AttachmentId> out;
  for (const Store::FileState& file : *lacking)
    if (file.central == AtCentral::lacks) out.push_back(file.id);
  Random& random = store.environment().random;
  for (std::size_t i = 0; i < out.size() && i < limits::attachment_waiting_max; ++i)
    std::swap(out[i], out[i + static_cast<std::size_t>(random.below(out.size() - i))]);
  out.resize(std::min(out.size(), limits::attachment_waiting_max));
  return out;
}

Result<void> take_file_news(Store& store, const std::vector<AttachmentId>& asked, const Positions& held,
                            const std::vector<AttachmentId>& lacking) {
  bool any = false;
  for (std::size_t i = 0; i < asked.size() && i < held.size(); ++i) {
    if (held[i] != asked[i].bytes) continue;
    any = true;
    if (Result<void> noted = store.note_at_central(asked[i], AtCentral::holds); !noted) return noted;
  }
  for (const AttachmentId& id : lacking)
    if (store.attachments().holds(id))
      if (Result<void> noted = store.note_at_central(id, AtCentral::unknown); !noted) return noted;
  if (!any) return {};
  // Somebody brought files: more of those that are waited for may be among them.
  const Result<std::vector<Store::FileState>> waiting = store.files_to_fetch();
  if (!waiting) return waiting.error();
  for (const Store::FileState& file : *waiting)
    if (file.central == AtCentral::lacks)
      if (Result<void> noted = store.note_at_central(file.id, AtCentral::unknown); !noted) return noted;
  return {};
}

}  // namespace fieldpost
