// Everything a person can ask for, as one variant. Screens return actions; app carries them out.
#pragma once

#include <string>
#include <variant>

#include "client/model/settings.h"
#include "shared/model/change.h"

namespace fieldpost {

enum class Screen { unlock, home, list, form, sync, conflicts, history, settings, help };

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
struct ShowMore {};
struct NewRecord {
  std::string form;
};
struct OpenRecord {
  RecordId record;
};
struct SaveRecord {};
/// Leaves the form; what is not saved stays as a draft.
struct LeaveForm {};
/// Leaves the form and forgets what is not saved.
struct DiscardEdits {};
struct TakeInChanges {};
struct ResumeDraft {
  EntityId draft;
};
struct DropDraft {
  EntityId draft;
};
struct SettleConflict {
  RecordId record;
  FieldRef field;
  Value value;
  std::string reason;
};
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
/// To the chosen drive, for the chosen recipient.
struct WriteToStick {};
struct ReadFromStick {};

using Action = std::variant<Unlock, Lock, SwitchLanguage, ChangeSettings, GoTo, ShowList, SearchList, ShowMore,
                            NewRecord, OpenRecord, SaveRecord, LeaveForm, DiscardEdits, TakeInChanges, ResumeDraft,
                            DropDraft, SettleConflict, ShowHistory, ShowHelp, CloseHelp, ShowTour, EndTour, Veil,
                            ChangeUser, StartSync, StopSync, FindDrives, WriteToStick, ReadFromStick>;

}  // namespace fieldpost
