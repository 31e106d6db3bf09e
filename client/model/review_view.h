// The review of the record that is open, as its form shows it: where it stands, what is to be mended and where, the
// remarks that are being written, and the decision that is about to be.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/desk/review.h"

namespace fieldpost {

struct ReviewView {
  Review review;
  Reviewer who = Reviewer::team;
  struct Shown {
    EntityId row;
    std::string question, label, text;  // the label says where: a question, or a row and a question
    bool mended = false;
  };
  std::vector<Shown> remarks;

  /// Typed here and not written yet.
  struct Writing {
    std::string question, label, text;
  };
  std::vector<Writing> writing;
  EntityId draft;    // keeps them among the store's drafts
  std::string kept;  // what that draft holds, to see whether it is still so
  enum class Asked { none, hand_in, give_back, accept, reopen } asked = Asked::none;
  std::string reason;

  bool has_writing() const;  // something was typed
  bool is_returned() const {
    return review.state == ReviewState::returned_by_office || review.state == ReviewState::returned_by_team;
  }
};

}  // namespace fieldpost
