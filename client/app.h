// The window's state, and what becomes of an action: the only file that sees store, worker and screens. Draws with
// ImGui through the screens, knows no window and no graphics, so that tests and screenshots run it without a display.
#pragma once

#include <atomic>
#include <deque>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "client/desk_reader.h"
#include "client/drives.h"
#include "client/duplicates_reader.h"
#include "client/people_reader.h"
#include "client/report_maker.h"
#include "client/screens/screens.h"
#include "client/ui/widgets.h"
#include "shared/storage/vault.h"
#include "sync/worker.h"

namespace fieldpost {

/// In a laptop's home; see settings.h.
inline constexpr const char* settings_file = "window.json";

/// How a window looks under these settings; the scale is the system's where none was chosen.
ui::Look look_of(const Settings& settings, int system_scale_percent);

/// What was chosen on this laptop; the defaults where nothing was.
Settings settings_of(const std::filesystem::path& home);

/// Keeps where the window stood for the next start; nothing where no store is. Errors: disk_full, io.
Result<void> keep_window_place(const std::filesystem::path& home, const WindowPlace& place);

/// A paper that was written, and how many of its letters no font of this machine has.
struct PrintedFile {
  std::filesystem::path path;
  std::size_t letters_missing = 0;
};

class App {
 public:
  struct Options {
    std::filesystem::path home;
    std::string user;            // the key slot; empty: any
    std::string passphrase;      // tried at once when it is not empty
    int lock_wait_ms = 1'000;    // how long to wait for the store's holder
    std::function<void()> wake;  // called on the worker's thread after each event
    std::function<std::vector<Drive>()> drives = mounted_drives;
    Settings settings;
  };
  App(Options options, const WallClock& clock, Random& random, const Catalogue& catalogue);
  ~App();

  /// One frame between ImGui::NewFrame() and ImGui::Render(). `now_ms`: a clock that never runs backwards.
  void frame(std::int64_t now_ms);
  /// When to draw again though nothing happens: a draft to keep, or an empty chair to lock.
  std::optional<std::int64_t> wake_at() const;
  /// Keeps what is typed and not saved, before the window closes.
  void closing();

  bool unlocked() const { return store_ != nullptr; }
  /// Why unlocking failed, in words; empty when it did not.
  const std::string& unlock_problem() const { return unlock_.problem; }

  /// The form that is open; null when none is.
  const FormEntry* open_entry() const { return entry_; }

  /// The names that `show` knows.
  static const std::vector<std::string>& screen_names();
  /// Goes to a screen by its name; a form opens on its newest record, or on a new one. False: no such screen.
  bool show(const std::string& name);

