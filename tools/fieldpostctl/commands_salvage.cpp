// A damaged store: set aside, read as far as it can be read, and named what is gone.
#include "shared/foundation/limits.h"
#include "shared/storage/passphrase.h"
#include "shared/storage/salvage.h"
#include "tools/fieldpostctl/commands.h"

namespace fieldpost::ctl {

Reply salvage(const Context& context) {
  const std::filesystem::path path = context.arguments.home;
  if (CentralHome::is_at(path))
    return failed({ErrorCode::invalid_argument, "this is central's folder: bring its backup back with `restore`"});
  if (!Vault::exists(path)) return failed({ErrorCode::not_found, "there is no store in this folder: check --home"});
  const Result<std::unique_ptr<StoreLock>> lock = StoreLock::take(path, "fieldpostctl", limits::store_wait_ms);
  if (!lock) return failed(lock.error());
  Result<std::string> passphrase = ask_passphrase(false);
  if (!passphrase) return failed(passphrase.error());
  const Result<SymmetricKey> key = Vault::open(path, context.arguments.user, *passphrase);
  wipe(*passphrase);
  if (!key) return failed(key.error());
  const Store::Options options{path, *key, true, ""};
  const Result<bool> whole = store_is_whole(options);
  if (!whole) return failed(whole.error());
  Reply reply;
  reply.json["salvaged"] = nlohmann::json::array();
  if (*whole) {
    reply.text = "Kho dữ liệu nguyên vẹn, không cần cứu (the store is whole: nothing to salvage)\n";
    return reply;
  }
  const Result<SalvageReport> report = salvage_store(options, context.environment());
  if (!report) return failed(report.error());
  reply.exit = exit_attention;
  reply.notes.push_back(
      "Kho dữ liệu hỏng: đã cất riêng tệp hỏng và giữ lại phần đọc được; phần Trung tâm có sẽ về ở lần đồng bộ tới. "
      "(The store was damaged: it was set aside and what is readable kept; what central holds comes back with the "
      "next sync.)");
  for (const std::string& line : report->lines()) {
    reply.notes.push_back(line);
    reply.json["salvaged"].push_back(line);
  }
  return reply;
}

}  // namespace fieldpost::ctl
