// Records that may be one, as a person decides about them: found beside the window, side by side, by keys and clicks.
#include <doctest/doctest.h>

#include <cstdio>

#include "shared/forms/about.h"
#include "shared/matching/decide.h"
#include "tests/support/window_laptop.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

Store::Options store_of(const std::filesystem::path& home) {
  Store::Options options;
  options.home = home;
  const auto key = Vault::open(home, "An", demo_passphrase);
  REQUIRE(key);
  options.key = *key;
  return options;
}

nlohmann::json person(const std::string& name, const std::string& number, const std::string& year) {
  return {{"full_name", name},  {"citizen_number", number},      {"sex", "female"},
          {"birth_date", year}, {"place", "32059@post-2025-07"}, {"hamlet", "ấp 7"}};
}

/// A demo home with pairs of persons in it: the first of each pair has a citizen number, the second a phone.
struct Doubled {
  Demo demo;
  std::vector<std::pair<RecordId, RecordId>> pairs;
  explicit Doubled(int count) {
    with_store([&](Store& store) {
      const Form& form = *shipped_catalogue().form("person");
      for (int i = 0; i < count; ++i) {
        const std::string name = i % 2 == 0 ? "Quách Thị Xuyến" : "Danh Thị Nhiên";
        const std::string number = "0961750" + std::to_string(10'000 + 37 * i), year = std::to_string(1'930 + i);
        nlohmann::json one = person(name, number, year), other = person(name, number, year);
        other["phone"] = "09123" + std::to_string(10'000 + i);
        other["hamlet"] = "ấp Rạch Gốc";
        const auto saved = store.save_all(form, {*edit_from_json(form, one), *edit_from_json(form, other)});
        REQUIRE(saved);
        pairs.emplace_back((*saved)[0].record, (*saved)[1].record);
      }
    });
  }
  template <class Work>
  void with_store(const Work& work) {
    SystemRandom random;
    const auto store = Store::open(store_of(demo.home), {system_clock, random, shipped_catalogue()});
    REQUIRE(store);
    work(**store);
  }
  SameAnswer answer(std::size_t pair) {
    SameAnswer out;
    with_store([&](Store& store) { out = *same_answer(store, pairs[pair].first, pairs[pair].second); });
    return out;
  }
};

void press_alt(Laptop& laptop, int key) {
  laptop.rig.press_with(GLFW_KEY_LEFT_ALT, key);
  laptop.rig.settle();
}

}  // namespace

TEST_CASE("the home page says how many pairs wait, and leads to them") {
  Doubled doubled(2);
  Laptop laptop(doubled.demo.home);
  laptop.wait_for("home/duplicates");
  REQUIRE(laptop.rig.sees("home/duplicates"));
  laptop.rig.click("home/duplicates");
  laptop.wait_for("decide/same");
  CHECK(laptop.rig.sees("duplicate/0"));
  CHECK(laptop.rig.sees("duplicate/1"));
  CHECK(!laptop.rig.sees("duplicate/2"));
}

TEST_CASE("two are decided to be one with the mouse, field by field, with a reason in Vietnamese, and taken back") {
  Doubled doubled(1);
  {
    Laptop laptop(doubled.demo.home);
    laptop.app->show("duplicates");
    laptop.wait_for("decide/same");
    REQUIRE(laptop.rig.sees("decide/same"));
    CHECK(laptop.rig.drawn_letters().find(without_blanks("Cùng số định danh cá nhân")) != std::string::npos);
    // The second has a phone too, so it leads; the hamlet of the first shall be shown.
    CHECK(laptop.rig.sees("leader/0"));
    CHECK(laptop.rig.sees("answer/0/0"));
    laptop.rig.click("duplicate/reason");
    laptop.rig.type("đã hỏi trưởng ấp 7, cùng một người");
    for (std::size_t line = 0; laptop.rig.sees("answer/" + std::to_string(line) + "/0"); ++line)
      laptop.rig.click("answer/" + std::to_string(line) + "/1");
    laptop.rig.click("leader/0");
    laptop.rig.click("decide/same");
    CHECK(laptop.rig.sees("duplicate/undo"));
    CHECK(!laptop.rig.sees("decide/same"));
  }
  SameAnswer answer = doubled.answer(0);
  CHECK(answer.decided == SameDecision::Decided::same);
  CHECK(answer.kept == doubled.pairs[0].first);
  CHECK(answer.taken == std::vector<std::string>{"phone", "hamlet"});
  doubled.with_store([&](Store& store) {
    const auto history = store.history(record_about(same_as_form, {doubled.pairs[0].first, doubled.pairs[0].second}));
    REQUIRE(history);
    CHECK(history->front().reason == "đã hỏi trưởng ấp 7, cùng một người");
  });
}

