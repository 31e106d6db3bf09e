// A message on the screen when our own window cannot be had: by whatever the desktop has for it.
#pragma once

#include <string>

namespace fieldpost {

/// Shows the words until they are closed. False: nothing here can show them.
bool show_dialog(const std::string& words);

}  // namespace fieldpost
