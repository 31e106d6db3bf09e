// One record as a list shows it.
#pragma once

#include <string>
#include <vector>

#include "shared/storage/store.h"

namespace fieldpost {

struct ListedRecord {
  RecordId record;
  std::string form, form_label;
  std::string title;
  std::string date;     // its own date, as people write it
  std::string changed;  // who, when
  RecordStatus status = RecordStatus::on_this_laptop;
  bool incomplete = false;
  int conflicts = 0;
  std::vector<std::string> cells;  // of a table's columns, where they are words
};

}  // namespace fieldpost