 private:
  /// What the open store knows; before one is open, what the program was shipped with.
  const Catalogue& catalogue() const { return store_ ? store_->catalogue() : shipped_; }
  void take_events();
  std::optional<Action> draw();
  void dispatch(const Action& action);
  void dispatch_desk(const Action& action);
  void unlock();
  /// With the chosen user's passphrase; where nobody is chosen, of whoever it is, who then is.
  Result<SymmetricKey> open_vault();
  void load_users();
  void ask_who();
  /// What this user left unsaved, and what nobody on this laptop did.
  Result<std::vector<Draft>> own_drafts();
  void lock();
  void go_to(Screen screen);
  void refresh();
  void refresh_home();
  void refresh_trip();
  void refresh_machine();
  void refresh_list();
  void count_forms();
  void refresh_conflicts();
  void refresh_sync();
  void refresh_attention();
  void show_tour(std::size_t step);
  void leave_tour_form();
  void end_tour();
  void begin_first_tour();
  std::string shown_title(const std::string& form, const std::string& title) const;
  void show_help();
  void close_help();
  // The office's inbox, and who holds what.
  bool is_office() const { return reviewer_ == Reviewer::office; }
  void watch_desk();
  void take_news(const DeskNews& news);
  void take_returned(const DeskNews& news);
  void arrange_inbox();
  void look_at_inbox(std::size_t at);
  void look_at_hand();
  InboxLine inbox_line(const InboxItem& item);
  void open_inbox_item();
  void claim_inbox();
  void propose_accept();
  void write_proposal();
  // The review of what is open, and handing in.
  void load_review(FormEntry& entry);
  void keep_review_draft(FormEntry& entry);
  /// Whether remarks were typed that no draft holds yet.
  bool remarks_are_typed() const;
  /// The record that a draft of remarks is about; nothing for other drafts.
  std::optional<RecordId> subject_of_remarks(const Draft& draft) const;
  void ask_review(ReviewView::Asked step);
  void write_review();
  void add_remark(const std::string& question);
  void mark_remark(const MarkMended& asked);
  void propose_hand_in();
  void write_hand_in();
  /// One save a frame: a hundred records are decided and the window goes on.
  void write_next_decision();
  std::string remark_label(const Form& form, const std::string& question, const Answers& answers) const;
  void find_drives();
  void open_form(std::unique_ptr<FormEntry> entry);
  void new_record(const std::string& form);
  void begin_follow_up(const FormEntry::Origin& origin);
  void save_and_next();
  void load_linked(FormEntry& entry);
  void look_for_matters();
  /// Closes the open form: back to the record it came out of, or to where it was opened.
  void go_back();
  void open_record(const RecordId& record);
  void show_history(const RecordId& record);
  void save();
  void leave_form();
  // Forms left open, one tab each.
  void show_form(std::size_t tab);
  void step_form(int steps);
  void ask_to_close(std::size_t tab);
  void close_form();
  void reopen_forms();
  std::size_t current_tab() const;
  std::optional<std::size_t> tab_of(const EntityId& record_or_draft) const;
  // Records that may be one.
  void propose_pairs();
  void look_for_duplicates();
  void take_duplicates();
  void look_at_pair(const PairKey& key);
  void decide_pair(const DecidePair& asked);
  void undo_pair();
  void settle(const SettleConflict& asked);
  void settle_from_form(const SettleConflict& asked);
  void reopen_conflict();
  void look_at_conflict(const ConflictReview::Key& key);
  void note_settled(const SettleConflict& asked, const ChangeId& change, const RecordState& state);
  void keep_typed_settlements();
  void resume_draft(const EntityId& draft);
  void keep_draft();
  void keep_draft_of(FormEntry& form);
  void drop_draft(const EntityId& draft);
  void watch_draft(std::int64_t now_ms);
  void watch_person(std::int64_t now_ms);
  std::optional<std::int64_t> lock_due() const;
  void change(Settings settings);
  void look_for_others();
  void load_conflicts(FormEntry& entry);
  void load_file_places(FormEntry& entry);
  void offer_papers();
  void print_paper(const PrintPaper& asked);
  void take_printed();
  void open_printed();
  // Reports, made beside the window's thread.
  void show_reports();
  void close_report_window(const std::string& reason);
  void fill_report_choices();
  std::optional<ReportMaker::Asked> asked_report();
  std::map<std::string, std::string> device_names(const ReportDefinition& report);
  void make_chosen_report();
  void open_figure(const OpenFigure& figure);
  void export_report(const std::string& format);
  void step_report(int steps);
  void take_report();
  void open_report_file();
  void veil_reports();
  bool carried_out_on_reports(const Action& action);
  /// Photos are taken in beside the window's thread, one at a time.
  void attach_files();
  /// Says what failed on top of the screen; false when it did.
  template <class T>
  bool worked(const Result<T>& result) {
    if (!result) problem_ = error_text(result.error());
    return result.has_value();
  }

  CivilDate today() const;
  Names names();
  FormEntry::Context context();
  std::string title_of(const RecordId& record);
  ListedRecord listed(const RecordSummary& summary);
  std::optional<ListedRecord> read_row(std::int64_t number);

  Options options_;
  const WallClock& clock_;
  Random& random_;
  const Catalogue& shipped_;

