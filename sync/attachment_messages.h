// How attachments travel: a laptop asks how far central holds each of some files, then sends or fetches chunk by
// chunk from there. Small things go first: all of this comes when push and pull are quiet. In bundles the same
// positions and chunks stand behind the pages.
#pragma once

#include <optional>
#include <vector>

#include "shared/foundation/cbor.h"
#include "shared/storage/attachment_store.h"

namespace fieldpost {

namespace path {
inline constexpr const char* attachments = "/v1/attachments";             // PositionsRequest -> PositionsAnswer
inline constexpr const char* attachment_put = "/v1/attachments/put";      // Chunk -> the position after it
inline constexpr const char* attachment_fetch = "/v1/attachments/fetch";  // FilePosition -> Chunk
}  // namespace path

//   position = [ digest: bytes32, bytes: uint, held: uint ]
void write_file_position(CborWriter& out, const FilePosition& position);
FilePosition read_file_position(CborReader& in);
void write_file_positions(CborWriter& out, const std::vector<FilePosition>& positions);
std::vector<FilePosition> read_file_positions(CborReader& in);
void write_attachment_ids(CborWriter& out, const std::vector<AttachmentId>& ids);
std::vector<AttachmentId> read_attachment_ids(CborReader& in);
Bytes encode(const FilePosition& message);
Result<FilePosition> decode_file_position(BytesView bytes);

/// At most attachment_list_max. The answer has one item for each: what central holds whole, else what this laptop has
/// sent of it so far; nothing for a file that central does not know or that is not this laptop's to see, which it
/// cannot tell apart.
struct PositionsRequest {
  std::vector<AttachmentId> ids;
};
using Positions = std::vector<std::optional<std::uint64_t>>;
void write_file_answers(CborWriter& out, const Positions& positions);
Positions read_file_answers(CborReader& in);
Bytes encode(const PositionsRequest& message);
Result<PositionsRequest> decode_positions_request(BytesView bytes);
Bytes encode(const Positions& message);
Result<Positions> decode_positions(BytesView bytes);

/// A part of a file; its length follows from where it begins.
struct Chunk {
  AttachmentId id;
  std::uint64_t offset = 0;
  Bytes content;
};
Bytes encode(const Chunk& message);
Result<Chunk> decode_chunk(BytesView bytes);

}  // namespace fieldpost
