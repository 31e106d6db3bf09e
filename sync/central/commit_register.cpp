// The register: official numbers without gap, given at central in the order of commits (domain 3.6, TT 12/2018).
#include <fmt/format.h>

#include <sstream>

#include "shared/forms/about.h"
#include "shared/foundation/cbor.h"
#include "shared/storage/view.h"
#include "sync/central/commit.h"

namespace fieldpost {

namespace {

// One line a book: the unit (which has no spaces), the year, the last number.
void keep_books(BackendTransaction& tx, const RegisterBooks& books) {
  std::string text;
  for (const auto& [book, last] : books) text += fmt::format("{} {} {}\n", book.first, book.second, last);
  tx.set_meta(registers_key, view_of(text));
}

std::optional<std::int64_t> number_in(const Form& form, const Change& change, std::string_view question) {
  const Question* asked = form.find_in(nullptr, question);
  const Value* value = asked ? change.value_of({change.record, {asked->number, ""}}) : nullptr;
  const auto* number = value ? std::get_if<std::int64_t>(value) : nullptr;
  return number ? std::optional(*number) : std::nullopt;
}

std::string text_in(const Form& form, const Change& change, std::string_view question) {
  const Question* asked = form.find_in(nullptr, question);
  const Value* value = asked ? change.value_of({change.record, {asked->number, ""}}) : nullptr;
  const auto* text = value ? std::get_if<std::string>(value) : nullptr;
  return text ? *text : std::string();
}

}  // namespace

RegisterBooks register_books(BackendTransaction& tx) {
  RegisterBooks books;
  std::istringstream in(std::string(text_of(tx.meta(registers_key).value_or(Bytes{}))));
  std::string unit;
  std::int64_t year = 0, last = 0;
  while (in >> unit >> year >> last) books[{unit, year}] = last;
  return books;
}

bool numbering_waits(BackendTransaction& tx) { return !tx.meta(numbering_waits_key).value_or(Bytes{}).empty(); }

bool Committer::number(const RecordId& record, const Form& form) {
  const Form* entry_form = catalogue_.form(form.numbering->entry);
  if (!entry_form || numbering_waits(tx_)) return false;
  const RecordId entry = record_about(entry_form->name, {record});
  if (tx_.record(entry)) return false;
  std::map<ChangeId, Change> changes;
  for (Change& change : tx_.changes_of(record)) changes.emplace(change.id, std::move(change));
  const FindChange find = [&](const ChangeId& id) -> const Change* {
    const auto found = changes.find(id);
    return found == changes.end() ? nullptr : &found->second;
  };
  const RecordState state = record_state(record, tx_.heads(record), find, &form);
  const Value* accepted = answer_to(form, state.answers, form.numbering->date);
  const auto* date = accepted ? std::get_if<CivilDate>(accepted) : nullptr;
  if (!state.present || !state.conflicts.empty() || !date) return false;
  if (!FormLogic(form, state.answers, catalogue_, *date).due(*form.numbering)) return false;

  const std::string unit = tx_.record(record)->unit;
  RegisterBooks books = register_books(tx_);
  const std::int64_t drawn = ++books[{unit, date->year}];
  keep_books(tx_, books);

  Change change;
  change.record = entry;
  change.form = entry_form->name;
  change.form_version = entry_form->version;
  change.device = device_id_of(keys_.receipts.public_key());
  change.at = state.last_at;
  const auto write = [&](std::string_view question, Value value) {
    const Question* asked = entry_form->find_in(nullptr, question);
    if (!asked) return;
    change.writes.push_back({entry, {asked->number, ""}});
    change.values.push_back(std::move(value));
  };
  change.writes.push_back({entry, {record_presence, ""}});
  change.values.push_back(true);
  const std::string kind = text_answer_to(form, state.answers, form.numbering->kind);
  write(entry_form->about.empty() ? "" : entry_form->about.front(), record);
  write("register", unit);
  write("year", std::int64_t{date->year});
  write("number", drawn);
  write("date", *date);
  write("code", fmt::format("{}.{}{}{:02}.{}", unit, kind, kind.empty() ? "" : ".", drawn, date->year));
  // From the content, as for a projection: a second drawing of the same number for the same record is the same
  // change.
  CborWriter content;
  content.bytes(entry.view()).text("register").integer(drawn);
  const Digest salt = hmac_sha256(keys_.token.view(), content.result());
  std::copy_n(salt.bytes.begin(), change.salt.size(), change.salt.begin());
  Result<Change> sealed = seal(std::move(change));
  if (!sealed) throw SqlError(sealed.error());
  const CommitNumber added = tx_.add(*sealed, encode_change(*sealed), true);
  const Place place = say(own_epoch("#"), sealed->id);
  put(place, added, {});
  publish(unit, place, *sealed);
  return true;
}

std::int64_t Committer::number_all() {
  std::int64_t numbered = 0;
  for (const auto& [name, versions] : catalogue_.forms) {
    const Form& form = versions.rbegin()->second;
    if (!form.numbering) continue;
    for (const RecordId& record : tx_.records_of(name)) numbered += number(record, form) ? 1 : 0;
  }
  return numbered;
}

void Committer::take_back_entry(const Place& place, const Change& change, BytesView stored) {
  const Form* form = catalogue_.form(change.form, change.form_version);
  const std::optional<CommitNumber> known = tx_.find(change.record, change.id);
  put(place, known ? *known : tx_.add(change, stored, true), {});
  const std::string unit = text_in(*form, change, "register");
  const std::optional<std::int64_t> year = number_in(*form, change, "year"),
                                    drawn = number_in(*form, change, "number");
  if (year && drawn && !unit.empty()) {
    RegisterBooks books = register_books(tx_);
    std::int64_t& last = books[{unit, *year}];
    last = std::max(last, *drawn);
    keep_books(tx_, books);
  }
  publish(unit, place, change);
}

}  // namespace fieldpost
