#include "shared/reports/programmes.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "shared/foundation/vietnamese.h"

namespace fieldpost {

namespace {

constexpr const char* none_code = "none";

/// Records of one form in the window, with whatever else `columns` names of its table `f`. A date of a month or a
/// year stands for its first day; the last parameter of the window is the day itself, so texts compare as dates do.
std::string select_in_window(const std::string& columns, const std::string& from) {
  return "SELECT " + columns + " FROM record r JOIN " + from +
         " WHERE r.present AND substr(r.own_date || '-01-01', 1, 10) BETWEEN ?1 AND ?2";
}

std::vector<std::string> codes_in(std::string_view chosen) {
  std::vector<std::string> codes;
  while (!chosen.empty()) {
    const std::size_t end = std::min(chosen.find(';'), chosen.size());
    if (end > 0) codes.emplace_back(chosen.substr(0, end));
    chosen.remove_prefix(std::min(end + 1, chosen.size()));
  }
  return codes;
}

class Counter {
 public:
  Counter(Database& view, const Catalogue& catalogue, const ReportWindow& window)
      : view_(view), catalogue_(catalogue), from_(iso_text(window.from)), to_(iso_text(window.to)) {
    report_.name = "programmes";
    report_.window = window;
    report_.line_name = "programme";
    report_.total = {"total", {"Tổng (mỗi hoạt động tính một lần)", "Total (each activity once)"}, {}};
    make_columns();
  }

  Report count() {
    count_sessions();
    count_rosters();
    count_classes();
    count_consultations();
    if (const CodeList* programmes = catalogue_.list("programmes"))
      for (const Option& option : programmes->options) {
        const bool in_window = (!option.valid_from || *option.valid_from <= report_.window.to) &&
                               (!option.valid_to || report_.window.from <= *option.valid_to);
        if (in_window || lines_.contains(option.code)) add_line(option.code, option.label);
      }
    const auto none = lines_.extract(none_code);
    // Codes that no list knows: typed by a newer laptop.
    while (!lines_.empty()) add_line(lines_.begin()->first, {lines_.begin()->first, ""});
    if (none) lines_.insert({none_code, none.mapped()});
    add_line(none_code, {"Không ghi chương trình", "No programme named"});
    return std::move(report_);
  }

 private:
  using Figures = std::map<std::string, std::int64_t>;

  // ---- Columns ----

  void column(const std::string& name, const char* vi, const char* en) {
    report_.columns.push_back({name, {vi, en}});
  }

  void columns_of_list(const std::string& prefix, const char* list) {
    if (const CodeList* codes = catalogue_.list(list))
      for (const Option& option : codes->options)
        report_.columns.push_back({prefix + "." + option.code, option.label, false, true});
  }

  void make_columns() {
    column("sessions", "Buổi truyền thông", "Outreach sessions");
    column("sessions_with_roster", "Buổi có danh sách", "Sessions with a roster");
    column("sessions_estimated", "Buổi chỉ có số ước", "Sessions with a headcount alone");
    const std::string roster = "participants.roster.";
    column(roster + "total", "Lượt người theo danh sách", "Participants by roster");
    column(roster + "probably_same", "Trong đó có thể trùng người trong cùng buổi",
           "Of them probably the same person in the same session");
    column(roster + "male", "Nam", "Male");
    column(roster + "female", "Nữ", "Female");
    column(roster + "other", "Giới tính khác", "Other sex");
    column(roster + "unknown", "Chưa ghi giới tính", "Sex not stated");
    column(roster + "kinh", "Dân tộc Kinh", "Kinh");
    column(roster + "minority", "Dân tộc thiểu số", "Ethnic minority");
    column(roster + "foreign", "Người nước ngoài", "Foreigners");
    column(roster + "ethnicity_unknown", "Chưa ghi dân tộc", "Ethnicity not stated");
    columns_of_list(roster + "by_ethnicity", "ethnic_groups");
    const std::string estimated = "participants.estimated.";
    column(estimated + "total", "Lượt người ước tính", "Participants by headcount");
    column(estimated + "female", "Nữ (ước tính)", "Female, by headcount");
    column(estimated + "minority", "Dân tộc thiểu số (ước tính)", "Ethnic minority, by headcount");
    column("classes", "Lớp tập huấn", "Training classes");
    column("class_participants", "Lượt học viên", "Learners");
    column("providers_trained", "Người thực hiện được tập huấn", "Providers trained");
    report_.columns.push_back(
        {"provider_hours", {"Số giờ tập huấn của người thực hiện", "Hours of training of providers"}, true});
    column("consultations.total", "Việc trợ giúp pháp lý", "Consultations");
    columns_of_list("consultations.by_field", "legal_fields");
    report_.columns.push_back(
        {"consultations.by_field.unknown", {"Chưa ghi lĩnh vực", "Field not stated"}, false, true});
    columns_of_list("consultations.by_category", "eligibility_categories");
    report_.columns.push_back(
        {"consultations.by_category.unknown", {"Chưa ghi diện", "Category not stated"}, false, true});
    column("paid.sessions", "Buổi do chương trình chi", "Sessions it pays for");
    column("paid.classes", "Lớp do chương trình chi", "Classes it pays for");
    column("paid.consultations", "Việc do chương trình chi", "Consultations it pays for");
    for (const Report::Column& each : report_.columns) known_.insert(each.name);
  }

