// Files among the values of the command line: taken in from a path, told of in what `show` prints.
#pragma once

#include "shared/storage/store.h"
#include "tools/fieldpostctl/home.h"

namespace fieldpost::ctl {

/// For each question of type image or file, `"@path"` and `{"file": "path"}` become what edit_from_json reads, once
/// the file is taken in and lies in the store; all else stays. Paths are those of the shell. Errors name the question
/// (`photos[0].photo`): not_found, malformed, out_of_bounds, disk_full, io. What a failure leaves is cleared away by
/// the next command.
Result<nlohmann::json> take_in_files(const Form& form, nlohmann::json values, AttachmentStore& attachments);
/// One value of `resolve`: `@path`, or the digest of one of the rivals.
Result<Value> attached_value(const Question& question, const std::string& given, const FieldState* rivals,
                             AttachmentStore& attachments);

/// {"here": 7, "of": 9, "missing": [{"field", "device", "device_name", "at_central"}]}; null where a record names
/// none.
nlohmann::json files_json(Reading& reading, const Form* form, const RecordId& record,
                          const std::vector<RecordFile>& files);
/// The same for a person: 7 of 9 files here, 2 on laptop An · 1a2b.
std::string files_text(const nlohmann::json& files);
/// Sets "here" in each value that is a file.
void mark_here(nlohmann::json& values, const std::vector<RecordFile>& files);

}  // namespace fieldpost::ctl
