// Everything a person can ask for, as one variant. Screens return actions; app carries them out.
#pragma once

#include <string>
#include <variant>

#include "client/model/settings.h"
#include "shared/model/change.h"

namespace fieldpost {

enum class Screen { unlock, home, list, form, sync, conflicts, history, settings };

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
struct StartSync {};
struct StopSync {};
struct FindDrives {};
/// To the chosen drive, for the chosen recipient.
struct WriteToStick {};
struct ReadFromStick {};

using Action =
    std::variant<Unlock, Lock, SwitchLanguage, ChangeSettings, GoTo, ShowList, SearchList, ShowMore, NewRecord,
                 OpenRecord, SaveRecord, BeginFollowUp, SaveAndNext, OfferPapers, PrintPaper, OpenPrinted, LeaveForm,
                 DiscardEdits, TakeInChanges, ResumeDraft, DropDraft, SettleConflict, ShowHistory, StartSync,
                 StopSync, FindDrives, WriteToStick, ReadFromStick>;

}  // namespace fieldpost
