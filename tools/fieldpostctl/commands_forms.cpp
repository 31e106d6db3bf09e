// Forms and samples of them; no store is needed.
#include <charconv>

#include "shared/forms/assets.h"
#include "shared/forms/definition.h"
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

Reply list_forms(const Catalogue& catalogue) {
  Reply reply;
  reply.json["forms"] = Json::array();
  for (const auto& [name, versions] : catalogue.forms) {
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

Reply show_form(const Catalogue& catalogue, const Form& form) {
  const auto published = catalogue.published.find({form.name, form.version});
  std::optional<std::string_view> source =
      find_asset("forms/older/" + form.name + "-" + std::to_string(form.version) + ".json");
  if (published != catalogue.published.end())
    source = published->second;
  else if (!source)
    source = find_asset("forms/" + form.name + ".json");
  if (!source) return failed({ErrorCode::not_found, "the definition of this form is not at hand"});
  const Result<Json> json = parse_json(std::string(*source));
  if (!json) return failed(json.error());
  Reply reply;
  reply.json = *json;
  reply.text = std::string(*source);
  return reply;
}

Reply sample(const Context& context, const Catalogue& catalogue, const Form& form) {
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
    samples.push_back(sample_values(form, catalogue, seeds.next(), sample_day, row_count));
  reply.text = json_text(reply.json, 2) + "\n";
  return reply;
}

Reply publish(const Context& context, const std::filesystem::path& file) {
  if (context.arguments.home.empty()) return wrong_usage("form publish: cần --home CENTRAL (is needed)");
  Result<std::unique_ptr<CentralHome>> home = open_central(context, false);
  if (!home) return failed(home.error());
  const Result<std::string> content = read_input(file);
  if (!content) return failed(content.error());
  Endpoint endpoint((*home)->backend(), (*home)->office().keys(), context.catalogue, context.clock, context.random);
  const Result<std::shared_ptr<const Catalogue>> before = endpoint.catalogue();
  if (!before) return failed(before.error());
  Result<Definition> definition = read_definition(file.filename().string(), *content, **before);
  if (!definition) return failed({definition.error().code, "nothing was published: " + definition.error().message});
  Reply reply;
  reply.json["kind"] = kind_name(definition->kind);
  reply.json["name"] = definition->name;
  const Result<Endpoint::Published> published = endpoint.publish(*std::move(definition));
  if (!published) return failed(published.error());
  reply.json["version"] = published->version;
  reply.json["new"] = published->is_new;
  reply.json["released"] = published->released;
  reply.text = reply.json["name"].get<std::string>() + " " + std::to_string(published->version) + "\n";
  if (!published->is_new)
    reply.notes.push_back("đã có sẵn, không thay đổi gì (it was published already, word for word)");
  else
    reply.notes.push_back("mỗi máy nhận được ở lần đồng bộ sau (each laptop gets it at its next sync)");
  if (published->released > 0)
    reply.notes.push_back(std::to_string(published->released) +
                          " thay đổi bị giữ lại nay đã được nhận (held changes that are now taken in)");
  return reply;
}

}  // namespace

Reply form(const Context& context) {
  const std::vector<std::string>& words = context.arguments.words;
  if (words[0] == "publish" && words.size() == 2) return publish(context, words[1]);
  const bool lists = words[0] == "list" && words.size() == 1;
  if (!lists && ((words[0] != "show" && words[0] != "sample") || words.size() != 2))
    return wrong_usage("form list | form show NAME | form sample NAME | form publish FILE --home CENTRAL");
  // Without a home, what the program was shipped with.
  std::unique_ptr<Reading> reading;
  if (!context.arguments.home.empty()) {
    Result<std::unique_ptr<Reading>> opened = Reading::open(context);
    if (!opened) return failed(opened.error());
    reading = *std::move(opened);
  }
  const Catalogue& catalogue = reading ? reading->store().catalogue() : context.catalogue;
  if (lists) return list_forms(catalogue);
  const Form* named = catalogue.form(words[1]);
  if (!named) return failed({ErrorCode::not_found, "no form is called '" + words[1] + "': see `form list`"});
  return words[0] == "show" ? show_form(catalogue, *named) : sample(context, catalogue, *named);
}

}  // namespace fieldpost::ctl
