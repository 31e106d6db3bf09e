#include "shared/storage/raw_pages.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <bit>
#include <memory>
#include <optional>

#include "shared/storage/files.h"

namespace fieldpost {
namespace {

// page     = content ‖ iv: 16 bytes ‖ HMAC-SHA-512 over content ‖ iv ‖ page number (4 bytes, little-endian)
// content  = AES-256-CBC; of page 1 without its first 16 bytes, where the salt stands
// The HMAC's key is PBKDF2-HMAC-SHA-512 of the key, 2 rounds, with the salt's bytes each xor 0x3a.
constexpr std::size_t page_bytes = 4096;
constexpr std::size_t iv_bytes = 16, hmac_bytes = 64, salt_bytes = 16;
constexpr std::size_t usable_bytes = page_bytes - iv_bytes - hmac_bytes;

// log      = header: 32 bytes, its salts at 16 ‖ frame …
// frame    = page number: 4 bytes ‖ pages after the commit, or 0: 4 bytes ‖ the header's salts: 8 bytes
//            ‖ checksum: 8 bytes ‖ page                                                   (numbers big-endian)
constexpr std::size_t log_header_bytes = 32, frame_header_bytes = 24;

// A store of a hundred thousand records takes a tenth of it.
constexpr std::size_t file_bytes_max = std::size_t{2} << 30;

using Salt = std::array<std::uint8_t, salt_bytes>;

std::uint32_t big_endian(BytesView bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes[at + i];
  return value;
}

class PageCipher {
 public:
  PageCipher(const SymmetricKey& key, const Salt& salt) : key_(key) {
    Salt masked = salt;
    for (std::uint8_t& byte : masked) byte ^= 0x3a;
    PKCS5_PBKDF2_HMAC(reinterpret_cast<const char*>(key.bytes.data()), static_cast<int>(key.bytes.size()),
                      masked.data(), static_cast<int>(masked.size()), 2, EVP_sha512(),
                      static_cast<int>(hmac_key_.bytes.size()), hmac_key_.bytes.data());
  }

  bool verifies(BytesView page, std::uint32_t number) const {
    const std::size_t from = number == 1 ? salt_bytes : 0;
    Bytes covered(page.begin() + static_cast<std::ptrdiff_t>(from),
                  page.begin() + static_cast<std::ptrdiff_t>(usable_bytes + iv_bytes));
    for (int shift = 0; shift < 32; shift += 8) covered.push_back(static_cast<std::uint8_t>(number >> shift));
    std::array<std::uint8_t, hmac_bytes> digest{};
    HMAC(EVP_sha512(), hmac_key_.bytes.data(), static_cast<int>(hmac_key_.bytes.size()), covered.data(),
         covered.size(), digest.data(), nullptr);
    return std::ranges::equal(digest, page.last(hmac_bytes));
  }

  std::optional<Bytes> open(BytesView page, std::uint32_t number) const {
    if (!verifies(page, number)) return std::nullopt;
    const std::size_t from = number == 1 ? salt_bytes : 0;
    Bytes plain(usable_bytes + EVP_MAX_BLOCK_LENGTH);
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                  EVP_CIPHER_CTX_free);
    int written = 0;
    EVP_DecryptInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, key_.bytes.data(), page.data() + usable_bytes);
    EVP_CIPHER_CTX_set_padding(context.get(), 0);
    EVP_DecryptUpdate(context.get(), plain.data() + from, &written, page.data() + from,
                      static_cast<int>(usable_bytes - from));
    plain.resize(usable_bytes);
    return plain;
  }

 private:
  SymmetricKey key_, hmac_key_;
};

/// The cipher under which a page verifies. The salt stands in front of the file without an HMAC of its own: where it
/// is damaged in one byte, that byte is found by trying.
std::optional<PageCipher> find_cipher(BytesView file, const SymmetricKey& key) {
  Salt salt;
  std::copy_n(file.begin(), salt.size(), salt.begin());
  const auto any_page = [&](const PageCipher& cipher, std::size_t tries) {
    for (std::size_t at = 0, tried = 0; at + page_bytes <= file.size() && tried < tries; at += page_bytes, ++tried)
      if (cipher.verifies(file.subspan(at, page_bytes), static_cast<std::uint32_t>(at / page_bytes + 1))) return true;
    return false;
  };
  const PageCipher written(key, salt);
  if (any_page(written, file.size())) return written;
  for (std::uint8_t& byte : salt) {
    const std::uint8_t before = byte;
    for (int value = 0; value < 256; ++value) {
      byte = static_cast<std::uint8_t>(value);
      PageCipher tried(key, salt);
      if (any_page(tried, 2)) return tried;
    }
    byte = before;
  }
  return std::nullopt;
}

/// Reads numbers and bytes; past the end everything is zero and `ok` false.
struct Cursor {
  BytesView bytes;
  std::size_t at = 0;
  bool ok = true;

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int i = 0; i < 9; ++i) {
      if (at >= bytes.size()) return ok = false, 0;
      const std::uint8_t byte = bytes[at++];
      if (i == 8) return value << 8 | byte;
      value = value << 7 | (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    return value;
  }
  BytesView take(std::uint64_t count) {
    if (count > bytes.size() - at) {
      ok = false;
      return {};
    }
    const BytesView taken = bytes.subspan(at, static_cast<std::size_t>(count));
    at += static_cast<std::size_t>(count);
    return taken;
  }
};

std::int64_t signed_integer(BytesView bytes) {
  std::uint64_t value = !bytes.empty() && bytes[0] >= 0x80 ? ~std::uint64_t{0} : 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return static_cast<std::int64_t>(value);
}

