// Every bound and tuning constant, with its unit and its reason.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fieldpost::limits {

// One change (design 2): a roster of 500 pasted at once is one save.
inline constexpr std::size_t change_bytes_max = 1 << 20;
inline constexpr std::size_t change_values_max = 10'000;
inline constexpr std::size_t change_base_max = 4'096;

// One text answer, in bytes: a page of handwriting is 4 KiB; a pasted law must not stop the sync of a record.
inline constexpr std::size_t text_bytes_max = 64 << 10;

// A page on the wire, compressed. A cut link repeats at most two of them (64 KiB).
inline constexpr std::size_t page_bytes_max = 32 << 10;
// What a page may swell to when it is decompressed: one change of the largest size beside its segment.
inline constexpr std::size_t page_expanded_bytes_max = 4 << 20;
// A request or answer as a whole; larger ones are answered 413 before they are read.
inline constexpr std::size_t message_bytes_max = 5 << 20;

// One bundle is read into memory whole, so that nothing is believed before all of it verified: 64 MB are some 150,000
// consultations. A writer stops filling it a little earlier and says that there is more.
inline constexpr std::size_t bundle_bytes_max = 64 << 20;
inline constexpr std::size_t bundle_filled_bytes = 48 << 20;
// Entries in one segment. With 32 KiB pages the usual number is about a hundred; the bound stops a page of
// thousands of tiny edits from holding a transaction for long.
inline constexpr std::size_t segment_entries_max = 256;

// One attachment as it is kept. A form may ask for less, and asks for this much where it says nothing: a photo as a
// phone takes it, a paper of some pages as a scanner writes it.
inline constexpr std::uint64_t attachment_bytes_max = 64 << 20;
inline constexpr std::uint64_t attachment_bytes_default = 16 << 20;
// What is sealed, sent and kept as one piece: with the meeting around it, a cut link repeats at most 64 KiB.
inline constexpr std::size_t attachment_chunk_bytes = 56 << 10;
// Attachments asked for in one request.
inline constexpr std::size_t attachment_list_max = 256;
// Those that are waited for and named in each pull: the pull of a laptop with nothing new stays under 2 KB.
inline constexpr std::size_t attachment_waiting_max = 16;
// A picture is refused before it is decoded when it has more pixels: decoded, these take 200 MB.
inline constexpr std::size_t image_pixels_max = 64u << 20;

// Nesting of anything decoded: our deepest message has eight levels.
inline constexpr std::size_t cbor_depth_max = 16;

// Key slots (RFC 9106: 64 MiB, 3 passes is its second recommended option).
inline constexpr std::size_t argon2_memory_bytes = 64u << 20;
inline constexpr unsigned argon2_passes = 3;

inline constexpr std::int64_t ticket_life_ms = 24LL * 3600 * 1000;
// A handshake's challenge and token live as long as a slow link needs for one exchange.
inline constexpr std::int64_t token_life_ms = 3600LL * 1000;

// How long a second process waits for the store's holder before it says who that is.
inline constexpr int store_wait_ms = 5'000;

}  // namespace fieldpost::limits
