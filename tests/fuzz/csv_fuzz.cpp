// No text crashes the CSV reader, and every line it gives has a cell for each column.
#include "shared/foundation/csv.h"

#include "tests/fuzz/fuzz.h"

using namespace fieldpost;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Result<CsvTable> table = read_csv(text_of({data, size}));
  if (!table) return 0;
  std::size_t number = 0;
  for (const CsvTable::Line& line : table->lines) {
    ensure(line.cells.size() == table->header.size(), "a cell for each column");
    ensure(line.number > number, "lines are numbered upwards");
    number = line.number;
    (void)csv_line(line.cells, ';', true);
  }
  return 0;
}
