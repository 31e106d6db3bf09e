// The rows every part of the bench works on: consultations of about 25 answers, 1.3 KB as JSON, the same for the same
// place in the row of them.
#pragma once

#include <string>
#include <vector>

#include "shared/forms/code_list.h"
#include "shared/forms/form.h"

namespace fieldpost::bench {

/// The rows are made as they are needed: 100,000 of them would hide what the store itself holds in memory.
class Consultations {
 public:
  explicit Consultations(const Catalogue& catalogue)
      : catalogue_(catalogue), form_(*catalogue.form("consultation")) {}
  /// The next `count` rows, JSON values as `fieldpostctl new` takes them.
  std::vector<std::string> next(std::size_t count);
  const Form& form() const { return form_; }

 private:
  const Catalogue& catalogue_;
  const Form& form_;
  std::uint64_t seed_ = 0;
};

}  // namespace fieldpost::bench
