#include "shared/forms/pattern.h"

#include <memory>
#include <optional>
#include <string>

namespace fieldpost {

namespace {

constexpr std::size_t steps_max = 2'000;
constexpr int depth_max = 32;
constexpr char32_t last_point = 0x10FFFF;

/// UTF-8 to code points; a byte that is not UTF-8 stands for itself.
std::u32string points_of(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 1;
    char32_t point = length == 1 ? lead : lead & (0x7Fu >> length);
    if (at + length > text.size()) {
      out.push_back(lead);
      ++at;
      continue;
    }
    for (std::size_t i = 1; i < length; ++i) point = point << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
    out.push_back(point);
    at += length;
  }
  return out;
}

struct Item {
  enum class Kind { set, sequence, choice, repeat } kind = Kind::sequence;
  Pattern::Set set;
  std::vector<Item> items;
  std::size_t least = 0;
  std::optional<std::size_t> most;
};

}  // namespace

bool Pattern::Set::holds(char32_t point) const {
  bool found = letters && point >= 0xC0;
  for (const auto& [from, to] : ranges) found = found || (point >= from && point <= to);
  return found != negated;
}

class PatternCompiler {
 public:
  explicit PatternCompiler(std::string_view source) : points_(points_of(source)) {}

  Result<Pattern> compile() {
    if (next() == U'^') ++at_;
    Item root = choice(0);
    if (!fault_ && at_ < points_.size()) fail("a ) without its (");
    if (!fault_) emit(root);
    if (fault_) return *fault_;
    pattern_.steps_.push_back({});
    return std::move(pattern_);
  }

 private:
  std::optional<char32_t> next() const {
    if (at_ >= points_.size()) return std::nullopt;
    return points_[at_];
  }
  void fail(const std::string& what) {
    if (!fault_)
      fault_ = Error{ErrorCode::invalid_argument, "pattern, place " + std::to_string(at_ + 1) + ": " + what};
  }

  Item choice(int depth) {
    Item out;
    out.kind = Item::Kind::choice;
    if (depth > depth_max) fail("brackets nested too deeply");
    if (fault_) return out;
    out.items.push_back(sequence(depth));
    while (!fault_ && next() == U'|') {
      ++at_;
      out.items.push_back(sequence(depth));
    }
    return out;
  }

  Item sequence(int depth) {
    Item out;
    while (!fault_ && next() && next() != U'|' && next() != U')') {
      if (next() == U'$' && (at_ + 1 == points_.size())) {
        ++at_;
        break;
      }
      Item one = single(depth);
      if (fault_) break;
      out.items.push_back(repeated(std::move(one)));
    }
    return out;
  }

  Item single(int depth) {
    Item out;
    out.kind = Item::Kind::set;
    const char32_t point = points_[at_++];
    if (point == U'(') {
      out = choice(depth + 1);
      if (next() != U')')
        fail("a ( without its )");
      else
        ++at_;
    } else if (point == U'[') {
      out.set = bracket();
    } else if (point == U'.') {
      out.set.ranges = {{0, last_point}};
    } else if (point == U'\\') {
      escape(out.set);
    } else if (std::u32string_view(U"*+?{}").find(point) != std::u32string_view::npos) {
      --at_;
      fail("nothing to repeat");
    } else {
      out.set.ranges = {{point, point}};
    }
    return out;
  }

  void escape(Pattern::Set& set) {
    const auto point = next();
    if (!point) return fail("a \\ at the end");
    ++at_;
    switch (*point) {
      case U'd': set.ranges.push_back({U'0', U'9'}); break;
      case U's': set.ranges.insert(set.ranges.end(), {{U' ', U' '}, {U'\t', U'\n'}, {0xA0, 0xA0}}); break;
      case U'w':
        set.ranges.insert(set.ranges.end(), {{U'0', U'9'}, {U'a', U'z'}, {U'A', U'Z'}, {U'_', U'_'}});
        set.letters = true;
        break;
      default:
        if ((*point >= U'a' && *point <= U'z') || (*point >= U'A' && *point <= U'Z') ||
            (*point >= U'0' && *point <= U'9'))
          return fail("an unknown letter after \\");
        set.ranges.push_back({*point, *point});
    }
  }

  Pattern::Set bracket() {
    Pattern::Set set;
    if (next() == U'^') {
      set.negated = true;
      ++at_;
    }
    bool first = true;
    while (next() && (next() != U']' || first)) {
      first = false;
      if (next() == U'\\') {
        ++at_;
        escape(set);
        if (fault_) return set;
        continue;
      }
      const char32_t from = points_[at_++];
      char32_t to = from;
      if (next() == U'-' && at_ + 1 < points_.size() && points_[at_ + 1] != U']') {
        to = points_[at_ + 1];
        at_ += 2;
      }
      if (to < from) fail("a range that runs backwards");
      set.ranges.push_back({from, to});
    }
    if (!next())
      fail("a [ without its ]");
    else
      ++at_;
    return set;
  }

