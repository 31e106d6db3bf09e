#include "client/desk_reader.h"

#include <chrono>

#include "shared/desk/reviewed_records.h"

namespace fieldpost {
namespace {

/// Trips of the last two months, and those that are planned.
constexpr std::int64_t trip_days = 60;

}  // namespace

DeskReader::DeskReader(Store::Options store, const Environment& environment, Candidates candidates,
                       std::function<void()> wake)
    : options_(std::move(store)),
      environment_(environment),
      candidates_(std::move(candidates)),
      wake_(std::move(wake)) {}

DeskReader::~DeskReader() = default;

void DeskReader::want(Wanted wanted) {
  news();
  if (reading_.valid() || (!stale_ && wanted <= read_for_)) return;
  stale_ = false;
  read_for_ = wanted;
  reading_ = std::async(std::launch::async, [this, wanted] {
    News news = read(wanted);
    if (wake_) wake_();
    return news;
  });
}

std::shared_ptr<const DeskNews> DeskReader::news() {
  if (reading_.valid() && reading_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
    // A reading that failed leaves the last one standing; the next change asks again.
    if (News fresh = reading_.get()) news_ = std::move(fresh);
  }
  return news_;
}

void DeskReader::wait() {
  if (reading_.valid()) reading_.wait();
}

DeskReader::News DeskReader::read(Wanted wanted) {
  if (store_) {
    if (!store_->refresh()) return nullptr;
  } else {
    auto opened = Store::open(options_, environment_);
    if (!opened) return nullptr;
    store_ = *std::move(opened);
  }
  Store& store = *store_;
  if (!prepare_inbox(store)) return nullptr;
  auto news = std::make_shared<DeskNews>();
  if (auto returned = returned_records(store)) news->returned = *std::move(returned);
  const std::int64_t now_ms = environment_.clock.now_ms();
  if (wanted == Wanted::field) {
    const auto records = reviewed_records(store);
    if (!records) return nullptr;
    for (const ReviewedRecord& record : *records)
      if (record.state == ReviewState::to_hand_in && !record.in_conflict)
        news->to_hand_in.push_back({record.record, record.maker});
    return news;
  }
  InboxRequest request;
  request.now_ms = now_ms;
  if (candidates_) request.candidates = [&] { return candidates_(store); };
  auto items = read_inbox(store, request);
  if (!items) return nullptr;
  news->items = *std::move(items);
  if (wanted == Wanted::fleet) {
    if (auto laptops = read_fleet(store)) news->laptops = *std::move(laptops);
    const CivilDate from = from_day_number(day_number(vietnam_day(now_ms)) - trip_days);
    if (auto trips = read_trips(store, from)) news->trips = *std::move(trips);
  }
  return news;
}

}  // namespace fieldpost
