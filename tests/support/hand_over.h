// A journal handed from one store to another without central between them.
#pragma once

#include "shared/storage/store.h"

namespace fieldpost {

inline Certificate certificate_of(Store& store) { return (**store.identity()).certificate; }

/// Everything that `from` wrote. False: a segment of it held nothing that is new to `to`.
inline bool hand_over(Store& from, Store& to) {
  const DeviceId device = certificate_of(from).device();
  const auto positions = from.own_positions();
  ensure(positions.has_value(), "the journal's positions are read");
  bool all_new = true;
  for (const JournalPosition& position : *positions)
    for (std::uint64_t after = 0;;) {
      const auto segment = from.next_segment(device, position.epoch, after);
      ensure(segment.has_value(), "a segment is read");
      if (!*segment) break;
      Segment read = **segment;  // as from a page, with its changes decoded
      for (SegmentEntry& entry : read.entries) {
        auto change = decode_change(entry.stored);
        ensure(change.has_value(), "a change is read");
        entry.change = std::move(*change);
      }
      const auto taken = to.take_segments({read}, {});
      ensure(taken.has_value(), "a segment is taken");
      all_new = all_new && *taken > 0;
      after = (*segment)->last();
    }
  return all_new;
}

}  // namespace fieldpost
