// The register as the office sees it: its books, and going on after a restore.
#include "sync/central/commit.h"
#include "sync/central/endpoint.h"

namespace fieldpost {

Result<Endpoint::Registers> Endpoint::registers(bool resume) {
  Registers out;
  const auto look = [&](Tx& tx) {
    for (const auto& [book, last] : register_books(tx)) out.books.push_back({book.first, book.second, last});
    out.waits = numbering_waits(tx);
  };
  const Result<void> done = resume ? backend_.write([&](Tx& tx) -> Result<void> {
    tx.set_meta(numbering_waits_key, {});
    const std::shared_ptr<const Catalogue> forms = catalogue(tx);
    out.numbered = Committer(tx, keys_, *forms).number_all();
    look(tx);
    return {};
  })
                                   : backend_.read([&](Tx& tx) -> Result<void> {
                                       look(tx);
                                       return {};
                                     });
  if (!done) return done.error();
  return out;
}

}  // namespace fieldpost
