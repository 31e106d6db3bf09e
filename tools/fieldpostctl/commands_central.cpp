// What an administrator does on central's machine, beside the running server or before its first start.
#include "tools/fieldpostctl/commands.h"
#include "tools/fieldpostctl/fields.h"

namespace fieldpost::ctl {

namespace {

std::string roles_text() {
  std::string out;
  for (const std::string_view name : role_names) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

}  // namespace

Reply ticket(const Context& context) {
  const auto role_text = context.arguments.value("--role");
  const auto unit = context.arguments.value("--unit");
  const auto name = context.arguments.value("--name");
  if (!role_text || !unit || !name)
    return wrong_usage("ticket: cần --role, --unit và --name (--role, --unit and --name are needed)");
  const std::optional<Role> role = parse_role(*role_text);
  if (!role)
    return wrong_usage("--role " + *role_text + ": vai trò là một trong (a role is one of): " + roles_text());
  Result<std::unique_ptr<CentralHome>> home = open_central(context, true);
  if (!home) return failed(home.error());
  const Result<std::string> issued =
      (*home)->office().issue_ticket(*role, *unit, *name, context.arguments.has("--approve"));
  if (!issued) return failed(issued.error());
  Reply reply;
  reply.json["ticket"] = *issued;
  reply.text = *issued + "\n";
  reply.notes.push_back("phiếu dùng một lần, trong 24 giờ (one use, within 24 hours)");
  return reply;
}

Reply approve(const Context& context) {
  Result<std::unique_ptr<CentralHome>> home = open_central(context, false);
  if (!home) return failed(home.error());
  const Result<DeviceId> device = (*home)->office().approve(context.arguments.words[0]);
  if (!device) return failed(device.error());
  Reply reply;
  reply.json["device"] = text(*device);
  reply.text = text(*device) + "\n";
  reply.notes.push_back(
      "đã duyệt; trên máy đó hãy đăng ký lại với cùng phiếu (approved; enrol again there, same ticket)");
  return reply;
}

Reply devices(const Context& context) {
  Result<std::unique_ptr<CentralHome>> home = open_central(context, false);
  if (!home) return failed(home.error());
  Reply reply;
  reply.json["devices"] = nlohmann::json::array();
  const Result<void> done = (*home)->backend().read([&](BackendTransaction& tx) -> Result<void> {
    for (const DeviceRow& device : tx.devices()) {
      const Certificate& certificate = device.certificate;
      const char* state = device.revoked ? "revoked" : device.waiting ? "waiting" : "enrolled";
      nlohmann::json& json = reply.json["devices"].emplace_back(nlohmann::json::object());
      json["device"] = text(certificate.device());
      json["unit"] = certificate.unit;
      json["role"] = role_name(certificate.role);
      json["name"] = certificate.user_name;
      json["state"] = state;
      json["fingerprint"] = fingerprint(certificate.key);
      json["last_seen"] = device.last_seen > 0 ? nlohmann::json(utc_text(device.last_seen)) : nlohmann::json();
      reply.text += text(certificate.device()) + "  " + certificate.unit + "  " +
                    std::string(role_name(certificate.role)) + "  " + certificate.user_name + "  " + state + "\n";
    }
    return {};
  });
  if (!done) return failed(done.error());
  return reply;
}

Reply revoke(const Context& context) {
  const Result<DeviceId> device = parse_hex_id<DeviceId>(context.arguments.words[0]);
  if (!device) return failed({ErrorCode::invalid_argument, "a device is named by its 32 hex digits: see `devices`"});
  Result<std::unique_ptr<CentralHome>> home = open_central(context, false);
  if (!home) return failed(home.error());
  if (const Result<void> done = (*home)->office().revoke(*device); !done) return failed(done.error());
  Reply reply;
  reply.json["device"] = text(*device);
  reply.text = text(*device) + "\n";
  return reply;
}

Reply restored(const Context& context) {
  Result<std::unique_ptr<CentralHome>> home = open_central(context, false);
  if (!home) return failed(home.error());
  if (const Result<void> done = (*home)->office().restored(); !done) return failed(done.error());
  Reply reply;
  reply.json["restored"] = true;
  reply.notes.push_back(
      "các máy xách tay sẽ gửi lại những gì đang giữ ở lần đồng bộ tới (laptops offer again what they hold)");
  return reply;
}

}  // namespace fieldpost::ctl
