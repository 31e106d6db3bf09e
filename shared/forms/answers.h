// The answers of one record in memory: what an open form edits, what validation and expressions read.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/model/change.h"

namespace fieldpost {

/// The answers of the record itself or of one row, by field. A field without an entry was never answered.
using Fields = std::map<FieldKey, Value>;

struct Row {
  EntityId id;
  std::uint32_t repeat = 0;  // the number of its repeat
  Fields fields;
};

struct Answers {
  RecordId record;
  Fields fields;
  std::vector<Row> rows;  // present rows only, ascending by id within a repeat: the order in which they were added
};

}  // namespace fieldpost
