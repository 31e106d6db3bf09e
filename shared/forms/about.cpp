#include "shared/forms/about.h"

#include <algorithm>

#include "shared/foundation/cbor.h"
#include "shared/foundation/crypto.h"

namespace fieldpost {

RecordId record_about(std::string_view form, std::vector<RecordId> subjects) {
  std::sort(subjects.begin(), subjects.end());
  CborWriter name;
  name.array(1 + subjects.size()).text(form);
  for (const RecordId& subject : subjects) name.bytes(subject.view());
  const Digest digest = sha256(name.result());
  RecordId record;
  std::copy_n(digest.bytes.begin(), record.bytes.size(), record.bytes.begin());
  record.bytes[6] = static_cast<std::uint8_t>((record.bytes[6] & 0x0f) | 0x80);
  record.bytes[8] = static_cast<std::uint8_t>((record.bytes[8] & 0x3f) | 0x80);
  return record;
}

std::vector<RecordId> subjects_in(const Form& form, const Change& change) {
  std::vector<RecordId> out;
  for (const std::string& name : form.about) {
    const Question* question = form.find_in(nullptr, name);
    const Value* value = question ? change.value_of({change.record, {question->number, ""}}) : nullptr;
    if (const auto* subject = value ? std::get_if<EntityId>(value) : nullptr) out.push_back(*subject);
  }
  return out;
}

}  // namespace fieldpost
