// The words that sample values are made of: invented people and matters of the kind domain 8 describes. In a text,
// {…} is filled in by sample_values.cpp.
#pragma once

#include <array>
#include <string_view>

namespace fieldpost::samples {

// Surnames as often as they occur: 30–40 % are Nguyễn.
inline constexpr std::array<std::string_view, 28> surnames = {
    "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Trần",
    "Trần",   "Trần",   "Lê",     "Lê",     "Phạm",   "Phạm",   "Huỳnh",  "Huỳnh",  "Phan",   "Võ",
    "Đặng",   "Bùi",    "Đỗ",     "Hồ",     "Ngô",    "Dương",  "Trương", "Đoàn"};
inline constexpr std::array<std::string_view, 14> male_middles = {
    "Văn", "Văn", "Văn", "Hữu", "Mạnh", "Quốc", "Thành", "Hoàng", "Đức", "Công", "Trọng", "Phước", "Chí", "Tấn"};
inline constexpr std::array<std::string_view, 12> female_middles = {
    "Thị", "Thị", "Thị", "Thị", "Ngọc", "Thị Mỹ", "Mỹ", "Thị Hồng", "Bích", "Thúy", "Diễm", "Thị Cẩm"};
inline constexpr std::array<std::string_view, 24> male_names = {
    "An",  "Bình", "Cường", "Dũng", "Đạt", "Giàu", "Hải", "Hiếu",  "Hùng", "Khánh", "Lâm",    "Lợi",
    "Mẫn", "Nam",  "Nghĩa", "Phúc", "Quý", "Sơn",  "Tài", "Thắng", "Toàn", "Trí",   "Trường", "Út"};
inline constexpr std::array<std::string_view, 24> female_names = {
    "Ánh", "Bưởi", "Cúc", "Diệu",  "Đào",   "Giang",  "Hạnh",  "Hoa",  "Hường", "Lan",   "Liễu",  "Loan",
    "Lụa", "Mai",  "Nga", "Nhung", "Nương", "Phượng", "Sương", "Thảo", "Thu",   "Trinh", "Tuyết", "Yến"};

// Khơ-me, Chăm and Ra-glai names may have one or many parts.
inline constexpr std::array<std::string_view, 8> khmer_male = {"Danh Sà Rươl",  "Thạch Phên",   "Sơn Hoàng Đen",
                                                               "Kim Sà Thương", "Danh Hữu Lộc", "Thạch Rết",
                                                               "Hữu Mạnh",      "Danh Kiểm"};
inline constexpr std::array<std::string_view, 8> khmer_female = {
    "Thạch Thị Sà Rươn", "Danh Thị Điệp", "Sơn Thị Sà Phia", "Kim Thị Mẫu",
    "Danh Thị Kiều",     "Thạch Thị Đa",  "Lâm Thị Sà Nết",  "Hữu Thị Ươl"};
inline constexpr std::array<std::string_view, 6> cham_male = {"Thành Văn Chiếu", "Báo Văn Thiên",  "Kiều Ngọc Quyên",
                                                              "Đàng Năng Thọ",   "Quảng Đại Hồng", "Hứa Văn Lộc"};
inline constexpr std::array<std::string_view, 6> cham_female = {"Kiều Thị Mận",  "Báo Thị Thủy", "Thành Thị Nhiên",
                                                                "Đàng Thị Phan", "Lưu Thị Đượm", "Hứa Thị Ngọc"};
inline constexpr std::array<std::string_view, 6> raglai_male = {"Pi Năng Thạnh", "Ka Tơ Nhân", "Chamaléa Điệp",
                                                                "Ta Yên Thế",    "Ka Dá Khởi", "Pupur Thiếu"};
inline constexpr std::array<std::string_view, 6> raglai_female = {"Chamaléa Thị Hương", "Pi Năng Thị Mới",
                                                                  "Ka Tơ Thị Hiền",     "Ta Yên Thị Mai",
                                                                  "Ka Dá Thị Ngợi",     "Mấu Thị Bích Phanh"};

inline constexpr std::array<std::string_view, 12> hamlets_south = {
    "ấp 2",   "ấp 7",         "ấp 13",  "ấp Kinh Hội", "ấp Rạch Gốc", "ấp Cái Mòi",
    "khóm 4", "ấp Ông Thuộc", "ấp Mũi", "ấp Xẻo Bá",   "ấp Vàm Xoáy", "ấp Rạch Tàu"};
inline constexpr std::array<std::string_view, 10> hamlets_central = {
    "thôn Ma Oai",      "thôn Ha Lá Hạ", "thôn Rã Giữa", "thôn Sơn Hải 1", "thôn Từ Thiện",
    "thôn Vĩnh Trường", "thôn Thái An",  "thôn Mỹ Hòa",  "thôn Đá Hang",   "khu phố 3"};
inline constexpr std::array<std::string_view, 7> venues = {
    "Nhà văn hóa {hamlet}",           "Trụ sở sinh hoạt {hamlet}", "Hội trường UBND {commune}",
    "Trường Tiểu học {commune_name}", "Chùa tại {hamlet}",         "Trường THCS {commune_name}",
    "Nhà cộng đồng {hamlet}"};

struct Matter {
  std::string_view field;  // legal_fields
  std::string_view topic;  // for the title of a session
  std::array<std::string_view, 3> problems;
  std::array<std::string_view, 3> answers;
};

inline constexpr std::array<Matter, 11> matters = {{
    {"DD",
     "đất đai, cấp giấy chứng nhận quyền sử dụng đất",
     {"Gia đình canh tác {area} đất nuôi tôm từ năm {year} nhưng chưa được cấp giấy chứng nhận; hộ giáp ranh lấn "
      "khoảng {metres} m.",
      "Cha mẹ cho {area} đất bằng giấy tay năm {year}, nay {relative} đòi chia lại và không chịu ký giáp ranh.",
      "Đất bị thu hồi làm đường, diện tích đo thực tế {area} nhưng quyết định bồi thường ghi ít hơn {metres} m²."},
     {"Giải thích Điều 138 Luật Đất đai 2024 về cấp giấy chứng nhận cho hộ đang sử dụng đất không có giấy tờ; hướng "
      "dẫn yêu cầu hòa giải tại UBND {commune} trước khi khởi kiện.",
      "Giải thích điều kiện tặng cho quyền sử dụng đất, hướng dẫn thu thập giấy tay, xác nhận của người làm chứng và "
      "nộp hồ sơ tại Chi nhánh Văn phòng đăng ký đất đai.",
      "Hướng dẫn thời hiệu khiếu nại 90 ngày, mẫu đơn khiếu nại lần đầu và nơi nhận đơn tại UBND {commune}."}},
    {"HNGD",
     "hôn nhân và gia đình, phòng, chống bạo lực gia đình",
     {"Vợ chồng ly thân từ năm {year}, có {count} con chung; muốn ly hôn và được nuôi con, chồng bỏ đi làm ăn xa "
      "không liên lạc được.",
      "Bị chồng đánh nhiều lần khi uống rượu, lần gần nhất ngày {past}; sợ về nhà, đang ở nhờ nhà {relative}.",
      "Chung sống từ năm {year} không đăng ký kết hôn, nay chia tay, tranh chấp căn nhà và {amount} tiền hụi."},
     {"Hướng dẫn thủ tục ly hôn đơn phương tại Tòa án nhân dân khu vực, hồ sơ cần có và việc thông báo tìm kiếm "
      "người vắng mặt.",
      "Giải thích quyền yêu cầu cấm tiếp xúc và nơi tạm lánh theo Luật Phòng, chống bạo lực gia đình 2022; liên hệ "
      "Công an và Hội Phụ nữ {commune}.",
      "Giải thích hậu quả pháp lý của việc chung sống không đăng ký kết hôn; tài sản giải quyết theo thỏa thuận hoặc "
      "theo Bộ luật Dân sự."}},
    {"DS",
     "thừa kế, vay nợ, hợp đồng dân sự",
     {"Cho {relative} vay {amount} từ năm {year}, chỉ có giấy viết tay, đã đòi {count} lần không trả.",
      "Cha mất năm {year} không để lại di chúc, {count} anh em không thống nhất chia căn nhà và {area} vườn.",
      "Mua vỏ lãi máy cũ giá {amount}, dùng được {count} tháng thì hư, người bán không chịu bảo hành."},
     {"Hướng dẫn viết đơn khởi kiện đòi nợ, chứng cứ cần nộp và mức án phí; giải thích trường hợp được miễn án phí.",
      "Giải thích hàng thừa kế thứ nhất theo Điều 651 Bộ luật Dân sự 2015, thủ tục khai nhận di sản tại tổ chức hành "
      "nghề công chứng.",
      "Giải thích trách nhiệm của bên bán về khuyết tật của tài sản; khuyên hai bên hòa giải tại tổ hòa giải "
      "{hamlet} trước."}},
    {"HT",
     "khai sinh, hộ tịch, căn cước",
     {"Con {count} tuổi chưa có giấy khai sinh vì cha mẹ không đăng ký kết hôn, không làm được thẻ bảo hiểm y tế.",
      "Ngày sinh trên giấy khai sinh và căn cước lệch nhau, không làm được hồ sơ trợ cấp từ năm {year}.",
      "Mất hết giấy tờ trong đợt triều cường năm {year}, không biết làm lại khai sinh ở đâu sau khi sáp nhập xã."},
     {"Hướng dẫn đăng ký khai sinh quá hạn tại UBND {commune}, giấy tờ thay thế và việc ghi phần khai về người cha.",
      "Hướng dẫn thủ tục cải chính hộ tịch và cập nhật Cơ sở dữ liệu quốc gia về dân cư, không mất lệ phí với hộ "
      "nghèo.",
      "Hướng dẫn đăng ký lại khai sinh tại UBND {commune} mới; sổ gốc đã được bàn giao từ xã cũ."}},
    {"BGB",
     "biên giới biển, chống khai thác hải sản bất hợp pháp (IUU)",
     {"Tàu cá dài {metres} m bị lập biên bản ngày {past} vì mất kết nối giám sát hành trình, mức phạt dự kiến "
      "{amount}.",
      "Đi biển theo tàu của {relative}, giấy chứng nhận thuyền viên hết hạn từ năm {year}, hỏi có được tiếp tục ra "
      "khơi không.",
      "Bị tạm giữ ngư cụ tại cửa biển ngày {past}, hỏi thủ tục nhận lại và nộp phạt làm nhiều lần."},
     {"Giải thích Nghị định 38/2024/NĐ-CP về xử phạt trong lĩnh vực thủy sản, quyền giải trình trong 5 ngày làm "
      "việc.",
      "Hướng dẫn gia hạn giấy tờ thuyền viên tại Chi cục Thủy sản; chưa đủ giấy tờ thì không được rời cảng.",
      "Hướng dẫn đơn đề nghị nộp phạt nhiều lần và thủ tục nhận lại tang vật, phương tiện bị tạm giữ."}},
    {"CSXH",
     "chính sách giảm nghèo, bảo trợ xã hội",
     {"Nhà có {count} người, thu nhập từ làm thuê, bị đưa ra khỏi danh sách hộ nghèo năm {year} mà không được giải "
      "thích.",
      "Khuyết tật nặng từ năm {year}, chưa được xác định mức độ khuyết tật nên chưa có trợ cấp hằng tháng.",
      "Nuôi {relative} trên 80 tuổi không có lương hưu, hỏi thủ tục hưởng trợ cấp xã hội."},
     {"Giải thích tiêu chí chuẩn nghèo và quyền yêu cầu rà soát lại; hướng dẫn viết đơn gửi UBND {commune}.",
      "Hướng dẫn hồ sơ đề nghị xác định mức độ khuyết tật gửi UBND {commune}, thời hạn giải quyết 25 ngày.",
      "Hướng dẫn tờ khai đề nghị trợ cấp xã hội, mức hưởng và thời điểm hưởng theo Nghị định 20/2021/NĐ-CP."}},
    {"HC",
     "khiếu nại, tố cáo",
     {"Gửi đơn khiếu nại {count} lần từ năm {year} về quyết định xử phạt vi phạm hành chính, chưa được trả lời.",
      "Không đồng ý với quyết định cưỡng chế tháo dỡ phần nhà lấn kinh {metres} m, hỏi cách khiếu nại.",
      "Muốn tố cáo việc bình xét hỗ trợ nhà ở không công khai tại {hamlet}."},
     {"Giải thích trình tự khiếu nại lần hai và quyền khởi kiện vụ án hành chính; khuyên không gửi đơn vượt cấp.",
      "Hướng dẫn đơn khiếu nại lần đầu gửi người ra quyết định, thời hạn giải quyết 30 ngày.",
      "Giải thích khác nhau giữa phản ánh, kiến nghị và tố cáo; người dân đồng ý gửi phản ánh đến UBND {commune}."}},
    {"HS",
     "pháp luật hình sự, phòng, chống ma túy",
     {"Con trai bị khởi tố tội cố ý gây thương tích ngày {past}, đang bị tạm giữ, gia đình không biết được nhờ ai "
      "bào chữa.",
      "Bị lừa {amount} qua mạng khi mua hàng, đã trình báo Công an ngày {past}, chưa có kết quả.",
      "{relative} bị tai nạn giao thông năm {year}, bên gây tai nạn mới bồi thường {amount}."},
     {"Giải thích quyền được bào chữa và được trợ giúp pháp lý của người bị buộc tội; hướng dẫn làm đơn yêu cầu cử "
      "trợ giúp viên.",
      "Hướng dẫn theo dõi tin báo, quyền khiếu nại khi quá hạn giải quyết tố giác và cách giữ chứng cứ tin nhắn, sao "
      "kê.",
      "Giải thích các khoản bồi thường thiệt hại về sức khỏe theo Điều 590 Bộ luật Dân sự 2015 và quyền của bị "
      "hại."}},
    {"LD",
     "lao động, bảo hiểm xã hội",
     {"Làm công nhân chế biến thủy sản từ năm {year}, công ty cho nghỉ việc không báo trước, còn nợ {amount} tiền "
      "lương.",
      "Đóng bảo hiểm xã hội {count} năm, hỏi nên rút một lần hay bảo lưu.",
      "{relative} chết do tai nạn khi đi ghe thuê, chủ ghe chỉ đưa {amount} rồi thôi."},
     {"Hướng dẫn đề nghị hòa giải viên lao động, thời hiệu 1 năm; mức bồi thường khi chấm dứt hợp đồng trái pháp "
      "luật.",
      "Giải thích quyền lợi khi bảo lưu và điều kiện rút một lần theo Luật Bảo hiểm xã hội 2024.",
      "Giải thích trách nhiệm của người sử dụng lao động khi có tai nạn lao động chết người, kể cả hợp đồng miệng."}},
    {"NCC",
     "ưu đãi người có công với cách mạng",
     {"Cha là thương binh mất năm {year}, gia đình chưa nhận trợ cấp mai táng phí và tuất.",
      "Tham gia kháng chiến, giấy tờ thất lạc, chỉ còn {count} người cùng đơn vị làm chứng.",
      "Con của người hoạt động kháng chiến nhiễm chất độc hóa học, dị tật từ nhỏ, hồ sơ bị trả lại ngày {past}."},
     {"Hướng dẫn hồ sơ mai táng phí và trợ cấp tuất theo Nghị định 131/2021/NĐ-CP, nộp tại UBND {commune}.",
      "Giải thích giấy tờ thay thế được chấp nhận; hẹn Chi nhánh phối hợp Hội Cựu chiến binh xác minh.",
      "Giải thích lý do trả hồ sơ, giấy tờ y tế cần bổ sung và nơi giám định."}},
    {"KHAC",
     "quyền được trợ giúp pháp lý",
     {"Hỏi điều kiện được trợ giúp pháp lý miễn phí cho {relative}, thuộc hộ nghèo từ năm {year}.",
      "Bị người lạ gọi điện tự xưng cán bộ đòi {amount} để làm hồ sơ chính sách.",
      "Hỏi nơi nộp hồ sơ sau khi bỏ cấp huyện; đã đi {count} nơi không ai nhận."},
     {"Giải thích các diện người được trợ giúp pháp lý, giấy tờ chứng minh và số điện thoại của Chi nhánh.",
      "Khuyên không chuyển tiền, trình báo Công an {commune}; cung cấp đường dây nóng của Trung tâm.",
      "Hướng dẫn Trung tâm Phục vụ hành chính công {commune} và cổng dịch vụ công quốc gia."}},
}};

// Details of a matter: who did what, and how it stands. Drawn one by one, so that no two records tell the same story.
inline constexpr std::array<std::string_view, 20> actors = {"ông {man}",
                                                            "bà {woman}",
                                                            "anh {man}",
                                                            "chị {woman}",
                                                            "hộ giáp ranh",
                                                            "chủ ghe {man}",
                                                            "phía nhà chồng",
                                                            "người anh cả",
                                                            "bên mua",
                                                            "trưởng ấp {person}",
                                                            "tổ hòa giải",
                                                            "công chức địa chính",
                                                            "người làm chứng {person}",
                                                            "chủ nợ {person}",
                                                            "hai bên gia đình",
                                                            "cán bộ tiếp dân",
                                                            "thương lái {person}",
                                                            "chủ đầm tôm {person}",
                                                            "người con út",
                                                            "chị dâu {woman}"};
inline constexpr std::array<std::string_view, 36> acts = {"hứa trả {amount} rồi xin khất thêm {count} tháng",
                                                          "cắm lại mốc ranh, lấn qua {metres} m",
                                                          "không chịu ký biên bản hòa giải số {number}",
                                                          "chuyển khoản {amount} nhưng không ghi nội dung",
                                                          "đưa ra giấy tay viết năm {year}, chữ ký không giống",
                                                          "xác nhận có biết việc sang nhượng {area}",
                                                          "mời lên trụ sở {count} lần mà chưa lập biên bản",
                                                          "nhận đặt cọc {amount} để sang vuông tôm",
                                                          "thuê người múc kinh, làm sạt {metres} m bờ bao",
                                                          "giữ căn cước và sổ hộ nghèo của gia đình",
                                                          "trả lại hồ sơ, yêu cầu bổ sung giấy số {number}",
                                                          "bỏ đi làm ở Bình Dương từ năm {year}",
                                                          "đập phá hàng rào dài {metres} m",
                                                          "ra thông báo số {number} nhưng không gửi cho gia đình",
                                                          "đòi lãi {count} phân một tháng trên {amount}",
                                                          "chặt {count} cây dừa trồng từ năm {year}",
                                                          "đăng lên mạng hình ảnh của cả nhà",
                                                          "gọi điện thúc ép ký giấy nhận nợ {amount}",
                                                          "mua chịu vật tư {amount}, hẹn tới vụ sau",
                                                          "đo lại đất, thiếu {metres} m so với bản đồ năm {year}",
                                                          "cho con nghỉ học từ lớp {count} để đi biển",
                                                          "đóng tàu chung, góp {amount} không có hợp đồng",
                                                          "ký thay tên trong đơn số {number}",
                                                          "bị Đồn Biên phòng lập biên bản số {number}",
                                                          "đem thế chấp giấy đỏ số {number} vay {amount}",
                                                          "nói thửa {number} là đất công, không cấp giấy",
                                                          "sửa năm sinh thành {year} khi làm lại giấy tờ",
                                                          "tự ý xây nhà trên {area} đất hương hỏa",
                                                          "nợ tiền công {count} chuyến biển, tổng cộng {amount}",
                                                          "khóa đường đi chung rộng {count} m",
                                                          "khai mất giấy khai sinh số {number}",
                                                          "nhận nuôi cháu từ năm {year} mà chưa làm thủ tục",
                                                          "tháo máy dầu trị giá {amount} đem bán",
                                                          "xả nước thải làm chết {count} công tôm",
                                                          "hòa giải xong lại đổi ý, đòi thêm {amount}",
                                                          "nộp đơn số {number} tại bộ phận một cửa"};
inline constexpr std::array<std::string_view, 18> turns = {"nay chưa ai giải quyết",
                                                           "gia đình còn giữ biên lai",
                                                           "có {count} người làm chứng",
                                                           "không có giấy tờ gì",
                                                           "hai bên không nói chuyện với nhau",
                                                           "người dân muốn hòa giải trước",
                                                           "hẹn ngày {past} mà không đến",
                                                           "đã báo trưởng ấp",
                                                           "bản sao đã đối chiếu bản chính",
                                                           "gia đình rất khó khăn",
                                                           "sợ bị trả thù nên chưa trình báo",
                                                           "chưa rõ thời hiệu còn hay hết",
                                                           "người dân không biết đọc",
                                                           "đang chờ kết quả xác minh",
                                                           "chỉ nhớ khoảng tháng {count}",
                                                           "có ghi âm cuộc nói chuyện",
                                                           "hồ sơ cũ do xã trước đây giữ",
                                                           "đề nghị giữ kín việc này"};

inline constexpr std::array<std::string_view, 6> lead_organisations = {
    "Trung tâm Trợ giúp pháp lý nhà nước tỉnh Cà Mau",
    "Chi nhánh Trợ giúp pháp lý số 2",
    "Trung tâm Trợ giúp pháp lý nhà nước tỉnh Khánh Hòa",
    "Chi nhánh Trợ giúp pháp lý số 4",
    "Đồn Biên phòng Khánh Hội",
    "Đồn Biên phòng Đất Mũi"};
inline constexpr std::array<std::string_view, 6> presenters = {
    "Trợ giúp viên pháp lý, Chi nhánh số 2; cán bộ Đội Vận động quần chúng, Đồn Biên phòng",
    "Phó Giám đốc Trung tâm Trợ giúp pháp lý; công chức tư pháp - hộ tịch xã",
    "Trợ giúp viên pháp lý; luật sư ký hợp đồng với Trung tâm",
    "Trợ giúp viên pháp lý; Chủ tịch Hội Liên hiệp Phụ nữ xã",
    "Báo cáo viên pháp luật cấp tỉnh, Sở Tư pháp",
    "Trợ giúp viên pháp lý, có người phiên dịch tiếng dân tộc"};
inline constexpr std::array<std::string_view, 6> difficulties = {
    "Mưa lớn, một số hộ ở xa không đến được; đề nghị có buổi thứ hai tại {hamlet}.",
    "Loa của nhà văn hóa hỏng, phải nói to; cần thêm tờ gấp song ngữ.",
    "Người dân hỏi nhiều về đất đai, thời gian không đủ; đề nghị tăng số buổi tư vấn tại {commune}.",
    "Nhiều người chỉ có năm sinh, chưa có căn cước; cần phối hợp Công an {commune}.",
    "Điện mất từ giữa buổi, danh sách ghi trên giấy rồi nhập lại buổi tối.",
    "Không có khó khăn lớn; chính quyền {commune} phối hợp tốt."};
inline constexpr std::array<std::string_view, 8> workplaces = {"Trung tâm Trợ giúp pháp lý nhà nước",
                                                               "Chi nhánh Trợ giúp pháp lý số 2",
                                                               "Đoàn Luật sư tỉnh",
                                                               "UBND {commune}",
                                                               "Hội Liên hiệp Phụ nữ {commune}",
                                                               "Đồn Biên phòng Khánh Hội",
                                                               "Phòng Hành chính và Bổ trợ tư pháp",
                                                               "Ủy ban Mặt trận Tổ quốc {commune}"};
inline constexpr std::array<std::string_view, 6> class_titles = {
    "Tập huấn kỹ năng tham gia tố tụng cho người thực hiện trợ giúp pháp lý",
    "Bồi dưỡng kỹ năng trợ giúp pháp lý cho người dân tộc thiểu số",
    "Tập huấn kỹ năng truyền thông về trợ giúp pháp lý cho cán bộ cơ sở",
    "Tập huấn an toàn thông tin và sử dụng hệ thống quản lý trợ giúp pháp lý",
    "Bồi dưỡng kiến thức Luật Tư pháp người chưa thành niên",
    "Tập huấn kỹ năng trợ giúp pháp lý cho nạn nhân bạo lực gia đình"};
inline constexpr std::array<std::string_view, 8> relatives = {"anh ruột", "em trai",   "chị gái",  "người cậu",
                                                              "bà ngoại", "người chú", "hàng xóm", "mẹ ruột"};
inline constexpr std::array<std::string_view, 5> remarks = {
    "Người dân nghe rõ, không có ý kiến thêm.", "Cần gọi lại trước khi xuống địa bàn.", "Có người thân đi cùng.",
    "Không biết chữ, đã đọc lại cho nghe.", "Hẹn gặp lại trong đợt trợ giúp lưu động tới."};
inline constexpr std::array<std::string_view, 6> guided_bodies = {
    "UBND {commune}",    "Tòa án nhân dân khu vực", "Chi nhánh Văn phòng đăng ký đất đai",
    "Công an {commune}", "Bảo hiểm xã hội khu vực", "Sở Nông nghiệp và Môi trường"};

}  // namespace fieldpost::samples
