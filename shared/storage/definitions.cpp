#include "shared/storage/definitions.h"

#include <algorithm>
#include <tuple>

#include "shared/foundation/crypto.h"

namespace fieldpost {

Bytes next_definitions_mark(const std::optional<Bytes>& before, const ChangeId& added) {
  Bytes both = before.value_or(Bytes{});
  both.insert(both.end(), added.bytes.begin(), added.bytes.end());
  const Digest mark = sha256(both);
  return {mark.bytes.begin(), mark.bytes.end()};
}

std::vector<Definition> definitions_in(Database& database, const std::optional<DeviceId>& central) {
  std::vector<Definition> out;
  const DefinitionRange range = definition_range();
  Statement statement = database.prepare("SELECT stored FROM change WHERE record BETWEEN ? AND ? AND counts = 1");
  statement.bind(range.first, range.last);
  while (statement.step()) {
    const Result<Change> change = decode_change(statement.blob(0));
    if (!change || (central && change->device != *central)) continue;
    if (std::optional<Definition> definition = definition_in(*change)) out.push_back(*std::move(definition));
  }
  return out;
}

std::shared_ptr<const Catalogue> catalogue_with(std::vector<Definition> definitions, const Catalogue& shipped) {
  if (definitions.empty()) return nullptr;
  const auto rank = [](const Definition& definition) {
    return std::tuple(definition.kind == Definition::Kind::form, definition.version, definition.name);
  };
  std::sort(definitions.begin(), definitions.end(),
            [&](const Definition& a, const Definition& b) { return rank(a) < rank(b); });
  auto catalogue = std::make_shared<Catalogue>(shipped);
  for (const Definition& definition : definitions) (void)add_definition(*catalogue, definition);
  return catalogue;
}

}  // namespace fieldpost
