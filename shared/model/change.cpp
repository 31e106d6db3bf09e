#include "shared/model/change.h"

#include <algorithm>
#include <numeric>

#include "shared/foundation/limits.h"

namespace fieldpost {

namespace {

constexpr std::uint64_t format_version = 1;
constexpr std::size_t name_bytes_max = 64;

void write_field(CborWriter& out, const FieldKey& field) {
  if (field.option.empty())
    out.uint(field.number);
  else
    out.array(2).uint(field.number).text(field.option);
}

FieldKey read_field(CborReader& in) {
  FieldKey field;
  std::uint64_t number = 0;
  if (in.peek() == CborReader::Kind::array) {
    in.array_of(2);
    number = in.uint();
    field.option = std::string(in.text());
    if (field.option.empty()) in.fail("an option without a code");
  } else {
    number = in.uint();
  }
  if (number > UINT32_MAX) in.fail("a field number beyond its bound");
  field.number = static_cast<std::uint32_t>(number);
  return field;
}

/// The canonical header from the stored one, which lacks the commitment: its items are the same bytes.
Bytes header_of_items(BytesView items, const Digest& commitment) {
  CborWriter out;
  out.reserve(1 + items.size() + 2 + Digest::size);
  out.array(10).raw(items).bytes(commitment.view());
  return std::move(out).result();
}

/// The header's items after the leading version; `with_commitment` for the canonical form.
void write_header(CborWriter& out, const Change& change, bool with_commitment) {
  out.array(with_commitment ? 10 : 9).uint(format_version);
  out.bytes(change.record.view()).text(change.form).uint(change.form_version);
  out.bytes(change.author.view()).bytes(change.device.view()).integer(change.at);
  out.array(change.base.size());
  for (const ChangeId& seen : change.base) out.bytes(seen.view());
  std::size_t entities = 0;
  for (std::size_t i = 0; i < change.writes.size(); ++i)
    entities += i == 0 || change.writes[i].entity != change.writes[i - 1].entity;
  out.array(entities);
  for (std::size_t i = 0; i < change.writes.size();) {
    std::size_t end = i;
    while (end < change.writes.size() && change.writes[end].entity == change.writes[i].entity) ++end;
    out.array(2).bytes(change.writes[i].entity.view()).array(end - i);
    for (; i < end; ++i) write_field(out, change.writes[i].field);
  }
  if (with_commitment) out.bytes(change.commitment.view());
}

bool ascending(const auto& items) {
  return std::adjacent_find(items.begin(), items.end(), [](const auto& a, const auto& b) { return !(a < b); }) ==
         items.end();
}

bool is_name(std::string_view name) { return name.size() <= name_bytes_max && is_storable_text(name); }

/// What seal() and decode_change() both ask: nothing may be saved here that another laptop would refuse to read.
Result<void> check(const Change& change) {
  const auto bound = [](const char* what) { return Error{ErrorCode::out_of_bounds, what}; };
  const auto malformed = [](const char* what) { return Error{ErrorCode::malformed, what}; };
  if (change.form.empty() || change.form.size() > name_bytes_max) return bound("a form name of 1 to 64 bytes");
  if (!is_name(change.form)) return malformed("a form name that is not NFC or has control characters");
  if (change.writes.empty()) return Error{ErrorCode::invalid_argument, "a change that writes nothing"};
  if (change.writes.size() > limits::change_values_max) return bound("more than 10,000 values in one save");
  if (change.base.size() > limits::change_base_max) return bound("more than 4,096 changes in one base");
  for (const FieldRef& field : change.writes)
    if (!is_name(field.field.option))
      return malformed("an option whose code is too long, not NFC or has control characters");
  if (change.reason && !is_storable_text(*change.reason))
    return malformed("a reason that is too long, not NFC or has control characters");
  return {};
}

Error too_large() { return {ErrorCode::out_of_bounds, "a save of more than 1 MiB: split it, or shorten its texts"}; }

}  // namespace

const Value* Change::value_of(const FieldRef& field) const {
  if (erased) return nullptr;
  const auto found = std::lower_bound(writes.begin(), writes.end(), field);
  if (found == writes.end() || *found != field) return nullptr;
  return &values[static_cast<std::size_t>(found - writes.begin())];
}

Bytes canonical_header(const Change& change) {
  CborWriter out;
  write_header(out, change, true);
  return std::move(out).result();
}

Bytes canonical_body(const Change& change) {
  CborWriter out;
  out.array(3).bytes(change.salt).array(change.values.size());
  for (const Value& value : change.values) write_value(out, value);
  if (change.reason)
    out.text(*change.reason);
  else
    out.null();
  return std::move(out).result();
}

Result<Change> seal(Change change) {
  std::vector<std::size_t> order(change.writes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return change.writes[a] < change.writes[b]; });
  ensure(change.values.size() == change.writes.size(), "one value for each write");
  std::vector<FieldRef> writes;
  std::vector<Value> values;
  writes.reserve(order.size());
  values.reserve(order.size());
  for (const std::size_t i : order) {
    writes.push_back(std::move(change.writes[i]));
    values.push_back(std::move(change.values[i]));
  }
  change.writes = std::move(writes);
  change.values = std::move(values);
  std::sort(change.base.begin(), change.base.end());
  change.base.erase(std::unique(change.base.begin(), change.base.end()), change.base.end());
  if (!ascending(change.writes)) return Error{ErrorCode::invalid_argument, "a field written twice in one change"};
  if (Result<void> fit = check(change); !fit) return fit.error();
  for (const Value& value : change.values)
    if (!is_storable(value))
      return Error{ErrorCode::malformed,
                   "a text that is too long or not NFC, a date that does not exist or a bad decimal"};

