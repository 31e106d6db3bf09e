// What a command answers: one JSON document, the same in words, and what a person should know beside it.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

#include "shared/foundation/result.h"

namespace fieldpost::ctl {

// The contract of design 8.
inline constexpr int exit_done = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_wrong_usage = 2;
inline constexpr int exit_attention = 3;

struct Reply {
  int exit = exit_done;
  nlohmann::json json = nlohmann::json::object();  // standard output with --json
  std::string text;                                // standard output without; ends with a newline, or is empty
  std::vector<std::string> notes;                  // standard error
};

/// Exit 1: the code's meaning in Vietnamese, then what the error says; JSON {"error": {"code", "message"}}.
Reply failed(const Error& error);
/// Exit 2.
Reply wrong_usage(const std::string& message);
/// Writes the reply where the contract wants it; returns its exit code.
int print(const Reply& reply, bool json);

/// Text for a JSON document: bytes that are no UTF-8 are replaced, so that a document always comes out.
std::string json_text(const nlohmann::json& json, int indent = -1);

}  // namespace fieldpost::ctl
