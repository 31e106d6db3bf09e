// `bundle write` and `bundle read`: the road without a network, from and to a file on a stick.
#include "shared/foundation/limits.h"
#include "shared/storage/files.h"
#include "sync/stick.h"
#include "tools/fieldpostctl/commands.h"
#include "tools/fieldpostctl/fields.h"

namespace fieldpost::ctl {

namespace {

constexpr const char* usage =
    "bundle write FILE --home DIR [--for central|DEVICE] · bundle read FILE --home DIR|CENTRAL";

struct BundleWritten {
  std::int64_t changes = 0;
  std::int64_t files = 0;
  std::size_t bytes = 0;
  bool more = false;
};

Reply written(const std::string& file, const std::string& recipient, const BundleWritten& bundle) {
  Reply reply;
  reply.json = {{"file", file},          {"for", recipient},      {"changes", bundle.changes},
                {"files", bundle.files}, {"bytes", bundle.bytes}, {"more", bundle.more}};
  reply.text = file + "\n";
  reply.notes.push_back(std::to_string(bundle.changes) +
                        " thay đổi trong gói, đã đọc lại và khớp; rút USB an toàn được (changes in the bundle, read "
                        "back and verified: the stick may be removed)");
  if (bundle.more) {
    reply.exit = exit_attention;
    reply.notes.push_back(
        "gói đã đầy, còn nữa: viết thêm gói sau khi gói này được đọc (the bundle is full; write another once this "
        "one "
        "has been read)");
  }
  return reply;
}

Reply write_at_central(const Context& context, const std::string& file, const DeviceId& recipient) {
  Result<std::unique_ptr<CentralHome>> home = open_central(context, false);
  if (!home) return failed(home.error());
  Endpoint endpoint((*home)->backend(), (*home)->office().keys(), context.catalogue, context.clock, context.random,
                    &(*home)->attachments());
  const Result<BundleGiven> given = endpoint.write_bundle(recipient);
  if (!given) return failed(given.error());
  if (Result<void> durable = write_verified(file, given->file); !durable) return failed(durable.error());
  return written(file, text(recipient), {given->changes, given->files, given->file.size(), given->more});
}

Reply read_at_central(const Context& context, BytesView file) {
  Result<std::unique_ptr<CentralHome>> home = open_central(context, false);
  if (!home) return failed(home.error());
  Endpoint endpoint((*home)->backend(), (*home)->office().keys(), context.catalogue, context.clock, context.random,
                    &(*home)->attachments());
  const Result<BundleTaken> taken = endpoint.read_bundle(file);
  if (!taken) return failed(taken.error());
  Reply reply;
  reply.json = {
      {"from", text(taken->sender)},
      {"number", taken->number},
      {"changes", taken->changes},
      {"committed", taken->committed},
      {"held", taken->held},
      {"refused", taken->refused},
      {"files", taken->files},
      {"duplicates", std::max<std::int64_t>(taken->changes - taken->committed - taken->held - taken->refused, 0)}};
  reply.text = std::to_string(taken->committed) + "\n";
  reply.notes.push_back("gói số " + std::to_string(taken->number) + ": " + std::to_string(taken->changes) +
                        " thay đổi, " + std::to_string(taken->committed) +
                        " mới; hãy viết gói trả lời cho máy đó: bundle write FILE --for " + text(taken->sender) +
                        " (changes, new ones; write that laptop its answer)");
  if (taken->held + taken->refused > 0) reply.exit = exit_attention;
  return reply;
}

Reply read_on_laptop(const Context& context, BytesView file) {
  Result<Laptop> laptop = open_laptop(context);
  if (!laptop) return failed(laptop.error());
  const Result<BundleRead> read = read_bundle(*laptop->store, file);
  if (!read) return failed(read.error());
  Reply reply;
  reply.json = {{"from", read->from_central ? "central" : text(read->sender)},
                {"number", read->number},
                {"received", read->received},
                {"receipted", read->receipted},
                {"held", read->held},
                {"refused", read->refused},
                {"files", read->files},
                {"new_epoch", read->new_epoch},
                {"new_incarnation", read->new_incarnation},
                {"old", read->is_old}};
  reply.text = std::to_string(read->received) + "\n";
  reply.notes.push_back(std::to_string(read->received) + " thay đổi mới trên máy này, " +
                        std::to_string(read->receipted) +
                        " thay đổi của máy này trung tâm đã nhận (changes new here; own changes that central has)");
  if (read->is_old)
    reply.notes.push_back(
        "gói này viết trước khi trung tâm được khôi phục: biên nhận trong đó không còn giá trị (written before "
        "central "
        "was restored: its receipts are void)");
  if (read->new_epoch)
    reply.notes.push_back(
        "máy này từng được khôi phục hoặc sao chép; không mất gì, hãy báo văn phòng (this laptop was restored or "
        "copied; nothing is lost, tell the office)");
  if (read->held + read->refused > 0 || read->new_epoch) reply.exit = exit_attention;
  return reply;
}

}  // namespace

Reply bundle(const Context& context) {
  const Arguments& arguments = context.arguments;
  const std::string& what = arguments.words[0];
  const std::string& file = arguments.words[1];
  const bool at_central = CentralHome::is_at(arguments.home);
  if (what == "read") {
    const Result<Bytes> content = read_small_file(file, limits::bundle_bytes_max);
    if (!content) return failed(content.error());
    return at_central ? read_at_central(context, *content) : read_on_laptop(context, *content);
  }
  if (what != "write") return wrong_usage(std::string("cách dùng (usage): fieldpostctl ") + usage);
  const std::string recipient = arguments.value("--for").value_or("central");
  std::optional<DeviceId> device;
  if (recipient != "central") {
    const Result<DeviceId> id = parse_hex_id<DeviceId>(recipient);
    if (!id)
      return wrong_usage("--for " + recipient + ": central, hoặc mã máy 32 chữ số (or a device's 32 hex digits)");
    device = *id;
  }
  if (at_central) {
    if (!device) return wrong_usage("bundle write: cần --for DEVICE ở trung tâm (--for DEVICE is needed at central)");
    return write_at_central(context, file, *device);
  }
  Result<Laptop> laptop = open_laptop(context);
  if (!laptop) return failed(laptop.error());
  Store& store = *laptop->store;
  const Result<BundleBytes> made = device ? bundle_for(store, *device) : bundle_for_central(store);
  if (!made) return failed(made.error());
  if (Result<void> durable = write_verified(file, made->file); !durable) return failed(durable.error());
  if (!device)
    if (Result<void> marked = bundle_is_written(store, *made); !marked) return failed(marked.error());
  return written(file, recipient, {made->changes, made->files, made->file.size(), made->more || made->more_files});
}

}  // namespace fieldpost::ctl
