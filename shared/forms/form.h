// What may be asked: a form as plain structs, in questionnaire order (design 6, XLSForm's vocabulary).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "shared/forms/expression.h"
#include "shared/foundation/limits.h"
#include "shared/model/change.h"
#include "shared/model/role.h"

namespace fieldpost {

/// What a person reads, Vietnamese first.
struct Label {
  std::string vi;
  std::string en;
  const std::string& in(std::string_view language) const { return language == "en" && !en.empty() ? en : vi; }
};

enum class QuestionType {
  text,  // one line; appearance "multiline" for more
  note,  // shown, never answered
  integer,
  decimal,
  date,  // with its precision
  time,  // HH:MM
  select_one,
  select_multiple,
  place,      // code@scheme
  record,     // a reference to a record of form `target`, or of any form without one
  image,      // a photo or scan: JPEG or PNG
  file,       // any other paper
  calculate,  // computed by `calculation`, never stored
  group,
  repeat,
};
const char* type_name(QuestionType type);
/// Answered by a file.
inline bool is_attached(QuestionType type) { return type == QuestionType::image || type == QuestionType::file; }

/// Decides who may see a record at all (design 5).
enum class RecordClass { open, person, session, consultation, case_file };
const char* class_name(RecordClass record_class);  // "open", "person", "session", "consultation", "case"
std::optional<RecordClass> parse_class(std::string_view name);

enum class Severity { error, warning };

/// One node of the form: a question, a group of nodes, or a repeat of them.
struct Question {
  QuestionType type = QuestionType::text;
  std::string name;          // unique among the record's questions, and among those of one repeat
  std::uint32_t number = 0;  // permanent, never reused; 0 for groups, notes and calculations
  Label label;
  Label hint;
  std::string list;                          // select_*: the code list
  std::string target;                        // record: the form referred to; empty: any
  bool personal = false;                     // personal data: never in logs, marked on exports
  bool partner = false;                      // in the partners' projection of shared records
  std::optional<std::vector<Role>> writers;  // others' answers central holds; none named: central alone writes it
  std::string appearance;
  std::optional<Expression> relevant;
  std::optional<Expression> required;
  std::optional<Expression> constraint;
  Label constraint_message;
  Severity severity = Severity::error;  // of `constraint`
  std::optional<Expression> calculation;
  std::optional<Expression> choice_filter;  // over the option's columns, e.g. `kind = 'session'`
  std::optional<Expression> default_value;
  std::vector<Question> questions;  // group, repeat

  // image, file: what becomes of the file when it is taken in.
  std::uint32_t pixels_max = 0;  // image: of the longer edge; 0: as it is
  std::uint64_t bytes_max = limits::attachment_bytes_default;
  bool keeps_metadata = false;  // image: kept as it came, with place, time and device
};

/// What a record leads to: another record that names it. A consultation is held at a session; a request for legal aid
/// comes out of a consultation.
struct FollowUp {
  std::string form;
  std::string link;                // the record question of that form which names this record
  Label label;                     // of the button that begins one
  std::vector<std::string> takes;  // questions of both forms, whose answers the new record begins with
  std::optional<Expression> when;  // always offered without it
};

/// A book in which central gives records of a form their official numbers, one after the other, a book for each unit
/// and year (domain 3.6: the number belongs to one register, so no laptop can give it).
struct Register {
  std::string entry;               // the form of what central writes: `about` the numbered record
  std::optional<Expression> when;  // over the numbered record: it is due
  std::string date;                // the question that says the year
  std::string kind;                // the question whose code stands in the number; empty: none
};

struct Form {
  std::string name;
  std::uint32_t version = 0;
  RecordClass record_class = RecordClass::open;
  Label label;
  std::string title;  // names of the questions a list shows first, e.g. "{date} {title}"
  std::string date;   // the question with the record's own date; empty: the day it was made
  std::vector<Question> questions;
  std::vector<FollowUp> follow_ups;
  /// The record questions that say what a record is about: the office's decisions on other records. There is one
  /// record a form and set of subjects (`record_about`), so that two who decide the same meet in one conflict; it
  /// goes wherever its subjects go, but to no partner.
  std::vector<std::string> about;
  std::optional<std::vector<Role>> writers;  // of its records, as of a question; absent: whoever may write the class
  std::optional<Register> numbering;

  Form() = default;
  Form(const Form& other);
  Form& operator=(const Form& other);
  Form(Form&&) = default;
  Form& operator=(Form&&) = default;

  /// Makes finding quick: the loader calls it last. `questions` must not change afterwards; without it everything is
  /// found by walking them.
  void index();

  /// Every question, group and repeat, in questionnaire order.
  std::vector<const Question*> all() const;
  /// A question of the record itself, a group or a repeat; else the first of that name in a repeat. A row's question
  /// may bear the name of one of the record's (`hamlet`): with rows, name the repeat.
  const Question* find(std::string_view name) const;
  const Question* find(std::uint32_t number) const;
  /// Among the questions of one repeat, or of the record itself when it is null. No groups and repeats.
  const Question* find_in(const Question* repeat, std::string_view name) const;
  /// The questions of one repeat, or of the record itself when it is null, out of their groups; no groups, repeats
  /// and notes, but calculations.
  std::vector<const Question*> questions_of(const Question* repeat) const;
  /// The repeat a question lies in, or null when it belongs to the record itself.
  const Question* repeat_of(const Question& question) const;
  /// Every repeat, in questionnaire order. Repeats do not nest.
  std::vector<const Question*> repeats() const;
  /// The group or repeat a question lies in directly, or null.
  const Question* parent_of(const Question& question) const;

 private:
  struct Index {
    std::unordered_map<std::uint32_t, const Question*> by_number;
    std::map<std::pair<const Question*, std::string_view>, const Question*> by_name;  // in a repeat or, null, outside
    std::unordered_map<const Question*, const Question*> parents;
    std::vector<const Question*> repeats;
  };
  std::unique_ptr<const Index> index_;  // into `questions`: it moves with them, a copy makes its own
};

}  // namespace fieldpost
