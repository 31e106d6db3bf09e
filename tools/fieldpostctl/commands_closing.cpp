// The end of a month: windows that are closed, what came late, and the register's books.
#include "shared/foundation/vietnamese.h"
#include "shared/reports/closing.h"
#include "tools/fieldpostctl/commands.h"

namespace fieldpost::ctl {

namespace {

constexpr const char* lock_usage =
    "lock --home DIR [--from D --to D --reason R | --late LOCK | --reopen LOCK --reason R]";

Result<CivilDate> day(const Arguments& arguments, const char* option) {
  const std::string given = arguments.value(option).value_or("");
  Result<CivilDate> date = parse_iso_date(given);
  if (!date) date = vietnamese::parse_date(given);
  return date;
}

nlohmann::json lock_json(const ReportLock& lock) {
  return {{"lock", text(lock.record)},
          {"from", iso_text(lock.window.from)},
          {"to", iso_text(lock.window.to)},
          {"state", text(lock.state.id())},
          {"reopened", lock.reopened}};
}

Reply list_locks(const Context& context) {
  Result<std::unique_ptr<Reading>> reading = Reading::open(context);
  if (!reading) return failed(reading.error());
  const Result<std::vector<ReportLock>> known = locks((*reading)->database());
  if (!known) return failed(known.error());
  Reply reply;
  reply.json["locks"] = nlohmann::json::array();
  for (const ReportLock& lock : *known) {
    nlohmann::json json = lock_json(lock);
    json["closes"] = lock.is_whole;
    json["by"] = (*reading)->author_name(lock.by);
    reply.text += text(lock.record) + "  " + iso_text(lock.window.from) + "  " + iso_text(lock.window.to) +
                  (lock.reopened ? "  đã mở lại (reopened)\n" : "\n");
    reply.json["locks"].push_back(std::move(json));
  }
  return reply;
}

Reply close(const Context& context) {
  const Result<CivilDate> from = day(context.arguments, "--from"), to = day(context.arguments, "--to");
  const std::string reason = context.arguments.value("--reason").value_or("");
  if (!from || !to || reason.empty())
    return wrong_usage("lock: cần --from D, --to D và --reason R (all three are needed)");
  const ReportWindow window{first_day(*from), last_day(*to), {}};
  if (window.to < window.from) return wrong_usage("--from sau (lies after) --to");
  Result<Laptop> laptop = open_laptop(context);
  if (!laptop) return failed(laptop.error());
  const Result<RecordId> closed = close_window(*laptop->store, window, reason);
  if (!closed) return failed(closed.error());
  const Result<std::vector<ReportLock>> known = locks(laptop->store->database());
  if (!known) return failed(known.error());
  Reply reply;
  for (const ReportLock& lock : *known)
    if (lock.record == *closed) reply.json = lock_json(lock);
  reply.text = text(*closed) + "\n";
  return reply;
}

Reply reopen(const Context& context, const std::string& named) {
  const Result<RecordId> lock = parse_entity_id(named);
  const std::string reason = context.arguments.value("--reason").value_or("");
  if (!lock || reason.empty())
    return wrong_usage("lock --reopen: cần mã kỳ đã chốt và --reason R (the lock and a reason are needed)");
  Result<Laptop> laptop = open_laptop(context);
  if (!laptop) return failed(laptop.error());
  const CivilDate today = vietnam_day(context.clock.now_ms());
  if (const Result<void> done = reopen_window(*laptop->store, *lock, reason, today); !done)
    return failed(done.error());
  Reply reply;
  reply.json["lock"] = named;
  reply.json["reopened"] = true;
  const Result<std::optional<Identity>> self = laptop->store->identity();
  if (self && *self && (*self)->certificate.role != Role::director) {
    reply.notes.push_back(
        "trung tâm chỉ nhận việc mở lại từ giám đốc (central takes a reopening from the director alone)");
    reply.exit = exit_attention;
  }
  return reply;
}

Reply late(const Context& context, const std::string& named) {
  const Result<RecordId> wanted = parse_entity_id(named);
  if (!wanted) return wrong_usage("lock --late: cần mã kỳ đã chốt (the lock is needed): see `lock`");
  Result<std::unique_ptr<Reading>> reading = Reading::open(context);
  if (!reading) return failed(reading.error());
  const Result<std::vector<ReportLock>> known = locks((*reading)->database());
  if (!known) return failed(known.error());
  const Result<DeploymentId> deployment = (*reading)->deployment();
  if (!deployment) return failed(deployment.error());
  if (!(*reading)->is_central())  // there a transaction is open already
    if (const Result<void> begun = guarded([&] { (*reading)->database().execute("BEGIN"); }); !begun)
      return failed(begun.error());
  for (const ReportLock& lock : *known) {
    if (lock.record != *wanted) continue;
    const Result<std::vector<RecordId>> records =
        late_records((*reading)->database(), (*reading)->store().catalogue(), *deployment, lock);
    if (!records) return failed(records.error());
    Reply reply;
    reply.json = lock_json(lock);
    reply.json["late"] = nlohmann::json::array();
    for (const RecordId& record : *records) {
      reply.json["late"].push_back(text(record));
      reply.text += text(record) + "\n";
    }
    return reply;
  }
  return failed({ErrorCode::not_found, "no window was closed by this record: see `lock`"});
}

}  // namespace

Reply lock(const Context& context) {
  const Arguments& arguments = context.arguments;
  if (const auto named = arguments.value("--late")) return late(context, *named);
  if (const auto named = arguments.value("--reopen")) return reopen(context, *named);
  if (arguments.value("--from") || arguments.value("--to")) return close(context);
  if (arguments.value("--reason")) return wrong_usage(lock_usage);
  return list_locks(context);
}

Reply registers(const Context& context) {
  Result<std::unique_ptr<CentralHome>> home = open_central(context, false);
  if (!home) return failed(home.error());
  Endpoint endpoint((*home)->backend(), (*home)->office().keys(), context.catalogue, context.clock, context.random);
  const Result<Endpoint::Registers> books = endpoint.registers(context.arguments.has("--resume"));
  if (!books) return failed(books.error());
  Reply reply;
  reply.json["waits"] = books->waits;
  reply.json["numbered"] = books->numbered;
  reply.json["books"] = nlohmann::json::array();
  for (const Endpoint::Registers::Book& book : books->books) {
    reply.json["books"].push_back({{"unit", book.unit}, {"year", book.year}, {"last", book.last}});
    reply.text += book.unit + "  " + std::to_string(book.year) + "  " + std::to_string(book.last) + "\n";
  }
  if (books->waits) {
    reply.exit = exit_attention;
    reply.notes.push_back(
        "từ lần phục hồi chưa cấp số nào: khi các máy đã đồng bộ lại, chạy `register --resume` (since the restore no "
        "number is given: once the laptops have synced again, run `register --resume`)");
  }
  return reply;
}

}  // namespace fieldpost::ctl
