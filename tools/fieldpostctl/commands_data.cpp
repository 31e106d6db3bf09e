// Records from and to CSV files: columns are questions, a line is a record. Repeats travel in files of their own.
#include <algorithm>

#include "shared/forms/json_values.h"
#include "shared/foundation/csv.h"
#include "shared/foundation/vietnamese.h"
#include "shared/storage/files.h"
#include "tools/fieldpostctl/commands.h"
#include "tools/fieldpostctl/input.h"

namespace fieldpost::ctl {

namespace {

using Json = nlohmann::json;
using vietnamese::LegacyEncoding;

// What --json lists of a file that is wrong from the first line to the last; all are counted.
constexpr std::size_t bad_lines_listed_max = 10'000;
constexpr std::size_t export_page = 500;

struct BadCell {
  std::size_t line = 0;
  std::string column, message;
};

const char* encoding_name(LegacyEncoding encoding) {
  switch (encoding) {
    case LegacyEncoding::tcvn3: return "TCVN3 (.VnTime)";
    case LegacyEncoding::vni: return "VNI";
    case LegacyEncoding::viqr: return "VIQR";
    case LegacyEncoding::none: break;
  }
  return "";
}

struct ImportFile {
  std::size_t lines = 0, bad_lines = 0, incomplete = 0;
  std::vector<Edit> edits;  // of the good lines, in their order
  std::vector<BadCell> bad;
  std::vector<std::size_t> incomplete_lines;
};

/// The question of each column, or what is wrong with the header.
Result<std::vector<const Question*>> columns_of(const Form& form, const CsvTable& table) {
  std::vector<const Question*> columns;
  std::string faults;
  const auto fault = [&](const std::string& name, const char* why) {
    faults += (faults.empty() ? "" : "; ") + ("'" + name + "' " + why);
  };
  for (const std::string& name : table.header) {
    const Question* question = form.find_in(nullptr, name);
    const Question* any = form.find(std::string_view(name));
    columns.push_back(question);
    if (name == "_record")
      fault(name, "means records that exist already; take this column out to make new ones");
    else if (!question && any && any->type == QuestionType::repeat)
      fault(name, "is a repeat, which a CSV file of records does not hold");
    else if (!question)
      fault(name, "is no question of this form");
    else if (question->number == 0)
      fault(name, "is computed, never written");
  }
  if (!faults.empty()) return Error{ErrorCode::invalid_argument, "header: " + faults};
  return columns;
}

Result<ImportFile> read_import(const Context& context, const Catalogue& catalogue, const Form& form,
                               const std::string& text) {
  Result<CsvTable> table = read_csv(text);
  if (!table) {
    Error error = table.error();
    if (error.message.find("UTF-8") != std::string::npos)
      error.message +=
          ": old Word and Excel files use TCVN3 or VNI; open it there, convert to Unicode, save as CSV UTF-8";
    return error;
  }
  const Result<std::vector<const Question*>> columns = columns_of(form, *table);
  if (!columns) return columns.error();
  ImportFile file;
  file.lines = table->lines.size();
  const CivilDate today = vietnam_day(context.clock.now_ms());
  for (const CsvTable::Line& line : table->lines) {
    Json values = Json::object();
    bool good = true;
    const auto bad = [&](const std::string& column, const std::string& message) {
      good = false;
      if (file.bad.size() < bad_lines_listed_max) file.bad.push_back({line.number, column, message});
    };
    for (std::size_t i = 0; i < line.cells.size(); ++i) {
      const std::string& cell = line.cells[i];
      if (cell.empty()) continue;
      const std::string& name = table->header[i];
      // Never converted silently: what a guess gets wrong nobody would notice.
      if (const LegacyEncoding old = vietnamese::guess_legacy_encoding(cell); old != LegacyEncoding::none) {
        bad(name, std::string("looks like ") + encoding_name(old) + ": convert the file to Unicode first");
        continue;
      }
      Result<Json> value = json_from_text(*(*columns)[i], cell);
      if (value)
        values[name] = *std::move(value);
      else
        bad(name, value.error().message);
    }
    Result<Edit> edit = Edit{};
    if (good) {
      edit = edit_from_json(form, values);
      if (!edit) bad("", edit.error().message);
    }
    if (!good) {
      ++file.bad_lines;
      continue;
    }
    Answers answers;
    answers.fields = edit->fields;
    if (is_incomplete(validate(form, answers, catalogue, today))) {
      ++file.incomplete;
      if (file.incomplete_lines.size() < bad_lines_listed_max) file.incomplete_lines.push_back(line.number);
    }
    file.edits.push_back(*std::move(edit));
  }
  return file;
}

/// One cell as json_from_text reads it back.
std::string cell_text(const Json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return value.get<std::string>();
  if (value.is_object()) return value["digest"].get<std::string>();  // a file, as `show` and `attachment` know it
  if (!value.is_array()) return json_text(value);
  std::string codes;
  for (const Json& code : value) codes += (codes.empty() ? "" : ";") + code.get<std::string>();
  return codes;
}

}  // namespace

Reply import_records(const Context& context) {
  const Arguments& arguments = context.arguments;
  const bool dry_run = arguments.has("--dry-run"), skip_bad = arguments.has("--skip-bad");
  if (dry_run && skip_bad)
    return wrong_usage("import: --dry-run hoặc --skip-bad, không cả hai (one of them, not both)");
  Result<Laptop> laptop = open_laptop(context);
  if (!laptop) return failed(laptop.error());
  const Catalogue& catalogue = laptop->store->catalogue();
  const Form* form = catalogue.form(arguments.words[0]);
  if (!form) return failed({ErrorCode::not_found, "no form is called '" + arguments.words[0] + "': see `form list`"});
  const Result<std::string> text = read_input(arguments.words[1]);
  if (!text) return failed(text.error());
  Result<ImportFile> file = read_import(context, catalogue, *form, *text);
  if (!file) return failed(file.error());

  Reply reply;
  std::size_t imported = 0;
  if (file->bad_lines > 0 && !dry_run && !skip_bad) {
    reply = failed({ErrorCode::malformed, std::to_string(file->bad_lines) + " of " + std::to_string(file->lines) +
                                              " lines cannot be read: nothing was imported; mend them, or use "
                                              "--skip-bad"});
  } else if (!dry_run) {
    const Result<std::vector<Saved>> saved = laptop->store->save_all(*form, file->edits);
    if (!saved) return failed(saved.error());
    imported = saved->size();
  }
  if (reply.exit == exit_done && (file->bad_lines > 0 || file->incomplete > 0)) reply.exit = exit_attention;
  Json& json = reply.json;
  json["lines"] = file->lines;
  json["imported"] = imported;
  json["bad_lines"] = file->bad_lines;
  json["incomplete"] = file->incomplete;
  json["incomplete_lines"] = file->incomplete_lines;
  json["bad"] = Json::array();
  for (const BadCell& cell : file->bad) {
    json["bad"].push_back({{"line", cell.line}, {"column", cell.column}, {"message", cell.message}});
    reply.notes.push_back("dòng (line) " + std::to_string(cell.line) +
                          (cell.column.empty() ? "" : ", cột (column) " + cell.column) + ": " + cell.message);
  }
  if (file->incomplete > 0)
    reply.notes.push_back(std::to_string(file->incomplete) +
                          " dòng chưa đủ, vẫn nhập và đánh dấu (incomplete lines, imported and marked)");
  reply.text = "dòng (lines): " + std::to_string(file->lines) + "\nđã nhập (imported): " + std::to_string(imported) +
               "\ndòng hỏng (bad lines): " + std::to_string(file->bad_lines) + "\n";
  return reply;
}

Reply export_records(const Context& context) {
  const Arguments& arguments = context.arguments;
  const std::optional<std::string> target = arguments.value("-o");
  if (!target) return wrong_usage("export: cần -o FILE (is needed)");
  Result<std::unique_ptr<Reading>> reading = Reading::open(context);
  if (!reading) return failed(reading.error());
  const Form* form = (*reading)->store().catalogue().form(arguments.words[0]);
  if (!form) return failed({ErrorCode::not_found, "no form is called '" + arguments.words[0] + "': see `form list`"});
  const Question* repeat = nullptr;
  if (const auto name = arguments.value("--repeat")) {
    repeat = form->find(std::string_view(*name));
    if (!repeat || repeat->type != QuestionType::repeat)
      return failed({ErrorCode::not_found, "the form has no repeat '" + *name + "'"});
  }
  std::vector<const Question*> columns;
  bool personal = false;
  for (const Question* question : form->questions_of(repeat)) {
    if (question->number == 0) continue;
    columns.push_back(question);
    personal = personal || question->personal;
  }

  const bool for_spreadsheet = arguments.has("--excel");
  const char separator = for_spreadsheet ? ';' : ',';
  std::string out = for_spreadsheet ? "\xEF\xBB\xBF" : "";
  std::vector<std::string> cells = {"_record"};
  if (repeat) cells.emplace_back("_row");
  for (const Question* question : columns) cells.push_back(question->name);
  out += csv_line(cells, separator, for_spreadsheet);
  std::int64_t lines = 0;
  const auto add_line = [&](const RecordId& record, const Json& values) {
    cells = {text(record)};
    if (repeat) cells.push_back(values["_row"].get<std::string>());
    for (const Question* question : columns) {
      cells.push_back(values.contains(question->name) ? cell_text(values[question->name]) : "");
      // `;` parts the codes of a multi-select and the cells of a spreadsheet: the cell is quoted, as it must be.
    }
    out += csv_line(cells, separator, for_spreadsheet);
    ++lines;
  };
  View::Query query;
  query.form = form->name;
  query.limit = export_page;
  for (;;) {
    const Result<std::vector<RecordSummary>> page = (*reading)->store().list(query);
    if (!page) return failed(page.error());
    for (const RecordSummary& summary : *page) {
      const Result<std::optional<RecordState>> state = (*reading)->store().state(summary.record);
      if (!state) return failed(state.error());
      if (!*state) continue;
      const Json values = values_to_json(*form, (*state)->answers);
      if (!repeat)
        add_line(summary.record, values);
      else
        for (const Json& row : values[repeat->name]) add_line(summary.record, row);
    }
    if (page->size() < query.limit) break;
    query.offset += query.limit;
  }
  if (const Result<void> written = write_durably(*target, view_of(out)); !written) return failed(written.error());
  Reply reply;
  reply.json["file"] = *target;
  reply.json["lines"] = lines;
  reply.json["personal_data"] = personal;
  reply.text = *target + "\n";
  if (personal)
    reply.notes.push_back(
        "tệp này chứa dữ liệu cá nhân và không được mã hóa: cất giữ cẩn thận, xóa khi xong việc "
        "(this file holds personal data in the clear: keep it safe, delete it when done)");
  return reply;
}

}  // namespace fieldpost::ctl
