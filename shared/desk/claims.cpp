#include "shared/desk/claims.h"

#include <algorithm>

#include "shared/desk/review.h"
#include "shared/forms/about.h"

namespace fieldpost {
namespace {

constexpr const char* form_name = "claim";

Result<Saved> write(Store& store, const RecordId& record, const Value& holder) {
  const auto identity = store.identity();
  if (!identity) return identity.error();
  if (!*identity || reviewer_of((*identity)->certificate.role) != Reviewer::office)
    return Error{ErrorCode::forbidden, "only the office takes on what is in its inbox"};
  const Form* form = store.catalogue().form(form_name);
  if (form == nullptr) return Error{ErrorCode::not_found, "the form 'claim' is not known on this laptop"};
  const FieldKey field{form->find_in(nullptr, "holder")->number, ""};
  const RecordId claim = record_about(form_name, {record});
  const auto state = store.state(claim);
  if (!state) return state.error();
  const FieldRef ref{claim, field};
  if (*state && (*state)->conflicts.contains(ref)) return store.resolve(claim, ref, holder, "");
  return store.decide(*form, {record}, {{field, holder}});
}

}  // namespace

Result<Saved> claim(Store& store, const RecordId& record) {
  if (const auto there = store.see(record); !there) return there.error();
  const Result<UserId> me = store.author();
  if (!me) return me.error();
  return write(store, record, text(*me));
}

Result<void> release(Store& store, const RecordId& record) {
  const auto held = holders(store, record);
  if (!held) return held.error();
  if (held->empty()) return {};
  if (const auto written = write(store, record, Cleared{}); !written) return written.error();
  return {};
}

Result<std::vector<UserId>> holders(Store& store, const RecordId& record) {
  const auto state = store.state(record_about(form_name, {record}));
  if (!state) return state.error();
  std::vector<UserId> out;
  const Form* form = store.catalogue().form(form_name);
  if (!*state || form == nullptr) return out;
  const auto take = [&](const Value& value) {
    const auto* holder = std::get_if<std::string>(&value);
    if (holder == nullptr) return;
    if (const auto user = parse_user_id(*holder)) out.push_back(*user);
  };
  if ((*state)->conflicts.empty()) {
    if (const Value* value = answer_to(*form, (*state)->answers, "holder")) take(*value);
  } else {
    for (const auto& [field, rivals] : (*state)->conflicts)
      for (const Rival& rival : rivals.heads) take(rival.value);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace fieldpost
