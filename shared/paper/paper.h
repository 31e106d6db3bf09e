// A paper as data: what is printed of a form, block by block, in the law's own words. Definitions lie in
// assets/paper; load_paper reads one against its form, print_paper (print.h) sets it. Layout follows NĐ
// 30/2020/NĐ-CP, appendix I.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "shared/forms/code_list.h"
#include "shared/paper/wording.h"

namespace fieldpost {

/// One block of a paper; which members it has depends on its kind.
struct PaperBlock {
  enum class Kind {
    letterhead,  // form_number, above, issuer, number, place_and_date; without issuer the national words stand alone
    title,       // text, about
    heading,     // text: bold, kept with what follows
    text,        // text, lines
    row,         // columns of text side by side
    table,       // repeat, columns, blank_rows
    note,        // text: small, for the reader and not of the document itself
    signatures,  // place_and_date over the last column; columns of role, note and name, or of recipients
  };
  struct Column {
    Wording text;     // row: what it says; table: the answer, nothing where a hand writes
    Wording heading;  // table; signatures: the role
    Wording note;     // signatures: (Ký, ghi rõ họ tên)
    std::vector<Wording> recipients;
    double width_mm = 0;  // 0: an equal share of what is left
    bool counts = false;  // table: the row's number
    bool centred = false;
  };
  Kind kind = Kind::text;
  Wording text, about, above, issuer, number, place_and_date, form_number;
  std::size_t lines = 1;  // text: dotted lines where there is no answer
  std::vector<Column> columns;
  std::string repeat;
  std::size_t blank_rows = 0;  // table: empty rows of a paper without a record
  std::string when, unless;    // Filler::holds: printed only where it does, or does not
};

struct Paper {
  std::string name;
  Label label;
  std::string form;  // whose records it prints
  std::vector<PaperBlock> blocks;
};

/// A definition file as a paper, or every fault with its place, as `blocks[3].columns[1].text: no question is called
/// …`. The catalogue must hold the form. Errors: malformed.
Result<Paper> load_paper(std::string_view json, const Catalogue& catalogue);

/// The names of the shipped papers, ascending.
std::vector<std::string> shipped_paper_names();
/// Errors: not_found, naming those there are.
Result<Paper> shipped_paper(std::string_view name);

}  // namespace fieldpost
