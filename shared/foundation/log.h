// The log: one line an event, `time level event key=value …`, to stderr. It may be read by anybody who helps with a
// laptop, so nothing a person typed can get in: words are fixed at compile time, and values are ids, counts and
// codes.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <string>
#include <string_view>

#include "shared/foundation/clock.h"
#include "shared/foundation/ids.h"
#include "shared/foundation/result.h"

namespace fieldpost {

/// A word of ours. Only a literal becomes one.
class LogWord {
 public:
  consteval LogWord(const char* literal) : text_(literal) {}  // NOLINT: implicit on purpose
  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

class LogField {
 public:
  template <std::integral Number>
  requires(!std::same_as<Number, bool>) LogField(LogWord key, Number value)
      : text_(joined(key, std::to_string(value))) {}
  // A template, so that no pointer becomes a yes.
  template <std::same_as<bool> Bool>
  LogField(LogWord key, Bool value) : text_(joined(key, value ? "yes" : "no")) {}
  LogField(LogWord key, LogWord value) : text_(joined(key, value.text())) {}
  LogField(LogWord key, ErrorCode value) : text_(joined(key, code_name(value))) {}
  template <class Tag, std::size_t Size>
  LogField(LogWord key, const Id<Tag, Size>& value) : text_(joined(key, fieldpost::text(value))) {}
  /// A name out of a definition: a form, a report, a route. Written only when it is at most 64 small letters, digits
  /// and `_ - . /`; anything else might be what a person typed and becomes `?`.
  static LogField code(LogWord key, std::string_view value);

  /// `key=value`.
  const std::string& text() const { return text_; }

 private:
  LogField() = default;
  static std::string joined(LogWord key, std::string_view value);
  std::string text_;
};

enum class LogLevel { debug, info, warning, error };

class Log {
 public:
  /// Leaves out what is below `least`. `out` stays open while the log lives.
  explicit Log(const WallClock& clock, LogLevel least = LogLevel::info, std::FILE* out = stderr)
      : clock_(clock), least_(least), out_(out) {}

  /// From any thread; a line is written whole.
  void write(LogLevel level, LogWord event, std::initializer_list<LogField> fields = {}) const;
  bool wants(LogLevel level) const { return level >= least_; }

 private:
  const WallClock& clock_;
  LogLevel least_;
  std::FILE* out_;
};

}  // namespace fieldpost
