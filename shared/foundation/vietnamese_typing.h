// Telex and VNI: Vietnamese from a plain keyboard, for a laptop without an input method. One typed character changes
// the word before the caret as UniKey with its usual settings does: shapes and tones at any place after their vowel
// (free marking), a key typed again takes its mark off, and a word that cannot be Vietnamese is left alone. What the
// keys mean is in the manuals of UniKey and of VNI; where the tone stands, in vietnamese_syllable.
//
// The text before the caret says nearly all, so it goes on after Backspace, after a move of the caret and in a text
// that was there before. Only what a foreign word was typed with cannot be seen in it: see TypedWord.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace fieldpost::vietnamese {

enum class Typing { off, telex, vni };
/// hòa, thúy, khỏe, or hoà, thuý, khoẻ.
enum class TonePlace { old_style, new_style };

/// What stands in place of the last `replaced` bytes before the caret; the typed character itself goes nowhere else.
struct Composition {
  std::size_t replaced = 0;
  std::string word;  // NFC
};

/// The keys of the word that is being typed, kept by the caller from key to key: a word that turns out foreign gets
/// exactly them back ("person", by way of "péo"). They count only while `text` is what stands before the caret;
/// without them the keys are guessed from the letters.
struct TypedWord {
  std::string text;
  std::string keys;
};

/// `before` is the text before the caret, NFC, as much of it as there is; addresses (a token with @ or //) are left
/// alone. Empty when the character simply goes in as it is.
std::optional<Composition> compose(std::string_view before, char32_t typed, Typing typing,
                                   TonePlace place = TonePlace::old_style, TypedWord* remembered = nullptr);

}  // namespace fieldpost::vietnamese