  change.erased = false;
  const Bytes body = canonical_body(change);
  change.commitment = sha256(body);
  const Bytes header = canonical_header(change);
  if (header.size() + body.size() > limits::change_bytes_max) return too_large();
  change.id.bytes = sha256(header).bytes;
  return change;
}

Bytes encode_change(const Change& change) {
  CborWriter out;
  out.array(2);
  write_header(out, change, change.erased);
  if (change.erased)
    out.null();
  else
    out.raw(canonical_body(change));
  return std::move(out).result();
}

Result<Change> decode_change(BytesView stored) {
  // The stored form is never longer than header and body together, and by little shorter.
  if (stored.size() > limits::change_bytes_max) return too_large();
  CborReader in(stored);
  Change change;
  in.array_of(2);
  const std::size_t items = in.array();
  change.erased = items == 10;
  if (items != 9 && items != 10) in.fail("a change header of nine or ten items was expected");
  const std::size_t items_start = in.position();
  if (in.uint() != format_version) in.fail("a change of another format version");
  change.record = in.id<RecordId>();
  change.form = std::string(in.text());
  const std::uint64_t version = in.uint();
  if (version > UINT32_MAX) in.fail("a form version beyond its bound");
  change.form_version = static_cast<std::uint32_t>(version);
  change.author = in.id<UserId>();
  change.device = in.id<DeviceId>();
  change.at = in.integer();
  const std::size_t seen = in.array();
  if (seen > limits::change_base_max) in.fail("a base beyond its bound");
  for (std::size_t i = 0; i < seen && in.ok(); ++i) change.base.push_back(in.id<ChangeId>());
  const std::size_t entities = in.array();
  if (entities > limits::change_values_max) in.fail("more entities than a change may write");
  for (std::size_t i = 0; i < entities && in.ok(); ++i) {
    in.array_of(2);
    const EntityId entity = in.id<EntityId>();
    // The fields of one entity stand together: in two groups they would be in order too, and have two spellings.
    if (!change.writes.empty() && !(change.writes.back().entity < entity)) in.fail("entities that are not in order");
    const std::size_t fields = in.array();
    if (fields == 0 || change.writes.size() + fields > limits::change_values_max)
      in.fail("more fields than a change may write");
    if (entities == 1 && in.ok()) change.writes.reserve(fields);
    for (std::size_t j = 0; j < fields && in.ok(); ++j) change.writes.push_back({entity, read_field(in)});
  }
  const BytesView header_items = stored.subspan(items_start, in.position() - items_start);
  std::size_t body_bytes = 0;
  if (change.erased) {
    change.commitment = in.id<Digest>();
    in.null();
  } else {
    const std::size_t body_start = in.position();
    in.array_of(3);
    const BytesView salt = in.bytes();
    if (salt.size() != change.salt.size()) in.fail("a salt of 16 bytes was expected");
    if (in.ok()) std::copy(salt.begin(), salt.end(), change.salt.begin());
    if (in.array() != change.writes.size()) in.fail("one value for each field was expected");
    change.values.reserve(change.writes.size());
    for (std::size_t i = 0; i < change.writes.size() && in.ok(); ++i) change.values.push_back(read_value(in));
    if (!in.try_null()) change.reason = std::string(in.text());
    body_bytes = in.position() - body_start;
    if (in.ok()) change.commitment = sha256(stored.subspan(body_start, body_bytes));
  }
  if (Result<void> whole = in.finish("a change"); !whole) return whole.error();
  if (!ascending(change.base) || !ascending(change.writes))
    return Error{ErrorCode::malformed, "a change whose base or fields are not in order"};
  if (Result<void> fit = check(change); !fit) return fit.error();
  // The reader takes canonical bytes only, so they need not be written anew to be hashed.
  const Bytes header = header_of_items(header_items, change.commitment);
  if (header.size() + body_bytes > limits::change_bytes_max) return too_large();
  change.id.bytes = sha256(header).bytes;
  return change;
}

}  // namespace fieldpost
