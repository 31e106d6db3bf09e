#include "client/app.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>
#include <utility>

#include "client/model/translation.h"
#include "shared/foundation/vietnamese.h"
#include "shared/storage/files.h"
#include "shared/storage/salvage.h"

namespace fieldpost {
namespace {

// A draft is written when the keyboard has rested this long: late enough not to write at every key, early enough that
// a flat battery costs a word. Whoever never rests has it written all the same: two seconds are lost at most.
constexpr std::int64_t draft_rest_ms = 1'000, draft_age_max_ms = 1'800;
constexpr std::size_t today_max = 200;

ui::Typing typing_of(const Settings& settings) {
  return settings.typing == "telex" ? ui::Typing::telex
         : settings.typing == "vni" ? ui::Typing::vni
                                    : ui::Typing::off;
}

constexpr std::size_t settings_bytes_max = 4'096;

}  // namespace

ui::Look look_of(const Settings& settings, int system_scale_percent) {
  ui::Look look;
  look.scale_percent = settings.scale_percent != 0 ? settings.scale_percent : system_scale_percent;
  look.palette = settings.palette == "dark"       ? ui::Palette::dark
                 : settings.palette == "contrast" ? ui::Palette::contrast
                                                  : ui::Palette::light;
  return look;
}

Settings settings_of(const std::filesystem::path& home) {
  const Result<Bytes> kept = read_small_file(home / settings_file, settings_bytes_max);
  return kept ? settings_from(text_of(*kept)) : Settings{};
}

Result<void> keep_window_place(const std::filesystem::path& home, const WindowPlace& place) {
  if (!Vault::exists(home)) return {};
  Settings settings = settings_of(home);
  if (settings.window == place) return {};
  settings.window = place;
  return write_durably(home / settings_file, view_of(settings_json(settings)));
}

App::App(Options options, const WallClock& clock, Random& random, const Catalogue& catalogue)
    : options_(std::move(options)), clock_(clock), random_(random), shipped_(catalogue) {
  settings_ = options_.settings;
  ui::set_typing(typing_of(settings_));
  unlock_.no_store = !Vault::exists(options_.home);
  unlock_.user = options_.user;
  load_users();
  unlock_.passphrase = options_.passphrase;
  if (!unlock_.no_store && !unlock_.passphrase.empty()) unlock();
  if (!unlocked()) ask_who();
}

App::~App() = default;

std::string App::shown_title(const std::string& name, const std::string& title) const {
  const Form* form = catalogue().form(name);
  return settings_.veil && (!form || has_personal_title(*form)) ? veiled_text() : title;
}

CivilDate App::today() const { return vietnam_day(clock_.now_ms()); }

Names App::names() {
  return {[this](const UserId& user) { return store_->author_name(user); },
          [this](const DeviceId& device) { return store_->device_name(device); },
          [this](const RecordId& record) { return title_of(record); }};
}

FormEntry::Context App::context() {
  return {catalogue(), today(), names(), [this](const std::string& form, std::string_view typed) {
            std::vector<Choice> choices;
            View::Query query;
            query.form = form;
            query.search = typed;
            query.limit = 40;
            if (const auto found = store_->list(query))
              for (const RecordSummary& record : *found)
                choices.push_back({text(record.record), record.title,
                                   record.own_date ? vietnamese::date_text(*record.own_date) : std::string()});
            return choices;
          }};
}

std::string App::title_of(const RecordId& record) {
  const auto known = titles_.find(record);
  if (known != titles_.end()) return known->second;
  std::string title;
  if (const auto state = store_->state(record); state && *state) {
    const Form* form = catalogue().form((*state)->form);
    // Without titles of further records: a title that names a record would otherwise lead round in a circle.
    if (form) title = record_title(*form, (*state)->answers, catalogue(), {});
  }
  return titles_[record] = title;
}

// Unlocking.

void App::unlock() {
  unlock_.problem.clear();
  const bool nobody_chosen = unlock_.user.empty() && unlock_.users.size() > 1;
  if (nobody_chosen && options_.passphrase.empty()) {
    unlock_.problem = tr("unlock.choose");
    return;
  }
  if (const std::int64_t again_ms = wrong_tries_[unlock_.user].again_ms; now_ms_ < again_ms) {
    unlock_.problem = tr_with("unlock.wait", {vietnamese::number_text((again_ms - now_ms_ + 999) / 1'000)});
    return;
  }
  const auto failed = [this](const Error& error) {
    unlock_.problem = error_text(error);
    lock_.reset();
  };
  Result<std::unique_ptr<StoreLock>> holder = StoreLock::take(options_.home, "fieldpost", options_.lock_wait_ms);
  if (!holder) return failed(holder.error());
  lock_ = std::move(*holder);
  const Result<SymmetricKey> key = open_vault();
  unlock_.passphrase.clear();
  options_.passphrase.clear();
  if (!key) {
    // Whoever mistypes twice is not punished; whoever guesses waits longer each time, half a minute at most.
    constexpr int free_tries = 2, longest_s = 30;
    WrongTries& tries = wrong_tries_[unlock_.user];
    if (key.error().code == ErrorCode::wrong_passphrase && ++tries.count > free_tries)
      tries.again_ms = now_ms_ + 1'000 * std::min(longest_s, 1 << std::min(tries.count - free_tries, 5));
    return failed(key.error());
  }
  wrong_tries_.erase(unlock_.user);
  active_ms_ = now_ms_;
  const Environment environment{clock_, random_, shipped_};
  Store::Options store_options;
  store_options.home = options_.home;
  store_options.key = *key;
  // A log that was not folded into the store means that the last program did not end well: then every page is read.
  std::error_code no_log;
  const auto log_bytes = std::filesystem::file_size(options_.home / "store.db-wal", no_log);
  const bool unclean = !no_log && log_bytes > 0;
  Result<std::unique_ptr<Store>> store = Error{ErrorCode::damaged, "not opened yet"};
  const Result<bool> whole = unclean ? store_is_whole(store_options) : Result<bool>(true);
  if (whole && *whole) store = Store::open(store_options, environment);
  salvaged_.clear();
  if (!store && store.error().code == ErrorCode::damaged) {
    const Result<SalvageReport> report = salvage_store(store_options, environment);
    if (!report) return failed(report.error());
    salvaged_ =
        tr_with("home.salvaged", {vietnamese::number_text(report->changes), report->set_aside.filename().string()});
    store = Store::open(store_options, environment);
  }
  if (!store) return failed(store.error());
  store_ = std::move(*store);
  Consultations consultations = Consultations::read;
  // No form is open yet: what was attached and never saved is nobody's.
  (void)store_->drop_unnamed_files();
  if (const auto identity = store_->identity(); identity && *identity) {
    const Identity& me = **identity;
    if (!sees_consultations(me.certificate.role)) consultations = Consultations::left_out;
    reviewer_ = reviewer_of(me.certificate.role);
    own_devices_ = me.certificate.predecessors;
    own_devices_.push_back(me.device());
    inbox_.me = me.certificate.user;
    inbox_.can_decide = is_office();
    if (is_office()) header_.inbox = 0;
    // Where several share the laptop, whoever opened it is who is meant.
    header_.several_users = unlock_.users.size() > 1;
    header_.who = (header_.several_users ? unlock_.user : me.certificate.user_name) + " · " + me.certificate.unit;
    sync_.enrolled = true;
    sync_.central = me.url;
    sync_.laptop = store_->device_name(me.device());
    worker_ = std::make_unique<Worker>(
        store_options, environment, options_.wake ? options_.wake : [] {});
  } else {
    header_.several_users = unlock_.users.size() > 1;
    header_.who = unlock_.user;
  }
  people_ = std::make_unique<PeopleReader>(store_options, consultations, options_.wake);
  std::optional<DeploymentId> deployment;
  if (const auto identity = store_->identity(); identity && *identity) deployment = (*identity)->deployment();
  report_maker_ = std::make_unique<ReportMaker>(store_options, deployment, options_.wake);
  // Who sees no consultation, a partner or the department, decides about no person either.
  if (consultations == Consultations::read)
    duplicates_reader_ = std::make_unique<DuplicatesReader>(store_options, catalogue(), options_.wake);
  // The inbox takes over what the reader of duplicates found last: nobody looks for them twice.
  proposed_pairs_ = std::make_shared<ProposedPairs>();
  const auto proposed = [pairs = proposed_pairs_](Store&) { return Result(pairs->get()); };
  desk_ = std::make_unique<DeskReader>(store_options, environment, proposed, options_.wake);
  reopen_forms();
  go_to(is_office() ? Screen::inbox : Screen::home);
  begin_first_tour();
}

void App::lock() {
  end_tour();
  for (const auto& form : forms_) keep_draft_of(*form);
  keep_typed_settlements();
  pending_.reset();
  locked_ = {unlock_.user, {}};
  for (const auto& form : forms_) locked_.forms.push_back({form->draft, form->record()});
  entry_ = nullptr;
  forms_.clear();
  draft_due_.reset();
  attaching_.reset();
  printing_.reset();
  drive_watch_.reset();
  worker_.reset();
  people_.reset();
  report_maker_.reset();
  reports_ = {};
  duplicates_reader_.reset();
  duplicates_found_.reset();
  desk_.reset();
  news_.reset();
  to_decide_.clear();
  decided_ = undecided_ = 0;
  reviewer_.reset();
  own_devices_.clear();
  store_.reset();
  lock_.reset();
  // Nothing of what was shown stays behind a locked screen.
  home_ = {};
  list_ = {};
  conflicts_ = {};
  duplicates_ = {};
  history_ = {};
  inbox_ = {};
  fleet_ = {};
  sync_ = {};
  header_ = {};
  titles_.clear();
  problem_.clear();
  help_ = {};
  screen_ = Screen::unlock;
  load_users();
  ask_who();
}

// What the screens show.

void App::refresh() {
  titles_.clear();
  refresh_sync();
  if (screen_ == Screen::home || screen_ == Screen::sync) refresh_attention();
  if (screen_ == Screen::home) refresh_home();
  if (screen_ == Screen::list) {
    count_forms();
    refresh_list();
  }
  if (screen_ == Screen::conflicts) refresh_conflicts();
  if (screen_ == Screen::home || screen_ == Screen::duplicates || screen_ == Screen::inbox) look_for_duplicates();
  if (screen_ == Screen::history) show_history(history_.record);
  if (entry_) load_linked(*entry_);
  inbox_.veiled = fleet_.veiled = settings_.veil;
  inbox_.lines.clear();
  if (desk_) desk_->stale();
  look_for_others();
}

void App::refresh_sync() {
  if (const auto status = store_->status(); worked(status)) sync_.status = *status;
  sync_.last_sync = tr("sync.never");
  if (const auto last = store_->last_sync(); last && *last)
    sync_.last_sync = tr_with("sync.last", {moment_text((*last)->at, today())});
  header_.unsent = sync_.status.unsent;
  header_.attention = sync_.status.conflicts;
  header_.syncing = sync_.running;
}

void App::find_drives() {
  std::vector<StickModel::Place> places;
  for (const Drive& drive : options_.drives())
    places.push_back({drive.path.string(), drive.name,
                      drive.can_write
                          ? tr_with("stick.free", {bytes_text(static_cast<std::int64_t>(drive.free_bytes))})
                          : tr("stick.read_only")});
  take_drives(sync_.stick, std::move(places));
  sync_.stick.recipients = {{std::nullopt, tr("stick.central")}};
  if (const auto colleagues = store_->colleagues())
    for (const Certificate& colleague : *colleagues)
      sync_.stick.recipients.push_back({colleague.device(), store_->device_name(colleague.device())});
  sync_.stick.recipient = std::min(sync_.stick.recipient, sync_.stick.recipients.size() - 1);
}

void App::refresh_attention() {
  sync_.attention.clear();
  if (const auto items = store_->attention(); worked(items))
    for (const AttentionItem& item : *items)
      sync_.attention.push_back({item.record, shown_title(item.form, item.title), outcome_text(item)});
}

void App::refresh_home() {
  // What is about to be handed in stays in sight, and what became of it.
  Home before = std::exchange(home_, {});
  home_.hand_in = std::move(before.hand_in);
  home_.handed_in = std::move(before.handed_in);
  home_.who = header_.who;
  home_.salvaged = salvaged_;
  home_.today = tr_with("home.title",
                        {language() == "en" ? vietnamese::date_text(today()) : vietnamese::date_in_words(today())});
  home_.status = sync_.status;
  home_.last_sync = sync_.last_sync;
  for (const char* name : core_forms)
    if (const Form* form = catalogue().form(name))
      home_.starts.push_back({name, form->label.in(language()), tr(std::string("start.") + name)});
  View::Query query;
  query.limit = today_max;
  if (const auto records = store_->list(query); worked(records))
    for (const RecordSummary& record : *records)
      if (vietnam_day(record.at) == today()) home_.today_records.push_back(listed(record));
  if (const auto drafts = own_drafts(); worked(drafts))
    for (const Draft& draft : *drafts) {
      const Form* form = catalogue().form(draft.seen.form, draft.seen.form_version);
      if (!form) continue;
      Answers answers = draft.seen.answers;
      for (const auto& [key, value] : draft.edit.fields) answers.fields[key] = value;
      const std::string title = shown_title(form->name, record_title(*form, answers, catalogue(), names()));
      home_.drafts.push_back({draft.id, form->label.in(language()) + (title.empty() ? "" : " · " + title),
                              moment_text(draft.at, today())});
    }
  home_.attention = sync_.attention;
  refresh_trip();
  refresh_machine();
  if (news_) take_returned(*news_);
}

// Forms.

void App::new_record(const std::string& name) {
  const Form* form = catalogue().form(name);
  if (!form) return;
  open_form(std::make_unique<FormEntry>(*form, store_->start(*form), context()));
}

void App::open_record(const RecordId& record) {
  if (const auto open = tab_of(record)) return show_form(*open);
  Result<Seen> seen = store_->see(record);
  if (!worked(seen)) return;
  const Form* form = catalogue().form(seen->form, seen->form_version);
  if (!form) form = catalogue().form(seen->form);
  if (!form) {
    problem_ = tr("error.unknown_form");
    return;
  }
  open_form(std::make_unique<FormEntry>(*form, std::move(*seen), context()));
}

void App::load_conflicts(FormEntry& entry) {
  entry.conflicts.clear();
  if (entry.seen().is_new) return;
  const auto state = store_->state(entry.record());
  if (!worked(state) || !*state) return;
  for (const auto& [field, rivals] : (*state)->conflicts)
    entry.conflicts[field] =
        conflict_view(entry.form(), field, rivals, entry.record(), catalogue(), names(), today());
}

void App::save() {
  if (!entry_) return;
  const Edit edit = entry_->edit();
  const Result<Saved> saved = store_->save(entry_->seen_to_save(), edit);
  if (!worked(saved)) return;
  people_->stale();
  if (duplicates_reader_) duplicates_reader_->stale();
  entry_->saved();
  entry_->leaving = false;
  entry_->saved_at = moment_text(clock_.now_ms(), today());
  drop_draft(entry_->draft);
  entry_->draft = {};
  draft_revision_ = entry_->revision();
  draft_due_.reset();
  load_conflicts(*entry_);
  load_file_places(*entry_);
  load_review(*entry_);
  refresh();
}

void App::look_for_others() {
  if (!entry_ || entry_->seen().is_new) return;
  if (const auto now = store_->see(entry_->record()))
    entry_->others_changed = now->heads.fields() != entry_->seen().heads.fields();
}

void App::show_history(const RecordId& record) {
  const auto changes = store_->history(record);
  if (!worked(changes) || changes->empty()) return;
  const Form* form = catalogue().form(changes->back().form);
  history_ = record_history(form, record, title_of(record), *changes, catalogue(), names());
  if (settings_.veil) veil(history_, form);
  screen_ = Screen::history;
}

// Drafts.

void App::watch_draft(std::int64_t now_ms) {
  if (!entry_) return;
  if (entry_->revision() != draft_revision_) {
    draft_revision_ = entry_->revision();
    if (!draft_due_) draft_oldest_ms_ = now_ms;
    draft_due_ = std::min(now_ms + draft_rest_ms, draft_oldest_ms_ + draft_age_max_ms);
  }
  if (!draft_due_ && remarks_are_typed()) draft_due_ = now_ms + draft_rest_ms;
  if (draft_due_ && *draft_due_ <= now_ms) {
    draft_due_.reset();
    keep_draft();
    look_for_matters();
  }
}

void App::keep_draft() {
  if (entry_) keep_draft_of(*entry_);
}

void App::keep_draft_of(FormEntry& form) {
  if (!store_) return;
  keep_review_draft(form);
  if (!form.dirty()) {
    drop_draft(form.draft);
    form.draft = {};
    return;
  }
  if (form.draft.is_nil()) form.draft = new_uuid<EntityId>(clock_, random_);
  static_cast<void>(
      worked(store_->keep_draft({form.draft, form.seen(), form.edit(), clock_.now_ms(), unlock_.user})));
}

void App::drop_draft(const EntityId& draft) {
  if (!draft.is_nil()) static_cast<void>(worked(store_->drop_draft(draft)));
}

void App::resume_draft(const EntityId& id) {
  if (const auto open = tab_of(id)) return show_form(*open);
  const auto drafts = own_drafts();
  if (!worked(drafts)) return;
  for (const Draft& draft : *drafts) {
    if (draft.id != id) continue;
    if (const auto subject = subject_of_remarks(draft)) return open_record(*subject);
    const Form* form = catalogue().form(draft.seen.form, draft.seen.form_version);
    if (!form) {
      problem_ = tr("error.unknown_form");
      return;
    }
    open_form(std::make_unique<FormEntry>(*form, draft, context()));
    look_for_others();
    return;
  }
}

void App::closing() {
  if (unlocked()) end_tour();
  for (const auto& form : forms_) keep_draft_of(*form);
  keep_typed_settlements();
}

// Frames.

void App::take_events() {
  if (!worker_) return;
  bool ended = false;
  for (const Event& event : worker_->take_events()) {
    take_event(sync_, event);
    ended = ended || !(std::holds_alternative<SyncStarted>(event) || std::holds_alternative<SyncProgressed>(event));
  }
  header_.syncing = sync_.running;
  if (drives_changed_.exchange(false) && screen_ == Screen::sync) find_drives();
  // Forms may have come with the records.
  if (ended && store_) static_cast<void>(worked(store_->refresh()));
  if (ended && people_) people_->stale();
  if (ended && duplicates_reader_) duplicates_reader_->stale();
  if (ended) refresh();
}

void App::go_to(Screen screen) {
  // Whoever changes the size of letters comes back to where they were.
  if (entry_ && screen != Screen::form && screen != Screen::settings) leave_form();
  screen_ = screen == Screen::form && !entry_ ? Screen::home : screen;
  drive_watch_.reset();
  if (screen == Screen::sync && sync_.enrolled) {
    drive_watch_ = std::make_unique<DriveWatch>([this] {
      drives_changed_ = true;
      if (options_.wake) options_.wake();
    });
    find_drives();
  }
  refresh();
  if (screen == Screen::duplicates) {
    ui::focus_nothing();
    if (const auto here = duplicates_.key_at_hand()) look_at_pair(*here);
  }
  if (screen == Screen::list) ui::focus("search");
  if (screen == Screen::reports) show_reports();
  if (screen == Screen::conflicts) {
    ui::focus_nothing();
    // Whoever comes to the page sees what stands now.
    if (const auto here = conflicts_.key_at_hand()) look_at_conflict(*here);
    if (const auto first = conflict_after(conflicts_, 0); first && !conflicts_.at_hand) look_at_conflict(*first);
  }
}

std::optional<Action> App::draw() {
  if (screen_ == Screen::unlock) return draw_unlock(unlock_);
  if (screen_ == Screen::help && !unlocked()) {
    begin_screen("help");
    const std::optional<Action> read = draw_help(help_);
    end_screen();
    return read;
  }
  std::optional<Action> action, asked;
  begin_screen("fieldpost");
  header_.current = screen_;
  header_.veiled = settings_.veil;
  if (entry_) entry_->veiled = settings_.veil;
  header_.tabs.clear();
  for (const auto& form : forms_)
    header_.tabs.push_back(
        {form->seen().is_new ? form->form().label.in(language()) : shown_title(form->form().name, form->title()),
         form->dirty(), form.get() == entry_});
  action = draw_header(header_);
  if (!problem_.empty()) {
    ui::notice("problem", ui::Tone::attention, problem_);
    if (ui::button("problem/close", tr("error.close"))) problem_.clear();
  }
  switch (screen_) {
    case Screen::home: asked = draw_home(home_); break;
    case Screen::list: asked = draw_record_list(list_); break;
    case Screen::form:
      if (entry_) asked = draw_form(*entry_);
      break;
    case Screen::sync: asked = draw_sync(sync_); break;
    case Screen::conflicts: asked = draw_conflicts(conflicts_); break;
    case Screen::duplicates: asked = draw_duplicates(duplicates_, catalogue()); break;
    case Screen::history: asked = draw_history(history_); break;
    case Screen::settings: {
      Settings shown = settings_;
      shown.scale_percent = ui::look().scale_percent;
      asked = draw_settings(shown, entry_ != nullptr);
      break;
    }
    case Screen::help: asked = draw_help(help_); break;
    case Screen::reports: asked = draw_reports(reports_); break;
    case Screen::inbox: asked = draw_inbox(inbox_); break;
    case Screen::fleet: asked = draw_fleet(fleet_); break;
    case Screen::unlock: break;
  }
  end_screen();
  std::optional<Action> toured;
  if (tour_) toured = draw_tour(*tour_);
  return toured ? toured : action ? action : asked;
}

std::optional<std::int64_t> App::lock_due() const {
  if (!unlocked() || settings_.lock_minutes == 0) return std::nullopt;
  return active_ms_ + std::int64_t{60'000} * settings_.lock_minutes;
}

std::optional<std::int64_t> App::wake_at() const {
  if (pending_ || !to_decide_.empty()) return now_ms_;
  const std::optional<std::int64_t> lock = lock_due();
  if (!draft_due_ || !lock) return draft_due_ ? draft_due_ : lock;
  return std::min(*draft_due_, *lock);
}

void App::watch_person(std::int64_t now_ms) {
  // A sync that runs is work, though nobody touches a key.
  if (ui::person_acts() || sync_.running || sync_.stick.running) active_ms_ = now_ms;
  if (const auto due = lock_due(); due && *due <= now_ms) lock();
  Settings wanted = settings_;
  constexpr int step = 25;
  switch (ui::pressed_key()) {
    case ui::Key::lock:
      if (unlocked()) lock();
      return;
    case ui::Key::help: show_help(); return;
    case ui::Key::veil: wanted.veil = !wanted.veil; break;
    case ui::Key::larger: wanted.scale_percent = std::min(ui::look().scale_percent + step, scale_percent_most); break;
    case ui::Key::smaller:
      wanted.scale_percent = std::max(ui::look().scale_percent - step, scale_percent_least);
      break;
    case ui::Key::next: return step_form(1);
    case ui::Key::previous: return step_form(-1);
    case ui::Key::close:
      if (screen_ == Screen::form && entry_) ask_to_close(current_tab());
      return;
    case ui::Key::none: return;
  }
  change(wanted);
}

void App::change(Settings settings) {
  if (settings == settings_) return;
  settings_ = std::move(settings);
  if (settings_.veil) veil_reports();
  use_language(settings_.language);
  ui::set_typing(typing_of(settings_));
  ui::want_look(look_of(settings_, ui::look().scale_percent));
  if (unlocked()) {
    static_cast<void>(worked(write_durably(options_.home / settings_file, view_of(settings_json(settings_)))));
    refresh();
  }
}

void App::frame(std::int64_t now_ms) {
  now_ms_ = now_ms;
  take_events();
  if (entry_) entry_->known_people = people_->known();
  take_duplicates();
  ui::begin_frame();
  // The record that another one takes the place of has what was typed in it.
  if (const ui::Key key = ui::pressed_key();
      key == ui::Key::next || key == ui::Key::previous || key == ui::Key::close)
    ui::leave_field();
  const std::optional<Action> action = draw();
  ui::end_frame();
  // What is done with a form is done with what was typed in it.
  if (pending_)
    dispatch(*std::exchange(pending_, action));
  else if (action && screen_ == Screen::form && ui::leave_field())
    pending_ = action;
  else if (action)
    dispatch(*action);
  attach_files();
  take_printed();
  take_report();
  watch_desk();
  watch_draft(now_ms);
  watch_person(now_ms);
}

void App::dispatch(const Action& action) {
  if (carried_out_on_reports(action)) return;
  if (std::get_if<Unlock>(&action))
    unlock();
  else if (std::get_if<Lock>(&action))
    lock();
  else if (const auto* chosen = std::get_if<SwitchLanguage>(&action)) {
    Settings wanted = settings_;
    wanted.language = chosen->language;
    change(std::move(wanted));
  } else if (const auto* changed = std::get_if<ChangeSettings>(&action)) {
    change(changed->settings);
  } else if (const auto* to = std::get_if<GoTo>(&action))
    go_to(to->screen);
  else if (const auto* shown = std::get_if<ShowList>(&action)) {
    if (list_.form != shown->form) list_.order = View::Query::Order::natural;
    list_.form = shown->form;
    list_.moved = true;
    go_to(Screen::list);
  } else if (std::get_if<SearchList>(&action)) {
    list_.moved = true;
    refresh_list();
  } else if (const auto* column = std::get_if<ChooseColumn>(&action)) {
    change(with_column(settings_, list_.form, list_.columns, list_.offered, column->column, column->on));
  } else if (const auto* created = std::get_if<NewRecord>(&action))
    new_record(created->form);
  else if (const auto* opened = std::get_if<OpenRecord>(&action))
    open_record(opened->record);
  else if (std::get_if<SaveRecord>(&action))
    save();
  else if (const auto* next = std::get_if<BeginFollowUp>(&action)) {
    if (entry_ && entry_->dirty()) save();
    if (entry_ && !entry_->dirty()) begin_follow_up({entry_->record(), next->form, next->link});
  } else if (std::get_if<SaveAndNext>(&action))
    save_and_next();
  else if (std::get_if<OfferPapers>(&action))
    offer_papers();
  else if (const auto* paper = std::get_if<PrintPaper>(&action))
    print_paper(*paper);
  else if (std::get_if<OpenPrinted>(&action))
    open_printed();
  else if (std::get_if<LeaveForm>(&action)) {
    if (entry_ && entry_->dirty() && !entry_->leaving) {
      entry_->leaving = true;
    } else {
      keep_draft();
      go_back();
    }
  } else if (std::get_if<DiscardEdits>(&action)) {
    if (entry_) drop_draft(entry_->draft);
    go_back();
  } else if (const auto* tab = std::get_if<ShowTab>(&action)) {
    show_form(tab->tab);
  } else if (const auto* closed = std::get_if<CloseTab>(&action)) {
    ask_to_close(closed->tab);
  } else if (std::get_if<TakeInChanges>(&action)) {
    if (!entry_) return;
    if (Result<Seen> seen = store_->see(entry_->record()); worked(seen)) entry_->take_in(std::move(*seen));
    load_conflicts(*entry_);
    load_file_places(*entry_);
    load_review(*entry_);
  } else if (const auto* resumed = std::get_if<ResumeDraft>(&action))
    resume_draft(resumed->draft);
  else if (const auto* dropped = std::get_if<DropDraft>(&action)) {
    if (const auto open = tab_of(dropped->draft)) forms_.erase(forms_.begin() + static_cast<std::ptrdiff_t>(*open));
    drop_draft(dropped->draft);
    refresh();
  } else if (const auto* settled = std::get_if<SettleConflict>(&action))
    settle(*settled);
  else if (std::get_if<ReopenConflict>(&action))
    reopen_conflict();
  else if (const auto* looked_at = std::get_if<LookAtConflict>(&action))
    look_at_conflict({looked_at->record, looked_at->field});
  else if (const auto* pair = std::get_if<LookAtPair>(&action))
    look_at_pair({pair->one, pair->other});
  else if (const auto* decided = std::get_if<DecidePair>(&action))
    decide_pair(*decided);
  else if (std::get_if<UndoPair>(&action))
    undo_pair();
  else if (const auto* past = std::get_if<ShowHistory>(&action))
    show_history(past->record);
  else if (std::get_if<ShowHelp>(&action))
    show_help();
  else if (std::get_if<CloseHelp>(&action))
    close_help();
  else if (const auto* card = std::get_if<ShowTour>(&action))
    show_tour(card->step);
  else if (std::get_if<EndTour>(&action))
    end_tour();
  else if (const auto* veil = std::get_if<Veil>(&action)) {
    Settings wanted = settings_;
    wanted.veil = veil->on;
    change(std::move(wanted));
  } else if (std::get_if<ChangeUser>(&action)) {
    lock();
    unlock_.user.clear();
    ask_who();
  } else if (std::get_if<StartSync>(&action)) {
    if (worker_) {
      sync_.running = header_.syncing = true;
      sync_.progress = {};
      worker_->post(SyncNow{});
    }
    if (screen_ != Screen::form) go_to(Screen::sync);
  } else if (std::get_if<StopSync>(&action)) {
    if (worker_) worker_->stop_exchange();
  } else if (std::get_if<FindDrives>(&action)) {
    find_drives();
  } else if (std::get_if<WriteToStick>(&action) || std::get_if<ReadFromStick>(&action)) {
    if (!worker_ || sync_.stick.path.empty()) return;
    sync_.stick.running = true;
    sync_.stick.done.clear();
    sync_.stick.problem.clear();
    sync_.stick.notes.clear();
    const std::filesystem::path path = sync_.stick.path;
    if (std::get_if<WriteToStick>(&action))
      worker_->post(WriteStick{path, sync_.stick.recipients[sync_.stick.recipient].device});
    else
      worker_->post(ReadStick{path});
  } else {
    dispatch_desk(action);
  }
}

void App::dispatch_desk(const Action& action) {
  if (const auto* looked = std::get_if<LookAtInbox>(&action))
    look_at_inbox(looked->at);
  else if (std::get_if<ArrangeInbox>(&action))
    arrange_inbox();
  else if (std::get_if<OpenInboxItem>(&action))
    open_inbox_item();
  else if (std::get_if<ClaimInbox>(&action))
    claim_inbox();
  else if (std::get_if<ProposeAccept>(&action))
    propose_accept();
  else if (std::get_if<WriteProposal>(&action))
    write_proposal();
  else if (std::get_if<DropProposal>(&action))
    inbox_.proposal.reset();
  else if (const auto* step = std::get_if<AskReview>(&action))
    ask_review(step->step);
  else if (std::get_if<WriteReview>(&action))
    write_review();
  else if (const auto* remark = std::get_if<AddRemark>(&action))
    add_remark(remark->question);
  else if (const auto* mended = std::get_if<MarkMended>(&action))
    mark_remark(*mended);
  else if (std::get_if<ProposeHandIn>(&action))
    propose_hand_in();
  else if (std::get_if<WriteHandIn>(&action))
    write_hand_in();
  else if (std::get_if<DropHandIn>(&action))
    home_.hand_in.reset();
}

// Screens by name.

const std::vector<std::string>& App::screen_names() {
  static const std::vector<std::string> names = {
      "unlock",  "home",      "list",       "outreach_session", "roster", "training_class", "consultation",
      "person",  "conflicts", "duplicates", "history",          "sync",   "settings",       "help",
      "reports", "inbox",     "fleet"};
  return names;
}

bool App::show(const std::string& name) {
  if (std::find(screen_names().begin(), screen_names().end(), name) == screen_names().end()) return false;
  if (name == "unlock") {
    screen_ = Screen::unlock;
    return true;
  }
  if (!unlocked()) return true;
  const auto newest = [this](const std::string& form) -> std::optional<RecordId> {
    View::Query query;
    query.form = form;
    query.limit = 1;
    const auto found = store_->list(query);
    if (!found || found->empty()) return std::nullopt;
    return found->front().record;
  };
  if (name == "home")
    go_to(Screen::home);
  else if (name == "list")
    go_to(Screen::list);
  else if (name == "conflicts")
    go_to(Screen::conflicts);
  else if (name == "duplicates") {
    go_to(Screen::duplicates);
    // Whoever asks for the screen by its name wants to see what is found, not that it is looked for.
    for (; duplicates_reader_ && duplicates_reader_->reading(); duplicates_reader_->found())
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    take_duplicates();
  } else if (name == "sync")
    go_to(Screen::sync);
  else if (name == "settings")
    go_to(Screen::settings);
  else if (name == "inbox" || name == "fleet")
    go_to(name == "inbox" ? Screen::inbox : Screen::fleet);
  else if (name == "help")
    show_help();
  else if (name == "reports")
    go_to(Screen::reports);
  else if (name == "history") {
    if (const auto record = newest("outreach_session"))
      show_history(*record);
    else
      go_to(Screen::list);
  } else {
    const std::string form = name == "roster" ? "outreach_session" : name;
    if (const auto record = newest(form))
      open_record(*record);
    else
      new_record(form);
    if (name == "roster" && entry_) entry_->page = 1;
  }
  // A picture is of what is there, not of what is being read.
  watch_desk();
  if (desk_) desk_->wait();
  watch_desk();
  return true;
}

}  // namespace fieldpost
