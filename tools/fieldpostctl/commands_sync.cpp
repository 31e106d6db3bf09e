// A laptop and its central: enrolment, one exchange, and where things stand.
#include <chrono>
#include <cstdlib>
#include <thread>

#include "sync/backoff.h"
#include "sync/enrolment.h"
#include "sync/exchange.h"
#include "sync/http_transport.h"
#include "tools/fieldpostctl/commands.h"
#include "tools/fieldpostctl/fields.h"

namespace fieldpost::ctl {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds first_pause{1};
constexpr std::chrono::seconds longest_pause{8};
constexpr long retry_seconds_default = 30;  // design 4
constexpr long retry_seconds_max = 3'600;

/// The slot bears the name of the person whom the ticket names, once that is known.
Result<void> name_first_slot(const Context& context, const Laptop& laptop, const std::string& user_name) {
  const Result<std::vector<std::string>> users = Vault::users(laptop.path);
  if (!users) return users.error();
  if (users->size() != 1 || users->front() != first_slot || user_name == first_slot) return {};
  if (Result<void> added =
          Vault::add_slot(laptop.path, laptop.key, user_name, laptop.passphrase, context.random, vault_parameters());
      !added)
    return added;
  return Vault::drop_slot(laptop.path, first_slot);
}

void add(ExchangeReport& sum, const ExchangeReport& part) {
  sum.sent += part.sent;
  sum.received += part.received;
  sum.held += part.held;
  sum.refused += part.refused;
  sum.files_sent += part.files_sent;
  sum.files_received += part.files_received;
  sum.bytes_out += part.bytes_out;
  sum.bytes_in += part.bytes_in;
  sum.requests += part.requests;
  sum.new_epoch = sum.new_epoch || part.new_epoch;
  sum.new_incarnation = sum.new_incarnation || part.new_incarnation;
  sum.clock_offset_ms = part.clock_offset_ms;
}

void put(nlohmann::json& json, const ExchangeReport& report) {
  json["sent"] = report.sent;
  json["received"] = report.received;
  json["held"] = report.held;
  json["refused"] = report.refused;
  json["files_sent"] = report.files_sent;
  json["files_received"] = report.files_received;
  json["bytes_out"] = report.bytes_out;
  json["bytes_in"] = report.bytes_in;
  json["requests"] = report.requests;
  json["new_epoch"] = report.new_epoch;
  json["new_incarnation"] = report.new_incarnation;
  json["clock_offset_ms"] = report.clock_offset_ms;
}

void warn_of(Reply& reply, const ExchangeReport& report) {
  if (report.held + report.refused > 0)
    reply.notes.push_back(std::to_string(report.held) + " thay đổi bị giữ lại, " + std::to_string(report.refused) +
                          " bị từ chối; tất cả vẫn được lưu, xem `status` (changes held and refused; all are kept)");
  if (report.new_epoch)
    reply.notes.push_back(
        "máy này từng được khôi phục hoặc sao chép; không mất gì, sổ tiếp tục ở một quyển mới, hãy báo văn phòng "
        "(this laptop was restored or copied; nothing is lost, tell the office)");
  if (report.new_incarnation)
    reply.notes.push_back(
        "máy chủ trung tâm đã được khôi phục (central was restored; what is held here was offered)");
  constexpr std::int64_t noticeable_ms = 5 * 60'000;
  if (std::llabs(report.clock_offset_ms) > noticeable_ms)
    reply.notes.push_back("đồng hồ máy này lệch " + std::to_string(report.clock_offset_ms / 60'000) +
                          " phút so với trung tâm (this laptop's clock is off by so many minutes)");
}

/// What is held or refused, with why, since when and whose it is.
Result<void> put_attention(Reply& reply, Reading& reading, std::int64_t now) {
  const Result<std::vector<AttentionItem>> attention = reading.store().attention();
  if (!attention) return attention.error();
  constexpr std::int64_t day_ms = 24LL * 3600 * 1000;
  reply.json["attention"] = nlohmann::json::array();
  for (const AttentionItem& item : *attention) {
    const std::string device = reading.device_name(item.device);
    const std::int64_t days = std::max<std::int64_t>(0, (now - item.at) / day_ms);
    reply.json["attention"].push_back({{"record", text(item.record)},
                                       {"form", item.form},
                                       {"title", item.title},
                                       {"outcome", outcome_name(item.outcome)},
                                       {"reason", reason_name(item.reason)},
                                       {"device", text(item.device)},
                                       {"device_name", device},
                                       {"at", utc_text(item.at)},
                                       {"age_days", days}});
    reply.text += std::string("  ") + outcome_name(item.outcome) + ": " + reason_name(item.reason) + "  " + device +
                  "  " + std::to_string(days) + " ngày (days)  " + text(item.record) + "\n";
  }
  return {};
}

}  // namespace

Reply enrol_laptop(const Context& context) {
  const std::string& url = context.arguments.words[0];
  const Result<Ticket> ticket = parse_ticket(context.arguments.words[1]);
  if (!ticket) return failed(ticket.error());
  HttpOptions http;
  http.url = url;
  http.tls_pin = ticket->tls_pin;
  Result<std::unique_ptr<Transport>> transport = make_http_transport(http);
  if (!transport) return failed(transport.error());

  Result<Laptop> laptop = open_laptop(context, true);
  if (!laptop) return failed(laptop.error());
  const Result<SigningKey> key = laptop->store->device_key();
  if (!key) return failed(key.error());
  const Result<Identity> identity = enrol(*laptop->store, **transport, url, *ticket);
  Reply reply;
  if (!identity && identity.error().code == ErrorCode::waiting_approval) {
    const std::string shown = fingerprint(key->public_key());
    reply.exit = exit_attention;
    reply.json = {
        {"device", text(device_id_of(key->public_key()))}, {"waiting_approval", true}, {"fingerprint", shown}};
    reply.text = shown + "\n";
    reply.notes.push_back("đọc mã này cho văn phòng, sau khi được duyệt hãy đăng ký lại với cùng phiếu: " + shown +
                          " (read this fingerprint to the office; enrol again with the same ticket once approved)");
    return reply;
  }
  if (!identity) return failed(identity.error());
  if (const Result<void> sealed = Vault::seal_for_recovery(laptop->path, laptop->key, identity->central.recovery);
      !sealed)
    return failed(sealed.error());
  if (const Result<void> named = name_first_slot(context, *laptop, identity->certificate.user_name); !named)
    return failed(named.error());
  reply.json["device"] = text(identity->device());
  reply.json["unit"] = identity->certificate.unit;
  reply.json["role"] = role_name(identity->certificate.role);
  reply.json["user"] = identity->certificate.user_name;
  reply.text = text(identity->device()) + "\n";
  return reply;
}

Reply sync(const Context& context) {
  long retry_seconds = retry_seconds_default;
  if (const auto wait = context.arguments.value("--wait")) {
    char* end = nullptr;
    retry_seconds = std::strtol(wait->c_str(), &end, 10);
    if (wait->empty() || *end != '\0' || retry_seconds < 0 || retry_seconds > retry_seconds_max)
      return wrong_usage("--wait " + *wait + ": số giây, từ 0 đến 3600 (seconds, 0 to 3600)");
  }
  Result<Laptop> laptop = open_laptop(context);
  if (!laptop) return failed(laptop.error());
  Store& store = *laptop->store;
  const Result<std::optional<Identity>> identity = store.identity();
  if (!identity) return failed(identity.error());
  if (!*identity)
    return failed(
        {ErrorCode::invalid_argument, "this laptop is not enrolled yet: ask the office for a ticket, then enrol"});
  HttpOptions http;
  http.url = (*identity)->url;
  http.tls_pin = (*identity)->central.tls_pin;
  Result<std::unique_ptr<Transport>> transport = make_http_transport(http);
  if (!transport) return failed(transport.error());

  const Clock::time_point deadline = Clock::now() + std::chrono::seconds(retry_seconds);
  ExchangeReport sum;
  Result<void> done;
  Backoff backoff(context.random, first_pause, longest_pause);
  for (;;) {
    Exchange exchange(store, **transport);
    const Result<ExchangeReport> report = exchange.run();
    add(sum, exchange.report());
    done = report ? Result<void>() : Result<void>(report.error());
    if (done || !may_pass(done.error())) break;
    const int asked = exchange.report().retry_after_s;
    const Clock::duration pause = backoff.next(asked), left = deadline - Clock::now();
    // The last try comes at the end of the time given, unless central asked for more.
    if (left <= Clock::duration::zero() || std::chrono::seconds(asked) > left) break;
    std::this_thread::sleep_for(std::min(pause, left));
  }
  const Result<StoreStatus> status = store.status();
  if (!status) return failed(status.error());
  Reply reply;
  if (!done) {
    reply = failed(done.error());
    reply.notes.push_back(
        "còn " + std::to_string(status->unsent) +
        " thay đổi chưa gửi, vẫn được lưu trên máy này (changes still unsent, kept on this laptop)");
  }
  put(reply.json, sum);
  reply.json["unsent"] = status->unsent;
  reply.json["conflicts"] = status->conflicts;
  reply.text = "đã gửi (sent): " + std::to_string(sum.sent) +
               "\nđã nhận (received): " + std::to_string(sum.received) +
               "\nbị giữ lại (held): " + std::to_string(sum.held) +
               "\nbị từ chối (refused): " + std::to_string(sum.refused) + "\n";
  if (sum.files_sent + sum.files_received > 0)
    reply.text += "ảnh, tệp đã gửi, đã nhận (files sent, received): " + std::to_string(sum.files_sent) + ", " +
                  std::to_string(sum.files_received) + "\n";
  warn_of(reply, sum);
  if (done && sum.held + sum.refused > 0) reply.exit = exit_attention;
  return reply;
}

Reply status(const Context& context) {
  Result<std::unique_ptr<Reading>> reading = Reading::open(context);
  if (!reading) return failed(reading.error());
  Store& store = (*reading)->store();
  Result<StoreStatus> status = store.status();
  if (!status) return failed(status.error());
  if ((*reading)->is_central()) status->files_to_send = 0;  // central sends nothing: it is asked
  Reply reply;
  if ((*reading)->is_central()) {
    const Result<void> counted = guarded([&] {
      Database& database = (*reading)->database();
      status->receipted = database.integer("SELECT count(*) FROM change WHERE counts = 1").value_or(0);
      status->held = database.integer("SELECT count(DISTINCT change) FROM entry WHERE outcome = 2").value_or(0);
      status->refused = database.integer("SELECT count(*) FROM refused").value_or(0);
      reply.json["devices"] = database.integer("SELECT count(*) FROM device").value_or(0);
    });
    if (!counted) return failed(counted.error());
  }
  nlohmann::json& json = reply.json;
  json["central"] = (*reading)->is_central();
  json["changes"] = status->changes;
  json["unsent"] = status->unsent;
  json["receipted"] = status->receipted;
  json["held"] = status->held;
  json["refused"] = status->refused;
  json["conflicts"] = status->conflicts;
  json["files"] = {{"of", status->files}, {"to_send", status->files_to_send}, {"to_fetch", status->files_to_fetch}};
  reply.text = "thay đổi (changes): " + std::to_string(status->changes) +
               "\nchưa gửi (unsent): " + std::to_string(status->unsent) +
               "\ntrung tâm đã nhận (receipted): " + std::to_string(status->receipted) +
               "\nbị giữ lại (held): " + std::to_string(status->held) +
               "\nbị từ chối (refused): " + std::to_string(status->refused) +
               "\nmâu thuẫn (conflicts): " + std::to_string(status->conflicts) + "\n";
  if (status->files + status->files_to_send > 0)
    reply.text +=
        "tệp (files): " + std::to_string(status->files) + ", " +
        ((*reading)->is_central() ? "" : "chờ gửi (to send) " + std::to_string(status->files_to_send) + ", ") +
        "chờ nhận (to come) " + std::to_string(status->files_to_fetch) + "\n";
  if (const Result<void> put = put_attention(reply, **reading, context.clock.now_ms()); !put)
    return failed(put.error());
  if ((*reading)->is_central()) return reply;

  const Result<std::optional<Identity>> identity = store.identity();
  if (!identity) return failed(identity.error());
  json["enrolled"] = identity->has_value();
  if (*identity) {
    const Certificate& own = (*identity)->certificate;
    json["device"] = text(own.device());
    json["unit"] = own.unit;
    json["role"] = role_name(own.role);
    json["user"] = own.user_name;
    json["url"] = (*identity)->url;
    reply.text += "đơn vị (unit): " + own.unit + "\nngười dùng (user): " + own.user_name + "\n";
  }
  const Result<std::optional<Store::LastSync>> last = store.last_sync();
  if (!last) return failed(last.error());
  json["last_sync"] = *last ? nlohmann::json(utc_text((*last)->at)) : nlohmann::json();
  json["clock_offset_ms"] = *last ? nlohmann::json((*last)->clock_offset_ms) : nlohmann::json();
  reply.text +=
      "đồng bộ lần cuối (last sync): " + (*last ? utc_text((*last)->at) : std::string("chưa (never)")) + "\n";
  return reply;
}

}  // namespace fieldpost::ctl
