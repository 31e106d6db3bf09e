// A page packed field by field. Zstd finds what is alike near by: the same question answered by a hundred people lies
// together here, and a page holds a sixteenth more than with the changes as they are stored. Only the page is laid
// out so; the changes are put together again byte for byte before anyone looks at them.
#include <map>

#include "shared/foundation/compress.h"
#include "shared/foundation/limits.h"
#include "sync/messages.h"

namespace fieldpost {

namespace {

// Level 6: a tenth fewer bytes than level 3, and no worse than level 9 at half its time.
constexpr int compression_level = 6;
constexpr std::size_t salt_bytes = std::tuple_size_v<decltype(Change::salt)>;
constexpr std::size_t items_before_writes = 8;  // of a change's header (change.h)

/// The values of one field, in the order of the changes that write it. Keys are the field's own encoded item.
struct Column {
  std::size_t values = 0;
  CborWriter items;
};
using Columns = std::map<std::string_view, Column>;

std::string_view text_view(BytesView bytes) { return text_of(bytes); }

/// The fields that a change writes, from its header, as encoded items in their order.
std::vector<std::string_view> fields_of(BytesView header) {
  std::vector<std::string_view> fields;
  CborReader in(header);
  in.array();
  for (std::size_t i = 0; i < items_before_writes; ++i) in.raw();
  const std::size_t entities = in.array();
  for (std::size_t i = 0; i < entities && in.ok(); ++i) {
    in.array_of(2);
    in.raw();
    const std::size_t written = in.array();
    for (std::size_t j = 0; j < written && in.ok(); ++j) fields.push_back(text_view(in.raw()));
  }
  return fields;
}

void write_change(CborWriter& out, BytesView stored, Bytes& salts, Columns& columns) {
  CborReader in(stored);
  in.array_of(2);
  const BytesView header = in.raw();
  if (in.try_null()) {
    out.array(2).raw(header).null();
    return;
  }
  in.array_of(3);
  const BytesView salt = in.bytes();
  salts.insert(salts.end(), salt.begin(), salt.end());
  in.array();
  for (const std::string_view field : fields_of(header)) {
    Column& column = columns[field];
    column.items.raw(in.raw());
    ++column.values;
  }
  out.array(2).raw(header).array(1).raw(in.raw());
}

/// A change as it lies in the page, until its values are at hand.
struct Parts {
  SegmentEntry* entry = nullptr;
  BytesView header, reason;  // no reason item: erased, and whole without values
};

void read_change(CborReader& in, Parts& parts) {
  in.array_of(2);
  parts.header = in.raw();
  if (in.try_null()) return;
  in.array_of(1);
  parts.reason = in.raw();
}

void read_segment_without_values(CborReader& in, Segment& segment) {
  in.array_of(6);
  segment.device = in.id<DeviceId>();
  segment.epoch = in.id<EpochId>();
  segment.first = in.uint();
  segment.start = in.id<Digest>();
  const std::size_t entries = in.array();
  if (segment.first == 0 || segment.first > segment_place_max) in.fail("a place in a journal beyond its bound");
  if (entries == 0 || entries > limits::segment_entries_max) in.fail("a segment with no entry or too many");
  if (in.ok()) segment.entries.resize(entries);
}

struct Values {
  std::size_t left = 0;
  CborReader items{BytesView{}};
};

/// The bytes of a change as they are stored; false when the page does not hold what it writes.
bool put_together(const Parts& parts, BytesView& salts, std::map<std::string_view, Values>& columns, Bytes& stored) {
  CborWriter out;
  out.array(2).raw(parts.header);
  if (parts.reason.empty()) {
    out.null();
  } else {
    if (salts.size() < salt_bytes) return false;
    const std::vector<std::string_view> fields = fields_of(parts.header);
    out.array(3).bytes(salts.first(salt_bytes)).array(fields.size());
    salts = salts.subspan(salt_bytes);
    for (const std::string_view field : fields) {
      const auto column = columns.find(field);
      if (column == columns.end() || column->second.left == 0) return false;
      --column->second.left;
      out.raw(column->second.items.raw());
    }
    out.raw(parts.reason);
  }
  stored = std::move(out).result();
  return true;
}

}  // namespace

Bytes encode_page(const Page& page) {
  CborWriter out;
  Bytes salts;
  Columns columns;
  std::vector<Bytes> encoded;  // what the columns' keys look into
  for (const Segment& segment : page.segments)
    for (const SegmentEntry& entry : segment.entries)
      if (entry.stored.empty() && entry.change) encoded.push_back(encode_change(*entry.change));
  std::size_t next_encoded = 0;

  out.array(4).array(page.segments.size());
  for (const Segment& segment : page.segments) {
    out.array(6)
        .bytes(segment.device.view())
        .bytes(segment.epoch.view())
        .uint(segment.first)
        .bytes(segment.start.view());
    out.array(segment.entries.size());
    for (const SegmentEntry& entry : segment.entries) {
      if (entry.left_out())
        out.bytes(entry.id.view());
      else
        write_change(out, entry.stored.empty() ? encoded[next_encoded++] : entry.stored, salts, columns);
    }
    out.bytes(segment.signature.view());
  }
  out.bytes(salts).array(columns.size());
  for (const auto& [field, column] : columns)
    out.array(2).raw(view_of(field)).array(column.values).raw(column.items.result());
  out.array(page.certificates.size());
  for (const Certificate& certificate : page.certificates) out.bytes(encode_certificate(certificate));
  return compress(out.result(), compression_level);
}

Result<Page> decode_page(BytesView packed) {
  const Result<Bytes> plain = decompress(packed, limits::page_expanded_bytes_max);
  if (!plain) return plain.error();
  CborReader in(*plain);
  Page page;
  in.array_of(4);
  const std::size_t segments = in.array();
  if (segments > page_list_max) in.fail("more segments than a page may hold");
  if (in.ok()) page.segments.resize(segments);
  std::vector<Parts> changes;
  for (Segment& segment : page.segments) {
    if (!in.ok()) break;
    read_segment_without_values(in, segment);
    for (SegmentEntry& entry : segment.entries) {
      if (!in.ok()) break;
      if (in.peek() == CborReader::Kind::bytes) {
        entry.id = in.id<ChangeId>();
      } else {
        Parts& parts = changes.emplace_back();
        parts.entry = &entry;
        read_change(in, parts);
      }
    }
    segment.signature = in.id<Signature>();
  }
  BytesView salts = in.bytes();
  std::map<std::string_view, Values> columns;
  const std::size_t fields = in.array();
  std::string_view last;
  for (std::size_t i = 0; i < fields && in.ok(); ++i) {
    in.array_of(2);
    const std::string_view field = text_view(in.raw());
    if (i > 0 && field <= last) in.fail("fields that are not in order");
    last = field;
    const BytesView values = in.raw();
    Values& column = columns[field];
    column.items = CborReader(values);
    column.left = column.items.array();
    if (column.left == 0) in.fail("a field without values");
  }
  const std::size_t certificates = in.array();
  if (certificates > page_list_max) in.fail("more certificates than a page may hold");
  for (std::size_t i = 0; i < certificates && in.ok(); ++i) {
    Result<Certificate> certificate = decode_certificate(in.bytes());
    if (certificate)
      page.certificates.push_back(*std::move(certificate));
    else
      in.fail("a certificate that cannot be read");
  }
  if (Result<void> whole = in.finish("a page"); !whole) return whole.error();

  for (const Parts& parts : changes) {
    SegmentEntry& entry = *parts.entry;
    if (!put_together(parts, salts, columns, entry.stored))
      return Error{ErrorCode::malformed, "a page: a change lacks values"};
    Result<Change> change = decode_change(entry.stored);
    if (!change) return change.error();
    entry.id = change->id;
    entry.change = *std::move(change);
  }
  bool all_used = salts.empty();
  for (const auto& [field, column] : columns) all_used = all_used && column.left == 0 && column.items.at_end();
  if (!all_used) return Error{ErrorCode::malformed, "a page: values that belong to no change"};
  return page;
}

}  // namespace fieldpost
