#include <cstdio>
#include <cstdlib>

#include "shared/forms/assets.h"
#include "shared/forms/code_list.h"
#include "shared/forms/form_loader.h"

namespace fieldpost {

namespace {

[[noreturn]] void broken(std::string_view path, const std::string& fault) {
  std::fprintf(stderr, "fieldpost: broken asset %.*s: %s\n", static_cast<int>(path.size()), path.data(),
               fault.c_str());
  std::abort();
}

Catalogue load_shipped() {
  Catalogue out;
  constexpr std::string_view lists = "lists/", forms = "forms/", places = "lists/places_";
  for (const Asset& asset : assets()) {
    if (asset.path.starts_with(places)) {
      if (const auto loaded = out.places.load(asset.content); !loaded) broken(asset.path, loaded.error().message);
    } else if (asset.path.starts_with(lists)) {
      const std::string_view name = asset.path.substr(lists.size(), asset.path.rfind('.') - lists.size());
      Result<CodeList> list = load_code_list(name, asset.content);
      if (!list) broken(asset.path, list.error().message);
      out.lists.emplace(std::string(name), std::move(*list));
    }
  }
  for (const Asset& asset : assets()) {
    if (!asset.path.starts_with(forms)) continue;
    auto loaded = load_form(asset.content, out.list_names());
    if (const auto* faults = std::get_if<std::vector<FormFault>>(&loaded))
      broken(asset.path, faults->front().place + ": " + faults->front().message);
    Form& form = std::get<Form>(loaded);
    std::string name = form.name;
    const std::uint32_t version = form.version;
    out.forms[std::move(name)].insert_or_assign(version, std::move(form));
  }
  return out;
}

}  // namespace

const Form* Catalogue::form(std::string_view name) const {
  const auto versions = forms.find(name);
  if (versions == forms.end() || versions->second.empty()) return nullptr;
  return &versions->second.rbegin()->second;
}

const Form* Catalogue::form(std::string_view name, std::uint32_t version) const {
  const auto versions = forms.find(name);
  if (versions == forms.end()) return nullptr;
  const auto found = versions->second.find(version);
  return found == versions->second.end() ? nullptr : &found->second;
}

const CodeList* Catalogue::list(std::string_view name) const {
  const auto found = lists.find(name);
  return found == lists.end() ? nullptr : &found->second;
}

std::set<std::string, std::less<>> Catalogue::list_names() const {
  std::set<std::string, std::less<>> out;
  for (const auto& [name, list] : lists) out.insert(name);
  return out;
}

const Catalogue& shipped_catalogue() {
  static const Catalogue catalogue = load_shipped();
  return catalogue;
}

}  // namespace fieldpost
