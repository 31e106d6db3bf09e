#include "sync/stick.h"

#include <algorithm>

#include "shared/foundation/limits.h"
#include "sync/attachment_exchange.h"
#include "sync/bundle.h"
#include "sync/exchange.h"
#include "sync/messages.h"

namespace fieldpost {

namespace {

// In one bundle: the others have their turn when these are there.
constexpr std::size_t files_named_max = 2'000;

/// A file's chunks from a place on, until the bundle is full. One that is damaged here is left out: it was set aside,
/// and others may have it.
Result<void> add_file(Store& store, BundleWriter& writer, BundleBytes& bundle, const FilePosition& from) {
  bool counted = false;
  for (std::uint64_t offset = from.held; offset < from.id.bytes;) {
    if (writer.size() >= limits::bundle_filled_bytes) {
      bundle.more_files = true;
      return {};
    }
    Result<Bytes> content = store.attachments().chunk(from.id, offset);
    if (!content && content.error().code == ErrorCode::io) return content.error();
    if (!content) return {};
    const std::size_t length = content->size();
    writer.add(FrameKind::chunk, encode(Chunk{from.id, offset, *std::move(content)}));
    bundle.files += counted ? 0 : 1;
    counted = true;
    offset += length;
  }
  return {};
}

/// One journal's segments after a place, as pages, until the bundle is full.
Result<void> add_journal(Store& store, BundleWriter& writer, BundleBytes& bundle, const DeviceId& device,
                         const EpochId& epoch, std::uint64_t after, std::uint64_t last,
                         std::vector<AttachmentId>* named = nullptr) {
  const Result<std::optional<Certificate>> certificate = store.certificate(device);
  if (!certificate) return certificate.error();
  bool is_first = true;
  while (after < last) {
    if (writer.size() >= limits::bundle_filled_bytes) {
      bundle.more = true;
      return {};
    }
    Bytes packed;
    const auto pack = [&](const Segment& attempt) {
      packed = encode_page({{attempt}, {}});
      return packed.size();
    };
    Result<std::optional<Segment>> segment = store.next_segment(device, epoch, after, pack);
    if (!segment) return segment.error();
    if (!*segment) return {};
    after = (*segment)->last();
    if (named) {
      const auto files = store.files_in(device, epoch, (*segment)->first, after);
      if (!files) return files.error();
      named->insert(named->end(), files->begin(), files->end());
    }
    for (const SegmentEntry& entry : (*segment)->entries) bundle.changes += entry.left_out() ? 0 : 1;
    Page page;
    page.segments.push_back(**std::move(segment));
    if (is_first && *certificate) page.certificates.push_back(**certificate);
    is_first = false;
    writer.add(FrameKind::page, encode_page(page));
  }
  return {};
}

/// `source`: whose chunks the recipient's would follow.
Result<StickState> state_of(Store& store, const DeviceId& self, const DeviceId& source, bool for_central) {
  StickState state;
  Result<std::vector<JournalPosition>> own = store.own_positions();
  if (!own) return own.error();
  state.own = *std::move(own);
  const Result<std::vector<Store::ForeignJournal>> journals = store.foreign_journals(Store::Foreign::all);
  if (!journals) return journals.error();
  for (const Store::ForeignJournal& journal : *journals)
    state.journals.push_back({journal.device, journal.epoch, journal.n, journal.chain});
  Result<Bytes> cursor = store.cursor();
  if (!cursor) return cursor.error();
  state.pull.cursor = *std::move(cursor);
  Result<std::vector<HeldJournal>> holds = holds_of(store, self);
  if (!holds) return holds.error();
  state.pull.holds = *std::move(holds);
  const Result<std::vector<Store::FileState>> lacking = store.files_to_fetch();
  if (!lacking) return lacking.error();
  for (const Store::FileState& file : *lacking)
    state.files.push_back({file.id, store.attachments().position(file.id, source)});
  if (for_central) {
    const Result<std::vector<Store::FileState>> here = store.files_to_send(Store::Naming::any);
    if (!here) return here.error();
    for (const Store::FileState& file : *here) state.files.push_back({file.id, file.id.bytes});
  }
  state.files.resize(std::min(state.files.size(), files_named_max));
  return state;
}

Result<Identity> enrolled(Store& store) {
  Result<std::optional<Identity>> identity = store.identity();
  if (!identity) return identity.error();
  if (!*identity)
    return Error{ErrorCode::invalid_argument,
                 "this laptop is not enrolled yet: ask the office for a ticket, then enrol"};
  return **std::move(identity);
}

Result<BundleWriter> begin(Store& store, const Identity& self, const PublicKey& recipient) {
  const Result<std::uint64_t> number = store.next_bundle_number();
  if (!number) return number.error();
  const Environment& around = store.environment();
  return BundleWriter::begin(self.deployment(), recipient, {self.certificate, *number, around.clock.now_ms()},
                             around.random);
}

Result<BundleBytes> finish(Store& store, BundleWriter& writer, BundleBytes bundle) {
  const Result<SigningKey> key = store.device_key();
  if (!key) return key.error();
  bundle.file = writer.finish(*key);
  return bundle;
}

}  // namespace

Result<BundleBytes> bundle_for_central(Store& store) {
  const Result<Identity> self = enrolled(store);
  if (!self) return self.error();
  Result<BundleWriter> writer = begin(store, *self, self->central.receipts);
  if (!writer) return writer.error();
  const DeviceId central = device_id_of(self->central.receipts);
  const Result<StickState> state = state_of(store, self->device(), central, true);
  if (!state) return state.error();
  writer->add(FrameKind::state, encode(*state));
  BundleBytes bundle;
  const Result<std::vector<Store::Receipted>> receipted = store.receipted();
  if (!receipted) return receipted.error();
  for (const JournalPosition& epoch : state->own) {
    const Result<bool> open = store.has_open_entries(epoch.epoch);
    if (!open) return open.error();
    if (!*open) continue;
    std::uint64_t after = 0;
    for (const Store::Receipted& journal : *receipted)
      if (journal.epoch == epoch.epoch) after = journal.n;
    bundle.journals.push_back({self->device(), epoch.epoch, epoch.n, epoch.chain});
    if (Result<void> added = add_journal(store, *writer, bundle, self->device(), epoch.epoch, after, epoch.n); !added)
      return added.error();
  }
  // After a restore of central everything is handed in once more; else what colleagues handed over.
  const Result<bool> all = store.must_offer();
  if (!all) return all.error();
  const Result<std::vector<Store::ForeignJournal>> carried =
      store.foreign_journals(*all ? Store::Foreign::all : Store::Foreign::open);
  if (!carried) return carried.error();
  for (const Store::ForeignJournal& journal : *carried) {
    const std::uint64_t after = *all ? 0 : journal.first_open - 1;
    bundle.journals.push_back(journal);
    if (Result<void> added = add_journal(store, *writer, bundle, journal.device, journal.epoch, after, journal.n);
        !added)
      return added.error();
  }
  const Result<std::vector<Store::FileState>> files = store.files_to_send(Store::Naming::any);
  if (!files) return files.error();
  for (const Store::FileState& file : *files)
    if (Result<void> added = add_file(store, *writer, bundle, {file.id, file.sent}); !added) return added.error();
  return finish(store, *writer, std::move(bundle));
}

Result<BundleBytes> bundle_for(Store& store, const DeviceId& colleague) {
  const Result<Identity> self = enrolled(store);
  if (!self) return self.error();
  const Result<std::optional<Certificate>> recipient = store.certificate(colleague);
  if (!recipient) return recipient.error();
  if (!*recipient)
    return Error{ErrorCode::not_found,
                 "this laptop has never heard of that one: let both sync once, or read a bundle of theirs first"};
  const Certificate& mine = self->certificate;
  if (!may_hand_over(mine.role, mine.unit, (*recipient)->role, (*recipient)->unit))
    return Error{ErrorCode::forbidden,
                 "what that laptop may see only central decides: write the bundle for central instead"};
  Result<BundleWriter> writer = begin(store, *self, (*recipient)->key);
  if (!writer) return writer.error();
  const Result<StickState> state = state_of(store, self->device(), colleague, false);
  if (!state) return state.error();
  writer->add(FrameKind::state, encode(*state));

  const Result<std::vector<Store::ForeignJournal>> known = store.holdings(colleague);
  if (!known) return known.error();
  BundleBytes bundle;
  std::vector<AttachmentId> named;
  const auto add = [&](const DeviceId& device, const EpochId& epoch, std::uint64_t last) -> Result<void> {
    std::uint64_t after = 0;
    for (const Store::ForeignJournal& there : *known) {
      if (there.device != device || there.epoch != epoch) continue;
      // Only where both stand on the same line: theirs may be a copied laptop's.
      const Result<std::optional<Digest>> chain = store.chain_at(device, epoch, there.n);
      if (!chain) return chain.error();
      if (*chain && **chain == there.chain) after = there.n;
    }
    return add_journal(store, *writer, bundle, device, epoch, after, last, &named);
  };
  for (const JournalPosition& epoch : state->own)
    if (Result<void> added = add(self->device(), epoch.epoch, epoch.n); !added) return added.error();
  for (const ForeignPosition& journal : state->journals)
    if (Result<void> added = add(journal.device, journal.epoch, journal.n); !added) return added.error();
  Result<std::vector<FilePosition>> files = store.wanted(colleague);
  if (!files) return files.error();
  for (const AttachmentId& id : named)
    if (std::none_of(files->begin(), files->end(), [&](const FilePosition& file) { return file.id == id; }))
      files->push_back({id, 0});
  for (const FilePosition& file : *files)
    if (store.attachments().holds(file.id))
      if (Result<void> added = add_file(store, *writer, bundle, file); !added) return added.error();
  return finish(store, *writer, std::move(bundle));
}

// ---- Reading ------------------------------------------------------------------------------------------------------

namespace {

Result<void> take_answer(Store& store, const Identity& self, const StickAnswer& answer, BundleRead& read) {
  const Result<bool> past = store.is_past_incarnation(answer.incarnation);
  if (!past) return past.error();
  read.is_old = *past;
  if (*past) return {};
  const Result<std::optional<Incarnation>> known = store.incarnation();
  if (!known) return known.error();
  if (!*known || **known != answer.incarnation) {
    read.new_incarnation = known->has_value();
    if (Result<void> kept = store.set_incarnation(answer.incarnation); !kept) return kept;
  }
  const bool is_mine = answer.certificate.key == self.certificate.key &&
                       verify_certificate(answer.certificate, self.central.deployment);
  if (is_mine && answer.certificate.issued_at > self.certificate.issued_at) {
    Identity now = self;
    now.certificate = answer.certificate;
    if (Result<void> kept = store.set_identity(now); !kept) return kept;
  }
  bool needs_epoch = false;
  const Result<std::vector<JournalPosition>> own = store.own_positions();
  if (!own) return own.error();
  for (std::size_t i = 0; i < own->size(); ++i)
    for (const JournalPosition& theirs : answer.known) {
      if (theirs.epoch != (*own)[i].epoch) continue;
      const Result<Meeting> meeting = meet(store, self.device(), (*own)[i], theirs, i + 1 == own->size());
      if (!meeting) return meeting.error();
      needs_epoch = needs_epoch || *meeting == Meeting::needs_epoch;
    }
  const Result<StoreStatus> before = store.status();
  if (!before) return before.error();
  for (const Receipt& receipt : answer.receipts)
    if (Result<void> taken = store.take_receipt(receipt); !taken && taken.error().code != ErrorCode::untrusted)
      return taken;
  for (const FilePosition& file : answer.files)
    if (Result<void> noted = store.note_at_central(
            file.id, file.is_whole() ? Store::AtCentral::holds : Store::AtCentral::unknown, file.held);
        !noted)
      return noted;
  if (Result<void> taken = take_file_news(store, {}, {}, answer.lacking); !taken) return taken;
  const Result<StoreStatus> after = store.status();
  if (!after) return after.error();
  read.receipted += after->receipted - before->receipted;
  read.held += std::max<std::int64_t>(after->held - before->held, 0);
  read.refused += std::max<std::int64_t>(after->refused - before->refused, 0);
  if (!needs_epoch) return {};
  read.new_epoch = true;
  return store.start_epoch();
}

/// Whether all that was said to be here of the own journals is. What was held then may have been committed since.
Result<bool> still_holds(Store& store, const DeviceId& self, const std::vector<HeldJournal>& said) {
  const Result<std::vector<Store::Receipted>> here = store.receipted();
  if (!here) return here.error();
  for (const HeldJournal& journal : said) {
    std::uint64_t n = 0;
    for (const Store::Receipted& own : *here)
      if (own.epoch == journal.epoch) n = own.n;
    if (n < journal.n) return false;
    const Result<std::optional<Digest>> chain = store.chain_at(self, journal.epoch, journal.n);
    if (!chain) return chain.error();
    if (*chain != journal.chain) return false;
  }
  return true;
}

Result<void> take_pull(Store& store, const Identity& self, const StickPull& pull, BundleRead& read) {
  if (!verify_pull(pull.answer, self.central.receipts))
    return Error{ErrorCode::untrusted, "a page that central did not sign: nothing of it was taken in"};
  const Result<Page> page = decode_page(pull.answer.page);
  if (!page) return page.error();
  if (Result<void> kept = store.keep_certificates(page->certificates); !kept) return kept;
  const Result<Bytes> cursor = store.cursor();
  if (!cursor) return cursor.error();
  // An older bundle repeats what is here; it must not move the cursor back, nor over what it does not hold.
  bool moves = !read.is_old && *cursor == pull.base;
  if (moves) {
    const Result<bool> holds = still_holds(store, self.device(), pull.holds);
    if (!holds) return holds.error();
    moves = *holds;
  }
  // What central had committed before it was restored it may have forgotten: then it is a colleague's word.
  const Result<std::int64_t> added =
      store.take_segments(page->segments, moves ? BytesView(pull.answer.cursor) : BytesView(),
                          read.is_old ? Store::Road::colleague : Store::Road::central);
  if (!added) return added.error();
  read.received += *added;
  return {};
}

Result<void> take_page(Store& store, const Page& page, BundleRead& read) {
  if (Result<void> kept = store.keep_certificates(page.certificates); !kept) return kept;
  const Result<std::int64_t> added = store.take_segments(page.segments, {}, Store::Road::colleague);
  if (!added) return added.error();
  read.received += *added;
  return {};
}

/// What does not follow, nobody names or is not what it should be changes nothing: the next bundle goes on from what
/// is here.
Result<void> take_chunk(Store& store, const Chunk& chunk, BundleRead& read) {
  const Result<bool> named = store.is_named(chunk.id);
  if (!named) return named.error();
  AttachmentStore& attachments = store.attachments();
  if (!*named || attachments.holds(chunk.id)) return {};
  const Result<std::uint64_t> held = attachments.add(chunk.id, read.sender, chunk.offset, chunk.content);
  if (!held && (held.error().code == ErrorCode::disk_full || held.error().code == ErrorCode::io)) return held.error();
  if (held && *held == chunk.id.bytes) ++read.files;
  return {};
}

}  // namespace

Result<BundleRead> read_bundle(Store& store, BytesView file) {
  const Result<Identity> self = enrolled(store);
  if (!self) return self.error();
  const Result<SigningKey> key = store.device_key();
  if (!key) return key.error();
  const Result<Bundle> bundle = open_bundle(file, *key, self->central);
  if (!bundle) return bundle.error();
  BundleRead read;
  read.from_central = !bundle->sender.laptop;
  read.number = bundle->sender.number;
  read.sender = read.from_central ? device_id_of(self->central.receipts) : bundle->sender.laptop->device();
  if (!read.from_central) {
    const Certificate& theirs = *bundle->sender.laptop;
    const Certificate& mine = self->certificate;
    if (!may_hand_over(theirs.role, theirs.unit, mine.role, mine.unit))
      return Error{ErrorCode::forbidden,
                   "what that laptop holds only central may hand to this one: nothing of the bundle was taken in"};
    if (Result<void> kept = store.keep_certificates({theirs}); !kept) return kept.error();
  }
  for (const BundleFrame& frame : bundle->frames) {
    Result<void> taken;
    if (frame.kind == FrameKind::answer && read.from_central) {
      const Result<StickAnswer> answer = decode_stick_answer(frame.content);
      taken = answer ? take_answer(store, *self, *answer, read) : Result<void>(answer.error());
    } else if (frame.kind == FrameKind::pull && read.from_central) {
      const Result<StickPull> pull = decode_stick_pull(frame.content);
      taken = pull ? take_pull(store, *self, *pull, read) : Result<void>(pull.error());
    } else if (frame.kind == FrameKind::page && !read.from_central) {
      const Result<Page> page = decode_page(frame.content);
      taken = page ? take_page(store, *page, read) : Result<void>(page.error());
    } else if (frame.kind == FrameKind::chunk) {
      const Result<Chunk> chunk = decode_chunk(frame.content);
      taken = chunk ? take_chunk(store, *chunk, read) : Result<void>(chunk.error());
    } else if (frame.kind == FrameKind::state && !read.from_central) {
      const Result<StickState> state = decode_stick_state(frame.content);
      if (!state) return state.error();
      std::vector<Store::ForeignJournal> holdings;
      for (const JournalPosition& own : state->own) holdings.push_back({read.sender, own.epoch, own.n, own.chain});
      for (const ForeignPosition& journal : state->journals)
        holdings.push_back({journal.device, journal.epoch, journal.n, journal.chain});
      taken = store.keep_holdings(read.sender, holdings);
      if (taken) taken = store.keep_wanted(read.sender, state->files);
    }
    if (!taken) return taken.error();
  }
  return read;
}

Result<void> bundle_is_written(Store& store, const BundleBytes& bundle) {
  // A full bundle holds a part of the journals: their records stay "on this laptop" until the last one is written.
  return bundle.more ? Result<void>() : store.mark_bundled(bundle.journals);
}

}  // namespace fieldpost
