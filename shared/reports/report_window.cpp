#include "shared/reports/report_window.h"

namespace fieldpost {

namespace {

CivilDate date(int year, int month, int day) {
  return {static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)};
}
CivilDate end_of(int year, int month) { return last_day(date(year, month, 0)); }

/// The month an administrative report counts a day to: from the 15th on it is the next one's.
CivilDate administrative_month(const CivilDate& day) {
  if (day.day < 15) return date(day.year, day.month, 0);
  return day.month == 12 ? date(day.year + 1, 1, 0) : date(day.year, day.month + 1, 0);
}
/// From the 15th of the month before `first` to the 14th of `last`, of one year.
ReportWindow administrative(int year, int first, int last) {
  return {first == 1 ? date(year - 1, 12, 15) : date(year, first - 1, 15), date(year, last, 14), {}};
}

}  // namespace

const std::vector<ReportPreset>& report_presets() {
  static const std::vector<ReportPreset> presets = {
      {"month",
       {"Tháng", "Month"},
       "TT 12/2018/TT-BTP Đ7",
       [](const CivilDate& d) {
         return ReportWindow{date(d.year, d.month, 1), end_of(d.year, d.month), {}};
       }},
      {"quarter",
       {"Quý", "Quarter"},
       "",
       [](const CivilDate& d) {
         const int first = (d.month - 1) / 3 * 3 + 1;
         return ReportWindow{date(d.year, first, 1), end_of(d.year, first + 2), {}};
       }},
      {"half_year",
       {"6 tháng", "Half year"},
       "TT 12/2018/TT-BTP Đ7",
       [](const CivilDate& d) {
         const int first = d.month <= 6 ? 1 : 7;
         return ReportWindow{date(d.year, first, 1), end_of(d.year, first + 5), {}};
       }},
      {"year",
       {"Năm (số liệu chính thức)", "Year (official figures)"},
       "TT 03/2019/TT-BTP",
       [](const CivilDate& d) {
         return ReportWindow{date(d.year, 1, 1), date(d.year, 12, 31), {}};
       }},
      {"statistics_half_year",
       {"Thống kê 6 tháng (thực tế đến 31/5, ước tháng 6)",
        "Half-year statistics (actual to 31 May, June estimated)"},
       "TT 03/2019/TT-BTP",
       [](const CivilDate& d) {
         return ReportWindow{date(d.year, 1, 1), date(d.year, 6, 30), date(d.year, 5, 31)};
       }},
      {"statistics_year",
       {"Thống kê năm (thực tế đến 31/10, ước 2 tháng)", "Yearly statistics (actual to 31 October, rest estimated)"},
       "TT 03/2019/TT-BTP",
       [](const CivilDate& d) {
         return ReportWindow{date(d.year, 1, 1), date(d.year, 12, 31), date(d.year, 10, 31)};
       }},
      {"administrative_month",
       {"Tháng hành chính (15 tháng trước đến 14)", "Administrative month (15th to 14th)"},
       "NĐ 09/2019/NĐ-CP",
       [](const CivilDate& d) {
         const CivilDate month = administrative_month(d);
         return administrative(month.year, month.month, month.month);
       }},
      {"administrative_quarter",
       {"Quý hành chính (từ ngày 15 đến 14)", "Administrative quarter (15th to 14th)"},
       "NĐ 09/2019/NĐ-CP",
       [](const CivilDate& d) {
         const CivilDate month = administrative_month(d);
         const int first = (month.month - 1) / 3 * 3 + 1;
         return administrative(month.year, first, first + 2);
       }},
      {"administrative_half_year",
       {"6 tháng hành chính (15/12 đến 14/6)", "Administrative half year (15 December to 14 June)"},
       "NĐ 09/2019/NĐ-CP",
       [](const CivilDate& d) { return administrative(administrative_month(d).year, 1, 6); }},
      {"administrative_year",
       {"Năm hành chính (15/12 đến 14/12)", "Administrative year (15 December to 14 December)"},
       "NĐ 09/2019/NĐ-CP",
       [](const CivilDate& d) { return administrative(administrative_month(d).year, 1, 12); }},
      {"council",
       {"Hội đồng phối hợp, kỳ 1 (01/01 đến 31/10)", "Coordination council, run 1 (1 January to 31 October)"},
       "TTLT 10/2018 Đ20",
       [](const CivilDate& d) {
         return ReportWindow{date(d.year, 1, 1), date(d.year, 10, 31), {}};
       }},
      {"movement",
       {"Phong trào thi đua (01/01 đến 30/9)", "Movement (1 January to 30 September)"},
       "KH 613/KH-HĐPHLN",
       [](const CivilDate& d) {
         return ReportWindow{date(d.year, 1, 1), date(d.year, 9, 30), {}};
       }},
      {"phase",
       {"Giai đoạn 5 năm của chương trình", "Five-year phase of a programme"},
       "QĐ 90/QĐ-TTg; QĐ 263/QĐ-TTg; QĐ 1719/QĐ-TTg",
       [](const CivilDate& d) {
         const int first = (d.year - 1) / 5 * 5 + 1;  // 2021–2025, 2026–2030
         return ReportWindow{date(first, 1, 1), date(first + 4, 12, 31), {}};
       }},
  };
  return presets;
}

const ReportPreset* find_preset(std::string_view name) {
  for (const ReportPreset& preset : report_presets())
    if (name == preset.name) return &preset;
  return nullptr;
}

}  // namespace fieldpost
