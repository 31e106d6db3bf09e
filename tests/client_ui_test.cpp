#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include <string>
#include <vector>

#include "client/ui/choice_field.h"
#include "client/ui/pacer.h"
#include "tests/support/ui_rig.h"

using namespace fieldpost;

namespace {

// What UniKey sends while a person types Telex: '<' is a Backspace key, '>' takes the place of nothing, other letters
// are a key with its character when they are ASCII, and a bare character when UniKey composed them. Recorded shape:
// domain 7.
void replay(UiRig& rig, std::string_view recorded) {
  for (std::size_t i = 0; i < recorded.size();) {
    const auto lead = static_cast<unsigned char>(recorded[i]);
    if (recorded[i] == '<') {
      rig.queue_backspace();
      ++i;
    } else if (lead < 0x80) {
      rig.queue_key(recorded[i++]);
    } else {
      const std::size_t length = lead < 0xe0 ? 2 : 3;
      rig.queue_text(recorded.substr(i, length));
      i += length;
    }
  }
}

// The way without a queue: everything that came since the last frame is set at once, as a snapshot of the keys.
void feed_naively(UiRig& rig, std::string_view recorded, std::size_t events_per_frame) {
  ImGuiIO& io = ImGui::GetIO();
  std::size_t in_frame = 0;
  for (std::size_t i = 0; i < recorded.size();) {
    const auto lead = static_cast<unsigned char>(recorded[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : 3;
    if (recorded[i] == '<') {
      io.KeysDown[GLFW_KEY_BACKSPACE] = true;
      io.KeysDown[GLFW_KEY_BACKSPACE] = false;  // pressed and released before the frame looks
    } else {
      io.AddInputCharactersUTF8(std::string(recorded.substr(i, length)).c_str());
    }
    i += length;
    if (++in_frame % events_per_frame == 0) rig.frame();
  }
  rig.frames_of(2);
}

struct OneField {
  std::string text;
  UiRig rig{[this] { ui::text_field("name", text); }};
  OneField() { rig.click("name"); }
};

}  // namespace

TEST_CASE("hà nội typed with backspaces within one frame arrives whole") {
  OneField field;
  // h a f -> Backspace à; space; n o o -> Backspace ô; i j -> Backspace Backspace ộ i
  replay(field.rig, "ha<à no<ôi<<ội");
  field.rig.settle();
  CHECK(field.text == "hà nội");
}

TEST_CASE("negative control: the same keys fed without the queue lose the deletions") {
  OneField field;
  feed_naively(field.rig, "ha<à no<ôi<<ội", 20);
  CHECK(field.text != "hà nội");
  CHECK(field.text == "haà noôiội");
}

TEST_CASE("a a, Backspace, â in one frame is â") {
  OneField field;
  replay(field.rig, "a<â");
  field.rig.settle();
  CHECK(field.text == "â");
}

TEST_CASE("a composed letter in the middle of a word replaces the letter before the cursor only") {
  OneField field;
  field.rig.type("Nguyn");
  field.rig.press(GLFW_KEY_LEFT);
  replay(field.rig, "e<ê<ễ");
  field.rig.settle();
  CHECK(field.text == "Nguyễn");
}

TEST_CASE("after a selection the first key replaces it and composing goes on") {
  OneField field;
  field.rig.type("Trần");
  field.rig.press_with_control(GLFW_KEY_A);
  replay(field.rig, "d<đo<ỗ");
  field.rig.settle();
  CHECK(field.text == "đỗ");
}

TEST_CASE("the same key three times without a pause is three letters and a held Backspace deletes each time") {
  OneField field;
  replay(field.rig, "aaa");
  field.rig.settle();
  CHECK(field.text == "aaa");
  field.rig.input.key_down(GLFW_KEY_BACKSPACE);
  field.rig.input.key_repeat(GLFW_KEY_BACKSPACE);
  field.rig.input.key_up(GLFW_KEY_BACKSPACE);
  field.rig.settle();
  CHECK(field.text == "a");
}

TEST_CASE("a press and release that the window system folds into a repeat still counts") {
  OneField field;
  field.rig.type("teé");
  field.rig.input.key_down(GLFW_KEY_BACKSPACE);
  field.rig.input.key_repeat(GLFW_KEY_BACKSPACE);
  field.rig.input.key_up(GLFW_KEY_BACKSPACE);
  field.rig.queue_text("ế");
  field.rig.settle();
  CHECK(field.text == "tế");
}

TEST_CASE("keys held down when the window loses the keyboard are released") {
  OneField field;
  field.rig.input.key_down(GLFW_KEY_LEFT_CONTROL);
  field.rig.input.leave();
  field.rig.settle();
  CHECK(!ImGui::GetIO().KeyCtrl);
  field.rig.click("name");
  field.rig.type("a");
  CHECK(field.text == "a");
}

TEST_CASE("decomposed text, typed or pasted, is stored composed") {
  OneField field;
  field.rig.type("Nguye\u0302\u0303n");
  CHECK(field.text == "Nguyễn");
  field.rig.press_with_control(GLFW_KEY_A);
  field.rig.clipboard = "Ho\u0300a Bi\u0300nh";
  field.rig.press_with_control(GLFW_KEY_V);
  CHECK(field.text == "Hòa Bình");
}

TEST_CASE("Enter goes to the next field and Tab also stops at buttons, Shift+Tab goes back") {
  std::string first, second;
  bool pressed = false;
  UiRig rig([&] {
    ui::text_field("first", first);
    pressed = ui::button("between", "Between") || pressed;
    ui::text_field("second", second);
    ui::button("save", "Save");
  });
  rig.click("first");
  rig.type("một");
  rig.press(GLFW_KEY_ENTER);
  rig.type("hai");
  CHECK(first == "một");
  CHECK(second == "hai");
  rig.click("first");
  rig.press(GLFW_KEY_TAB);
  CHECK(rig.widgets.focused == "between");
  rig.press(GLFW_KEY_ENTER);
  CHECK(pressed);
  rig.press(GLFW_KEY_TAB);
  CHECK(rig.widgets.focused == "second");
  rig.input.key_down(GLFW_KEY_LEFT_SHIFT);
  rig.input.key_down(GLFW_KEY_TAB);
  rig.input.key_up(GLFW_KEY_TAB);
  rig.input.key_up(GLFW_KEY_LEFT_SHIFT);
  rig.settle();
  CHECK(rig.widgets.focused == "between");
}

namespace {

struct OneChoice {
  std::string code, shown;
  int unknown = 0;
  std::vector<ui::ChoiceOption> all{{"kinh", "Kinh", ""}, {"khmer", "Khơ-me", ""}, {"cham", "Chăm", ""}};
  std::string after;
  UiRig rig{[this] {
    const auto find = [this](std::string_view typed) {
      std::vector<ui::ChoiceOption> found;
      for (const auto& option : all)
        if (option.code.rfind(std::string(typed), 0) == 0) found.push_back(option);
      return found;
    };
    const ui::ChoiceResult result = ui::choice_field("people", shown, find, {}, "nothing");
    if (result.chosen) {
      code = result.chosen->code;
      shown = result.chosen->text;
    }
    if (result.cleared) code = shown = "";
    if (result.unknown) ++unknown;
    ui::text_field("after", after);
  }};
};

}  // namespace

TEST_CASE("typing the start of an option and Enter chooses it and goes on") {
  OneChoice choice;
  choice.rig.click("people");
  choice.rig.type("ch");
  choice.rig.press(GLFW_KEY_ENTER);
  CHECK(choice.code == "cham");
  choice.rig.type("x");
  CHECK(choice.after == "x");
}

TEST_CASE("the arrows choose without typing, Escape leaves the old choice") {
  OneChoice choice;
  choice.rig.click("people");
  choice.rig.press(GLFW_KEY_DOWN);
  choice.rig.press(GLFW_KEY_DOWN);
  choice.rig.press(GLFW_KEY_ENTER);
  CHECK(choice.code == "khmer");
  choice.rig.click("people");
  choice.rig.type("cham");
  choice.rig.press(GLFW_KEY_ESCAPE);
  CHECK(choice.code == "khmer");
}

TEST_CASE("an option can be clicked in the list") {
  OneChoice choice;
  choice.rig.click("people");
  REQUIRE(choice.rig.sees("option/khmer"));
  choice.rig.click("option/khmer");
  CHECK(choice.code == "khmer");
  CHECK(!choice.rig.sees("option/khmer"));
}

TEST_CASE("passing through a choice with Tab changes nothing; a text that fits nothing is reported") {
  OneChoice choice;
  choice.rig.click("people");
  choice.rig.press(GLFW_KEY_TAB);
  CHECK(choice.code.empty());
  CHECK(choice.unknown == 0);
  choice.rig.click("people");
  choice.rig.type("zzz");
  choice.rig.press(GLFW_KEY_TAB);
  CHECK(choice.code.empty());
  CHECK(choice.unknown == 1);
}

TEST_CASE("an idle window draws nothing and sleeps until something happens") {
  ui::Pacer pacer;
  int frames = 0;
  while (pacer.draw(0)) ++frames;
  CHECK(frames == 3);  // the first picture settles
  // An hour in which nothing happens: the loop asks, sleeps without a limit and draws no frame.
  for (std::int64_t now = 0; now < 3'600'000; now += 1'000) {
    CHECK(!pacer.sleep(now).has_value());
    CHECK(!pacer.draw(now));
  }
  pacer.happened();
  CHECK(pacer.sleep(0) == 0.0);
  frames = 0;
  while (pacer.draw(0)) ++frames;
  CHECK(frames == 3);
}

TEST_CASE("a wish to be woken gives one frame at its time and no busy waiting before") {
  ui::Pacer pacer;
  while (pacer.draw(0)) {
  }
  pacer.wake_at(1'000);
  pacer.wake_at(5'000);
  CHECK(pacer.sleep(400) == doctest::Approx(0.6));
  CHECK(!pacer.draw(999));
  CHECK(pacer.draw(1'000));
  CHECK(!pacer.draw(1'000));
  CHECK(!pacer.sleep(1'000).has_value());
}

namespace {
/// WCAG 2.1, "relative luminance" and "contrast ratio".
double luminance(ImVec4 colour) {
  const auto part = [](double value) {
    return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * part(colour.x) + 0.7152 * part(colour.y) + 0.0722 * part(colour.z);
}
double contrast(ImVec4 a, ImVec4 b) {
  const double first = luminance(a) + 0.05, second = luminance(b) + 0.05;
  return std::max(first, second) / std::min(first, second);
}
}  // namespace

TEST_CASE("every word can be read on its ground, in each set of colours") {
  ImGui::CreateContext();
  for (const ui::Palette palette : {ui::Palette::light, ui::Palette::dark, ui::Palette::contrast}) {
    std::string message;
    ui::load_theme({100, palette}, message);
    const double least = palette == ui::Palette::contrast ? 7.0 : 4.5;
    const ImVec4 window = ImGui::GetStyle().Colors[ImGuiCol_WindowBg];
    for (const ui::Tone tone : {ui::Tone::neutral, ui::Tone::good, ui::Tone::waiting, ui::Tone::attention,
                                ui::Tone::warning, ui::Tone::quiet}) {
      CAPTURE(static_cast<int>(palette));
      CAPTURE(static_cast<int>(tone));
      CHECK(contrast(ui::tone_text(tone), ui::tone_fill(tone)) >= least);
      CHECK(contrast(ui::tone_text(tone), ui::surface()) >= least);
      CHECK(contrast(ui::tone_text(tone), window) >= least);
    }
    CHECK(contrast(ui::accent().words, ui::accent().fill) >= least);
    CHECK(contrast(ui::accent().mark, ui::surface()) >= 3.0);  // WCAG 2.1, 1.4.11: what is no text
    CHECK(contrast(ImGui::GetStyle().Colors[ImGuiCol_Text], ImGui::GetStyle().Colors[ImGuiCol_Button]) >= least);
  }
  std::string message;
  ui::load_theme({}, message);
  ImGui::DestroyContext();
}