  Item repeated(Item one) {
    Item out;
    out.kind = Item::Kind::repeat;
    const auto sign = next();
    if (sign == U'*') {
    } else if (sign == U'+') {
      out.least = 1;
    } else if (sign == U'?') {
      out.most = 1;
    } else if (sign == U'{') {
      ++at_;
      const auto least = number();
      if (!least) fail("{ needs a number");
      out.least = least.value_or(0);
      out.most = out.least;
      if (next() == U',') {
        ++at_;
        out.most = number();
      }
      if (next() != U'}') fail("a { without its }");
      if (out.most && *out.most < out.least) fail("a range that runs backwards");
    } else {
      return one;
    }
    if (fault_) return one;
    ++at_;
    out.items.push_back(std::move(one));
    return out;
  }

  std::optional<std::size_t> number() {
    std::optional<std::size_t> out;
    while (next() && *next() >= U'0' && *next() <= U'9') {
      out = out.value_or(0) * 10 + (*next() - U'0');
      ++at_;
      if (*out > steps_max) fail("too many repeats");
      if (fault_) break;
    }
    return out;
  }

  std::size_t add(Pattern::Step::Kind kind) {
    if (pattern_.steps_.size() >= steps_max) {
      if (!fault_) fault_ = Error{ErrorCode::out_of_bounds, "pattern: more than 2,000 steps"};
      return 0;
    }
    pattern_.steps_.push_back({kind, 0, 0});
    return pattern_.steps_.size() - 1;
  }

  void emit(const Item& item) {
    using Kind = Pattern::Step::Kind;
    // Empty brackets cost no step, but repeated in one another they would cost for ever.
    if (++work_ > 50 * steps_max && !fault_) fault_ = Error{ErrorCode::out_of_bounds, "pattern: too many repeats"};
    if (fault_) return;
    auto& steps = pattern_.steps_;
    switch (item.kind) {
      case Item::Kind::set: {
        const std::size_t step = add(Kind::set);
        if (fault_) return;
        steps[step].first = pattern_.sets_.size();
        pattern_.sets_.push_back(item.set);
        break;
      }
      case Item::Kind::sequence:
        for (const Item& one : item.items) emit(one);
        break;
      case Item::Kind::choice: {
        std::vector<std::size_t> ends;
        for (std::size_t i = 0; i < item.items.size() && !fault_; ++i) {
          if (i + 1 == item.items.size()) {
            emit(item.items[i]);
            break;
          }
          const std::size_t fork = add(Kind::fork);
          emit(item.items[i]);
          const std::size_t end = add(Kind::jump);
          if (fault_) return;
          ends.push_back(end);
          steps[fork].first = fork + 1;
          steps[fork].second = steps.size();
        }
        for (const std::size_t end : ends) steps[end].first = steps.size();
        break;
      }
      case Item::Kind::repeat: {
        for (std::size_t i = 0; i < item.least && !fault_; ++i) emit(item.items[0]);
        if (!item.most) {
          const std::size_t fork = add(Kind::fork);
          emit(item.items[0]);
          const std::size_t back = add(Kind::jump);
          if (fault_) return;
          steps[back].first = fork;
          steps[fork].first = fork + 1;
          steps[fork].second = steps.size();
          break;
        }
        std::vector<std::size_t> forks;
        for (std::size_t i = item.least; i < *item.most && !fault_; ++i) {
          forks.push_back(add(Kind::fork));
          emit(item.items[0]);
        }
        if (fault_) return;
        for (const std::size_t fork : forks) {
          steps[fork].first = fork + 1;
          steps[fork].second = steps.size();
        }
        break;
      }
    }
  }

  std::u32string points_;
  std::size_t at_ = 0, work_ = 0;
  std::optional<Error> fault_;
  Pattern pattern_;
};

Result<Pattern> Pattern::compile(std::string_view source) { return PatternCompiler(source).compile(); }

bool Pattern::matches(std::string_view text) const {
  // The steps that wait for the next code point; each at most once, which bounds the work.
  std::vector<std::size_t> now, after, open;
  std::vector<bool> here(steps_.size());
  bool matched = false;
  const auto enter = [&](std::size_t start, std::vector<std::size_t>& into) {
    open.push_back(start);
    while (!open.empty()) {
      const std::size_t step = open.back();
      open.pop_back();
      if (here[step]) continue;
      here[step] = true;
      switch (steps_[step].kind) {
        case Step::Kind::set: into.push_back(step); break;
        case Step::Kind::match: matched = true; break;
        case Step::Kind::jump: open.push_back(steps_[step].first); break;
        case Step::Kind::fork: open.push_back(steps_[step].second); open.push_back(steps_[step].first);
      }
    }
  };
  enter(0, now);
  for (const char32_t point : points_of(text)) {
    matched = false;
    after.clear();
    here.assign(steps_.size(), false);
    for (const std::size_t step : now)
      if (sets_[steps_[step].first].holds(point)) enter(step + 1, after);
    now.swap(after);
    if (now.empty() && !matched) return false;
  }
  return matched;
}

}  // namespace fieldpost
