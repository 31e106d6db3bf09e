// Photos and files in an open form: taken in beside the window's thread, so that it never waits for a picture.
#include <chrono>

#include "client/app.h"
#include "client/model/translation.h"
#include "shared/intake/intake.h"
#include "shared/storage/files.h"

namespace fieldpost {

namespace {

Result<Attachment> taken_in(const Question& question, const std::string& path, AttachmentStore& attachments) {
  Result<Bytes> file = read_small_file(path, limits::attachment_bytes_max);
  if (!file) return file.error();
  const Result<TakenIn> taken = take_in(question, *std::move(file), path);
  if (!taken) return taken.error();
  const Result<AttachmentId> id = attachments.put(taken->content);
  if (!id) return id.error();
  return Attachment{*id, taken->type, taken->name};
}

}  // namespace

void App::attach_files() {
  if (attaching_) {
    if (attaching_->taken_in.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return;
    const Attaching done = {attaching_->record, attaching_->request, {}};
    const Result<Attachment> attachment = attaching_->taken_in.get();
    attaching_.reset();
    // Whoever closed the form meanwhile did not want it: the file goes at the next start.
    if (const auto open = tab_of(done.record); worked(attachment) && open) {
      forms_[*open]->attach(done.request.entity, *done.request.question, *attachment);
      keep_draft_of(*forms_[*open]);  // it may stand behind another one, where no pause of the keyboard keeps it
    }
  }
  std::optional<FormEntry::AttachRequest> request = entry_ ? entry_->take_attach_request() : std::nullopt;
  if (!request) return;
  problem_.clear();
  // The question is copied: a form may close before the picture is done.
  auto work = [question = *request->question, path = request->path, &attachments = store_->attachments(),
               wake = options_.wake] {
    Result<Attachment> attachment = taken_in(question, path, attachments);
    if (wake) wake();
    return attachment;
  };
  attaching_ = Attaching{entry_->record(), *std::move(request), std::async(std::launch::async, std::move(work))};
}

void App::load_file_places(FormEntry& entry) {
  entry.file_places.clear();
  if (entry.seen().is_new) return;
  const Result<std::vector<RecordFile>> files = store_->files_of(entry.record());
  if (!worked(files)) return;
  for (const RecordFile& file : *files)
    if (!file.here)
      entry.file_places[file.attachment.id] =
          file.at_central ? tr("file.at_central") : tr_with("file.on_laptop", {store_->device_name(file.device)});
}

}  // namespace fieldpost
