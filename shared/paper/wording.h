// The texts of a paper and the slots in them that answers fill. A slot without an answer becomes dots to write on.
//
//   {full_name}               an answer; {document_date,date} the first of them that there is
//   {@unit} {@above} {@place} {@date}    what the office says of itself and of this paper
//   {#roster}                 the number of rows; {#roster.sex=male} of those with this option, {…=other/} of those
//                             with one of several, where nothing stands for no answer
//   {}                        always for the hand
//   {date|words}              ngày 03 tháng 3 năm 2025; of a time, 08 giờ 15 phút
//   {birth_date|year} {place|name} {title|upper} {co_hosts|units}   the year; the place without its kind; in
//   capitals;
//                             units by their names
//   {number|12}               twelve dots where there is no answer
//
// The last slot of a text runs to the end of its line when it is empty.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/forms/validation.h"

namespace fieldpost {

/// What stands on a paper and in no record.
struct PaperContext {
  std::string unit;                                            // the issuing body's full name; empty: dots
  std::string unit_above;                                      // the body it belongs to; empty: left out
  std::string place;                                           // the place in the date line, `Cà Mau`
  std::optional<CivilDate> date;                               // of the paper; none: left to the hand
  std::map<std::string, std::string, std::less<>> unit_names;  // by unit code
  CivilDate today;                                             // for relevance, and the day the file bears
  std::size_t empty_rows = 0;  // below the rows of a table; without a record 0 means what the paper says
};

struct Slot {
  enum class Style { plain, words, year, name, upper, units };
  std::vector<std::string> names;  // questions, or @context
  Style style = Style::plain;
  std::size_t dots = 0;  // 0: the usual number
  // Counts: rows of `repeat`, those where `names[0]` has one of the codes.
  std::string repeat;
  std::vector<std::string> codes;
};
/// Words, then perhaps a slot.
struct Piece {
  std::string words;
  std::optional<Slot> slot;
};
using Wording = std::vector<Piece>;

/// `repeat` is that of the table the text stands in, or null. Errors: malformed: a name, option or style that is not
/// there, or has no words on paper (references to records, files).
Result<Wording> parse_wording(std::string_view text, const Form& form, const Question* repeat,
                              const Catalogue& catalogue);

/// A text with its slots filled.
struct Filled {
  std::string text;
  bool to_line_end = false;  // dots go on to the end of the line
  bool has_answer = false;   // at least one slot was filled
};

/// Fills texts from one record, or from none. Keeps references to all it is given.
class Filler {
 public:
  /// `answers` null: the blank form. Questions the form does not have are unanswered: a record may be of an older
  /// one.
  Filler(const Form& form, const Answers* answers, const Catalogue& catalogue, const PaperContext& context);
  Filler(const Filler&) = delete;
  Filler& operator=(const Filler&) = delete;

  Filled fill(const Wording& wording) const;
  /// One cell of a table: empty where there is no answer.
  std::string cell(const Wording& wording, const Row& row) const;
  /// The rows of a repeat, in their order.
  std::vector<const Row*> rows(std::string_view repeat) const;
  /// `name`: the question has an answer, the repeat has rows; `name=code`: it is answered with this option.
  bool holds(std::string_view condition) const;
  const PaperContext& context() const { return context_; }
  bool is_blank() const { return answers_ == nullptr; }

 private:
  Value answer(const Question& question, const Row* row) const;
  std::string said(const Slot& slot, const Row* row) const;
  std::string count(const Slot& slot) const;
  std::string answer_text(const Question& question, const Row* row, Slot::Style style) const;
  std::string context_text(std::string_view name, Slot::Style style) const;
  std::string dots(const Slot& slot) const;
  const Question* find(std::string_view name, const Row* row) const;

  const Form& form_;
  const Answers* answers_;
  const Catalogue& catalogue_;
  const PaperContext& context_;
  Answers nothing_;
  FormLogic logic_;
};

}  // namespace fieldpost
