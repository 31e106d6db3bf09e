#include "sync/central/commit.h"

#include <algorithm>

#include "shared/forms/about.h"
#include "shared/foundation/cbor.h"
#include "shared/storage/definitions.h"
#include "shared/storage/view.h"
#include "sync/central/scope.h"

namespace fieldpost {

namespace {

std::set<std::string> units_of(const std::optional<Bytes>& list) {
  return list ? units_in(text_of(*list)) : std::set<std::string>{};
}

/// Whether a held change came before this place in its author's journal. Pages may overtake each other on their way;
/// only between epochs does the order of arrival count.
bool delays(const HeldRow& held, const Committer::Place& place) {
  return held.device == place.device && (held.epoch != place.epoch || held.n < place.n);
}

}  // namespace

bool Committer::is_partner_unit(std::string_view unit) {
  if (!partner_units_) partner_units_ = units_of(tx_.meta(partner_units_key));
  return partner_units_->contains(std::string(unit));
}

Committer::Standing Committer::take(const DeviceRow& from, const Place& place, const Change& change,
                                    BytesView stored) {
  const std::vector<DeviceId>& predecessors = from.certificate.predecessors;
  const bool own = change.device == from.certificate.device() ||
                   std::find(predecessors.begin(), predecessors.end(), change.device) != predecessors.end();

  if (const std::optional<CommitNumber> number = tx_.find(change.record, change.id)) {
    // The same change under another place: it was moved to a new epoch, or a colleague handed it in.
    if (tx_.counts(*number)) {
      place_again(place, *number, change.record);
      return {};
    }
    Reason reason = Reason::record_delayed;
    for (const HeldRow& held : tx_.held(change.record))
      if (held.number == *number) reason = held.reason;
    // What came first under a stranger's name is judged when its own laptop brings it.
    if (own && reason == Reason::unknown_device) reason = Reason::record_delayed;
    put(place, *number, {Outcome::held, reason});
    if (own && !from.revoked && reconsider({*number, place.device, place.epoch, place.n, reason})) return {};
    for (const EntryRow& placed : tx_.entries(place.device, place.epoch, place.n, place.n)) reason = placed.reason;
    return {Outcome::held, reason};
  }
  Standing standing = own ? judge(from, change) : Standing{Outcome::held, Reason::unknown_device};
  // A held change delays what its author did to that record afterwards, and nothing else.
  for (const HeldRow& other : tx_.held(change.record))
    if (delays(other, place) && standing.outcome == Outcome::committed)
      standing = {Outcome::held, Reason::record_delayed};
  const bool counts = standing.outcome == Outcome::committed;
  const CommitNumber number = tx_.add(change, stored, counts);
  if (witness_)
    if (const std::optional<ClockDoubt> doubt = doubt_of(change.at, *witness_))
      tx_.note_clock(number, doubt->corrected_at);
  put(place, number, standing);
  if (counts) publish(from.certificate.unit, place, change);
  return standing;
}

void Committer::adopt(const DeviceRow& writer, const Change& change, BytesView stored) {
  if (tx_.find(change.record, change.id)) return;
  take(writer, say(own_epoch(""), change.id), change, stored);
}

void Committer::put(const Place& place, CommitNumber number, Standing standing) {
  tx_.place(place.device, place.epoch, place.n, number, standing.outcome, standing.reason);
}

void Committer::append(std::string_view feed, const Place& place) {
  tx_.append(feed, place.device, place.epoch, place.n);
}

void Committer::place_again(const Place& place, CommitNumber number, const RecordId& record) {
  put(place, number, {});
  // Told like the first place: whoever passes this segment on to a central that was restored passes it on whole.
  for (const std::string& feed : tx_.feeds_of(record)) append(feed, place);
}

Committer::Standing Committer::judge(const DeviceRow& from, const Change& change) {
  const auto held = [](Reason reason) { return Standing{Outcome::held, reason}; };
  if (from.revoked) return held(Reason::revoked);
  if (is_definition(change.record)) return held(Reason::outside_write_scope);  // only central says those
  const Form* form = catalogue_.form(change.form, change.form_version);
  if (!form) return held(Reason::unknown_form);
  const Certificate& author = from.certificate;
  const auto may_write = [&](const std::optional<std::vector<Role>>& writers) {
    return !writers || std::find(writers->begin(), writers->end(), author.role) != writers->end();
  };
  if (!may_write(form->writers)) return held(Reason::outside_write_scope);
  for (const FieldRef& write : change.writes)
    if (const Question* question = form->find(write.field.number); question && !may_write(question->writers))
      return held(Reason::outside_write_scope);
  const std::optional<RecordRow> record = tx_.record(change.record);
  // Whoever made the record owns it, even where another unit's edit came in first: after a restore of central.
  const bool makes_it = change.base.empty();
  // What a partner adds to a record that is not here yet may be another unit's: it waits for the record.
  if (!record && !makes_it && author.role == Role::partner) return held(Reason::outside_write_scope);
  if (!record || (makes_it && !record->unit_is_certain)) {
    if (!may_create(author.role, form->record_class)) return held(Reason::outside_write_scope);
    // About a record of another unit only who may edit that one decides.
    bool is_certain = false;
    if (form->about.empty() || may_edit_other_units(author.role) ||
        unit_for(author.unit, *form, change, is_certain) == author.unit)
      return {};
    return held(Reason::outside_write_scope);
  }
  if (record->unit == author.unit) return {};
  // A partner's report is its own testimony: the office sets another beside it and decides, but does not rewrite it.
  if (author.role == Role::partner || is_partner_unit(record->unit)) return held(Reason::outside_write_scope);
  if (may_edit_other_units(author.role) || tx_.sharers_of(change.record).contains(author.unit)) return {};
  return held(Reason::outside_write_scope);
}

void Committer::publish(std::string_view author_unit, const Place& place, const Change& change) {
  const Form* form = catalogue_.form(change.form, change.form_version);
  std::optional<RecordRow> record = tx_.record(change.record);
  const bool made_it = change.base.empty();
  const bool is_new = !record;
  const bool has_new_unit = is_new || (made_it && !record->unit_is_certain);
  std::set<std::string> feeds;
  if (has_new_unit) {
    bool is_certain = made_it;
    record = RecordRow{change.form, unit_for(author_unit, *form, change, is_certain), is_certain};
    tx_.put_record(change.record, *record);
    feeds.insert(unit_feed(record->unit, form->record_class));
    if (is_partner_unit(record->unit)) feeds.insert(partner_feed(record->unit));
    for (const std::string& feed : feeds) tx_.put_feed_of(change.record, feed);
    // Until now another unit was taken for its maker: those who hold it keep it, the real one gets all of it.
    if (!is_new) feeds = tx_.feeds_of(change.record);
    if (!is_new)
      for (const std::string& feed : feeds)
        for (const Place& other : places_of(change.record))
          if (other != place) append(feed, other);
  } else {
    feeds = tx_.feeds_of(change.record);
  }
  for (const std::string& feed : feeds) append(feed, place);
  if (!form->about.empty()) follow_subjects(*form, change);
  if (has_new_unit) lead_followers(change.record, *record);

  // Nothing but sessions is ever shared.
  const bool is_session = form->record_class == RecordClass::session;
  bool has_new_sharer = false;
  if (const Question* co_hosts = is_session ? form->find("co_hosts") : nullptr) {
    if (const Value* value = change.value_of({change.record, {co_hosts->number, ""}}))
      if (const auto* named = std::get_if<std::string>(value))
        for (const std::string& unit : units_in(*named))
          if (unit != record->unit) has_new_sharer = share(change.record, form->record_class, unit) || has_new_sharer;
  }
  // A change may come in before the one that lets its author write here: from another laptop, or after a restore of
  // central.
  if (has_new_unit || has_new_sharer)
    for (const HeldRow& held : tx_.held(change.record)) reconsider(held);
  if (form->numbering) number(change.record, *form);
  if (!is_session) return;
  for (const std::string& unit : tx_.sharers_of(change.record))
    if (is_partner_unit(unit)) project(change.record, *form, unit);
}

bool Committer::share(const RecordId& record, RecordClass record_class, std::string_view unit) {
  if (tx_.sharers_of(record).contains(std::string(unit))) return false;
  tx_.put_shared(record, unit);
  if (!is_partner_unit(unit)) join_feed(record, unit_feed(unit, record_class));
  return true;
}

void Committer::join_feed(const RecordId& record, std::string_view feed) {
  if (tx_.feeds_of(record).contains(std::string(feed))) return;
  tx_.put_feed_of(record, feed);
  for (const Place& place : places_of(record)) append(feed, place);
  for (const RecordId& follower : tx_.about(record)) join_feed(follower, feed);
}

std::string Committer::unit_for(std::string_view author_unit, const Form& form, const Change& change,
                                bool& is_certain) {
  if (form.about.empty()) return std::string(author_unit);
  for (const RecordId& subject : subjects_in(form, change))
    if (const std::optional<RecordRow> row = tx_.record(subject)) {
      if (is_partner_unit(row->unit)) return std::string(author_unit);
      return row->unit;
    }
  is_certain = false;
  return std::string(author_unit);
}

void Committer::follow_subjects(const Form& form, const Change& change) {
  for (const RecordId& subject : subjects_in(form, change)) {
    tx_.put_about(subject, change.record);
    for (const std::string& feed : tx_.feeds_of(subject))
      if (!is_partner_feed(feed)) join_feed(change.record, feed);
  }
}

void Committer::lead_followers(const RecordId& subject, const RecordRow& row) {
  for (const RecordId& follower : tx_.about(subject)) {
    std::optional<RecordRow> known = tx_.record(follower);
    if (!known) continue;
    if (!known->unit_is_certain && !is_partner_unit(row.unit)) {
      known->unit = row.unit;
      known->unit_is_certain = true;
      tx_.put_record(follower, *known);
    }
    for (const std::string& feed : tx_.feeds_of(subject))
      if (!is_partner_feed(feed)) join_feed(follower, feed);
    for (const HeldRow& held : tx_.held(follower)) reconsider(held);
  }
}

std::vector<Committer::Place> Committer::places_of(const RecordId& record) {
  std::vector<Place> out;
  for (const FeedRow& row : tx_.places_of(record)) out.push_back({row.device, row.epoch, row.n});
  return out;
}

void Committer::project(const RecordId& record, const Form& form, std::string_view partner) {
  const RecordHeads heads = tx_.heads(record);
  std::map<ChangeId, Change> read;
  const FindChange find = [&](const ChangeId& id) -> const Change* {
    auto at = read.find(id);
    if (at == read.end()) {
      std::optional<Change> change = tx_.read(record, id);
      if (!change) return nullptr;
      at = read.emplace(id, *std::move(change)).first;
    }
    return &at->second;
  };
  std::map<FieldKey, Value> now;
  std::int64_t at = 0;
  for (const auto& [field, ids] : heads.fields()) {
    if (field.entity != record) continue;  // no row, hence no roster
    const bool presence = field.field.number == record_presence;
    const Question* question = form.find(field.field.number);
    if (!presence && !(question && question->partner)) continue;
    const FieldState state = field_state(field, ids, find);
    // A record that somebody edits while somebody deletes it stays visible, here as in the office.
    const bool kept = std::any_of(state.heads.begin(), state.heads.end(),
                                  [](const Rival& rival) { return rival.value == Value{true}; });
    now[field.field] = presence ? Value{kept} : state.shown;
    // Only what the partner may see moves the time it is told: an edit of the roster must leave no trace.
    if (!presence && !state.heads.empty()) at = std::max(at, state.heads.back().at);
  }
  ProjectionRow told = tx_.projection(record, partner).value_or(ProjectionRow{});
  // What was told out of a change that is lost, here after a restore and on its author's laptop too: it is told no
  // longer.
  for (const auto& [field, ids] : told.heads.fields())
    if (field.entity == record) now.try_emplace(field.field, Cleared{});
  if (now.empty() || told.values == now) return;

  Change change;
  change.record = record;
  change.form = form.name;
  change.form_version = form.version;
  const PublicKey& key = keys_.receipts.public_key();
  change.device = device_id_of(key);
  change.at = at;
  const EntityId entity = record;
  change.base = told.heads.seen({&entity, 1});
  for (const auto& [field, value] : now) {
    const auto before = told.values.find(field);
    if (before != told.values.end() && before->second == value && field.number != record_presence) continue;
    change.writes.push_back({record, field});
    change.values.push_back(value);
  }
  // The salt comes from the content, so that two runs that differ only out of the partner's sight send the same
  // bytes.
  CborWriter content;
  content.bytes(record.view()).text(partner).integer(at);
  for (std::size_t i = 0; i < change.writes.size(); ++i) {
    content.uint(change.writes[i].field.number).text(change.writes[i].field.option);
    write_value(content, change.values[i]);
  }
  const Digest drawn = hmac_sha256(keys_.token.view(), content.result());
  std::copy_n(drawn.bytes.begin(), change.salt.size(), change.salt.begin());
  Result<Change> sealed = seal(std::move(change));
  if (!sealed) return;  // the bounds of the original change hold for its part

  // It belongs to the partner's world alone: kept in the journal, outside the record's own heads.
  const std::optional<CommitNumber> known = tx_.find(record, sealed->id);
  const CommitNumber number = known ? *known : tx_.add(*sealed, encode_change(*sealed), false);
  const Place place = say(own_epoch(partner), sealed->id);
  put(place, number, {});
  append(partner_feed(partner), place);
  told.heads.apply(*sealed, [](const ChangeId&) { return true; });
  told.values = std::move(now);
  tx_.put_projection(record, partner, told);
}

EpochId Committer::own_epoch(std::string_view listener) {
  // A central brought back from a copy must not number its words a second time: each incarnation has its own epochs.
  CborWriter name;
  name.text(listener).bytes(tx_.meta(incarnation_key).value_or(Bytes{}));
  const Digest digest = hmac_sha256(keys_.token.view(), name.result());
  return *EpochId::from_bytes(digest.view().first(EpochId::size));
}

Committer::Place Committer::say(const EpochId& epoch, const ChangeId& id) {
  const DeploymentId deployment = deployment_id_of(keys_.deployment.public_key());
  Segment segment;
  segment.device = device_id_of(keys_.receipts.public_key());
  segment.epoch = epoch;
  const JournalPosition tail = tx_.position(deployment, segment.device, epoch);
  segment.first = tail.n + 1;
  segment.start = tail.chain;
  segment.entries.push_back({id, std::nullopt, {}});
  sign_segment(segment, keys_.receipts);
  tx_.keep_segment(segment);
  return {segment.device, epoch, segment.first};
}

void Committer::take_back(const DeviceRow& from, const Place& place, const Change& change, BytesView stored) {
  for (const EntryRow& there : tx_.entries(place.device, place.epoch, place.n, place.n))
    if (there.change) return;
  if (change.device == place.device && is_definition(change.record))
    return take_back_definition(place, change, stored);
  if (change.device == place.device) {
    if (from.certificate.role == Role::partner) return take_back_projection(from.certificate.unit, place, change);
    const Form* form = catalogue_.form(change.form, change.form_version);
    if (form && form->writers && form->writers->empty()) return take_back_entry(place, change, stored);
    tx_.place_id(place.device, place.epoch, place.n, change.id);  // only those it was said to give it back
    return;
  }
  // Adopted once: its author answers for it.
  const std::optional<DeviceRow> writer = tx_.device(change.device);
  take(writer.value_or(from), place, change, stored);
}

void Committer::take_back_projection(std::string_view partner, const Place& place, const Change& change) {
  std::optional<CommitNumber> number = tx_.find(change.record, change.id);
  ProjectionRow told = tx_.projection(change.record, partner).value_or(ProjectionRow{});
  if (!number) {
    number = tx_.add(change, encode_change(change), false);
    told.heads.apply(change, [&](const ChangeId& id) { return tx_.find(change.record, id).has_value(); });
  }
  put(place, *number, {});
  append(partner_feed(partner), place);  // a second laptop of the unit may never have heard it
  // What the partner sees now may stand on words central has forgotten: say everything again, over all of them.
  told.values.clear();
  tx_.put_projection(change.record, partner, told);
  const std::optional<RecordRow> row = tx_.record(change.record);
  const Form* form = row ? catalogue_.form(row->form) : nullptr;
  if (form) project(change.record, *form, partner);
}

bool Committer::publish(const Definition& definition, std::int64_t at, Random& random) {
  Change change = change_of(definition);
  if (!tx_.changes_of(change.record).empty()) return false;
  change.device = device_id_of(keys_.receipts.public_key());
  change.at = at;
  random.fill(change.salt);
  Result<Change> sealed = seal(std::move(change));
  if (!sealed) throw SqlError(sealed.error());
  const CommitNumber number = tx_.add(*sealed, encode_change(*sealed), true);
  add_definition_place(say(own_epoch("*"), sealed->id), number, sealed->id);
  return true;
}

void Committer::take_back_definition(const Place& place, const Change& change, BytesView stored) {
  const std::optional<CommitNumber> known = tx_.find(change.record, change.id);
  add_definition_place(place, known ? *known : tx_.add(change, stored, true), change.id);
}

void Committer::add_definition_place(const Place& place, CommitNumber number, const ChangeId& id) {
  put(place, number, {});
  append(definition_feed, place);
  tx_.set_meta(definitions_key, next_definitions_mark(tx_.meta(definitions_key), id));
}

bool Committer::reconsider(const HeldRow& held) {
  if (held.reason == Reason::unknown_device) return false;
  const Place place{held.device, held.epoch, held.n};
  for (const EntryRow& now : tx_.entries(place.device, place.epoch, place.n, place.n))
    if (now.outcome != Outcome::held) return false;  // let go with another a moment ago
  const Change change = tx_.read(held.number);
  if (tx_.counts(held.number)) {
    place_again(place, held.number, change.record);  // released under another of its places a moment ago
    return true;
  }
  const bool adopted = held.device == device_id_of(keys_.receipts.public_key());
  const std::optional<DeviceRow> from = tx_.device(adopted ? change.device : held.device);
  if (!from) return false;
  for (const HeldRow& other : tx_.held(change.record))
    if (other.number != held.number && delays(other, place) &&
        (other.epoch == held.epoch || other.number < held.number))
      return false;
  const Standing standing = judge(*from, change);
  if (standing.outcome != Outcome::committed) {
    if (standing.reason != held.reason) put(place, held.number, standing);
    return false;
  }
  tx_.release(held.number, change);
  put(place, held.number, {});
  publish(from->certificate.unit, place, change);
  // It may stand in other places too, and pages that overtook each other may have brought later ones before it.
  for (const HeldRow& other : tx_.held(change.record)) reconsider(other);
  return true;
}

void Committer::introduce_partner(std::string_view unit) {
  std::set<std::string> units = units_of(tx_.meta(partner_units_key));
  if (!units.insert(std::string(unit)).second) return;
  std::string list;
  for (const std::string& name : units) list += name + " ";
  tx_.set_meta(partner_units_key, view_of(list));
  partner_units_.reset();
  for (const RecordId& record : tx_.shared_with(unit)) {
    const std::optional<RecordRow> row = tx_.record(record);
    const Form* form = row ? catalogue_.form(row->form) : nullptr;
    if (form) project(record, *form, unit);
  }
}

}  // namespace fieldpost