TEST_CASE("keys alone decide, put off and take back, and nothing is decided twice") {
  Doubled doubled(3);
  {
    Laptop laptop(doubled.demo.home);
    laptop.app->show("duplicates");
    laptop.wait_for("decide/same");
    press_alt(laptop, GLFW_KEY_3);
    press_alt(laptop, GLFW_KEY_1);
    CHECK(!laptop.rig.sees("duplicate/2"));
    press_alt(laptop, GLFW_KEY_2);
    CHECK(!laptop.rig.sees("duplicate/1"));
    press_alt(laptop, GLFW_KEY_Z);
    CHECK(laptop.rig.sees("duplicate/1"));
    press_alt(laptop, GLFW_KEY_1);
    press_alt(laptop, GLFW_KEY_1);
    CHECK(!laptop.rig.sees("decide/same"));
    // Nothing is left; the key writes nothing more.
    press_alt(laptop, GLFW_KEY_1);
  }
  for (std::size_t pair = 0; pair < 3; ++pair) CHECK(doubled.answer(pair).decided == SameDecision::Decided::same);
}

TEST_CASE("letters and digits typed into the reason decide nothing, and what was typed waits for its pair") {
  Doubled doubled(2);
  Laptop laptop(doubled.demo.home);
  laptop.app->show("duplicates");
  laptop.wait_for("decide/same");
  press_alt(laptop, GLFW_KEY_L);
  REQUIRE(laptop.rig.widgets.focused == "duplicate/reason");
  laptop.rig.type("123 zd");
  CHECK(laptop.rig.sees("duplicate/1"));
  laptop.rig.press(GLFW_KEY_PAGE_DOWN);
  laptop.rig.settle();
  CHECK(copied_from(laptop, "duplicate/reason") != "123 zd");
  laptop.rig.press(GLFW_KEY_PAGE_UP);
  laptop.rig.settle();
  CHECK(copied_from(laptop, "duplicate/reason") == "123 zd");
}

TEST_CASE("the arrows choose whose answer is shown while nobody types") {
  Doubled doubled(1);
  {
    Laptop laptop(doubled.demo.home);
    laptop.app->show("duplicates");
    laptop.wait_for("decide/same");
    // Phone, then hamlet, of the second record, which leads: the hamlet of the first.
    laptop.rig.press(GLFW_KEY_DOWN);
    laptop.rig.press(GLFW_KEY_LEFT);
    laptop.rig.settle();
    press_alt(laptop, GLFW_KEY_1);
  }
  const SameAnswer answer = doubled.answer(0);
  CHECK(answer.kept == doubled.pairs[0].second);
  CHECK(answer.taken == std::vector<std::string>{"hamlet"});
}

TEST_CASE("hidden personal data is neither compared nor decided") {
  Doubled doubled(1);
  Laptop laptop(doubled.demo.home);
  laptop.app->show("duplicates");
  laptop.wait_for("decide/same");
  toggle_veil(laptop.rig);
  CHECK(!laptop.rig.sees("decide/same"));
  CHECK(laptop.rig.drawn_letters().find("Xuyến") == std::string::npos);
  press_alt(laptop, GLFW_KEY_1);
  toggle_veil(laptop.rig);
  CHECK(laptop.rig.sees("decide/same"));
}

TEST_CASE("fifty pairs in a row take one chord each") {
  constexpr int count = 50;
  Doubled doubled(count);
  Laptop laptop(doubled.demo.home);
  laptop.app->show("duplicates");
  laptop.wait_for("decide/same");
  const int before = laptop.rig.frames;
  for (int i = 0; i < count; ++i) {
    REQUIRE(laptop.rig.sees("decide/same"));
    laptop.rig.press_with(GLFW_KEY_LEFT_ALT, i % 5 == 0 ? GLFW_KEY_2 : GLFW_KEY_1);
  }
  laptop.rig.settle();
  CHECK(!laptop.rig.sees("decide/same"));
  const double frames = static_cast<double>(laptop.rig.frames - before) / count;
  std::printf("%d pairs: one chord and %.1f frames a pair\n", count, frames);
  CHECK(frames <= 8);
}
