// How failure travels: a Result<T> holds a T or an Error. The member names are std::expected's, so that moving to
// C++23 is one `using`.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace fieldpost {

/// What to decide by. The message beside it is for the log and the command line; what a person reads in the window
/// comes from the translations, chosen by the code.
enum class ErrorCode {
  invalid_argument,  // the caller asked for something that cannot be: unknown field, wrong type, bad name
  malformed,         // bytes that are not what they claim to be
  out_of_bounds,     // a bound in limits.h was passed
  not_found,
  already_exists,
  wrong_passphrase,
  damaged,  // the store or a file no longer says what was written
  disk_full,
  io,           // the disk or file system failed otherwise
  busy,         // somebody else holds the store
  unreachable,  // no answer: offline, refused, timed out
  not_central,  // something answered that is not our central: captive portal, wrong pin
  untrusted,    // a signature, certificate or pin does not verify
  ticket_expired,
  ticket_used,
  waiting_approval,  // enrolment waits for a person
  forbidden,         // outside this device's grant
  interrupted,       // the person stopped it
};

/// Stable text of a code, used in --json output and tests.
const char* code_name(ErrorCode code);

struct Error {
  ErrorCode code;
  std::string message;  // names the place, says what was kept and what to do; never personal data
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit on purpose
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit on purpose

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

/// "It worked", or why not.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit on purpose

  bool has_value() const { return !error_; }
  explicit operator bool() const { return has_value(); }
  const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

/// Stops the program when one of our own assumptions is broken, also in release: going on would write nonsense.
inline void ensure(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "fieldpost: broken assumption: %s\n", what);
  std::abort();
}

}  // namespace fieldpost
