// What the desktop does for us: a message where our own window cannot be had, and opening a file.
#pragma once

#include <filesystem>
#include <string>

namespace fieldpost {

/// Shows the words until they are closed. False: nothing here can show them.
bool show_dialog(const std::string& words);

/// Opens a file with whatever the desktop opens its kind with, and does not wait. False: there is no such thing.
bool open_with_desktop(const std::filesystem::path& file);

}  // namespace fieldpost
