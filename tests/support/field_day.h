// What three laptops write on one day without a network (domain 8.2), as values for the command line, and what a
// person counts from them on paper. Laptops A and B belong to one team, laptop C to the border-guard station.
#pragma once

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "shared/foundation/vietnamese.h"

namespace fieldpost::test::field_day {

using Json = nlohmann::json;

inline constexpr const char* date = "2025-10-15";
inline constexpr std::int64_t morning_ms = 1'760'486'400'000;  // 2025-10-15T00:00:00Z, 07:00 in Vietnam

// ---- People on the roster: numbers 0 to 51 came to A's table, 0 to 10 and 52 to 78 to B's
// --------------------------

inline constexpr int people_of_both = 11, people_of_a = 52, people_in_all = 79;

inline std::string person_name(int number) {
  static constexpr std::array families = {"Nguyễn", "Trần", "Danh", "Thạch", "Huỳnh", "Đỗ", "Phạm", "Võ"};
  static constexpr std::array given = {"Bưởi", "Đạo",  "Hường", "Khởi",  "Lành",
                                       "Được", "Thắm", "Nghĩa", "Xuyến", "Tèo"};
  // Number 60 bears the whole name of number 20 and is another person, of another year.
  const int named_as = number == 60 ? 20 : number;
  return std::string(families[static_cast<std::size_t>(named_as / 10)]) + (named_as % 2 == 0 ? " Thị " : " Văn ") +
         given[static_cast<std::size_t>(named_as % 10)];
}

/// One row as a table writes it down. Even numbers are women; every fifth is Khơ-me, 1 did not say, 77 is a
/// foreigner.
inline Json person(int number, bool at_table_b) {
  const std::string year = std::to_string(1940 + number);
  Json row = {{"full_name", person_name(number)},
              {"sex", number % 2 == 0 ? "female" : "male"},
              {"birth_date", year},
              {"hamlet", "Ấp Rạch " + std::to_string(number % 4 + 1)},
              {"note", "dòng " + std::to_string(number) + (at_table_b ? " bàn hai" : " bàn một")}};
  if (number == 77)
    row["ethnicity"] = "55";
  else if (number % 5 == 0)
    row["ethnicity"] = "05";
  else if (number != 1)
    row["ethnicity"] = "01";
  if (number < people_of_both && at_table_b) {
    // The same person, as another hand writes.
    row["full_name"] = vietnamese::upper_case(person_name(number));
    row["birth_date"] = year + "-03-07";
  }
  return row;
}

inline Json roster_of_a() {
  Json rows = Json::array();
  for (int number = 0; number < people_of_a; ++number) rows.push_back(person(number, false));
  return rows;
}
inline Json roster_of_b() {
  Json rows = Json::array();
  for (int number = 0; number < people_of_both; ++number) rows.push_back(person(number, true));
  for (int number = people_of_a; number < people_in_all; ++number) rows.push_back(person(number, true));
  return rows;
}

// ---- The session
// ---------------------------------------------------------------------------------------------------

inline Json session_as_written() {
  return {{"title", "Trợ giúp pháp lý lưu động tại ấp 7"},
          {"date", date},
          {"start_time", "08:00"},
          {"place", "32062@post-2025-07"},
          {"hamlet", "Ấp 7"},
          {"venue", "Nhà văn hóa ấp 7"},
          {"format", "TGPL_LD"},
          {"topics", {"BGB", "DD", "TGPL"}},
          {"co_hosts", "DBP-KH"},
          {"programmes", {"MTQG_DTTS_2125", "PHBP"}},
          {"programme_payer", "MTQG_DTTS_2125"},
          {"headcount_total", 75}};
}
inline const std::string note_of_a = "Ranh đất, cấp sổ đỏ; có phiên dịch tiếng Khơ-me";
inline const std::string note_of_b = "Biên giới biển, chống khai thác IUU";
inline const std::string note_agreed = "Đất đai; biên giới biển, chống khai thác IUU";

inline Json session_edit_of_a() {
  return {{"headcount_total", 83}, {"start_time", "08:15"}, {"topic_note", note_of_a}, {"roster", roster_of_a()}};
}
inline Json session_edit_of_b() {
  return {{"place", "32059@post-2025-07"}, {"topic_note", note_of_b}, {"roster", roster_of_b()}};
}
/// All of it but the note, which two people wrote differently.
inline Json session_in_the_evening() {
  Json session = session_as_written();
  session["headcount_total"] = 83;
  session["start_time"] = "08:15";
  session["place"] = "32059@post-2025-07";
  session["roster"] = roster_of_a();
  for (const Json& row : roster_of_b()) session["roster"].push_back(row);
  return session;
}
/// What of it the station may read.
inline Json session_for_the_station() {
  Json session = session_in_the_evening();
  for (const char* name : {"programmes", "programme_payer", "roster"}) session.erase(name);
  return session;
}

// ---- A's consultations, B's class, C's own session
// -----------------------------------------------------------------

/// Twelve; the first eight under a programme.
inline std::vector<Json> consultations() {
  struct Matter {
    const char *name, *sex, *field, *category, *summary;
  };
  static constexpr std::array<Matter, 12> matters = {{
      {"Lý Thị Sà Quênh", "female", "DD", "DTTS", "hàng rào nhà bên lấn hai công ruộng"},
      {"Kim Sóc Thy", "male", "DD", "DTTS", "đất cha cho bằng miệng, anh em tranh nhau"},
      {"Bùi Thị Sáu", "female", "DD", "HN", "sổ đỏ ghi thiếu diện tích vuông tôm"},
      {"Ngô Thị Ngoan", "female", "HNGD", "BLGD", "chồng say rượu đánh vợ, muốn ly hôn"},
      {"Lê Thị Út", "female", "HNGD", "HN", "cha đứa nhỏ không chịu cấp dưỡng"},
      {"Hồ Văn Lượm", "male", "DS", "HN", "cho mượn ba chục triệu, giấy viết tay"},
      {"Phan Văn Đực", "male", "BGB", "HN", "thiết bị giám sát tàu cá mất sóng sáu giờ"},
      {"Dương Thị Nhàn", "female", "HT", "DTTS", "cháu bảy tuổi chưa có giấy khai sinh"},
      {"Trương Thị Mười", "female", "NCC", "NCC", "hồ sơ vợ liệt sĩ bị trả vì lệch năm sinh"},
      {"Lâm Hoàng Khải", "male", "HS", "TE", "bị nhóm bạn ép đưa điện thoại"},
      {"Đặng Thị Diễm", "female", "LD", "HN", "xưởng tôm nợ hai tháng lương"},
      {"Châu Quốc Tài", "male", "DS", "NCT", "lập di chúc để lại nhà cho con gái út"},
  }};
  std::vector<Json> all;
  for (const Matter& matter : matters) {
    Json values = {{"date", date},
                   {"place", "32059@post-2025-07"},
                   {"full_name", matter.name},
                   {"sex", matter.sex},
                   {"birth_date", std::to_string(1950 + all.size())},
                   {"address", "nhà số " + std::to_string(101 + all.size()) + " kênh Xáng Cùng"},
                   {"citizen_number", "0961500" + std::to_string(10101 + all.size())},
                   {"eligibility", {matter.category}},
                   {"used_category", matter.category},
                   {"legal_field", matter.field},
                   {"summary", matter.summary},
                   {"advice", std::string("đã hướng dẫn: ") + matter.summary},
                   {"outcome", "answered"},
                   {"service_form", "VIEC"}};
    if (all.size() < 8) values["programmes"] = {"MTQG_DTTS_2125"};
    all.push_back(values);
  }
  return all;
}

/// Two days, 25 learners: nine legal-aid officers of 12 hours, five lawyers of 8, four collaborators of 4.5, and
/// seven civil servants, who are no providers.
inline Json training_class() {
  Json values = {{"title", "Tập huấn kỹ năng tiếp người dân tộc thiểu số"},
                 {"date", "2025-10-14"},
                 {"end_date", date},
                 {"mode", "in_person"},
                 {"place", "32002@post-2025-07"},
                 {"hours_planned", 12},
                 {"programmes", {"MTQG_DTTS_2125"}},
                 {"headcount_total", 25},
                 {"roster", Json::array()}};
  for (int number = 0; number < 25; ++number) {
    const Json kind = number < 9    ? Json{"TGVPL", 12}
                      : number < 14 ? Json{"LS_HD", 8}
                      : number < 18 ? Json{"CTV", 4.5}
                                    : Json{"CBX", 12};
    values["roster"].push_back({{"full_name", "Cán bộ Học Viên " + std::to_string(number + 1)},
                                {"sex", number % 3 == 0 ? "female" : "male"},
                                {"birth_date", std::to_string(1970 + number)},
                                {"workplace", "Phòng số " + std::to_string(number + 1)},
                                {"role", "learner"},
                                {"provider_type", kind[0]},
                                {"hours", kind[1]}});
  }
  return values;
}

inline Json session_of_the_station() {
  return {{"title", "Tuyên truyền Luật Biên phòng tại bến cá"},
          {"date", date},
          {"start_time", "14:00"},
          {"place", "32062@post-2025-07"},
          {"format", "BPPH"},
          {"topics", {"BGB", "IUU"}},
          {"programmes", {"PHBP"}},
          {"headcount_total", 46},
          {"headcount_female", 9},
          {"headcount_minority", 5}};
}

// ---- Counted on paper
// ----------------------------------------------------------------------------------------------

/// The report's figures for October 2025, by line. 90 rows: 52 and 38, 11 people in both; women 26 + 20; Khơ-me 11
/// + 8.
inline Json figures() {
  const Json roster = {{"total", 90},
                       {"probably_same", 11},
                       {"male", 44},
                       {"female", 46},
                       {"other", 0},
                       {"unknown", 0},
                       {"kinh", 68},
                       {"minority", 19},
                       {"foreign", 1},
                       {"ethnicity_unknown", 2},
                       {"by_ethnicity", {{"01", 68}, {"05", 19}, {"55", 1}}}};
  const Json estimated = {{"total", 46}, {"female", 9}, {"minority", 5}};
  const Json none = {{"total", 0}, {"female", 0}, {"minority", 0}};
  Json lines;
  lines["total"] = {
      {"sessions", 2},
      {"sessions_with_roster", 1},
      {"sessions_estimated", 1},
      {"participants", {{"roster", roster}, {"estimated", estimated}}},
      {"classes", 1},
      {"class_participants", 25},
      {"providers_trained", 18},
      {"provider_hours", 166},
      {"consultations",
       {{"total", 12},
        {"by_field", {{"DD", 3}, {"HNGD", 2}, {"DS", 2}, {"BGB", 1}, {"HT", 1}, {"NCC", 1}, {"HS", 1}, {"LD", 1}}},
        {"by_category", {{"DTTS", 3}, {"HN", 5}, {"BLGD", 1}, {"NCC", 1}, {"TE", 1}, {"NCT", 1}}}}},
      {"paid", {{"sessions", 1}, {"classes", 0}, {"consultations", 0}}}};
  lines["MTQG_DTTS_2125"] = {{"sessions", 1},
                             {"sessions_with_roster", 1},
                             {"sessions_estimated", 0},
                             {"participants", {{"roster", roster}, {"estimated", none}}},
                             {"classes", 1},
                             {"class_participants", 25},
                             {"providers_trained", 18},
                             {"provider_hours", 166},
                             {"consultations",
                              {{"total", 8},
                               {"by_field", {{"DD", 3}, {"HNGD", 2}, {"DS", 1}, {"BGB", 1}, {"HT", 1}}},
                               {"by_category", {{"DTTS", 3}, {"HN", 4}, {"BLGD", 1}}}}},
                             {"paid", {{"sessions", 1}, {"classes", 0}, {"consultations", 0}}}};
  lines["PHBP"] = {{"sessions", 2},
                   {"sessions_with_roster", 1},
                   {"sessions_estimated", 1},
                   {"participants", {{"roster", roster}, {"estimated", estimated}}},
                   {"classes", 0},
                   {"class_participants", 0},
                   {"providers_trained", 0},
                   {"provider_hours", 0},
                   {"paid", {{"sessions", 0}, {"classes", 0}, {"consultations", 0}}}};
  return lines;
}

}  // namespace fieldpost::test::field_day
