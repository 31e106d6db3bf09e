// Typing without an input method and pasting old text, in the fields of the window: keys through the input queue, as
// a plain keyboard sends them.
#include <doctest/doctest.h>

#include <string>

#include "client/ui/choice_field.h"
#include "shared/foundation/vietnamese.h"
#include "tests/support/ui_rig.h"

using namespace fieldpost;
using vietnamese::Legacy;

namespace {

struct Field {
  std::string text;
  ui::FieldOptions options;
  std::optional<Legacy> legacy;
  int conversions = 0;
  std::string other;
  UiRig rig{[this] {
    const ui::FieldResult result = ui::text_field("name", text, options);
    if (result.legacy) legacy = result.legacy;
    conversions += ui::legacy_offer("name", text, {"Looks like an old code:", "Convert", "Keep"});
    ui::text_field("other", other);
  }};

  explicit Field(ui::Typing typing, ui::FieldOptions field_options = {}) : options(std::move(field_options)) {
    ui::set_typing(typing);
    rig.click("name");
  }
  /// Every key by itself, pressed and released.
  void keys(std::string_view letters) {
    for (const char letter : letters) rig.queue_key(letter);
    rig.settle();
  }
  void paste(std::string_view clipboard) {
    rig.clipboard = clipboard;
    rig.press_with_control(GLFW_KEY_V);
  }
};

}  // namespace

TEST_CASE("plain keys become Vietnamese when it is switched on, and stay plain keys otherwise") {
  Field field(ui::Typing::telex);
  field.keys("Nguyeenx Thij Buwowir");
  CHECK(field.text == "Nguyễn Thị Bưởi");
  ui::set_typing(ui::Typing::off);
  field.keys(" aaf");
  CHECK(field.text == "Nguyễn Thị Bưởi aaf");
  ui::set_typing(ui::Typing::vni);
  field.keys(" D9o64");
  CHECK(field.text == "Nguyễn Thị Bưởi aaf Đỗ");
  ui::State fresh;
  CHECK(fresh.typing == ui::Typing::off);
}

TEST_CASE("all keys of a name within one frame come out as if each had its own") {
  Field field(ui::Typing::telex);
  field.rig.queue_text("Traanf Vawn DDuwowngf hoafn aaps");
  field.rig.settle();
  CHECK(field.text == "Trần Văn Đường hoàn ấp");
}

TEST_CASE("new tones are placed as the setting says") {
  Field field(ui::Typing::telex);
  ui::set_typing(ui::Typing::telex, vietnamese::TonePlace::new_style);
  field.keys("hoaf thuys");
  CHECK(field.text == "hoà thuý");
}

TEST_CASE("Backspace deletes the composed letter as one, and typing goes on from what is left") {
  Field field(ui::Typing::telex);
  field.keys("hoafn");
  field.rig.press(GLFW_KEY_BACKSPACE);
  CHECK(field.text == "hoà");
  field.rig.press(GLFW_KEY_BACKSPACE);
  CHECK(field.text == "ho");
  field.keys("aj");
  CHECK(field.text == "họa");
}

TEST_CASE("in the middle of a word the letters before the caret change and the caret stays behind them") {
  Field field(ui::Typing::telex);
  field.keys("Nguyn Vanw");
  CHECK(field.text == "Nguyn Văn");
  field.rig.press(GLFW_KEY_HOME);
  for (int i = 0; i < 4; ++i) field.rig.press(GLFW_KEY_RIGHT);
  field.keys("eex");
  CHECK(field.text == "Nguyễn Văn");
  field.keys("!");
  CHECK(field.text == "Nguyễ!n Văn");
}

TEST_CASE("a selection is replaced by the first key and composing goes on behind what stands before it") {
  Field field(ui::Typing::telex);
  field.keys("Traanf");
  field.rig.press_with_control(GLFW_KEY_A);
  field.keys("ddoox");
  CHECK(field.text == "đỗ");
  // "đ" + the selected "ỗ": the key that replaces it belongs to the word before.
  field.rig.input.key_down(GLFW_KEY_LEFT_SHIFT);
  field.rig.press(GLFW_KEY_LEFT);
  field.rig.input.key_up(GLFW_KEY_LEFT_SHIFT);
  field.rig.settle();
  field.keys("af");
  CHECK(field.text == "đà");
  field.rig.press_with_control(GLFW_KEY_A);
  field.keys("w");
  CHECK(field.text == "ư");
}

TEST_CASE("undo goes back step by step through texts that were or could have been there, and redo comes forward") {
  Field field(ui::Typing::telex);
  field.keys("Lee hoafn bookd");
  const std::string whole = field.text;
  CHECK(whole == "Lê hoàn bookd");
  int steps = 0;
  while (!field.text.empty() && steps < 100) {
    field.rig.press_with_control(GLFW_KEY_Z);
    ++steps;
    REQUIRE(vietnamese::is_nfc(field.text));
  }
  CHECK(field.text.empty());
  for (int i = 0; i < steps; ++i) field.rig.press_with_control(GLFW_KEY_Y);
  CHECK(field.text == whole);
  field.keys(" ddos");
  CHECK(field.text == whole + " đó");
}

TEST_CASE("nothing is composed in passwords and in fields for numbers and codes") {
  for (const bool password : {true, false}) {
    ui::FieldOptions options;
    options.password = password;
    options.plain = !password;
    Field field(ui::Typing::telex, options);
    field.keys("aaddoos");
    CHECK(field.text == "aaddoos");
  }
}

