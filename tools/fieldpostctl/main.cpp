// fieldpostctl: everything the window and the server can do, for scripts, administrators and tests. The command line
// is a contract (design 8): exit codes 0 done, 1 failed, 2 wrong usage, 3 done with something that needs attention.
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <span>

#include "shared/foundation/testable_clock.h"
#include "tools/bench/bench.h"
#include "tools/fieldpostctl/commands.h"

namespace {

using namespace fieldpost;
using namespace fieldpost::ctl;

struct Command {
  std::string name;
  std::size_t words_min = 0, words_max = 0;
  bool needs_home = true;
  std::vector<ctl::Option> options = {};
  Reply (*run)(const Context&) = nullptr;  // null: `run_all`
  int (*run_all)(std::span<const std::string>) = nullptr;
  const char* usage = "";
  const char* help = "";
};

const std::vector<Command>& commands() {
  // One command a paragraph: how many words it takes, whether it needs a home, its options, what runs it, its help.
  // clang-format off
  static const std::vector<Command> table = {
      {"ticket", 0, 0, true, {{"--role"}, {"--unit"}, {"--name"}, {"--approve", false}}, ticket, nullptr,
       "ticket --home CENTRAL --role ROLE --unit UNIT --name NAME [--approve]",
       "cấp phiếu đăng ký một máy (a ticket that enrols one laptop)"},
      {"approve", 1, 1, true, {}, approve, nullptr,
       "approve FINGERPRINT --home CENTRAL",
       "duyệt máy đang chờ (lets a waiting laptop in)"},
      {"devices", 0, 0, true, {}, devices, nullptr,
       "devices --home CENTRAL",
       "các máy đã biết (the laptops central knows)"},
      {"revoke", 1, 1, true, {}, revoke, nullptr,
       "revoke DEVICE --home CENTRAL",
       "thu hồi quyền của một máy (takes a laptop's grant away)"},
      {"restored", 0, 0, true, {}, restored, nullptr,
       "restored --home CENTRAL",
       "sau khi khôi phục kho trung tâm (after central's store was brought back from a copy)"},
      {"backup", 1, 1, true, {}, backup, nullptr,
       "backup FILE --home CENTRAL",
       "sao lưu kho trung tâm, cả khi máy chủ đang chạy (a verified, encrypted copy of central's store)"},
      {"restore", 1, 1, true, {}, restore_backup, nullptr,
       "restore FILE --home CENTRAL",
       "khôi phục kho trung tâm từ bản sao lưu, kho cũ được giữ lại (brings a backup back; the old store is kept)"},
      {"enrol", 2, 2, true, {}, enrol_laptop, nullptr,
       "enrol URL TICKET --home DIR",
       "đăng ký máy này (enrols this laptop)"},
      {"form", 1, 2, false, {{"--seed"}, {"--count"}, {"--rows"}}, form, nullptr,
       "form list | show NAME | sample NAME [--seed N] [--count N] [--rows N] [--home DIR] | publish FILE --home CENTRAL",
       "biểu mẫu, dữ liệu mẫu; ban hành biểu mẫu, danh mục mới (forms, samples of them; a new form or list for all)"},
      {"new", 1, 1, true, {{"--values"}}, new_record, nullptr,
       "new FORM --home DIR --values FILE|-",
       "lập hồ sơ mới; ảnh và tệp ghi bằng đường dẫn: \"@ảnh.jpg\" (a new record; photos and files by their path, "
       "\"@photo.jpg\" or {\"file\": \"photo.jpg\"})"},
      {"edit", 1, 1, true, {{"--values"}, {"--reason"}, {"--base", true, true}}, edit, nullptr,
       "edit RECORD --home DIR --values FILE|- [--base CHANGE]… [--reason R]",
       "sửa hồ sơ (changes a record)"},
      {"show", 1, 1, true, {{"--history", false}}, show, nullptr,
       "show RECORD --home DIR [--history]",
       "xem hồ sơ (shows a record)"},
      {"attachment", 2, 2, true, {{"-o"}}, attachment, nullptr,
       "attachment RECORD FIELD --home DIR|CENTRAL -o FILE",
       "lấy ảnh, tệp của hồ sơ ra một tệp không mã hóa; FIELD: tên hoặc photos/HÀNG/photo (a photo or file of a record "
       "in the clear; FIELD: a name, or repeat/ROW/name)"},
      {"list", 1, 1, true, {{"--search"}, {"--limit"}, {"--offset"}}, list, nullptr,
       "list FORM --home DIR [--search TEXT] [--limit N] [--offset N]",
       "danh sách hồ sơ (lists records)"},
      {"sync", 0, 0, true, {{"--wait"}}, ctl::sync, nullptr,
       "sync --home DIR [--wait SECONDS]",
       "trao đổi với trung tâm một lần (one exchange with central)"},
      {"bundle", 2, 2, true, {{"--for"}}, bundle, nullptr,
       "bundle write FILE --home DIR [--for central|DEVICE] | bundle read FILE --home DIR|CENTRAL",
       "trao đổi bằng USB (exchange by a stick)"},
      {"status", 0, 0, true, {}, status, nullptr,
       "status --home DIR",
       "tình trạng (where things stand)"},
      {"conflicts", 0, 0, true, {}, conflicts, nullptr,
       "conflicts --home DIR",
       "các mâu thuẫn (open conflicts)"},
      {"resolve", 2, 2, true, {{"--value"}, {"--reason"}}, resolve, nullptr,
       "resolve RECORD FIELD --value V --reason R --home DIR",
       "giải quyết một mâu thuẫn; ảnh, tệp: mã digest của nó hoặc @đường dẫn (settles a conflict; photos and files by "
       "their digest, or @path of another)"},
      {"duplicates", 0, 0, true, {{"--form"}}, duplicates, nullptr,
       "duplicates --home DIR|CENTRAL [--form person|outreach_session|training_class]",
       "các hồ sơ có thể trùng nhau mà chưa ai quyết định (records that may be the same, and nobody has decided)"},
      {"same", 2, 2, true, {{"--reason"}, {"--keep"}, {"--take", true, true}}, same, nullptr,
       "same RECORD RECORD --home DIR [--keep RECORD] [--take QUESTION]… [--reason R]",
       "hai hồ sơ là một; cả hai vẫn còn nguyên, --keep: hồ sơ chính, --take: câu trả lời lấy từ hồ sơ kia (the two are "
       "one; both stay, --keep leads, --take takes an answer of the other)"},
      {"not-same", 2, 2, true, {{"--reason"}}, not_same, nullptr,
       "not-same RECORD RECORD --home DIR [--reason R]",
       "hai hồ sơ không phải là một (the two are not the same)"},
      {"undecided", 2, 2, true, {{"--reason"}}, undecided, nullptr,
       "undecided RECORD RECORD --home DIR [--reason R]",
       "rút lại quyết định: mọi thứ trở về như trước (takes a decision back: all is as before)"},
      {"inbox", 0, 0, true, {}, inbox, nullptr,
       "inbox --home DIR",
       "việc cần xử lý tại văn phòng, gấp nhất trước (what waits at the office, the most urgent first)"},
      {"review", 1, 2, true, {{"--remark", true, true}, {"--reason"}, {"--looked-at"}}, ctl::review, nullptr,
       "review RECORD [submit | return [--remark QUESTION=TEXT]… | accept [--looked-at MARK] | reopen | claim | release] "
       "[--reason R] --home DIR",
       "duyệt hồ sơ: nộp, trả lại kèm góp ý, chấp nhận, rút lại; nhận việc, nhả việc (the review of a record; without a "
       "step where it stands)"},
      {"report", 0, 1, false,
       {{"--from"}, {"--to"}, {"--actual-to"}, {"--preset"}, {"--on"}, {"--format"}, {"-o"}, {"--list", false}, {"--excel", false},
        {"--check"}, {"--names", false}, {"--places"}, {"--table"}, {"--row"}, {"--column"}, {"--unit"}, {"--above"}, {"--lang"}, {"--as-of"}, {"--live", false}, {"--keep-state"}}, report, nullptr,
       "report NAME --home DIR --from D --to D [--actual-to D] | --preset P [--on D]  [--format json|csv|xlsx|pdf] [-o FILE] "
       "[--excel] [--names] [--places then|today] [--unit NAME] [--above NAME] [--lang vi|en] "
       "[--as-of LOCK|FILE | --live] [--keep-state FILE] | report NAME … --column C [--row R] "
       "[--table T] | report NAME --check FILE | report --list",
       "báo cáo trong kỳ bất kỳ; --column: những bản ghi đứng sau một con số; --check: định nghĩa của đơn vị (a report over "
       "any window, the records behind a figure, or a definition of one's own)"},
      {"paper", 0, 1, false,
       {{"--record"}, {"--rows"}, {"--unit"}, {"--above"}, {"--place"}, {"--date"}, {"-o"}, {"--list", false}}, ctl::paper, nullptr,
       "paper NAME --home DIR [--record ID] [--rows N] [--unit NAME] [--above NAME] [--place NAME] [--date D] -o FILE | "
       "paper --list",
       "in giấy tờ ra PDF: danh sách ký nhận, biên bản, đơn, phiếu hẹn, giấy giới thiệu; không có --record: mẫu trống "
       "(a paper as PDF; without --record the blank form, which needs no home)"},
      {"lock", 0, 0, true, {{"--from"}, {"--to"}, {"--reason"}, {"--late"}, {"--reopen"}}, ctl::lock, nullptr,
       "lock --home DIR [--from D --to D --reason R | --late LOCK | --reopen LOCK --reason R]",
       "chốt số liệu một kỳ, xem gì đến muộn, mở lại (closes a window of figures; what came late; reopens)"},
      {"register", 0, 0, true, {{"--resume", false}}, registers, nullptr,
       "register --home CENTRAL [--resume]",
       "sổ thụ lý: số đã cấp của từng đơn vị, năm (the register's books; goes on after a restore)"},
      {"import", 2, 2, true, {{"--dry-run", false}, {"--skip-bad", false}}, import_records, nullptr,
       "import FORM FILE.csv --home DIR [--dry-run | --skip-bad]",
       "nhập từ CSV (records from a CSV file)"},
      {"export", 1, 1, true, {{"-o"}, {"--repeat"}, {"--excel", false}}, export_records, nullptr,
       "export FORM --home DIR -o FILE [--repeat NAME] [--excel]",
       "xuất ra CSV (records to a CSV file)"},
      {"verify", 0, 0, true, {}, verify, nullptr,
       "verify --home DIR",
       "kiểm tra kho dữ liệu (rebuilds the view and compares)"},
      {"gaps", 0, 0, true, {}, gaps, nullptr,
       "gaps --home DIR|CENTRAL",
       "sổ của từng máy còn thiếu gì (what of each journal is here, missing, waiting)"},
      {"proof", 0, 1, false, {{"-o"}, {"--verify"}}, proof, nullptr,
       "proof RECORD --home DIR [-o FILE] | proof --verify FILE",
       "chứng từ trung tâm đã nhận hồ sơ (central's receipts for a record, checked without a store)"},
      {"salvage", 0, 0, true, {}, salvage, nullptr,
       "salvage --home DIR",
       "cứu kho dữ liệu bị hỏng (sets a damaged store aside and keeps what is readable)"},
      {"simulate", 0, 0, false,
       {{"--seeds"}, {"--faults"}, {"--control"}, {"--jobs"}, {"--stop-at-first", false}, {"--memory", false}, {"--wide", false}, {"--desk", false}}, simulate_seeds, nullptr,
       "simulate --seeds A..B [--faults LIST] [--control NAME] [--jobs N] [--stop-at-first] [--wide | --desk | --memory]",
       "mô phỏng cả tỉnh (a province of laptops, on seeds)"},
      {"bench", 0, 0, false, {}, nullptr, run_bench,
       "bench [link | fleet | matching] [--quick]",
       "đo tốc độ: một máy, đường truyền xấu, nhiều máy cùng lúc (figures: one machine beside the plain-SQLite floor;\n"
       "      a bad link, with --rate KBIT --delay MS --loss PERCENT; a fleet at once, with --laptops N; who is recorded twice among --people N)"},
  };
  // clang-format on
  return table;
}

const Command* find_command(std::string_view name) {
  for (const Command& command : commands())
    if (command.name == name) return &command;
  return nullptr;
}

CommandOptions options_of(std::string_view name) {
  const Command* command = find_command(name);
  if (command == nullptr) return {};
  return {&command->options, command->run_all != nullptr};
}

std::string help_text() {
  std::string out =
      "fieldpostctl LỆNH … [--home DIR] [--user NAME] [--json]\n"
      "Mật khẩu lấy từ FIELDPOST_PASSPHRASE hoặc hỏi trên màn hình. Mã kết thúc: 0 xong, 1 lỗi, 2 sai cách dùng,\n"
      "3 xong nhưng có việc cần xem.\n"
      "(The passphrase comes from FIELDPOST_PASSPHRASE or a prompt. Exit codes: 0 done, 1 failed, 2 wrong usage,\n"
      "3 done with something that needs attention.)\n\n";
  for (const Command& command : commands())
    if (*command.usage != '\0') out += std::string("  ") + command.usage + "\n      " + command.help + "\n";
  return out;
}

Reply run(const Arguments& arguments) {
  if (arguments.command.empty() && !arguments.help) return wrong_usage("cần một lệnh (a command is needed); --help");
  const Command* command = arguments.command.empty() ? nullptr : find_command(arguments.command);
  if (arguments.help) {
    Reply reply;
    reply.text = command && *command->usage != '\0'
                     ? std::string("fieldpostctl ") + command->usage + "\n  " + command->help + "\n"
                     : help_text();
    reply.json["help"] = reply.text;
    return reply;
  }
  if (arguments.words.size() < command->words_min || arguments.words.size() > command->words_max)
    return wrong_usage(std::string("cách dùng (usage): fieldpostctl ") + command->usage);
  if (command->needs_home && arguments.home.empty())
    return wrong_usage(command->name + ": cần --home DIR (is needed)");
  const TestableClock clock;
  SystemRandom random;
  const Context context{arguments, clock, random, shipped_catalogue()};
  Reply reply = command->run(context);
  const bool damaged = reply.json.contains("error") && reply.json["error"]["code"] == code_name(ErrorCode::damaged);
  if (!damaged || !command->needs_home || command->run == salvage) return reply;
  // The command met damage and did nothing: salvage, then run it again over what is left.
  const Reply rescue = salvage(context);
  if (rescue.exit != exit_attention) return reply;
  reply = command->run(context);
  reply.notes.insert(reply.notes.begin(), rescue.notes.begin(), rescue.notes.end());
  reply.json["salvaged"] = rescue.json["salvaged"];
  if (reply.exit == exit_done) reply.exit = exit_attention;
  return reply;
}

}  // namespace

int main(int count, char** argv) {
  signal(SIGPIPE, SIG_IGN);
  const std::vector<std::string> words(argv + 1, argv + count);
  const auto parsed = parse_arguments(words, options_of);
  if (const auto* fault = std::get_if<WrongUsage>(&parsed)) {
    const bool json = std::find(words.begin(), words.end(), "--json") != words.end();
    return print(wrong_usage(fault->message), json);
  }
  const Arguments& arguments = std::get<Arguments>(parsed);
  const Command* command = find_command(arguments.command);
  if (command != nullptr && command->run_all != nullptr) {
    std::vector<std::string> rest = arguments.words;
    // --json is taken anywhere, also before the command.
    if (arguments.json) rest.push_back("--json");
    return command->run_all(rest);
  }
  return print(run(arguments), arguments.json);
}
