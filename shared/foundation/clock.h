// The only sources of time and chance. Everything that decides takes them through its constructor, so that a whole
// province of laptops runs in one test on one seed.
#pragma once

#include <cstdint>
#include <span>

namespace fieldpost {

class WallClock {
 public:
  virtual ~WallClock() = default;
  /// Milliseconds since 1970-01-01 UTC. May be wrong by years, may run backwards.
  virtual std::int64_t now_ms() const = 0;
};

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  std::uint64_t next() {
    std::uint8_t bytes[8];
    fill(bytes);
    std::uint64_t value = 0;
    for (std::uint8_t byte : bytes) value = value << 8 | byte;
    return value;
  }
  /// Uniform enough in [0, bound); bound > 0.
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
};

/// The machine's clock.
class SystemClock final : public WallClock {
 public:
  std::int64_t now_ms() const override;
};

/// libsodium's generator.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

/// The same sequence for the same seed: SplitMix64. For tests, samples and simulation; never for keys in the field.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::uint64_t state_;
};

}  // namespace fieldpost