TEST_CASE("pasted text comes in as it is, and what is typed behind it is composed again") {
  Field field(ui::Typing::telex);
  field.paste("Traanf aaf dd");
  CHECK(field.text == "Traanf aaf dd");
  field.keys(" ddaats");
  CHECK(field.text == "Traanf aaf dd đất");
  field.rig.press_with_control(GLFW_KEY_A);
  field.rig.press_with_control(GLFW_KEY_C);
  CHECK(field.rig.clipboard == "Traanf aaf dd đất");
}

TEST_CASE("a field of many lines composes too, and a new line begins a new word") {
  ui::FieldOptions options;
  options.lines = 4;
  Field field(ui::Typing::telex, options);
  field.keys("ddaats");
  field.rig.press(GLFW_KEY_ENTER);
  field.keys("nhaf");
  CHECK(field.text == "đất\nnhà");
}

TEST_CASE("the word of one field is not the word of the next") {
  Field field(ui::Typing::telex);
  field.keys("ha");
  field.rig.press(GLFW_KEY_TAB);
  field.keys("s");
  CHECK(field.text == "ha");
  CHECK(field.other == "s");
}

TEST_CASE("a choice is searched with composed letters") {
  std::string asked;
  UiRig rig([&] {
    (void)ui::choice_field("people", "", [&](std::string_view typed) {
      asked = typed;
      return std::vector<ui::ChoiceOption>{{"ede", "Ê Đê", ""}};
    });
  });
  ui::set_typing(ui::Typing::telex);
  rig.click("people");
  for (const char letter : std::string_view("Ee dd")) rig.queue_key(letter);
  rig.settle();
  CHECK(asked == "Ê đ");
}

TEST_CASE("text pasted in an old code comes in as it is, and its conversion is offered and done when asked") {
  for (const auto& [legacy, pasted] : {std::pair{Legacy::tcvn3, "NguyÔn V¨n A"}, {Legacy::vni, "Nguyeãn Vaên A"}}) {
    Field field(ui::Typing::telex);
    field.keys("OOng ");
    CHECK(!field.rig.sees("name/legacy"));
    field.paste(pasted);
    CHECK(field.legacy == legacy);
    CHECK(field.text == std::string("Ông ") + pasted);
    REQUIRE(field.rig.sees("name/legacy/convert"));
    field.rig.click("name/legacy/convert");
    // What was good before stays.
    CHECK(field.text == "Ông Nguyễn Văn A");
    CHECK(field.conversions == 1);
    CHECK(!field.rig.sees("name/legacy"));
    // The steps that can be undone are those of the new text.
    field.rig.click("name");
    for (int i = 0; i < 20; ++i) field.rig.press_with_control(GLFW_KEY_Z);
    CHECK(field.text == "Ông Nguyễn Văn A");
    field.rig.press(GLFW_KEY_END);
    field.keys("nh");
    CHECK(field.text == "Ông Nguyễn Văn Anh");
  }
}

TEST_CASE("the offer goes when it is declined, when the text goes, and never comes for good text") {
  Field field(ui::Typing::off);
  field.paste("NguyÔn V¨n A");
  REQUIRE(field.rig.sees("name/legacy/keep"));
  field.rig.click("name/legacy/keep");
  CHECK(!field.rig.sees("name/legacy"));
  CHECK(field.text == "NguyÔn V¨n A");
  field.rig.click("name");
  field.rig.press_with_control(GLFW_KEY_A);
  field.paste("Vaên Lang");
  CHECK(field.rig.sees("name/legacy"));
  field.rig.press_with_control(GLFW_KEY_A);
  field.rig.press(GLFW_KEY_BACKSPACE);
  CHECK(!field.rig.sees("name/legacy"));
  field.legacy.reset();
  for (const char* good : {"Nguyễn Văn A", "Hoà Lê", "François Müller", "plain"}) {
    field.paste(good);
    CHECK(!field.legacy);
    CHECK(!field.rig.sees("name/legacy"));
  }
  // Typed, not pasted: whoever types it sees it.
  field.rig.type("NguyÔn V¨n A");
  CHECK(!field.legacy);
}

TEST_CASE("a pasted text is not kept by the widgets once its field is gone, as when the window locks") {
  bool shown = true;
  std::string text;
  UiRig rig([&] {
    if (shown) ui::text_field("name", text);
  });
  rig.click("name");
  rig.clipboard = "NguyÔn V¨n A";
  rig.press_with_control(GLFW_KEY_V);
  CHECK(ui::legacy_paste_field() == "name");
  ui::set_typing(ui::Typing::telex);
  for (const char letter : std::string_view(" aas")) rig.queue_key(letter);
  rig.settle();
  CHECK(!rig.widgets.typed_word.keys.empty());
  shown = false;
  rig.frames_of(2);
  CHECK(ui::legacy_paste_field().empty());
  CHECK(rig.widgets.typed_word.keys.empty());
}

TEST_CASE("the keyboard reaches the offer, and the field next to it has none") {
  Field field(ui::Typing::off);
  field.rig.click("other");
  field.paste("Vaên Lang");
  CHECK(field.other == "Vaên Lang");
  CHECK(!field.rig.sees("name/legacy"));
  field.rig.click("name");
  field.paste("Ñoàng Nai");
  field.rig.press(GLFW_KEY_TAB);
  CHECK(field.rig.widgets.focused == "name/legacy/convert");
  field.rig.press(GLFW_KEY_ENTER);
  CHECK(field.text == "Đồng Nai");
}
