// Central's side of the stick: the same commits, pages and receipts as by network, in files.
#include <algorithm>

#include "shared/foundation/limits.h"
#include "sync/bundle.h"
#include "sync/central/commit.h"
#include "sync/central/endpoint.h"

namespace fieldpost {

namespace {

/// Where each laptop stood in its newest bundle, in the store's meta: [ number: uint, state: bytes ].
std::string stick_key(const DeviceId& device) { return "stick:" + text(device); }

constexpr std::string_view numbers_key = "bundle_number";

struct StickNote {
  std::uint64_t number = 0;
  StickState state;
};

std::optional<StickNote> read_note(BackendTransaction& tx, const DeviceId& device) {
  const auto kept = tx.meta(stick_key(device));
  if (!kept) return std::nullopt;
  CborReader in(*kept);
  StickNote note;
  in.array_of(2);
  note.number = in.uint();
  Result<StickState> state = decode_stick_state(in.bytes());
  if (!in.finish("where a laptop stands") || !state) return std::nullopt;
  note.state = *std::move(state);
  return note;
}

void keep_note(BackendTransaction& tx, const DeviceId& device, const StickNote& note) {
  CborWriter out;
  out.array(2).uint(note.number).bytes(encode(note.state));
  tx.set_meta(stick_key(device), out.result());
}

std::int64_t changes_in(const Page& page) {
  std::int64_t changes = 0;
  for (const Segment& segment : page.segments)
    for (const SegmentEntry& entry : segment.entries) changes += entry.left_out() ? 0 : 1;
  return changes;
}

/// The files that a page's changes name: whoever gets the page sees them.
void add_named_files(const Page& page, std::vector<FilePosition>& wanted) {
  for (const Segment& segment : page.segments)
    for (const SegmentEntry& entry : segment.entries) {
      if (entry.left_out()) continue;
      const Result<Change> change = entry.change ? Result<Change>(*entry.change) : decode_change(entry.stored);
      if (!change) continue;
      for (const Value& value : change->values) {
        const auto* attachment = std::get_if<Attachment>(&value);
        if (attachment && std::none_of(wanted.begin(), wanted.end(),
                                       [&](const FilePosition& file) { return file.id == attachment->id; }))
          wanted.push_back({attachment->id, 0});
      }
    }
}

/// The changes of a page that count here.
std::int64_t counted(BackendTransaction& tx, const Page& page) {
  std::int64_t changes = 0;
  for (const Segment& segment : page.segments)
    for (const SegmentEntry& entry : segment.entries)
      if (entry.change)
        if (const auto number = tx.find(entry.change->record, entry.id)) changes += tx.counts(*number) ? 1 : 0;
  return changes;
}

}  // namespace

Result<BundleTaken> Endpoint::read_bundle(BytesView file) {
  const Result<Bundle> bundle = open_bundle(file, keys_.receipts, keys_.statement());
  if (!bundle) return bundle.error();
  if (!bundle->sender.laptop)
    return Error{ErrorCode::invalid_argument, "this bundle was written by central itself: it is for a laptop"};
  const Certificate& certificate = *bundle->sender.laptop;
  BundleTaken taken;
  taken.sender = certificate.device();
  taken.number = bundle->sender.number;
  // A page a transaction: what a stopped reading has taken in is there, and reading again changes nothing of it.
  for (const BundleFrame& frame : bundle->frames) {
    if (frame.kind == FrameKind::chunk) {
      if (Result<void> put = take_chunk_frame(taken, frame.content); !put) return put.error();
      continue;
    }
    const bool is_page = frame.kind == FrameKind::page;
    const Result<Page> page = is_page ? decode_page(frame.content) : Result<Page>(Page{});
    const Result<StickState> state =
        frame.kind == FrameKind::state ? decode_stick_state(frame.content) : Result<StickState>(StickState{});
    const Result<void> done = backend_.write([&](Tx& tx) -> Result<void> {
      std::optional<DeviceRow> from = tx.device(taken.sender);
      if (!from) {
        // A central that was rebuilt meets its laptop again: the deployment key vouches for it.
        from = DeviceRow{certificate, false, false, 0};
        tx.put_device(*from);
      }
      if (!page || !state) {
        tx.keep_refused(taken.sender, frame.content, Reason::malformed, clock_.now_ms());
        return {};
      }
      if (frame.kind == FrameKind::state) {
        // A stick may bring an older bundle after a newer one.
        const std::optional<StickNote> note = read_note(tx, taken.sender);
        if (!note || note->number <= taken.number) keep_note(tx, taken.sender, {taken.number, *state});
      } else if (is_page) {
        const std::int64_t before = counted(tx, *page);
        const PushAnswer answer = take_page(tx, *from, *page, Forks::adopted);
        taken.changes += changes_in(*page);
        taken.committed += counted(tx, *page) - before;
        for (const Receipt& receipt : answer.receipts)
          for (const Receipt::Exception& exception : receipt.exceptions)
            (exception.outcome == Outcome::held ? taken.held : taken.refused) += 1;
      }
      return {};
    });
    if (!done) return done.error();
    if (!page) return page.error();
    if (!state) return state.error();
  }
  return taken;
}

Result<void> Endpoint::take_chunk_frame(BundleTaken& taken, BytesView content) {
  const Result<Chunk> chunk = decode_chunk(content);
  if (!chunk) return chunk.error();
  const bool was_whole = attachments_ && attachments_->holds(chunk->id);
  const Result<std::uint64_t> held = take_chunk(taken.sender, *chunk);
  // One that does not follow, or names what central does not know, changes nothing; the laptop goes on from what it
  // is told.
  if (!held && (held.error().code == ErrorCode::disk_full || held.error().code == ErrorCode::io)) return held.error();
  if (held && *held == chunk->id.bytes && !was_whole) ++taken.files;
  return {};
}

void Endpoint::add_files(BundleWriter& writer, BundleGiven& given, const std::vector<FilePosition>& wanted) {
  for (const FilePosition& from : wanted) {
    bool counted = false;
    for (std::uint64_t offset = from.held; offset < from.id.bytes;) {
      if (writer.size() >= limits::bundle_filled_bytes) {
        given.more = true;
        return;
      }
      Result<Bytes> content = attachments_->chunk(from.id, offset);
      if (!content && content.error().code == ErrorCode::damaged) note_lost(from.id, true);
      if (!content) break;  // another bundle brings it
      const std::size_t length = content->size();
      writer.add(FrameKind::chunk, encode(Chunk{from.id, offset, *std::move(content)}));
      given.files += counted ? 0 : 1;
      counted = true;
      offset += length;
    }
  }
}

Result<BundleGiven> Endpoint::write_bundle(const DeviceId& recipient) {
  BundleGiven given;
  std::optional<BundleWriter> writer;
  std::vector<FilePosition> wanted;
  const Result<void> done = backend_.write([&](Tx& tx) -> Result<void> {
    const std::optional<DeviceRow> device = tx.device(recipient);
    if (!device || device->waiting)
      return Error{ErrorCode::not_found, "no enrolled laptop has this id: see `devices`"};
    std::uint64_t number = 1;
    if (const auto kept = tx.meta(numbers_key)) number = CborReader(*kept).uint() + 1;
    CborWriter counter;
    counter.uint(number);
    tx.set_meta(numbers_key, counter.result());

    StickAnswer answer;
    answer.incarnation = incarnation(tx);
    answer.certificate = device->certificate;
    answer.time = clock_.now_ms();
    PullRequest asked;
    if (const std::optional<StickNote> note = read_note(tx, recipient)) {
      tell_known(tx, recipient, note->state.own, answer.known, answer.receipts);
      asked = note->state.pull;
      for (const FilePosition& file : note->state.files) {
        const auto held = position(tx, *device, file.id);
        if (held && file.is_whole()) answer.files.push_back({file.id, *held});
        if (!file.is_whole() && attachments_ && may_fetch(tx, *device, file.id)) wanted.push_back(file);
      }
    }
    answer.lacking = lost_files_for(tx, *device);
    Result<BundleWriter> begun =
        BundleWriter::begin(deployment_id_of(keys_.deployment.public_key()), device->certificate.key,
                            {std::nullopt, number, answer.time}, random_);
    if (!begun) return begun.error();
    writer = *std::move(begun);
    writer->add(FrameKind::answer, encode(answer));
    for (given.more = true; given.more && writer->size() < limits::bundle_filled_bytes;) {
      Result<NextPage> next = next_page(tx, *device, asked);
      if (!next) return next.error();
      given.changes += changes_in(next->page);
      given.more = next->left > 0;
      add_named_files(next->page, wanted);
      const bool says_something = !next->page.segments.empty() || !next->page.certificates.empty();
      const Bytes cursor = next->cursor;
      if (says_something)
        writer->add(FrameKind::pull, encode(StickPull{asked.cursor, asked.holds, pack(*std::move(next))}));
      asked.cursor = cursor;
    }
    return {};
  });
  if (!done) return done.error();
  // Outside of the transaction: pushes go on while files are read.
  if (attachments_) add_files(*writer, given, wanted);
  given.file = writer->finish(keys_.receipts);
  return given;
}

}  // namespace fieldpost
