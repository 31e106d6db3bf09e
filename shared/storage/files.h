// Small files that must be whole or absent after a power cut: written beside their name, synced, renamed.
#pragma once

#include <filesystem>

#include "shared/foundation/bytes.h"

namespace fieldpost {

/// Readable by the owner alone. Durable when it returns. Errors: disk_full, io.
Result<void> write_durably(const std::filesystem::path& path, BytesView content);
/// Errors: not_found, out_of_bounds (more than `bytes_max`), io.
Result<Bytes> read_small_file(const std::filesystem::path& path, std::size_t bytes_max);
/// Makes renames and new names in a folder durable.
Result<void> sync_folder(const std::filesystem::path& folder);

}  // namespace fieldpost
