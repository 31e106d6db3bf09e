#include "shared/forms/validation.h"

#include <algorithm>

#include "shared/foundation/vietnamese.h"

namespace fieldpost {

namespace {

bool is_time(const std::string& text) {
  return text.size() == 5 && text[2] == ':' && text <= "23:59" && text[3] >= '0' && text[3] <= '5' &&
         std::all_of(text.begin(), text.end(), [](char c) { return c == ':' || (c >= '0' && c <= '9'); });
}

bool type_fits(QuestionType type, const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  switch (type) {
    case QuestionType::text:
    case QuestionType::select_one: return text != nullptr;
    case QuestionType::place: return text && text->find('@') != std::string::npos;
    case QuestionType::time: return text && is_time(*text);
    case QuestionType::integer: return std::holds_alternative<std::int64_t>(value);
    case QuestionType::decimal: return std::holds_alternative<Decimal>(value);
    case QuestionType::date: return std::holds_alternative<CivilDate>(value);
    case QuestionType::record: return std::holds_alternative<EntityId>(value);
    case QuestionType::image:
    case QuestionType::file: return std::holds_alternative<Attachment>(value);
    default: return true;
  }
}

Label doubt_message(vietnamese::CitizenNumberDoubt doubt) {
  using Doubt = vietnamese::CitizenNumberDoubt;
  switch (doubt) {
    case Doubt::wrong_length:
      return {"Số định danh phải có 12 chữ số: đối chiếu lại với giấy tờ.",
              "A citizen number has 12 digits: compare it with the paper."};
    case Doubt::unknown_province:
      return {"Ba số đầu của số định danh không phải mã tỉnh nào đã biết: đối chiếu lại với giấy tờ.",
              "The first three digits name no known province: compare with the paper."};
    case Doubt::other_sex:
      return {"Số định danh không khớp giới tính đã ghi: đối chiếu lại với giấy tờ.",
              "The citizen number does not fit the sex: compare with the paper."};
    case Doubt::other_birth_year:
      return {"Số định danh không khớp năm sinh đã ghi: đối chiếu lại với giấy tờ.",
              "The citizen number does not fit the birth year: compare with the paper."};
    case Doubt::old_card:
      return {"Đây là số CMND 9 số, hết giá trị từ 01/01/2025: hỏi số định danh nếu có.",
              "This is a 9-digit card number, no longer valid since 1 January 2025: ask for the citizen number."};
  }
  return {};
}

class Validator {
 public:
  Validator(const Form& form, const Answers& answers, const Catalogue& catalogue, const CivilDate& today)
      : form_(form),
        answers_(answers),
        catalogue_(catalogue),
        logic_(form, answers, catalogue, today),
        day_(own_date(form, answers, today)) {}

  std::vector<Problem> run() {
    check_all(form_.questions, nullptr);
    return std::move(problems_);
  }

 private:
  void add(Problem::Kind kind, Severity severity, const Question& question, const Row* row, Label message) {
    problems_.push_back({kind, severity, row ? row->id : answers_.record, question.name, std::move(message)});
  }

  void check_all(const std::vector<Question>& questions, const Row* row) {
    for (const Question& question : questions) {
      if (question.type == QuestionType::note || question.type == QuestionType::calculate) continue;
      if (question.relevant && !logic_.relevant(question, row)) continue;
      if (question.type == QuestionType::group)
        check_all(question.questions, row);
      else if (question.type == QuestionType::repeat)
        check_repeat(question);
      else
        check_question(question, row);
    }
  }

  void check_repeat(const Question& question) {
    bool any = false;
    for (const Row& row : answers_.rows) any = any || row.repeat == question.number;
    if (!any) {
      if (logic_.required(question, nullptr)) missing(question, nullptr);
      return;
    }
    check_constraint(question, nullptr);
    for (const Row& row : answers_.rows)
      if (row.repeat == question.number) check_all(question.questions, &row);
  }

  void check_question(const Question& question, const Row* row) {
    const Fields& fields = row ? row->fields : answers_.fields;
    const auto found = fields.find(FieldKey{question.number, ""});
    const Value value = found == fields.end() ? Value{} : found->second;
    if (question.type == QuestionType::select_multiple) {
      const std::vector<std::string> codes = chosen_codes(fields, question.number);
      // None of them is an answer too.
      if (codes.empty() && (is_cleared(value) || value == Value{false})) {
        if (logic_.required(question, row)) missing(question, row);
        return;
      }
      for (const std::string& code : codes) check_code(question, row, code);
      check_constraint(question, row);
      return;
    }
    if (is_cleared(value)) {
      if (logic_.required(question, row)) missing(question, row);
      return;
    }
    if (!type_fits(question.type, value)) {
      add(Problem::Kind::wrong_type, Severity::error, question, row,
          {question.label.vi + ": câu trả lời không đúng kiểu, hãy nhập lại.",
           question.label.en + ": the answer is of the wrong type, please enter it again."});
      return;
    }
    if (question.type == QuestionType::select_one) check_code(question, row, std::get<std::string>(value));
    if (question.type == QuestionType::place) check_place(question, row, std::get<std::string>(value));
    check_constraint(question, row);
    if (question.type == QuestionType::text) check_appearance(question, row, std::get<std::string>(value));
  }