/// record = header length: varint ‖ serial type: varint … ‖ values
std::optional<std::vector<RawRow::Cell>> read_record(BytesView payload) {
  Cursor header{payload};
  const std::uint64_t header_bytes = header.varint();
  if (!header.ok || header_bytes > payload.size()) return std::nullopt;
  Cursor body{payload, static_cast<std::size_t>(header_bytes)};
  std::vector<RawRow::Cell> cells;
  while (header.at < header_bytes) {
    const std::uint64_t type = header.varint();
    constexpr std::array<std::size_t, 7> integer_bytes = {0, 1, 2, 3, 4, 6, 8};
    if (type == 0) {
      cells.emplace_back(nullptr);
    } else if (type <= 6) {
      cells.emplace_back(signed_integer(body.take(integer_bytes[type])));
    } else if (type == 7) {
      cells.emplace_back(std::bit_cast<double>(signed_integer(body.take(8))));
    } else if (type <= 9) {
      cells.emplace_back(static_cast<std::int64_t>(type - 8));
    } else if (type >= 12) {
      const BytesView value = body.take((type - 12) / 2);
      if (type % 2 == 0)
        cells.emplace_back(Bytes(value.begin(), value.end()));
      else
        cells.emplace_back(std::string(text_of(value)));
    } else {
      return std::nullopt;
    }
    if (!header.ok || !body.ok) return std::nullopt;
  }
  return cells;
}

}  // namespace

Result<RawPages> RawPages::read(const std::filesystem::path& file, const SymmetricKey& key) {
  const Result<Bytes> bytes = read_small_file(file, file_bytes_max);
  if (!bytes) return bytes.error();
  RawPages out;
  const Error damaged{ErrorCode::damaged, "no page of the store verifies under this key"};
  if (bytes->size() < page_bytes) return damaged;
  const std::optional<PageCipher> cipher = find_cipher(*bytes, key);
  if (!cipher) return damaged;
  for (std::size_t at = 0; at + page_bytes <= bytes->size(); at += page_bytes) {
    const auto number = static_cast<std::uint32_t>(at / page_bytes + 1);
    if (auto plain = cipher->open(BytesView(*bytes).subspan(at, page_bytes), number))
      out.pages_[number] = std::move(*plain);
    else
      ++out.unreadable_;
  }

  std::filesystem::path log_path = file;
  log_path += "-wal";
  const Result<Bytes> log = read_small_file(log_path, file_bytes_max);
  if (!log || log->size() < log_header_bytes) return out;
  std::unordered_map<std::uint32_t, Bytes> uncommitted;
  for (std::size_t at = log_header_bytes; at + frame_header_bytes + page_bytes <= log->size();
       at += frame_header_bytes + page_bytes) {
    const BytesView frame = BytesView(*log).subspan(at, frame_header_bytes + page_bytes);
    // Frames of an older run of the log have its salts.
    if (!std::ranges::equal(frame.subspan(8, 8), BytesView(*log).subspan(16, 8))) break;
    const std::uint32_t number = big_endian(frame, 0, 4);
    if (auto plain = cipher->open(frame.subspan(frame_header_bytes), number))
      uncommitted[number] = std::move(*plain);
    else
      ++out.unreadable_;
    if (big_endian(frame, 4, 4) == 0) continue;
    for (auto& [page, content] : uncommitted) out.pages_[page] = std::move(content);
    uncommitted.clear();
  }
  return out;
}

void RawPages::each_row(const std::function<void(const RawRow&)>& visit) const {
  for (const auto& [number, page] : pages_) {
    const std::size_t header = number == 1 ? 100 : 0;
    const std::uint8_t kind = page[header];
    const bool is_table = kind == 0x0d;
    const bool is_interior = kind == 0x02;
    if (!is_table && kind != 0x0a && !is_interior) continue;
    const std::size_t cells = big_endian(page, header + 3, 2);
    const std::size_t pointers = header + (is_interior ? 12 : 8);
    for (std::size_t i = 0; i < cells && pointers + 2 * i + 2 <= page.size(); ++i) {
      Cursor cell{page, big_endian(page, pointers + 2 * i, 2)};
      if (cell.at >= page.size()) continue;
      if (is_interior) cell.take(4);
      const std::uint64_t payload_bytes = cell.varint();
      RawRow row;
      if (is_table) row.rowid = static_cast<std::int64_t>(cell.varint());
      if (!cell.ok || payload_bytes > file_bytes_max) continue;

      // What does not fit the page goes on in a chain of others (fileformat2, 1.6).
      constexpr std::size_t u = usable_bytes;
      const std::size_t local_max = is_table ? u - 35 : (u - 12) * 64 / 255 - 23;
      constexpr std::size_t local_min = (u - 12) * 32 / 255 - 23;
      const auto whole = static_cast<std::size_t>(payload_bytes);
      std::size_t local = whole;
      if (whole > local_max) {
        local = local_min + (whole - local_min) % (u - 4);
        if (local > local_max) local = local_min;
      }
      const BytesView here = cell.take(local);
      Bytes payload(here.begin(), here.end());
      if (local < whole) {
        const BytesView first = cell.take(4);
        std::uint32_t next = cell.ok ? big_endian(first, 0, 4) : 0;
        while (payload.size() < whole) {
          const auto overflow = pages_.find(next);
          if (overflow == pages_.end()) break;
          const std::size_t part = std::min(whole - payload.size(), u - 4);
          payload.insert(payload.end(), overflow->second.begin() + 4,
                         overflow->second.begin() + 4 + static_cast<std::ptrdiff_t>(part));
          next = big_endian(overflow->second, 0, 4);
        }
      }
      if (!cell.ok || payload.size() != whole) continue;
      if (auto values = read_record(payload)) {
        row.cells = std::move(*values);
        visit(row);
      }
    }
  }
}

}  // namespace fieldpost
