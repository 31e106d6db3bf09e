// `paper`: a record, or the blank form, as a PDF to print and sign.
#include <charconv>

#include "shared/foundation/vietnamese.h"
#include "shared/paper/issuer.h"
#include "shared/paper/print.h"
#include "shared/storage/files.h"
#include "tools/fieldpostctl/commands.h"

namespace fieldpost::ctl {

namespace {

constexpr std::size_t rows_max = 500;

Reply list_papers() {
  Reply reply;
  reply.json["papers"] = nlohmann::json::array();
  for (const std::string& name : shipped_paper_names()) {
    const Result<Paper> paper = shipped_paper(name);
    if (!paper) return failed(paper.error());
    reply.json["papers"].push_back(
        {{"name", name}, {"form", paper->form}, {"label", paper->label.vi}, {"label_en", paper->label.in("en")}});
    reply.text += name + "  " + paper->label.vi + " (" + paper->label.in("en") + ")\n";
  }
  return reply;
}

/// What the store's organisations say of this laptop's own unit, and the names of the others by their codes.
Result<void> learn_units(Reading& reading, PaperContext& context) {
  Store& store = reading.store();
  std::string own;
  if (!reading.is_central()) {
    const Result<std::optional<Identity>> identity = store.identity();
    if (!identity) return identity.error();
    if (*identity) own = (*identity)->certificate.unit;
  }
  const Result<std::vector<Answers>> organisations = store.all_answers("organisation");
  if (!organisations) return organisations.error();
  learn_issuer(context, store.catalogue(), own, *organisations);
  return {};
}

}  // namespace

Reply paper(const Context& context) {
  const Arguments& arguments = context.arguments;
  if (arguments.has("--list")) return list_papers();
  if (arguments.words.empty()) return wrong_usage("paper: cần tên giấy tờ (a name is needed); paper --list");
  const Result<Paper> paper = shipped_paper(arguments.words[0]);
  if (!paper) return failed({paper.error().code, paper.error().message + "; see `paper --list`"});
  const std::optional<std::string> target = arguments.value("-o");
  if (!target) return wrong_usage("paper: cần -o FILE (is needed)");
  PaperContext about;
  about.today = vietnam_day(context.clock.now_ms());
  if (const auto rows = arguments.value("--rows")) {
    const auto read = std::from_chars(rows->data(), rows->data() + rows->size(), about.empty_rows);
    if (read.ec != std::errc() || read.ptr != rows->data() + rows->size() || about.empty_rows < 1 ||
        about.empty_rows > rows_max)
      return wrong_usage("--rows " + *rows + ": một số từ 1 đến 500 (a number from 1 to 500)");
  }
  if (const auto date = arguments.value("--date")) {
    Result<CivilDate> read = parse_iso_date(*date);
    if (!read) read = vietnamese::parse_date(*date);
    if (!read || !read->has_day()) return wrong_usage("--date " + *date + ": ví dụ (for example) 14/3/2025");
    about.date = *read;
  }
  const auto record_text = arguments.value("--record");
  if (record_text && arguments.home.empty()) return wrong_usage("paper --record: cần --home DIR (is needed)");

  std::unique_ptr<Reading> reading;
  if (!arguments.home.empty()) {
    Result<std::unique_ptr<Reading>> opened = Reading::open(context);
    if (!opened) return failed(opened.error());
    reading = *std::move(opened);
    if (const Result<void> learnt = learn_units(*reading, about); !learnt) return failed(learnt.error());
  }
  for (const auto& [option, member] :
       {std::pair{"--unit", &about.unit}, {"--above", &about.unit_above}, {"--place", &about.place}})
    if (const auto given = arguments.value(option)) {
      Result<std::string> storable = storable_text(*given);
      if (!storable) return failed(storable.error());
      *member = *std::move(storable);
    }

  const Catalogue& catalogue = reading ? reading->store().catalogue() : context.catalogue;
  const Form* form = catalogue.form(paper->form);
  std::optional<RecordState> state;
  if (record_text) {
    const Result<RecordId> record = parse_entity_id(*record_text);
    if (!record) return failed({ErrorCode::invalid_argument, "a record is named by its id, of the form 8-4-4-4-12"});
    Result<std::optional<RecordState>> found = reading->store().state(*record);
    if (!found) return failed(found.error());
    if (!*found)
      return failed(
          {ErrorCode::not_found, "this record is not in this store: it does not exist, or is outside its scope"});
    state = *std::move(*found);
    if (state->form != paper->form)
      return failed({ErrorCode::invalid_argument, "the paper '" + paper->name + "' prints records of the form '" +
                                                      paper->form + "', and this one is of '" + state->form + "'"});
    if (!state->present) return failed({ErrorCode::not_found, "this record was deleted"});
    if (const Form* written = catalogue.form(state->form, state->form_version)) form = written;
  }
  if (!form) return failed({ErrorCode::not_found, "no form is called '" + paper->form + "': see `form list`"});
  const Result<Printed> printed = print_paper(*paper, *form, state ? &state->answers : nullptr, catalogue, about);
  if (!printed) return failed(printed.error());
  if (const Result<void> written = write_durably(*target, printed->pdf); !written) return failed(written.error());

  Reply reply;
  reply.json = {{"file", *target},
                {"paper", paper->name},
                {"pages", printed->pages},
                {"blank", !state},
                {"personal_data", state.has_value()}};
  reply.text = *target + "\n";
  if (state)
    reply.notes.push_back(
        "tệp này chứa dữ liệu cá nhân và không được mã hóa: cất giữ cẩn thận, xóa khi in xong "
        "(this file holds personal data in the clear: keep it safe, delete it once printed)");
  if (state && !state->conflicts.empty()) {
    reply.exit = exit_attention;
    reply.json["conflicts"] = state->conflicts.size();
    reply.notes.push_back(
        "hồ sơ còn mâu thuẫn chưa giải quyết: xem lại trước khi ký "
        "(the record has open conflicts: settle them before anybody signs)");
  }
  if (printed->letters_missing > 0) {
    reply.exit = exit_attention;
    reply.json["letters_missing"] = printed->letters_missing;
    reply.notes.push_back(
        "máy này thiếu phông chữ cho một số chữ: cài fonts-croscore, fonts-noto-core "
        "(no font of this machine has some of the letters: install these packages)");
  }
  return reply;
}

}  // namespace fieldpost::ctl