  void missing(const Question& question, const Row* row) {
    add(Problem::Kind::required, Severity::error, question, row,
        {"Chưa có: " + question.label.vi + ".", "Missing: " + question.label.en + "."});
  }

  void check_constraint(const Question& question, const Row* row) {
    if (!logic_.keeps_constraint(question, row))
      add(Problem::Kind::constraint, question.severity, question, row, question.constraint_message);
  }

  void check_code(const Question& question, const Row* row, const std::string& code) {
    const CodeList* list = catalogue_.list(question.list);
    const Option* option = list ? list->find(code) : nullptr;
    if (!option) {
      add(Problem::Kind::unknown_code, Severity::error, question, row,
          {question.label.vi + ": mã “" + code + "” không có trong danh mục, hãy chọn lại.",
           question.label.en + ": the code “" + code + "” is not in the list, please choose again."});
    } else if (!option->valid_on(day_)) {
      add(Problem::Kind::not_valid_then, Severity::error, question, row,
          {question.label.vi + ": “" + option->label.vi + "” không có hiệu lực vào ngày " +
               vietnamese::date_text(day_) + ", hãy chọn mục khác.",
           question.label.en + ": “" + option->label.en + "” is not valid on " + vietnamese::date_text(day_) +
               ", please choose another."});
    } else if (!logic_.passes_filter(question, *option, row)) {
      add(Problem::Kind::unknown_code, Severity::error, question, row,
          {question.label.vi + ": “" + option->label.vi + "” không chọn được ở đây, hãy chọn mục khác.",
           question.label.en + ": “" + option->label.en + "” cannot be chosen here, please choose another."});
    }
  }

  void check_place(const Question& question, const Row* row, const std::string& key) {
    const Place* place = catalogue_.places.find(key);
    if (!place) {
      add(Problem::Kind::unknown_code, Severity::warning, question, row,
          {question.label.vi + ": mã “" + key + "” không có trong danh mục trên máy này; văn phòng sẽ đối chiếu.",
           question.label.en + ": “" + key + "” is not in this laptop's list; the office will look it up."});
      return;
    }
    if (place->valid_on(day_)) return;
    std::string now;
    for (const Place* each : catalogue_.places.today(*place))
      if (each != place) now += (now.empty() ? "" : ", ") + each->name;
    add(Problem::Kind::not_valid_then, Severity::warning, question, row,
        {place->name + " không có vào ngày " + vietnamese::date_text(day_) +
             (now.empty() ? "." : "; nay là: " + now + "."),
         place->name + " did not exist on " + vietnamese::date_text(day_) +
             (now.empty() ? "." : "; now: " + now + ".")});
  }

  void check_appearance(const Question& question, const Row* row, const std::string& text) {
    const auto suspect = [&](Label message) {
      add(Problem::Kind::suspicious, Severity::warning, question, row, std::move(message));
    };
    if (question.appearance == "citizen_number") {
      const Value* sex = sibling("sex", row);
      const Value* birth = sibling("birth_date", row);
      const auto* sex_text = sex ? std::get_if<std::string>(sex) : nullptr;
      const auto* date = birth ? std::get_if<CivilDate>(birth) : nullptr;
      for (const auto doubt : vietnamese::citizen_number_doubts(text, sex_text ? *sex_text : "",
                                                                date ? std::optional(*date) : std::nullopt))
        suspect(doubt_message(doubt));
    } else if (question.appearance == "person_name" && vietnamese::lacks_all_marks(text)) {
      suspect({"Họ tên không có dấu: kiểm tra lại cách gõ.", "The name carries no mark at all: check the typing."});
    } else if (question.appearance == "phone" && !vietnamese::phone_digits(text)) {
      suspect({"Số điện thoại lạ: số di động có 10 chữ số, bắt đầu bằng 03, 05, 07, 08, 09.",
               "A strange phone number: mobile numbers have 10 digits and begin with 03, 05, 07, 08 or 09."});
    }
  }

  /// The answer beside it, in the same row or in the record itself.
  const Value* sibling(std::string_view name, const Row* row) const {
    const Question* question = form_.find_in(row ? form_.find(row->repeat) : nullptr, name);
    if (!question) return nullptr;
    const Fields& fields = row ? row->fields : answers_.fields;
    const auto found = fields.find(FieldKey{question->number, ""});
    return found == fields.end() ? nullptr : &found->second;
  }

  const Form& form_;
  const Answers& answers_;
  const Catalogue& catalogue_;
  FormLogic logic_;
  CivilDate day_;
  std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> validate(const Form& form, const Answers& answers, const Catalogue& catalogue,
                              const CivilDate& today) {
  return Validator(form, answers, catalogue, today).run();
}

bool is_incomplete(const std::vector<Problem>& problems) {
  return std::any_of(problems.begin(), problems.end(),
                     [](const Problem& problem) { return problem.severity == Severity::error; });
}

}  // namespace fieldpost
