// The office desk on the command line: what waits, and the review of one record.
#include "shared/desk/claims.h"
#include "shared/desk/inbox.h"
#include "shared/matching/duplicates.h"
#include "tools/fieldpostctl/commands.h"
#include "tools/fieldpostctl/fields.h"

namespace fieldpost::ctl {

namespace {

using Json = nlohmann::json;

constexpr std::int64_t day_ms = 24LL * 3600 * 1000;

Json item_json(Store& store, const InboxItem& item, std::int64_t now_ms) {
  Json json = {{"kind", inbox_kind_name(item.kind)}, {"records", Json::array()}, {"holders", Json::array()}};
  for (const RecordId& record : item.records) json["records"].push_back(text(record));
  RecordSummary summary;
  if (!item.records.empty())
    if (auto known = summary_of(store, item.records.front())) summary = *std::move(known);
  json["form"] = summary.form;
  json["title"] = summary.title;
  for (const UserId& holder : item.holders)
    json["holders"].push_back({{"user", text(holder)}, {"name", store.author_name(holder)}});
  json["since"] = item.since > 0 ? Json(utc_text(item.since)) : Json();
  json["age_days"] = item.since > 0 ? Json(std::max<std::int64_t>(0, (now_ms - item.since) / day_ms)) : Json();
  json["urgency"] = item.urgency == Urgency::overdue ? "overdue" : item.urgency == Urgency::soon ? "soon" : "later";
  if (item.deadline) {
    json["deadline"] = deadline_name(item.deadline->kind);
    json["due"] = item.deadline->due_ms ? utc_text(*item.deadline->due_ms) : iso_text(item.deadline->due);
  }
  if (item.device) {
    json["device"] = text(*item.device);
    json["device_name"] = store.device_name(*item.device);
  }
  if (item.count > 0) json["count"] = item.count;
  if (item.reason != Reason::none) json["reason"] = reason_name(item.reason);
  switch (item.kind) {
    case InboxKind::submitted:
    case InboxKind::edited_since:
    case InboxKind::returned:
    case InboxKind::not_handed_in: json["contradicted"] = item.contradicted; break;
    default: break;
  }
  return json;
}

Json review_json(Store& store, const Review& review) {
  Json json = {{"record", text(review.record)},     {"state", review_state_name(review.state)},
               {"looked_at", text(review.mark)},    {"handed_in", review.steps.handed_in},
               {"in_conflict", review.in_conflict}, {"remarks", Json::array()},
               {"holders", Json::array()}};
  for (const Remark& remark : review.remarks)
    json["remarks"].push_back({{"_row", text(remark.row)},
                               {"question", remark.question},
                               {"remark", remark.text},
                               {"mended", remark.mended}});
  if (const auto held = holders(store, review.record))
    for (const UserId& user : *held) json["holders"].push_back(store.author_name(user));
  return json;
}

/// Remarks as typed: QUESTION=TEXT, the question by its name in the record's form, `repeat/ROW/name`, or nothing.
Result<std::vector<Remark>> remarks_in(Store& store, const RecordId& record, const std::vector<std::string>& typed) {
  std::vector<Remark> out;
  if (typed.empty()) return out;
  const Result<Seen> seen = store.see(record);
  if (!seen) return seen.error();
  const Form* form = store.catalogue().form(seen->form);
  for (const std::string& one : typed) {
    const std::size_t at = one.find('=');
    if (at == std::string::npos || at + 1 == one.size())
      return Error{ErrorCode::invalid_argument, "--remark QUESTION=TEXT: what is to be mended stands behind the ="};
    Remark& remark = out.emplace_back();
    remark.question = one.substr(0, at);
    remark.text = one.substr(at + 1);
    if (remark.question.empty()) continue;
    if (const auto field = parse_field_path(*form, record, remark.question); !field) return field.error();
  }
  return out;
}

}  // namespace

Reply inbox(const Context& context) {
  Result<Laptop> laptop = open_laptop(context);
  if (!laptop) return failed(laptop.error());
  Store& store = *laptop->store;
  InboxRequest request;
  request.now_ms = context.clock.now_ms();
  request.candidates = [&] {
    return guarded([&] {
      std::vector<CandidatePair> pairs;
      for (const DuplicatePair& pair : Duplicates(store.database(), store.catalogue()).pairs()) {
        const Form* form = store.catalogue().form(pair.form);
        pairs.push_back({pair.one, pair.other, form && form->record_class == RecordClass::session});
      }
      return pairs;
    });
  };
  if (const Result<void> ready = prepare_inbox(store); !ready) return failed(ready.error());
  const auto items = read_inbox(store, request);
  if (!items) return failed(items.error());
  Reply reply;
  reply.json["items"] = Json::array();
  reply.json["counts"] = Json::object();
  for (const InboxItem& item : *items) {
    Json json = item_json(store, item, request.now_ms);
    Json& count = reply.json["counts"][inbox_kind_name(item.kind)];
    count = count.is_null() ? 1 : count.get<std::int64_t>() + 1;
    reply.text += std::string(inbox_kind_name(item.kind)) +
                  (json.contains("due") ? "  " + json["due"].get<std::string>() : std::string()) + "  " +
                  (item.records.empty() ? json.value("device_name", "") : json["records"][0].get<std::string>()) +
                  "  " + json["title"].get<std::string>();
    for (const Json& holder : json["holders"]) reply.text += "  [" + holder["name"].get<std::string>() + "]";
    reply.text += "\n";
    reply.json["items"].push_back(std::move(json));
  }
  return reply;
}

Reply review(const Context& context) {
  const Arguments& arguments = context.arguments;
  const Result<RecordId> record = parse_entity_id(arguments.words[0]);
  if (!record) return failed({ErrorCode::invalid_argument, "a record is named by its UUID: see `list`"});
  const std::string step = arguments.words.size() > 1 ? arguments.words[1] : "";
  if (step != "return" && arguments.has("--remark"))
    return wrong_usage("--remark: chỉ đi với return (goes with return alone)");
  if (step != "accept" && arguments.has("--looked-at"))
    return wrong_usage("--looked-at: chỉ đi với accept (goes with accept alone)");
  Result<Laptop> laptop = open_laptop(context);
  if (!laptop) return failed(laptop.error());
  Store& store = *laptop->store;
  const Result<Review> before = review_of(store, *record);
  if (!before) return failed(before.error());
  const std::optional<std::string> reason = arguments.value("--reason");
  Result<Saved> saved = Saved{};
  if (step == "submit") {
    saved = submit(store, *record);
  } else if (step == "return") {
    const auto remarks = remarks_in(store, *record, arguments.values("--remark"));
    if (!remarks) return failed(remarks.error());
    saved = return_to_field(store, *record, *remarks, reason);
  } else if (step == "accept") {
    HeadsMark looked_at = before->mark;
    if (const auto typed = arguments.value("--looked-at")) {
      const Result<HeadsMark> mark = parse_hex_id<HeadsMark>(*typed);
      if (!mark) return failed({ErrorCode::invalid_argument, "--looked-at: 32 hex digits, as `review RECORD` shows"});
      looked_at = *mark;
    }
    saved = accept(store, *record, looked_at, reason);
  } else if (step == "reopen") {
    saved = reopen(store, *record, reason);
  } else if (step == "claim") {
    saved = claim(store, *record);
  } else if (step == "release") {
    if (const Result<void> released = release(store, *record); !released) return failed(released.error());
  } else if (!step.empty()) {
    return wrong_usage(step + ": submit, return, accept, reopen, claim hoặc (or) release");
  }
  if (!saved) return failed(saved.error());
  const Result<Review> after = review_of(store, *record);
  if (!after) return failed(after.error());
  Reply reply;
  reply.json = review_json(store, *after);
  if (!step.empty()) reply.json["change"] = saved->change.is_nil() ? Json() : Json(text(saved->change));
  reply.text = std::string(review_state_name(after->state)) + "\n";
  for (const Remark& remark : after->remarks)
    reply.text +=
        std::string(remark.mended ? "  [đã sửa, mended] " : "  ") + remark.question + ": " + remark.text + "\n";
  if (after->in_conflict) {
    reply.exit = exit_attention;
    reply.notes.push_back("hai người đã duyệt khác nhau, xem `show` của bản duyệt (two people decided differently)");
  }
  return reply;
}

}  // namespace fieldpost::ctl
