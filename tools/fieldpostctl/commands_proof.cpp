// What can be shown and checked: the proof that central holds a record's changes, and what is missing in a journal.
#include "shared/storage/files.h"
#include "shared/storage/prove.h"
#include "tools/fieldpostctl/commands.h"
#include "tools/fieldpostctl/fields.h"

namespace fieldpost::ctl {

namespace {

using Json = nlohmann::json;

void warn_of_open(Reply& reply, const Proof& proof) {
  if (proof.without_receipt.empty()) return;
  reply.exit = exit_attention;
  for (const ChangeId& change : proof.without_receipt)
    reply.notes.push_back("thay đổi chưa có biên nhận của trung tâm (change without central's receipt yet): " +
                          text(change));
}

Reply check_proof(const std::string& file) {
  const Result<Bytes> content = read_small_file(file, proof_bytes_max);
  if (!content) return failed(content.error());
  const Result<Proof> proof = parse_proof(text_of(*content));
  if (!proof) return failed(proof.error());
  if (const Result<void> holds = verify_proof(*proof); !holds) return failed(holds.error());
  Reply reply;
  reply.json["valid"] = true;
  reply.json["record"] = text(proof->record);
  reply.json["device"] = text(proof->device());
  reply.json["deployment"] = text(proof->central.deployment_id());
  reply.json["deployment_key"] = fingerprint(proof->central.deployment);
  reply.json["changes"] = Json::array();
  reply.json["without_receipt"] = Json::array();
  reply.text = "chứng từ hợp lệ (the proof holds)\nhồ sơ (record): " + text(proof->record) +
               "\nmáy (laptop): " + text(proof->device()) + "\n";
  for (const Proof::Line& line : proof->changes) {
    const Receipt& receipt = proof->runs[line.run].receipt;
    reply.json["changes"].push_back({{"change", text(line.change)},
                                     {"epoch", text(receipt.epoch)},
                                     {"n", line.n},
                                     {"incarnation", text(receipt.incarnation)},
                                     {"at", utc_text(receipt.at)},
                                     {"outcome", outcome_name(line.outcome)},
                                     {"reason", reason_name(line.reason)}});
    reply.text += text(line.change) + "  " + utc_text(receipt.at) + "  " + outcome_name(line.outcome) + "\n";
  }
  for (const ChangeId& change : proof->without_receipt) reply.json["without_receipt"].push_back(text(change));
  // Anybody can make a deployment key: that it is the office's is not in the document.
  reply.notes.push_back(
      "đối chiếu khóa của đơn vị triển khai với văn phòng (compare the deployment key with the "
      "office's): " +
      fingerprint(proof->central.deployment));
  warn_of_open(reply, *proof);
  return reply;
}

std::string range_text(const JournalGaps::Range& range) {
  if (range.first == range.second) return std::to_string(range.first);
  return std::to_string(range.first) + "–" + std::to_string(range.second);
}

std::string ranges_text(const std::vector<JournalGaps::Range>& ranges) {
  std::string out;
  for (const JournalGaps::Range& range : ranges) out += (out.empty() ? "" : ", ") + range_text(range);
  return out;
}

Json ranges_json(const std::vector<JournalGaps::Range>& ranges) {
  Json out = Json::array();
  for (const JournalGaps::Range& range : ranges) out.push_back({range.first, range.second});
  return out;
}

/// Adds ", 17–19 thiếu (missing)" where there is anything to say.
void say(std::string& line, const std::vector<JournalGaps::Range>& ranges, const char* what) {
  if (ranges.empty()) return;
  line += (line.ends_with(": ") ? "" : ", ") + ranges_text(ranges) + " " + what;
}

/// {"reason": count} of one outcome.
Json reasons_json(const JournalGaps& gaps, Outcome outcome) {
  Json out = Json::object();
  for (const auto& [what, count] : gaps.exceptions)
    if (what.first == outcome) out[reason_name(what.second)] = count;
  return out;
}

struct RefusedRow {
  DeviceId device;
  Reason reason = Reason::none;
  std::int64_t count = 0;
};

/// Handed in by a device and not placed in any journal.
std::vector<RefusedRow> refused_at_central(Database& database) {
  std::vector<RefusedRow> out;
  Statement statement = database.prepare(
      "SELECT device, reason, count(*) FROM refused GROUP BY device, reason ORDER BY device, reason");
  while (statement.step())
    out.push_back({statement.id<DeviceId>(0), static_cast<Reason>(statement.integer(1)), statement.integer(2)});
  return out;
}

/// One line and one object for an epoch. True when something needs attention.
bool tell(Reply& reply, Reading& reading, const JournalGaps& gaps, Json journal) {
  journal["device"] = text(gaps.device);
  journal["epoch"] = gaps.epoch.is_nil() ? Json() : Json(text(gaps.epoch));
  journal["last"] = gaps.last;
  journal["here"] = ranges_json(gaps.here);
  journal["missing"] = ranges_json(gaps.missing);
  journal["by_id"] = ranges_json(gaps.by_id);
  journal["held"] = reasons_json(gaps, Outcome::held);
  journal["refused"] = reasons_json(gaps, Outcome::refused);
  std::string line = reading.device_name(gaps.device) + ": ";
  if (reading.is_central()) {
    say(line, gaps.here, "có đủ (held)");
  } else {
    journal["receipted"] = ranges_json(gaps.receipted);
    journal["unreceipted"] = ranges_json(gaps.unreceipted);
    journal["placed_again"] = ranges_json(gaps.placed_again);
    say(line, gaps.receipted, "đã có biên nhận (receipted)");
    say(line, gaps.unreceipted, "chưa có biên nhận (not yet receipted)");
    say(line, gaps.placed_again, "đã chuyển sang quyển sau (placed again in a later epoch)");
  }
  say(line, gaps.missing, "thiếu (missing)");
  say(line, gaps.by_id, "chỉ biết mã, chưa có nội dung (known by id only)");
  for (const auto& [what, count] : gaps.exceptions)
    line += "; " + std::to_string(count) +
            (what.first == Outcome::held ? " đang chờ (waiting: " : " bị từ chối (refused: ") +
            reason_name(what.second) + ")";
  if (gaps.last == 0) line += "chưa có gì (nothing yet)";
  reply.text += line + "\n";
  reply.json["journals"].push_back(std::move(journal));
  return !gaps.missing.empty() || !gaps.by_id.empty() || !gaps.exceptions.empty();
}

Reply gaps_at_central(Reading& reading) {
  Reply reply;
  reply.json["journals"] = Json::array();
  reply.json["refused"] = Json::array();
  const Result<std::vector<JournalGaps>> journals = journal_gaps(reading.database(), std::nullopt);
  if (!journals) return failed(journals.error());
  bool attention = false;
  const Result<void> told = guarded([&] {
    std::vector<DeviceRow> devices;
    {
      Statement statement = reading.database().prepare("SELECT device, last_seen FROM device ORDER BY device");
      while (statement.step())
        if (const auto certificate = reading.central_certificate(statement.id<DeviceId>(0)))
          devices.push_back({*certificate, false, false, statement.integer(1)});
    }
    // Central's own words to its partners are no laptop's journal: they are not handed in.
    for (const DeviceRow& device : devices) {
      const Json about = {{"name", device.certificate.user_name},
                          {"unit", device.certificate.unit},
                          {"last_seen", device.last_seen > 0 ? Json(utc_text(device.last_seen)) : Json()}};
      std::string heading = device.certificate.unit + ", lần cuối gặp (last seen): " +
                            (device.last_seen > 0 ? utc_text(device.last_seen) : std::string("chưa (never)"));
      reply.text += heading + "\n";
      const DeviceId id = device.certificate.device();
      bool any = false;
      for (const JournalGaps& gaps : *journals) {
        if (gaps.device != id) continue;
        any = true;
        attention = tell(reply, reading, gaps, about) || attention;
      }
      if (any) continue;
      JournalGaps nothing;
      nothing.device = id;
      tell(reply, reading, nothing, about);
    }
    for (const RefusedRow& row : refused_at_central(reading.database())) {
      attention = true;
      reply.json["refused"].push_back(
          {{"device", text(row.device)}, {"reason", reason_name(row.reason)}, {"count", row.count}});
      reply.text += reading.device_name(row.device) + ": " + std::to_string(row.count) +
                    " gói bị từ chối, vẫn được giữ (runs refused, and kept: " + reason_name(row.reason) + ")\n";
    }
  });
  if (!told) return failed(told.error());
  if (attention) reply.exit = exit_attention;
  return reply;
}

}  // namespace

Reply proof(const Context& context) {
  const Arguments& arguments = context.arguments;
  if (const auto file = arguments.value("--verify")) {
    if (!arguments.words.empty() || arguments.has("-o"))
      return wrong_usage("proof --verify FILE: không kèm hồ sơ hay -o (neither a record nor -o with it)");
    return check_proof(*file);
  }
  if (arguments.words.size() != 1 || arguments.home.empty())
    return wrong_usage("proof: cần mã hồ sơ và --home, hoặc --verify FILE (a record and --home, or --verify FILE)");
  const Result<RecordId> record = parse_entity_id(arguments.words[0]);
  if (!record) return failed({ErrorCode::invalid_argument, "a record is named by its UUID: see `list`"});
  Result<Laptop> laptop = open_laptop(context);
  if (!laptop) return failed(laptop.error());
  const Result<Proof> proof = prove(*laptop->store, *record);
  if (!proof) return failed(proof.error());
  Reply reply;
  const std::string document = proof_text(*proof);
  if (const auto target = arguments.value("-o")) {
    if (const Result<void> written = write_durably(*target, view_of(document)); !written)
      return failed(written.error());
    reply.json["file"] = *target;
    reply.json["changes"] = proof->changes.size();
    reply.json["without_receipt"] = Json::array();
    for (const ChangeId& change : proof->without_receipt) reply.json["without_receipt"].push_back(text(change));
    reply.text = *target + "\n";
  } else {
    reply.json = Json::parse(document);
    reply.text = document;
  }
  warn_of_open(reply, *proof);
  return reply;
}

Reply gaps(const Context& context) {
  Result<std::unique_ptr<Reading>> reading = Reading::open(context);
  if (!reading) return failed(reading.error());
  if ((*reading)->is_central()) return gaps_at_central(**reading);
  const Result<std::optional<Identity>> identity = (*reading)->store().identity();
  if (!identity) return failed(identity.error());
  if (!*identity)
    return failed(
        {ErrorCode::invalid_argument, "this laptop is not enrolled yet: ask the office for a ticket, then enrol"});
  const Certificate& own = (*identity)->certificate;
  const Result<std::vector<JournalGaps>> journals = journal_gaps((*reading)->database(), own.device());
  if (!journals) return failed(journals.error());
  Reply reply;
  reply.json["journals"] = Json::array();
  bool attention = false;
  for (const JournalGaps& each : *journals)
    attention = tell(reply, **reading, each, {{"name", own.user_name}, {"unit", own.unit}}) || attention;
  if (attention) reply.exit = exit_attention;
  return reply;
}

}  // namespace fieldpost::ctl
