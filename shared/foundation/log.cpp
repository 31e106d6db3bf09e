#include "shared/foundation/log.h"

#include <fmt/format.h>

#include "shared/foundation/civil_date.h"

namespace fieldpost {

namespace {

const char* level_name(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return "debug";
    case LogLevel::info: return "info";
    case LogLevel::warning: return "warning";
    case LogLevel::error: return "error";
  }
  return "error";
}

/// RFC 3339, UTC, with milliseconds.
std::string utc_text(std::int64_t utc_ms) {
  constexpr std::int64_t day_ms = 24LL * 3600 * 1000;
  std::int64_t days = utc_ms / day_ms, ms = utc_ms % day_ms;
  if (ms < 0) --days, ms += day_ms;
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", iso_text(from_day_number(days)), ms / 3'600'000, ms / 60'000 % 60,
                     ms / 1000 % 60, ms % 1000);
}

bool is_code(std::string_view value) {
  return !value.empty() && value.size() <= 64 &&
         value.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-./") == std::string_view::npos;
}

}  // namespace

std::string LogField::joined(LogWord key, std::string_view value) {
  return std::string(key.text()).append("=").append(value);
}

LogField LogField::code(LogWord key, std::string_view value) {
  LogField field;
  field.text_ = joined(key, is_code(value) ? value : "?");
  return field;
}

void Log::write(LogLevel level, LogWord event, std::initializer_list<LogField> fields) const {
  if (!wants(level)) return;
  std::string line = fmt::format("{} {} {}", utc_text(clock_.now_ms()), level_name(level), event.text());
  for (const LogField& field : fields) line.append(" ").append(field.text());
  line += '\n';
  // One call, so that lines of two threads do not mix. A log that cannot be written must not stop the work.
  std::fwrite(line.data(), 1, line.size(), out_);
  std::fflush(out_);
}

}  // namespace fieldpost
