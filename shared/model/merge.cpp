#include "shared/model/merge.h"

#include <algorithm>

namespace fieldpost {

namespace {

void insert_sorted(std::vector<ChangeId>& ids, const ChangeId& id) {
  const auto at = std::lower_bound(ids.begin(), ids.end(), id);
  if (at == ids.end() || *at != id) ids.insert(at, id);
}

}  // namespace

void RecordHeads::apply(const Change& arrived, const IsPresent& is_present) {
  // One look over the heads, however long the base is: a roster of 500 that others filled in is a base of hundreds.
  std::vector<bool> is_head_here(arrived.base.size());
  std::size_t left = arrived.base.size();
  for (auto field = fields_.begin(); field != fields_.end() && left > 0; ++field)
    for (const ChangeId& head : field->second) {
      const auto at = std::lower_bound(arrived.base.begin(), arrived.base.end(), head);
      if (at == arrived.base.end() || *at != head) continue;
      const auto place = static_cast<std::size_t>(at - arrived.base.begin());
      left -= !is_head_here[place];
      is_head_here[place] = true;
    }
  std::vector<ChangeId> missing;
  for (std::size_t i = 0; i < arrived.base.size(); ++i)
    if (!is_head_here[i] && !is_present(arrived.base[i])) missing.push_back(arrived.base[i]);

  const auto awaited = awaited_.find(arrived.id);
  for (const FieldRef& field : arrived.writes) {
    std::vector<ChangeId>& heads = fields_[field];
    std::erase_if(heads, [&](const ChangeId& head) {
      return std::binary_search(arrived.base.begin(), arrived.base.end(), head);
    });
    const bool superseded = awaited != awaited_.end() && awaited->second.contains(field);
    if (!superseded) insert_sorted(heads, arrived.id);
  }
  if (awaited != awaited_.end()) awaited_.erase(awaited);
  for (const ChangeId& seen : missing) awaited_[seen].insert(arrived.writes.begin(), arrived.writes.end());
}

bool RecordHeads::is_head(const ChangeId& id) const {
  for (const auto& [field, heads] : fields_)
    if (std::binary_search(heads.begin(), heads.end(), id)) return true;
  return false;
}

const std::vector<ChangeId>& RecordHeads::of(const FieldRef& field) const {
  static const std::vector<ChangeId> nobody;
  const auto at = fields_.find(field);
  return at == fields_.end() ? nobody : at->second;
}

std::vector<ChangeId> RecordHeads::seen(std::span<const EntityId> entities) const {
  std::vector<ChangeId> ids;
  for (const EntityId& entity : entities)
    for (auto at = fields_.lower_bound({entity, {}}); at != fields_.end() && at->first.entity == entity; ++at)
      ids.insert(ids.end(), at->second.begin(), at->second.end());
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::vector<EntityId> RecordHeads::entities() const {
  std::vector<EntityId> out;
  for (const auto& [field, heads] : fields_)
    if (out.empty() || out.back() != field.entity) out.push_back(field.entity);
  return out;
}

// heads = [ [ change id: bytes32 … ] ascending,
//           [ [ entity: bytes16, [ [ number: uint, option: text if any, place in the list above: uint … ] … ] ] … ],
//           [ [ awaited id: bytes32, [ [ entity: bytes16, number: uint, option: text ] … ] ] … ] ]
Bytes RecordHeads::encode() const {
  std::vector<ChangeId> ids;
  for (const auto& [field, heads] : fields_)
    for (const ChangeId& head : heads) ids.push_back(head);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());

  CborWriter out;
  out.array(3).array(ids.size());
  for (const ChangeId& id : ids) out.bytes(id.view());
  out.array(entities().size());
  for (auto at = fields_.begin(); at != fields_.end();) {
    const EntityId entity = at->first.entity;
    auto end = at;
    std::size_t count = 0;
    for (; end != fields_.end() && end->first.entity == entity; ++end) ++count;
    out.array(2).bytes(entity.view()).array(count);
    for (; at != end; ++at) {
      const auto& [field, heads] = *at;
      out.array(1 + (field.field.option.empty() ? 0 : 1) + heads.size()).uint(field.field.number);
      if (!field.field.option.empty()) out.text(field.field.option);
      for (const ChangeId& head : heads)
        out.uint(static_cast<std::uint64_t>(std::lower_bound(ids.begin(), ids.end(), head) - ids.begin()));
    }
  }
  out.array(awaited_.size());
  for (const auto& [id, fields] : awaited_) {
    out.array(2).bytes(id.view()).array(fields.size());
    for (const FieldRef& field : fields)
      out.array(3).bytes(field.entity.view()).uint(field.field.number).text(field.field.option);
  }
  return std::move(out).result();
}

Result<RecordHeads> RecordHeads::decode(BytesView bytes) {
  CborReader in(bytes);
  RecordHeads out;
  in.array_of(3);
  std::vector<ChangeId> ids(in.array());
  for (ChangeId& id : ids) id = in.id<ChangeId>();
  const std::size_t entities = in.array();
  for (std::size_t i = 0; i < entities && in.ok(); ++i) {
    in.array_of(2);
    FieldRef field;
    field.entity = in.id<EntityId>();
    const std::size_t fields = in.array();
    for (std::size_t j = 0; j < fields && in.ok(); ++j) {
      std::size_t left = in.array();
      field.field.number = static_cast<std::uint32_t>(in.uint());
      field.field.option.clear();
      --left;
      if (in.peek() == CborReader::Kind::text) {
        field.field.option = std::string(in.text());
        --left;
      }
      std::vector<ChangeId>& heads = out.fields_[field];
      for (; left > 0 && in.ok(); --left) {
        const std::uint64_t place = in.uint();
        if (place >= ids.size()) {
          in.fail("a head that is not in the list");
          break;
        }
        heads.push_back(ids[place]);
      }
    }
  }
  const std::size_t awaited = in.array();
  for (std::size_t i = 0; i < awaited && in.ok(); ++i) {
    in.array_of(2);
    std::set<FieldRef>& fields = out.awaited_[in.id<ChangeId>()];
    const std::size_t count = in.array();
    for (std::size_t j = 0; j < count && in.ok(); ++j) {
      in.array_of(3);
      FieldRef field;
      field.entity = in.id<EntityId>();
      field.field.number = static_cast<std::uint32_t>(in.uint());
      field.field.option = std::string(in.text());
      fields.insert(std::move(field));
    }
  }
  if (Result<void> whole = in.finish("the heads of a record"); !whole) return whole.error();
  return out;
}

Bytes RecordHeads::digest_bytes() const {
  CborWriter out;
  for (const auto& [field, heads] : fields_) {
    out.bytes(field.entity.view()).uint(field.field.number).text(field.field.option).array(heads.size());
    for (const ChangeId& head : heads) out.bytes(head.view());
  }
  return std::move(out).result();
}

std::map<FieldRef, std::vector<ChangeId>> heads_by_definition(std::span<const Change> changes) {
  std::map<FieldRef, std::vector<ChangeId>> out;
  for (const Change& change : changes) {
    for (const FieldRef& field : change.writes) {
      const bool superseded = std::any_of(changes.begin(), changes.end(), [&](const Change& other) {
        return std::binary_search(other.base.begin(), other.base.end(), change.id) &&
               std::binary_search(other.writes.begin(), other.writes.end(), field);
      });
      std::vector<ChangeId>& heads = out[field];
      if (!superseded) insert_sorted(heads, change.id);
    }
  }
  return out;
}

ConflictId conflict_id(const FieldRef& field, std::span<const ChangeId> heads) {
  CborWriter out;
  out.array(4).bytes(field.entity.view()).uint(field.field.number).text(field.field.option).array(heads.size());
  for (const ChangeId& head : heads) out.bytes(head.view());
  return ConflictId{sha256(out.result()).bytes};
}

FieldState field_state(const FieldRef& field, std::span<const ChangeId> heads, const FindChange& find) {
  FieldState state;
  for (const ChangeId& head : heads) {
    const Change* change = find(head);
    const Value* value = change ? change->value_of(field) : nullptr;
    if (value) state.heads.push_back({head, change->author, change->device, change->at, *value, change->reason});
  }
  std::sort(state.heads.begin(), state.heads.end(),
            [](const Rival& a, const Rival& b) { return std::tie(a.at, a.change) < std::tie(b.at, b.change); });
  state.unavailable = state.heads.empty();
  if (state.unavailable) return state;
  state.shown = state.heads.back().value;
  for (const Rival& rival : state.heads) state.conflict = state.conflict || rival.value != state.shown;
  return state;
}

}  // namespace fieldpost