  std::unique_ptr<StoreLock> lock_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Worker> worker_;                       // after store_: it ends first
  std::unique_ptr<PeopleReader> people_;                 // after store_: it ends first
  std::unique_ptr<ReportMaker> report_maker_;            // the same
  std::unique_ptr<DuplicatesReader> duplicates_reader_;  // after store_: it ends first; null where nobody decides
  std::unique_ptr<DeskReader> desk_;                     // after store_: it ends first
  std::shared_ptr<const DeskNews> news_;                 // the last that was taken in
  std::optional<Reviewer> reviewer_;                     // what this laptop's role reviews as
  std::vector<DeviceId> own_devices_;                    // this laptop, and those it goes on for
  struct Decision {
    enum class What { accept, hand_in, claim, release } what = What::accept;
    RecordId record;
    HeadsMark looked_at;
  };
  std::deque<Decision> to_decide_;
  std::size_t decided_ = 0, undecided_ = 0;  // of those since the queue was last empty
  std::atomic<bool> drives_changed_{false};
  std::unique_ptr<DriveWatch> drive_watch_;  // while the sync page is shown
  struct Attaching {
    RecordId record;
    FormEntry::AttachRequest request;
    std::future<Result<Attachment>> taken_in;
  };
  struct Printing {
    RecordId record;
    std::future<Result<PrintedFile>> file;
  };
  std::optional<Printing> printing_;
  std::optional<Attaching> attaching_;  // after store_: it ends first

  Settings settings_;
  std::int64_t now_ms_ = 0;     // of this frame
  std::int64_t active_ms_ = 0;  // when a person last did anything
  struct WrongTries {
    int count = 0;
    std::int64_t again_ms = 0;
  };
  std::map<std::string, WrongTries> wrong_tries_;  // by user: nobody waits for another

  std::optional<Action> pending_;  // waits for the field that had the keyboard to take in what was typed
  Screen screen_ = Screen::unlock;
  std::string problem_;
  UnlockModel unlock_;
  Home home_;
  std::string salvaged_;  // what the home screen says of a store that was damaged
  RecordList list_;
  ConflictReview conflicts_;
  DuplicateReview duplicates_;
  /// What the inbox is told of, on its reader's thread.
  class ProposedPairs {
   public:
    void set(std::vector<CandidatePair> pairs) {
      const std::lock_guard guard(mutex_);
      pairs_ = std::move(pairs);
    }
    std::vector<CandidatePair> get() {
      const std::lock_guard guard(mutex_);
      return pairs_;
    }

   private:
    std::mutex mutex_;
    std::vector<CandidatePair> pairs_;
  };
  std::shared_ptr<ProposedPairs> proposed_pairs_;
  std::shared_ptr<const FoundDuplicates> duplicates_found_;  // what `duplicates_` was made of
  SyncStatus sync_;
  RecordHistory history_;
  InboxModel inbox_;
  FleetModel fleet_;
  HelpModel help_;
  ReportsModel reports_;
  Screen before_help_ = Screen::home;
  std::string focused_before_help_;
  std::optional<std::size_t> tour_;                // the card that is shown
  bool tour_form_ = false;                         // the open form was opened for the tour
  std::vector<std::unique_ptr<FormEntry>> forms_;  // open, in the order of their tabs
  FormEntry* entry_ = nullptr;                     // the one on the screen, or behind the settings or its history
  /// What was open when the window was locked, for who locked it: names, no content.
  struct Locked {
    struct OpenForm {
      EntityId draft;
      RecordId record;
    };
    std::string user;
    std::vector<OpenForm> forms;
  };
  Locked locked_;
  Screen before_form_ = Screen::home;
  std::map<RecordId, std::string> titles_;
  Header header_;

  std::uint64_t draft_revision_ = 0;
  std::optional<std::int64_t> draft_due_;
  std::int64_t draft_oldest_ms_ = 0;  // of what that draft will keep first
};

}  // namespace fieldpost
