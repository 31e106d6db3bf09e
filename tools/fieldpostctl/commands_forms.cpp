// Forms and samples of them; no store is needed.
#include <charconv>

#include "shared/forms/assets.h"
#include "shared/forms/json_values.h"
#include "tools/fieldpostctl/commands.h"
#include "tools/fieldpostctl/input.h"

namespace fieldpost::ctl {

namespace {

using Json = nlohmann::json;

// Samples are the same for the same seed on every day and every laptop, so they live on one day: all shipped code
// lists and places are valid then.
constexpr CivilDate sample_day{2025, 10, 31};
constexpr std::uint64_t count_max = 100'000;

std::optional<std::uint64_t> number_in(const Arguments& arguments, const std::string& option, std::uint64_t absent) {
  const auto text = arguments.value(option);
  if (!text) return absent;
  std::uint64_t number = 0;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), number);
  if (read.ec != std::errc() || read.ptr != text->data() + text->size()) return std::nullopt;
  return number;
}

Reply list_forms(const Context& context) {
  Reply reply;
  reply.json["forms"] = Json::array();
  for (const auto& [name, versions] : context.catalogue.forms) {
    const Form& form = versions.rbegin()->second;
    reply.json["forms"].push_back({{"name", name},
                                   {"version", form.version},
                                   {"class", class_name(form.record_class)},
                                   {"label", form.label.vi},
                                   {"label_en", form.label.in("en")}});
    reply.text += name + "  " + form.label.vi + " (" + form.label.in("en") + ")\n";
  }
  return reply;
}

Reply show_form(const Form& form) {
  const auto source = find_asset("forms/" + form.name + ".json");
  if (!source) return failed({ErrorCode::not_found, "the definition of this form is not at hand"});
  const Result<Json> json = parse_json(std::string(*source));
  if (!json) return failed(json.error());
  Reply reply;
  reply.json = *json;
  reply.text = std::string(*source);
  return reply;
}

Reply sample(const Context& context, const Form& form) {
  const auto seed = number_in(context.arguments, "--seed", 1);
  const auto count = number_in(context.arguments, "--count", 1);
  const auto rows = number_in(context.arguments, "--rows", 0);
  if (!seed || !count || !rows || *count < 1 || *count > count_max || *rows > 1'000)
    return wrong_usage("--seed, --count, --rows: số nguyên không âm (whole numbers, not negative)");
  std::optional<std::size_t> row_count;
  if (context.arguments.has("--rows")) row_count = static_cast<std::size_t>(*rows);
  Reply reply;
  Json& samples = reply.json["samples"] = Json::array();
  SeededRandom seeds(*seed);
  for (std::uint64_t i = 0; i < *count; ++i)
    samples.push_back(sample_values(form, context.catalogue, seeds.next(), sample_day, row_count));
  reply.text = json_text(reply.json, 2) + "\n";
  return reply;
}

}  // namespace

Reply form(const Context& context) {
  const std::vector<std::string>& words = context.arguments.words;
  if (words[0] == "list" && words.size() == 1) return list_forms(context);
  if ((words[0] != "show" && words[0] != "sample") || words.size() != 2)
    return wrong_usage("form list | form show NAME | form sample NAME");
  const Form* named = context.catalogue.form(words[1]);
  if (!named) return failed({ErrorCode::not_found, "no form is called '" + words[1] + "': see `form list`"});
  return words[0] == "show" ? show_form(*named) : sample(context, *named);
}

}  // namespace fieldpost::ctl