  void add_line(const std::string& code, const Label& label) {
    report_.lines.push_back({code, label, lines_[code]});
    lines_.erase(code);
  }

  // ---- Counting ----

  /// Adds to the line of each programme once, and to the total once.
  void add(const std::vector<std::string>& programmes, const std::string& column, std::int64_t number = 1) {
    if (number == 0) return;
    for (const std::string& code : programmes) lines_[code][column] += number;
    report_.total.figures[column] += number;
  }
  void add_code(const std::vector<std::string>& programmes, const std::string& prefix, const std::string& code,
                std::int64_t number = 1) {
    const std::string name = prefix + "." + code;
    // A code that the list does not know still has to be in the sum.
    add(programmes, known_.contains(name) ? name : prefix + ".unknown", number);
  }

  static std::vector<std::string> programmes_in(const Statement& row, int column) {
    std::vector<std::string> codes = codes_in(row.text(column));
    if (codes.empty()) codes.push_back(none_code);
    return codes;
  }

  void add_paid(const std::vector<std::string>& programmes, const std::string& payer, const std::string& column) {
    // A payer that stayed behind when the programmes were unchosen is hidden in the form and does not count.
    if (payer.empty() || programmes.front() == none_code) return;
    add({payer}, column);
  }

  Statement rows(const std::string& columns, const std::string& from) {
    Statement statement = view_.prepare(select_in_window(columns, from));
    statement.bind(from_, to_);
    return statement;
  }

  void count_sessions() {
    Statement row = rows(
        "f.programmes, f.programme_payer, f.headcount_total, f.headcount_female, f.headcount_minority,"
        " EXISTS (SELECT 1 FROM form_outreach_session__roster o WHERE o.record = r.record)",
        "form_outreach_session f ON f.record = r.record");
    while (row.step()) {
      const std::vector<std::string> programmes = programmes_in(row, 0);
      add(programmes, "sessions");
      add_paid(programmes, row.text(1), "paid.sessions");
      if (row.integer(5) != 0) {
        add(programmes, "sessions_with_roster");
      } else if (!row.is_null(2)) {
        add(programmes, "sessions_estimated");
        add(programmes, "participants.estimated.total", row.integer(2));
        add(programmes, "participants.estimated.female", row.integer(3));
        add(programmes, "participants.estimated.minority", row.integer(4));
      }
    }
  }

  const char* ethnicity_column(const std::string& code) const {
    constexpr std::string_view kinh = "01", foreigner = "55";
    if (code == kinh) return "kinh";
    if (code == foreigner) return "foreign";
    const CodeList* groups = catalogue_.list("ethnic_groups");
    const Option* group = groups ? groups->find(code) : nullptr;
    const auto minority = group ? group->columns.find("is_minority") : decltype(group->columns.end()){};
    return group && minority != group->columns.end() && minority->second == "yes" ? "minority" : "ethnicity_unknown";
  }

