// The last part of a meeting with central: attachments, once push and pull are quiet. It asks how far central holds
// what it does not know of, sends and fetches chunk by chunk from there, and makes no request where nothing is to do.
#pragma once

#include <deque>
#include <functional>
#include <vector>

#include "shared/storage/store.h"
#include "sync/attachment_messages.h"
#include "sync/transport.h"

namespace fieldpost {

struct AttachmentCounts {
  std::int64_t sent = 0;      // files central now holds whole
  std::int64_t received = 0;  // files that are whole here now
};

class AttachmentExchange {
 public:
  /// Makes one request with the meeting's token; what is not 200 comes as an Error.
  using Ask = std::function<Result<Response>(const char* path, Bytes body)>;
  /// `central` is the device id of its receipt key: parts that come from it lie under this name.
  AttachmentExchange(Store& store, const DeviceId& central, Ask ask)
      : store_(store), central_(central), ask_(std::move(ask)) {}

  enum class Step { more, done };
  /// At most one request. What one file alone is to blame for ends that file and not the meeting. An error leaves all
  /// as it is: the next meeting goes on at the chunk that was cut.
  Result<Step> step();

  const AttachmentCounts& counts() const { return counts_; }

 private:
  struct Sending {
    AttachmentId id;
    std::uint64_t offset = 0;
    int restarts = 0;
  };
  Result<void> plan();
  Result<void> ask_positions();
  Result<void> take_position(const AttachmentId& id, const std::optional<std::uint64_t>& held);
  Result<void> send_chunk();
  Result<void> fetch_chunk();

  Store& store_;
  DeviceId central_;
  Ask ask_;
  bool planned_ = false;
  std::deque<AttachmentId> asking_, fetching_;
  std::deque<Sending> sending_;
  AttachmentCounts counts_;
};

/// What a pull asks for: some of the files that central lacked, drawn anew each time, so that all have their turn.
Result<std::vector<AttachmentId>> files_waited_for(Store& store);
/// What the pull answered: files that came meanwhile are fetched in this meeting, files that central lost are sent
/// again.
Result<void> take_file_news(Store& store, const std::vector<AttachmentId>& asked, const Positions& held,
                            const std::vector<AttachmentId>& lacking);

}  // namespace fieldpost
