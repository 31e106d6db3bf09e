// Inside of Store, shared by its .cpp files and nobody else.
#pragma once

#include <map>

#include "shared/storage/store.h"

namespace fieldpost {

struct Store::State {
  State(std::unique_ptr<Database> opened, const Environment& around, std::filesystem::path folder,
        const SymmetricKey& key)
      : database(std::move(opened)),
        environment(around),
        home(std::move(folder)),
        journal(*database),
        view(std::make_unique<View>(*database, around.catalogue)),
        attachments(home / "attachments", key, around.random) {}

  std::unique_ptr<Database> database;
  Environment environment;
  std::filesystem::path home;
  Journal journal;
  std::unique_ptr<View> view;
  AttachmentStore attachments;
  /// What central has published, over the shipped catalogue; older ones stay, since forms left open point into them.
  std::vector<std::shared_ptr<const Catalogue>> published;
  Bytes definitions_taken;  // the store's mark of them then
  const Catalogue& catalogue() const { return published.empty() ? environment.catalogue : *published.back(); }

  // These run inside the caller's transaction and throw SqlError.
  std::optional<Bytes> meta(std::string_view key);
  void set_meta(std::string_view key, BytesView value);
  void drop_meta(std::string_view key);

  /// Takes over what was published since, also by another Store on this folder.
  void take_definitions();
  SigningKey device_key();
  std::optional<Identity> identity();
  /// Throws invalid_argument when this laptop is not enrolled.
  Identity enrolled();
  std::optional<Certificate> certificate(const DeviceId& device);

  /// Where the next own change goes.
  struct Tail {
    std::int64_t epoch_number = 0;
    EpochId epoch;
    std::uint64_t n = 0;
    Digest chain;
  };
  Tail tail(const Identity& identity);
  /// The same, in a new epoch where the next place is taken.
  Tail free_tail(const Identity& identity);
  Tail open_epoch(const Identity& identity);
  void append(Tail& tail, ChangeNumber number, const ChangeId& id);
  void keep_tail(const Tail& tail);

  // What share of its bytes a change is on the wire, as the last page showed: how many fit the next. A first page
  // that is only half full costs less than packing twice.
  double packed_share = 0.6;

  const Form& form_of(const std::string& name, std::uint32_t version);
  Answers answers_of(const RecordId& record, const RecordHeads& heads, const Form& form);
  /// Writes what the edit adds to what was seen; `kept` stays empty when that is nothing.
  Saved save(const Seen& seen, const Edit& edit, std::optional<std::string> reason, std::optional<Change>& kept);
  /// Throws where a change names a file that is neither here nor named by the record already.
  void check_files(const Change& change);
  /// Once it is durable.
  void settle_files(const Change& change);
  void count_files(StoreStatus& status);
  /// Named by the heads of its field; `heads` remembers those of records that were looked at.
  bool is_current(const Journal::NamedAttachment& named, std::map<RecordId, RecordHeads>& heads);
  Store::AtCentral at_central(const AttachmentId& id);
  RecordHeads counting_heads(const RecordId& record);
  Digest digest();
  /// Seals and keeps one change of this laptop, in journal, heads and view.
  Change keep_own(Change change);
};

}  // namespace fieldpost
