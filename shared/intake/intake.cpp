#include "shared/intake/intake.h"

#include <algorithm>
#include <array>
#include <utility>

#include "shared/foundation/limits.h"
#include "shared/intake/picture.h"

namespace fieldpost {

namespace {

/// The last part of a path, as it may be kept: no more than 200 bytes, cut between letters.
std::string plain_name(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  const Result<std::string> name = storable_text(slash == std::string_view::npos ? path : path.substr(slash + 1));
  if (!name) return {};
  std::string out = *name;
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  std::size_t end = std::min<std::size_t>(out.size(), 200);
  while (end > 0 && end < out.size() && (static_cast<unsigned char>(out[end]) & 0xC0) == 0x80) --end;
  out.resize(end);
  return is_storable_text(out) ? out : std::string();
}

/// By the ending of its name and what it begins with; whoever opens it decides for themselves.
std::string type_of(BytesView file, std::string_view name) {
  if (const auto format = picture_format(file)) return *format == PictureFormat::jpeg ? "image/jpeg" : "image/png";
  if (text_of(file).starts_with("%PDF-")) return "application/pdf";
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> endings = {{
      {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
      {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
      {".doc", "application/msword"},
      {".xls", "application/vnd.ms-excel"},
      {".txt", "text/plain"},
      {".mp3", "audio/mpeg"},
      {".m4a", "audio/mp4"},
      {".mp4", "video/mp4"},
  }};
  for (const auto& [ending, type] : endings)
    if (name.ends_with(ending)) return std::string(type);
  return "application/octet-stream";
}

Error too_large(std::size_t bytes, std::uint64_t bytes_max) {
  return {ErrorCode::out_of_bounds, "the file has " + std::to_string(bytes) + " bytes, this question takes at most " +
                                        std::to_string(bytes_max) + ": nothing was attached; make it smaller"};
}

}  // namespace

Result<TakenIn> take_in(const Question& question, Bytes file, std::string_view name) {
  if (file.empty())
    return Error{ErrorCode::malformed,
                 "the file is empty: nothing was attached; copy it again from where it was made"};
  if (file.size() > limits::attachment_bytes_max) return too_large(file.size(), question.bytes_max);
  TakenIn taken;
  if (question.type == QuestionType::image) {
    // Also one that is kept as it came is opened once: what cannot be looked at later is no picture.
    Result<Bytes> fit = fit_picture(file, question.pixels_max);
    if (!fit) return fit.error();
    taken.type = type_of(file, "");
    // What a camera calls a picture tells when and with what it was taken.
    if (question.keeps_metadata) taken.name = plain_name(name);
    taken.content = question.keeps_metadata ? std::move(file) : *std::move(fit);
  } else {
    taken.name = plain_name(name);
    taken.type = type_of(file, taken.name);
    taken.content = std::move(file);
  }
  if (taken.content.size() > question.bytes_max) return too_large(taken.content.size(), question.bytes_max);
  return taken;
}

}  // namespace fieldpost
