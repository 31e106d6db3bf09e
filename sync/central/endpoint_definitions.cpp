// What central publishes to everybody: forms, code lists, places; and what waited for them.
#include <set>

#include "shared/storage/definitions.h"
#include "sync/central/commit.h"
#include "sync/central/endpoint.h"
#include "sync/central/scope.h"

namespace fieldpost {

namespace {
constexpr std::size_t feed_rows_at_once = 512;
}  // namespace

std::vector<Definition> Endpoint::definitions(Tx& tx) {
  std::vector<Definition> out;
  std::set<RecordId> seen;  // handed back after a restore, one may stand in several places
  std::int64_t position = 0;
  while (true) {
    const std::vector<FeedRow> rows = tx.feed(definition_feed, position, feed_rows_at_once);
    if (rows.empty()) return out;
    for (const FeedRow& row : rows) {
      position = row.position;
      for (const EntryRow& entry : tx.entries(row.device, row.epoch, row.n, row.n)) {
        if (!entry.change) continue;
        std::optional<Definition> definition = definition_in(tx.read(*entry.change));
        if (definition && seen.insert(definition_record(*definition)).second) out.push_back(*std::move(definition));
      }
    }
  }
}

std::shared_ptr<const Catalogue> Endpoint::catalogue(Tx& tx) {
  const Bytes mark = tx.meta(definitions_key).value_or(Bytes{});
  const std::lock_guard guard(mutex_);
  if (!published_ || mark != definitions_taken_) {
    published_ = catalogue_with(definitions(tx), shipped_);
    if (!published_) published_ = std::shared_ptr<const Catalogue>(&shipped_, [](const Catalogue*) {});
    definitions_taken_ = mark;
  }
  return published_;
}

Result<std::shared_ptr<const Catalogue>> Endpoint::catalogue() {
  std::shared_ptr<const Catalogue> found;
  const Result<void> done = backend_.read([&](Tx& tx) -> Result<void> {
    found = catalogue(tx);
    return {};
  });
  if (!done) return done.error();
  return found;
}

Result<Endpoint::Published> Endpoint::publish(Definition definition) {
  Published published;
  const Result<void> done = backend_.write([&](Tx& tx) -> Result<void> {
    bool is_known = false;
    if (definition.kind != Definition::Kind::form) {
      definition.version = 0;
      for (const Definition& other : definitions(tx)) {
        if (other.kind != definition.kind || other.name != definition.name || other.version < definition.version)
          continue;
        definition.version = other.version;
        is_known = other.content == definition.content;
      }
      if (!is_known) ++definition.version;
    }
    published.version = definition.version;
    const std::shared_ptr<const Catalogue> before = catalogue(tx);
    published.is_new = !is_known && Committer(tx, keys_, *before).publish(definition, clock_.now_ms(), random_);
    return {};
  });
  if (!done) return done.error();
  const Result<std::int64_t> released = reconsider_held();
  if (!released) return released.error();
  published.released = *released;
  return published;
}

std::int64_t Endpoint::release_held(Tx& tx) {
  const std::shared_ptr<const Catalogue> forms = catalogue(tx);
  Committer committer(tx, keys_, *forms);
  const std::vector<HeldRow> before = tx.held(std::nullopt);
  for (const HeldRow& held : before) committer.reconsider(held);  // which may let others go with it
  return static_cast<std::int64_t>(before.size() - tx.held(std::nullopt).size());
}

Result<std::int64_t> Endpoint::reconsider_held() {
  std::int64_t released = 0;
  const Result<void> done = backend_.write([&](Tx& tx) -> Result<void> {
    released = release_held(tx);
    return {};
  });
  if (!done) return done.error();
  return released;
}

}  // namespace fieldpost
