// What the desktop does for us: a message where our own window cannot be had, and opening a file.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace fieldpost {

/// Shows the words until they are closed. False: nothing here can show them.
bool show_dialog(const std::string& words);

/// Opens a file with whatever the desktop opens its kind with, and does not wait. False: there is no such thing.
bool open_with_desktop(const std::filesystem::path& file);

/// Where people look for what a program has written.
std::filesystem::path documents_folder();
/// STEM.ENDING in the folder, with a number behind it where that is taken: nothing that is there is written over.
/// None: the folder is full of them.
std::optional<std::filesystem::path> free_file_name(const std::filesystem::path& folder, const std::string& stem,
                                                    const std::string& ending);

}  // namespace fieldpost
