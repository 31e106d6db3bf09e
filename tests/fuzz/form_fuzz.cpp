// No definition file crashes the form loader: it gives a form, or faults that each say where and what.
#include "shared/forms/form_loader.h"
#include "tests/fuzz/fuzz.h"

using namespace fieldpost;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::set<std::string, std::less<>> lists = {"sexes", "topics", "yes_no", "programmes", "legal_fields"};
  const auto loaded = load_form(text_of({data, size}), lists);
  if (const auto* faults = std::get_if<std::vector<FormFault>>(&loaded)) {
    ensure(!faults->empty(), "a form that is not loaded has a fault");
    for (const FormFault& fault : *faults) ensure(!fault.message.empty(), "a fault says what is wrong");
  }
  return 0;
}
