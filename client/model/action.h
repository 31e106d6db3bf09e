// Everything a person can ask for, as one variant. Screens return actions; app carries them out.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "client/model/review_view.h"
#include "client/model/settings.h"
#include "shared/matching/decide.h"
#include "shared/storage/store.h"

namespace fieldpost {

enum class Screen {
  unlock,
  home,
  list,
  form,
  sync,
  conflicts,
  duplicates,
  history,
  settings,
  help,
  reports,
  inbox,
  fleet
};

struct Unlock {};
struct Lock {};
struct SwitchLanguage {
  std::string language;
};
struct ChangeSettings {
  Settings settings;
};
struct GoTo {
  Screen screen = Screen::home;
};
/// The list of one form; every form when empty.
struct ShowList {
  std::string form;
};
/// The search or its bounds changed: ask the store again.
struct SearchList {};
/// A column of the list that is shown, on or off.
struct ChooseColumn {
  std::string column;
  bool on = false;
};
struct NewRecord {
  std::string form;
};
struct OpenRecord {
  RecordId record;
};
struct SaveRecord {};
/// Begins a record that comes out of the open one, which is saved first.
struct BeginFollowUp {
  std::string form, link;
};
/// Saves the open record and begins the next one that comes out of the same.
struct SaveAndNext {};
/// Offers the papers of the open record, or takes the offer away.
struct OfferPapers {};
/// A paper as a PDF into the chosen folder, filled from the open record or blank.
struct PrintPaper {
  std::string paper;
  bool blank = false;
};
/// With whatever the desktop reads PDF with.
struct OpenPrinted {};
/// Leaves the form; what is not saved stays as a draft.
struct LeaveForm {};
/// Leaves the form and forgets what is not saved.
struct DiscardEdits {};
/// Of the records that are open, by their place in the strip of tabs.
struct ShowTab {
  std::size_t tab = 0;
};
struct CloseTab {
  std::size_t tab = 0;
};
struct TakeInChanges {};
struct ResumeDraft {
  EntityId draft;
};
struct DropDraft {
  EntityId draft;
};
/// One field, or several of one record at once.
struct SettleConflict {
  RecordId record;
  std::vector<Settlement> settled;
  std::string reason;
};
/// Puts the conflict settled last back among the open ones.
struct ReopenConflict {};
struct LookAtConflict {
  RecordId record;
  FieldRef field;
};
/// Of the records that may be one.
struct LookAtPair {
  RecordId one, other;
};
struct DecidePair {
  SameAnswer answer;  // of the pair at hand
  std::string reason;
};
/// Takes back what was decided last.
struct UndoPair {};
struct ShowHistory {
  RecordId record;
};
/// The page that belongs to where one is.
struct ShowHelp {};
/// Back to where the help was opened, as it was left.
struct CloseHelp {};
/// One card of the tour (tour.h); behind the last one it ends.
struct ShowTour {
  std::size_t step = 0;
};
struct EndTour {};
/// Personal data is hidden from now on, or shown again.
struct Veil {
  bool on = true;
};
/// Locks, and asks who comes next.
struct ChangeUser {};
struct StartSync {};
struct StopSync {};
struct FindDrives {};
/// A line of the inbox, by its place among those shown.
struct LookAtInbox {
  std::size_t at = 0;
};
/// Another group, owner or search of the inbox.
struct ArrangeInbox {};
/// What is at hand is opened where it is settled: its form, the conflicts, the laptops.
struct OpenInboxItem {};
/// Takes on what is ticked, or at hand; lets go what is one's own already.
struct ClaimInbox {};
/// Shows what accepting what is ticked, or at hand, will write.
struct ProposeAccept {};
/// Writes what is shown, or leaves it.
struct WriteProposal {};
struct DropProposal {};
/// A step of the open record's review is shown before it is written.
struct AskReview {
  ReviewView::Asked step = ReviewView::Asked::none;
};
struct WriteReview {};
/// A remark at a question of the open record, by its path as in a review; at the record as a whole without one.
struct AddRemark {
  std::string question;
};
struct MarkMended {
  EntityId remark;
  bool mended = false;
};
/// Shows which complete records of the trip will be handed in; then hands them in, or not.
struct ProposeHandIn {};
struct WriteHandIn {};
struct DropHandIn {};
/// To the chosen drive, for the chosen recipient.
struct WriteToStick {};
struct ReadFromStick {};

/// Of the reports that are offered.
struct ChooseReport {
  std::size_t report = 0;
};
/// Its days, by the name of their calendar; the window before or after this one.
struct ChoosePreset {
  std::string preset;
};
struct StepReport {
  int steps = 0;
};
struct MakeReport {};
struct StopReport {};
/// The records behind a figure.
struct OpenFigure {
  std::string table, line, column, title;
};
/// Into the chosen folder, as xlsx, pdf or csv.
struct ExportReport {
  std::string format;
};
struct OpenReportFile {};
/// Its days are closed with what is here now.
struct CloseWindow {
  std::string reason;
};

using Action =
    std::variant<Unlock, Lock, SwitchLanguage, ChangeSettings, GoTo, ShowList, SearchList, ChooseColumn, NewRecord,
                 OpenRecord, SaveRecord, BeginFollowUp, SaveAndNext, OfferPapers, PrintPaper, OpenPrinted, LeaveForm,
                 DiscardEdits, ShowTab, CloseTab, TakeInChanges, ResumeDraft, DropDraft, SettleConflict,
                 ReopenConflict, LookAtConflict, LookAtPair, DecidePair, UndoPair, ShowHistory, ShowHelp, CloseHelp,
                 ShowTour, EndTour, Veil, ChangeUser, StartSync, StopSync, FindDrives, WriteToStick, ReadFromStick,
                 ChooseReport, ChoosePreset, StepReport, MakeReport, StopReport, OpenFigure, ExportReport,
                 OpenReportFile, CloseWindow, LookAtInbox, ArrangeInbox, OpenInboxItem, ClaimInbox, ProposeAccept,
                 WriteProposal, DropProposal, AskReview, WriteReview, AddRemark, MarkMended, ProposeHandIn,
                 WriteHandIn, DropHandIn>;

}  // namespace fieldpost
