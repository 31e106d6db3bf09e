#include "client/people_reader.h"

#include <chrono>

namespace fieldpost {

PeopleReader::PeopleReader(Store::Options store, Consultations consultations, std::function<void()> wake)
    : store_(std::move(store)), consultations_(consultations), wake_(std::move(wake)) {}

PeopleReader::~PeopleReader() { ending_ = true; }

void PeopleReader::want(const Catalogue& catalogue) {
  known();
  if (!stale_ || reading_.valid()) return;
  stale_ = false;
  reading_ = std::async(std::launch::async, [this, &catalogue]() -> People {
    std::vector<MetPerson> met;
    const Result<void> read = each_person(store_, catalogue, consultations_, [&](const MetPerson& person) {
      met.push_back(person);
      return !ending_;
    });
    // Suggestions are a help: without them everything can be typed. The next form asks again.
    People people;
    if (read && !ending_)
      people = std::make_shared<const KnownPeople>(std::move(met), catalogue.places, [this] { return !ending_; });
    if (wake_) wake_();
    return people;
  });
}

std::shared_ptr<const KnownPeople> PeopleReader::known() {
  if (reading_.valid() && reading_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
    if (People people = reading_.get())
      known_ = std::move(people);
    else
      stale_ = true;
  }
  return known_;
}

}  // namespace fieldpost
