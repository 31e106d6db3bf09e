#include "sync/stick_folder.h"

#include <algorithm>

#include <fmt/format.h>

#include "shared/foundation/civil_date.h"
#include "shared/foundation/limits.h"
#include "shared/storage/files.h"

namespace fieldpost {

namespace {

constexpr const char* folder_name = "Fieldpost";
constexpr const char* extension = ".fpb";

/// `20251031-0815-3fad-to-central.fpb`: sorts by time, says for whom, and names no person: sticks get lost.
std::string file_name(const DeviceId& from, const std::optional<DeviceId>& to, std::int64_t now_ms, int attempt) {
  const auto short_id = [](const DeviceId& device) { return text(device).substr(0, 4); };
  const std::string again = attempt > 1 ? fmt::format("-{}", attempt) : std::string();
  constexpr std::int64_t minute_ms = 60'000, vietnam_minutes = 7 * 60, day_minutes = 24 * 60;
  const CivilDate day = vietnam_day(now_ms);
  const std::int64_t minute = ((now_ms / minute_ms + vietnam_minutes) % day_minutes + day_minutes) % day_minutes;
  return fmt::format("{:04}{:02}{:02}-{:02}{:02}-{}-to-{}{}{}", day.year, day.month, day.day, minute / 60,
                     minute % 60, short_id(from), to ? short_id(*to) : std::string("central"), again, extension);
}

Result<std::vector<std::filesystem::path>> bundles_in(const std::filesystem::path& stick) {
  std::error_code fault;
  if (!std::filesystem::is_directory(stick, fault))
    return Error{ErrorCode::not_found, "there is no such folder: is the stick still in its place?"};
  std::vector<std::filesystem::path> found;
  for (const std::filesystem::path& folder : {stick, stick / folder_name})
    for (std::filesystem::directory_iterator at(folder, fault), end; !fault && at != end; at.increment(fault))
      if (at->path().extension() == extension) found.push_back(at->path());
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.filename() < b.filename(); });
  return found;
}

void add(BundleRead& sum, const BundleRead& one) {
  sum.from_central = one.from_central;
  sum.sender = one.sender;
  sum.number = one.number;
  sum.received += one.received;
  sum.receipted += one.receipted;
  sum.held += one.held;
  sum.refused += one.refused;
  sum.files += one.files;
  sum.new_epoch = sum.new_epoch || one.new_epoch;
  sum.new_incarnation = sum.new_incarnation || one.new_incarnation;
  sum.is_old = sum.is_old || one.is_old;
}

}  // namespace

Result<StickWritten> write_to_stick(Store& store, const std::filesystem::path& stick,
                                    const std::optional<DeviceId>& recipient) {
  const Result<std::optional<Identity>> self = store.identity();
  if (!self) return self.error();
  const Result<BundleBytes> made = recipient ? bundle_for(store, *recipient) : bundle_for_central(store);
  if (!made) return made.error();
  std::error_code fault;
  if (!std::filesystem::is_directory(stick, fault))
    return Error{ErrorCode::not_found, "there is no such folder: is the stick still in its place?"};
  const std::filesystem::path folder = stick / folder_name;
  std::filesystem::create_directory(folder, fault);
  if (fault) return Error{ErrorCode::io, "the stick cannot be written: " + fault.message()};
  const std::int64_t now_ms = store.environment().clock.now_ms();
  int attempt = 1;
  std::string name = file_name((*self)->device(), recipient, now_ms, attempt);
  while (std::filesystem::exists(folder / name, fault))
    name = file_name((*self)->device(), recipient, now_ms, ++attempt);
  if (Result<void> durable = write_verified(folder / name, made->file); !durable) return durable.error();
  if (!recipient)
    if (Result<void> marked = bundle_is_written(store, *made); !marked) return marked.error();
  return StickWritten{name, made->changes, made->files, made->file.size(), made->more || made->more_files};
}

Result<StickRead> read_from_stick(Store& store, const std::filesystem::path& stick) {
  const Result<std::vector<std::filesystem::path>> found = bundles_in(stick);
  if (!found) return found.error();
  StickRead out;
  for (const std::filesystem::path& file : *found) {
    const Result<Bytes> content = read_small_file(file, limits::bundle_bytes_max);
    const Result<BundleRead> read = content ? read_bundle(store, *content) : Result<BundleRead>(content.error());
    if (read) {
      ++out.bundles;
      add(out.sum, *read);
    } else if (read.error().code == ErrorCode::forbidden) {
      ++out.for_others;
    } else if (read.error().code == ErrorCode::disk_full || read.error().code == ErrorCode::busy) {
      return read.error();  // this laptop's fault, not the bundle's
    } else {
      out.faults.push_back({file.filename().string(), read.error()});
    }
  }
  return out;
}

}  // namespace fieldpost
