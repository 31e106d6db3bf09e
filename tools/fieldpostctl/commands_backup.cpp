// Central's store as one file, and back.
#include "sync/central/backup.h"

#include "tools/fieldpostctl/commands.h"

namespace fieldpost::ctl {

namespace {

void put_files(Reply& reply, const BackupFiles& files) {
  reply.json["files"] = {{"taken", files.taken}, {"lacking", files.lacking}, {"damaged", files.damaged}};
  if (files.taken + files.lacking > 0)
    reply.notes.push_back("ảnh, tệp: " + std::to_string(files.taken) + " (photos and files), còn ở máy khác " +
                          std::to_string(files.lacking) + " (still on laptops)");
  if (files.damaged == 0) return;
  reply.exit = exit_attention;
  reply.notes.push_back(
      std::to_string(files.damaged) +
      " ảnh, tệp bị hỏng, đã để riêng; máy nào còn giữ sẽ gửi lại (damaged photos and files were set "
      "aside; laptops that hold them send them again)");
}

}  // namespace

Reply backup(const Context& context) {
  const std::filesystem::path file = context.arguments.words[0];
  const Result<BackupReport> report = back_up(central_options(context, false), file, context.random);
  if (!report) return failed(report.error());
  Reply reply;
  reply.json["file"] = file.string();
  reply.json["bytes"] = report->bytes;
  reply.json["changes"] = report->changes;
  reply.json["devices"] = report->devices;
  put_files(reply, report->files);
  reply.json["deployment"] = text(report->deployment);
  reply.json["incarnation"] = text(report->incarnation);
  reply.json["key_slots"] = report->key_slots.empty() ? nlohmann::json() : nlohmann::json(report->key_slots.string());
  reply.text = file.string() + "\n";
  reply.notes.push_back("đã sao lưu và kiểm tra: " + std::to_string(report->changes) + " thay đổi, " +
                        std::to_string(report->devices) + " máy (backed up and verified: changes, laptops)");
  if (report->key_slots.empty())
    reply.notes.push_back(
        "bản sao lưu được mã hóa bằng khóa trong FIELDPOST_KEY_FILE: giữ tệp khóa ở nơi khác, không có nó thì không "
        "mở "
        "được (encrypted with the key file: keep a copy of that elsewhere, nothing opens without it)");
  else
    reply.notes.push_back("khi chép đi, chép cả " + report->key_slots.filename().string() +
                          ": mở bằng mật khẩu hiện nay (copy this beside it: it opens with today's passphrase)");
  return reply;
}

Reply restore_backup(const Context& context) {
  const std::filesystem::path file = context.arguments.words[0];
  const Result<RestoreReport> report = restore(central_options(context, false), file, context.clock, context.random);
  if (!report) return failed(report.error());
  Reply reply;
  reply.json["restored"] = true;
  reply.json["changes"] = report->changes;
  reply.json["devices"] = report->devices;
  put_files(reply, report->files);
  reply.json["deployment"] = text(report->deployment);
  reply.json["incarnation"] = text(report->incarnation);
  reply.json["set_aside"] = report->set_aside.empty() ? nlohmann::json() : nlohmann::json(report->set_aside.string());
  reply.text = "đã khôi phục (restored): " + std::to_string(report->changes) + " thay đổi (changes), " +
               std::to_string(report->devices) + " máy (laptops)\n";
  if (!report->set_aside.empty())
    reply.notes.push_back("kho cũ được giữ lại (the old store was kept): " + report->set_aside.string());
  reply.notes.push_back(
      "các máy xách tay sẽ gửi lại những gì đang giữ ở lần đồng bộ tới (laptops offer again what they hold)");
  reply.notes.push_back(
      "máy bị thu hồi quyền và phiếu cấp sau bản sao lưu: hãy thu hồi và cấp lại (laptops revoked and tickets issued "
      "since the backup: revoke and issue them again)");
  return reply;
}

}  // namespace fieldpost::ctl
