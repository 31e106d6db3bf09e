#include "tools/fieldpostctl/reply.h"

#include <cstdio>

namespace fieldpost::ctl {

namespace {

const char* in_vietnamese(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument: return "Yêu cầu không hợp lệ";
    case ErrorCode::malformed: return "Dữ liệu không đúng dạng";
    case ErrorCode::out_of_bounds: return "Vượt quá giới hạn cho phép";
    case ErrorCode::not_found: return "Không tìm thấy";
    case ErrorCode::already_exists: return "Đã có sẵn";
    case ErrorCode::wrong_passphrase: return "Sai mật khẩu";
    case ErrorCode::damaged: return "Kho dữ liệu hoặc tệp bị hỏng";
    case ErrorCode::disk_full: return "Ổ đĩa đã đầy";
    case ErrorCode::io: return "Lỗi đọc ghi ổ đĩa";
    case ErrorCode::busy: return "Kho dữ liệu đang được chương trình khác dùng";
    case ErrorCode::unreachable: return "Không liên lạc được với máy chủ trung tâm";
    case ErrorCode::not_central: return "Nơi trả lời không phải máy chủ trung tâm";
    case ErrorCode::untrusted: return "Chữ ký hoặc chứng nhận không đáng tin";
    case ErrorCode::ticket_expired: return "Phiếu đăng ký đã hết hạn";
    case ErrorCode::ticket_used: return "Phiếu đăng ký đã được dùng";
    case ErrorCode::waiting_approval: return "Đang chờ văn phòng duyệt";
    case ErrorCode::forbidden: return "Không được phép";
    case ErrorCode::interrupted: return "Đã dừng theo yêu cầu";
  }
  return "Lỗi";
}

}  // namespace

Reply failed(const Error& error) {
  Reply reply;
  reply.exit = exit_failed;
  reply.json["error"] = {{"code", code_name(error.code)}, {"message", error.message}};
  reply.notes.push_back(std::string(in_vietnamese(error.code)) + " (" + code_name(error.code) +
                        "): " + error.message);
  return reply;
}

Reply wrong_usage(const std::string& message) {
  Reply reply;
  reply.exit = exit_wrong_usage;
  reply.json["error"] = {{"code", "wrong_usage"}, {"message", message}};
  reply.notes.push_back(message);
  return reply;
}

std::string json_text(const nlohmann::json& json, int indent) {
  return json.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

int print(const Reply& reply, bool json) {
  for (const std::string& note : reply.notes) std::fprintf(stderr, "fieldpostctl: %s\n", note.c_str());
  const std::string out = json ? json_text(reply.json) + "\n" : reply.text;
  const bool written = std::fwrite(out.data(), 1, out.size(), stdout) == out.size() && std::fflush(stdout) == 0;
  // A full disk behind a redirection must not look like success.
  if (written) return reply.exit;
  std::fprintf(stderr, "fieldpostctl: không ghi được kết quả (the result could not be written)\n");
  return reply.exit == exit_done ? exit_failed : reply.exit;
}

}  // namespace fieldpost::ctl
