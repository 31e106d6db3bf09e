// The view over central's journal: the same tables as a laptop's, kept behind a stored position and caught up when
// somebody asks (design 3), in short transactions, so that pushes go on meanwhile.
#pragma once

#include "shared/storage/view.h"

namespace fieldpost {

// view_position(number)     the last change of the journal that the view holds; one row
// view_held(number)         changes up to there that were held then: looked at again, since a release gives no new
// number
class CentralView {
 public:
  CentralView(Database& database, const Catalogue& catalogue)
      : database_(database), view_(database, catalogue), journal_(database) {}

  /// Makes the tables that lack. A view of other forms or lists than today's is emptied and caught up from the start.
  Result<void> create();
  Result<void> catch_up();

  /// One consistent look: from begin() on, everything read through this connection is of one moment, and the view
  /// holds all of it. end() lets go.
  Result<void> begin();
  void end();

 private:
  bool step();
  bool is_current();

  Database& database_;
  View view_;
  Journal journal_;
  bool looking_ = false;
};

}  // namespace fieldpost
