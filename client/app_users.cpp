// Several people on one laptop: who is asked for, whose wrong tries count, and whose drafts are shown.
#include <algorithm>

#include "client/app.h"

namespace fieldpost {

void App::load_users() {
  if (unlock_.no_store) return;
  Result<std::vector<std::string>> users = Vault::users(options_.home);
  if (users) unlock_.users = std::move(*users);
  if (unlock_.user.empty() && unlock_.users.size() == 1) unlock_.user = unlock_.users.front();
}

void App::ask_who() {
  if (unlock_.user.empty() && unlock_.users.size() > 1)
    ui::focus("user/" + unlock_.users.front());
  else
    ui::focus("passphrase");
}

Result<SymmetricKey> App::open_vault() {
  if (!unlock_.user.empty()) return Vault::open(options_.home, unlock_.user, unlock_.passphrase);
  Result<SymmetricKey> key = Error{ErrorCode::wrong_passphrase, "no user of this vault has this passphrase"};
  for (const std::string& user : unlock_.users) {
    key = Vault::open(options_.home, user, unlock_.passphrase);
    if (!key && key.error().code == ErrorCode::wrong_passphrase) continue;
    if (key) unlock_.user = user;
    break;
  }
  return key;
}

Result<std::vector<Draft>> App::own_drafts() {
  Result<std::vector<Draft>> drafts = store_->drafts();
  if (!drafts) return drafts;
  // Of somebody who can no longer unlock, or of nobody in particular: then it is everybody's, rather than lost.
  std::erase_if(*drafts, [&](const Draft& draft) {
    return draft.writer != unlock_.user &&
           std::find(unlock_.users.begin(), unlock_.users.end(), draft.writer) != unlock_.users.end();
  });
  return drafts;
}

}  // namespace fieldpost
