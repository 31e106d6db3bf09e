// Nothing that a person typed can be read in the files of a store.
#include <doctest/doctest.h>

#include "shared/foundation/vietnamese.h"
#include "tests/support/laptop.h"

using namespace fieldpost;
using namespace fieldpost::test;
using nlohmann::json;

namespace {

const std::vector<std::string> typed = {"Nguyễn Thị Bưởi Hồng", "Trần Văn Đạo Quang",     "Tranh chấp đất thừa kế",
                                        "0912345678",           "079185001234",           "Ấp Đông Hưng, xã Khánh An",
                                        "chưa gửi bao giờ",     "Lý do: gọi điện hỏi lại"};

std::string utf16(std::string_view text, bool big_endian) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::size_t length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : 3;
    std::uint32_t point = length == 1 ? byte : byte & (length == 2 ? 0x1Fu : 0x0Fu);
    for (std::size_t k = 1; k < length; ++k) point = point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3Fu);
    const char low = static_cast<char>(point & 0xFF), high = static_cast<char>(point >> 8);
    out += big_endian ? high : low;
    out += big_endian ? low : high;
    i += length;
  }
  return out;
}

/// A value in every form in which it might lie open, down to its single words.
std::vector<std::string> forms_of(const std::string& value) {
  std::vector<std::string> out = {value, utf16(value, false), utf16(value, true), vietnamese::fold(value),
                                  vietnamese::upper_case(value)};
  for (const std::string& word : vietnamese::folded_words(value))
    if (word.size() >= 6) out.push_back(word);
  return out;
}

std::size_t found(const std::filesystem::path& folder) {
  std::string bytes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) bytes += file_content(entry.path());
  std::size_t count = 0;
  for (const std::string& value : typed)
    for (const std::string& form : forms_of(value)) count += bytes.find(form) != std::string::npos;
  return count;
}

/// Saves, edits, a row deleted, a draft, a search, a sort larger than the cache, a check. Returns how much was
/// readable at any moment, with the store open and after it was closed.
std::size_t readable_after_work(bool encrypted) {
  const Catalogue catalogue = small_catalogue();
  LaptopStore laptop(catalogue, 1, encrypted);
  const std::filesystem::path& folder = laptop.folder.path();
  std::size_t readable = 0;
  const auto look = [&] { readable = std::max(readable, found(folder)); };

  const RecordId record = laptop.keep(
      "visit",
      {{"title", typed[2]}, {"phone", typed[3]}, {"roster", {{{"full_name", typed[0]}}, {{"full_name", typed[1]}}}}});
  look();
  for (int i = 0; i < 300; ++i)
    laptop.keep("visit", {{"title", typed[5] + " " + typed[4]}, {"roster", {{{"full_name", typed[1]}}}}});
  auto seen = laptop.store->see(record);
  REQUIRE(seen);
  const Form& form = *catalogue.form("visit");
  REQUIRE(laptop.store->save(*seen, *edit_from_json(form, {{"phone", nullptr}}), typed[7]));
  Draft draft;
  draft.id = new_uuid<EntityId>(laptop.clock, laptop.random);
  draft.seen = laptop.store->start(form);
  draft.edit = *edit_from_json(form, {{"title", typed[6]}});
  REQUIRE(laptop.store->keep_draft(draft));
  look();

  View::Query query;
  query.search = typed[0];
  CHECK(laptop.store->list(query)->size() == 1);
  Database& database = laptop.store->database();
  database.execute("PRAGMA cache_size = 10");
  {
    Statement sorted = database.prepare(
        "SELECT a.title, c.full_name, zeroblob(500) FROM form_visit a, form_visit__roster c"
        " ORDER BY c.full_name, a.title");
    REQUIRE(sorted.step());
    look();  // the sort is done and its rows wait
  }
  CHECK(laptop.store->verify()->ok);
  CHECK(laptop.store->rebuild_view());
  look();
  laptop.close();
  look();
  return readable;
}

}  // namespace

TEST_CASE("no answer, reason, draft or search word can be read in any file of a store, open or closed") {
  CHECK(readable_after_work(true) == 0);
}

TEST_CASE("control: in a store without a key every one of them is found") {
  CHECK(readable_after_work(false) >= typed.size());
}

TEST_CASE("neither the key nor the device's own key lies open in the folder") {
  const Catalogue catalogue = small_catalogue();
  LaptopStore laptop(catalogue);
  laptop.keep("visit", {{"title", "a"}});
  const SigningKey key = *laptop.store->device_key();
  for (const BytesView secret : {laptop.options.key.view(), key.seed().view()}) {
    CHECK_FALSE(any_file_contains(laptop.folder.path(), text_of(secret)));
    CHECK_FALSE(any_file_contains(laptop.folder.path(), to_hex(secret)));
  }
}
