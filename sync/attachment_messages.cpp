#include "sync/attachment_messages.h"

#include "shared/foundation/limits.h"

namespace fieldpost {

namespace {

constexpr std::size_t list_max = 10'000;  // files named in one bundle

std::size_t bounded(CborReader& in, std::size_t most) {
  const std::size_t items = in.array();
  if (items > most) in.fail("a list beyond its bound");
  return in.ok() ? items : 0;
}

void write_id(CborWriter& out, const AttachmentId& id) { out.bytes(id.digest.view()).uint(id.bytes); }

AttachmentId read_id(CborReader& in) {
  AttachmentId id;
  id.digest = in.id<Digest>();
  id.bytes = in.uint();
  if (in.ok() && (id.bytes == 0 || id.bytes > limits::attachment_bytes_max))
    in.fail("an attachment beyond its bound");
  return id;
}

}  // namespace

void write_file_position(CborWriter& out, const FilePosition& position) {
  out.array(3);
  write_id(out, position.id);
  out.uint(position.held);
}
FilePosition read_file_position(CborReader& in) {
  FilePosition position;
  in.array_of(3);
  position.id = read_id(in);
  position.held = in.uint();
  if (position.held > position.id.bytes) in.fail("more of an attachment than there is");
  return position;
}

void write_file_positions(CborWriter& out, const std::vector<FilePosition>& positions) {
  out.array(positions.size());
  for (const FilePosition& position : positions) write_file_position(out, position);
}
std::vector<FilePosition> read_file_positions(CborReader& in) {
  std::vector<FilePosition> out(bounded(in, list_max));
  for (FilePosition& position : out) position = read_file_position(in);
  return out;
}

void write_attachment_ids(CborWriter& out, const std::vector<AttachmentId>& ids) {
  out.array(ids.size());
  for (const AttachmentId& id : ids) {
    out.array(2);
    write_id(out, id);
  }
}
std::vector<AttachmentId> read_attachment_ids(CborReader& in) {
  std::vector<AttachmentId> out(bounded(in, limits::attachment_list_max));
  for (AttachmentId& id : out) {
    in.array_of(2);
    id = read_id(in);
  }
  return out;
}

void write_file_answers(CborWriter& out, const Positions& positions) {
  out.array(positions.size());
  for (const std::optional<std::uint64_t>& held : positions)
    if (held)
      out.uint(*held);
    else
      out.null();
}
Positions read_file_answers(CborReader& in) {
  Positions out(bounded(in, limits::attachment_list_max));
  for (std::optional<std::uint64_t>& held : out)
    if (!in.try_null()) held = in.uint();
  return out;
}

Bytes encode(const FilePosition& message) {
  CborWriter out;
  write_file_position(out, message);
  return std::move(out).result();
}
Result<FilePosition> decode_file_position(BytesView bytes) {
  CborReader in(bytes);
  FilePosition message = read_file_position(in);
  if (Result<void> whole = in.finish("a position in an attachment"); !whole) return whole.error();
  return message;
}

Bytes encode(const PositionsRequest& message) {
  CborWriter out;
  write_attachment_ids(out, message.ids);
  return std::move(out).result();
}
Result<PositionsRequest> decode_positions_request(BytesView bytes) {
  CborReader in(bytes);
  PositionsRequest message{read_attachment_ids(in)};
  if (Result<void> whole = in.finish("a question for attachments"); !whole) return whole.error();
  return message;
}

Bytes encode(const Positions& message) {
  CborWriter out;
  write_file_answers(out, message);
  return std::move(out).result();
}
Result<Positions> decode_positions(BytesView bytes) {
  CborReader in(bytes);
  Positions message = read_file_answers(in);
  if (Result<void> whole = in.finish("how far central holds attachments"); !whole) return whole.error();
  return message;
}

// chunk = [ digest: bytes32, bytes: uint, offset: uint, content: bytes ]
Bytes encode(const Chunk& message) {
  CborWriter out;
  out.array(4);
  write_id(out, message.id);
  out.uint(message.offset).bytes(message.content);
  return std::move(out).result();
}
Result<Chunk> decode_chunk(BytesView bytes) {
  CborReader in(bytes);
  Chunk message;
  in.array_of(4);
  message.id = read_id(in);
  message.offset = in.uint();
  const BytesView content = in.bytes();
  if (Result<void> whole = in.finish("a chunk of an attachment"); !whole) return whole.error();
  if (content.size() > limits::attachment_chunk_bytes)
    return Error{ErrorCode::out_of_bounds, "a chunk of an attachment beyond its bound"};
  message.content.assign(content.begin(), content.end());
  return message;
}

}  // namespace fieldpost
