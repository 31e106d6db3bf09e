// Who is recorded twice: proposals over any home, and a person's decisions on a laptop.
#include <fmt/format.h>

#include "shared/matching/decide.h"
#include "shared/matching/duplicates.h"
#include "tools/fieldpostctl/commands.h"

namespace fieldpost::ctl {

namespace {

std::string words_of(MatchReason reason, const Catalogue& catalogue) {
  const CodeList* words = catalogue.list("match_reasons");
  const fieldpost::Option* option = words ? words->find(reason_code(reason)) : nullptr;
  return option ? fmt::format("{} ({})", option->label.vi, option->label.in("en")) : reason_code(reason);
}

std::string title_of(Database& view, const RecordId& record) {
  Statement row = view.prepare("SELECT title FROM record WHERE record = ?");
  row.bind(record);
  return row.step() ? row.text(0) : std::string();
}

Reply decide(const Context& context, SameDecision::Decided decided) {
  const Arguments& arguments = context.arguments;
  std::vector<RecordId> two;
  for (const std::string& word : arguments.words) {
    const Result<RecordId> record = parse_entity_id(word);
    if (!record) return failed({ErrorCode::invalid_argument, "a record is named by its id, of the form 8-4-4-4-12"});
    two.push_back(*record);
  }
  SameAnswer answer{decided, {}, arguments.values("--take")};
  if (const auto kept = arguments.value("--keep")) {
    const Result<RecordId> record = parse_entity_id(*kept);
    if (!record) return failed({ErrorCode::invalid_argument, "--keep: the id of one of the two"});
    answer.kept = *record;
  }
  std::optional<std::string> reason;
  if (const auto given = arguments.value("--reason")) {
    Result<std::string> storable = storable_text(*given);
    if (!storable) return failed(storable.error());
    reason = *std::move(storable);
  }
  Result<Laptop> laptop = open_laptop(context);
  if (!laptop) return failed(laptop.error());
  const Result<Saved> saved = decide_same(*laptop->store, two[0], two[1], answer, reason);
  if (!saved) return failed(saved.error());
  Reply reply;
  reply.json["record"] = text(saved->record);
  // Decided so before: nothing was written.
  reply.json["change"] = saved->change.is_nil() ? nlohmann::json() : nlohmann::json(text(saved->change));
  reply.text = text(saved->record) + "\n";
  return reply;
}

}  // namespace

Reply duplicates(const Context& context) {
  const std::string form = context.arguments.value("--form").value_or("");
  Result<std::unique_ptr<Reading>> reading = Reading::open(context);
  if (!reading) return failed(reading.error());
  const Catalogue& catalogue = (*reading)->store().catalogue();
  if (!form.empty()) {
    const Form* named = catalogue.form(form);
    if (!named) return failed({ErrorCode::not_found, "no form is called '" + form + "': see `form list`"});
    if (!Duplicates::looks_at(*named))
      return failed({ErrorCode::invalid_argument,
                     "--form: records of '" + form + "' are neither persons nor sessions: person, outreach_session"});
  }
  Database& view = (*reading)->database();
  const Result<std::vector<DuplicatePair>> pairs = guarded([&] { return Duplicates(view, catalogue).pairs(form); });
  if (!pairs) return failed(pairs.error());
  Reply reply;
  reply.json["pairs"] = nlohmann::json::array();
  for (const DuplicatePair& pair : *pairs) {
    nlohmann::json reasons = nlohmann::json::array();
    for (const MatchReason reason : pair.match.reasons) reasons.push_back(reason_code(reason));
    const bool certain = pair.match.certainty == Certainty::certain;
    // Whole points: more would promise what no such score holds.
    const auto score = static_cast<std::int64_t>(pair.match.score + 0.5);
    reply.json["pairs"].push_back({{"one", text(pair.one)},
                                   {"other", text(pair.other)},
                                   {"form", pair.form},
                                   {"certain", certain},
                                   {"score", score},
                                   {"reasons", reasons}});
    const Result<std::string> titles =
        guarded([&] { return title_of(view, pair.one) + "\n  = " + title_of(view, pair.other); });
    if (!titles) return failed(titles.error());
    reply.text += fmt::format("{} {}  {} {}\n    {}\n", text(pair.one), text(pair.other),
                              certain ? "chắc chắn (certain)" : "có thể (likely)", score, *titles);
    for (const MatchReason reason : pair.match.reasons)
      reply.text += fmt::format("    {} {}\n", speaks_for(reason) ? "+" : "-", words_of(reason, catalogue));
  }
  return reply;
}

Reply same(const Context& context) { return decide(context, SameDecision::Decided::same); }
Reply not_same(const Context& context) { return decide(context, SameDecision::Decided::not_same); }
Reply undecided(const Context& context) { return decide(context, SameDecision::Decided::undecided); }

}  // namespace fieldpost::ctl