  void count_rosters() {
    Statement row = rows(
        "f.programmes, o.sex, o.ethnicity, hex(r.record), o.full_name, substr(o.birth_date, 1, 4)",
        "form_outreach_session f ON f.record = r.record JOIN form_outreach_session__roster o ON o.record = r.record");
    const std::string prefix = "participants.roster.";
    std::set<std::tuple<std::string, std::string, std::string, std::string>> people;
    while (row.step()) {
      const std::vector<std::string> programmes = programmes_in(row, 0);
      const std::string sex = row.text(1), ethnicity = row.text(2);
      const bool known = sex == "male" || sex == "female" || sex == "other";
      add(programmes, prefix + "total");
      const std::string name = vietnamese::fold(row.text(4));
      if (!name.empty() && !people.emplace(row.text(3), name, row.text(5), sex).second)
        add(programmes, prefix + "probably_same");
      add(programmes, prefix + (known ? sex : "unknown"));
      add(programmes, prefix + ethnicity_column(ethnicity));
      if (known_.contains(prefix + "by_ethnicity." + ethnicity))
        add(programmes, prefix + "by_ethnicity." + ethnicity);
    }
  }

  /// As the form says it: hours written for this person alone, else the days present times the hours of a day.
  static double hours_of_learner(const Statement& row) {
    if (!row.is_null(6)) return row.real(6);
    const auto days = static_cast<double>(codes_in(row.text(7)).size());
    if (!row.is_null(8)) return days * row.real(8);
    const Result<CivilDate> first = parse_iso_date(row.text_view(10)), last = parse_iso_date(row.text_view(11));
    const std::int64_t class_days = first && last ? day_number(*last) - day_number(*first) + 1 : 1;
    return class_days > 0 ? days * row.real(9) / static_cast<double>(class_days) : 0;
  }

  void count_classes() {
    {
      Statement row = rows("f.programmes, f.programme_payer", "form_training_class f ON f.record = r.record");
      while (row.step()) {
        const std::vector<std::string> programmes = programmes_in(row, 0);
        add(programmes, "classes");
        add_paid(programmes, row.text(1), "paid.classes");
      }
    }
    const CodeList* types = catalogue_.list("provider_types");
    std::map<std::string, std::set<std::string>> trained;  // by line
    std::set<std::string> trained_in_all;
    Statement row = rows(
        "f.programmes, o.role, coalesce(o.provider_type, p.provider_type), hex(o.provider), o.full_name, "
        "o.birth_date, o.hours, o.days_present, f.hours_per_day, f.hours_planned, f.date, f.end_date",
        "form_training_class f ON f.record = r.record JOIN form_training_class__roster o ON o.record = r.record"
        " LEFT JOIN form_provider p ON p.record = o.provider");
    while (row.step()) {
      if (row.text(1) != "learner") continue;
      const std::vector<std::string> programmes = programmes_in(row, 0);
      add(programmes, "class_participants");
      const Option* type = types ? types->find(row.text(2)) : nullptr;
      if (!type) continue;
      const auto by_law = type->columns.find("is_legal_aid_provider");
      if (by_law == type->columns.end() || by_law->second != "yes") continue;
      const std::string id = row.text(3);
      const std::string who = !id.empty() ? id : vietnamese::fold(row.text(4)) + "|" + row.text(5);
      for (const std::string& code : programmes) trained[code].insert(who);
      trained_in_all.insert(who);
      add(programmes, "provider_hours", std::llround(hours_of_learner(row) * 1000));
    }
    for (const auto& [code, people] : trained)
      lines_[code]["providers_trained"] = static_cast<std::int64_t>(people.size());
    report_.total.figures["providers_trained"] = static_cast<std::int64_t>(trained_in_all.size());
  }

  void count_consultations() {
    Statement row = rows("f.programmes, f.programme_payer, f.legal_field, f.used_category, f.eligibility",
                         "form_consultation f ON f.record = r.record");
    while (row.step()) {
      const std::vector<std::string> programmes = programmes_in(row, 0);
      add(programmes, "consultations.total");
      add_paid(programmes, row.text(1), "paid.consultations");
      add_code(programmes, "consultations.by_field", row.text(2));
      std::string category = row.text(3);
      const std::vector<std::string> named = codes_in(row.text(4));
      if (category.empty() && named.size() == 1) category = named.front();
      add_code(programmes, "consultations.by_category", category);
    }
  }

  Database& view_;
  const Catalogue& catalogue_;
  std::string from_, to_;
  Report report_;
  std::set<std::string> known_;
  std::map<std::string, Figures> lines_;
};

}  // namespace

Result<Report> programmes_report(Database& view, const Catalogue& catalogue, const ReportWindow& window) {
  return guarded([&] { return Counter(view, catalogue, window).count(); });
}

}  // namespace fieldpost
