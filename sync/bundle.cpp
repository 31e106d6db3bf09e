#include "sync/bundle.h"

#include <algorithm>

#include "shared/foundation/cbor.h"
#include "shared/foundation/limits.h"

namespace fieldpost {

namespace {

constexpr std::string_view magic = "FPBUNDLE";
constexpr std::string_view signature_context = "fieldpost bundle";
constexpr std::uint64_t format_version = 1;

Error damaged(const char* what) {
  return {ErrorCode::malformed, std::string("the bundle is incomplete or damaged (") + what +
                                    "): nothing of it was taken in; copy it again from where it was written"};
}

/// What a frame is sealed together with, so that frames cannot change places, files or their being the last.
Bytes place_of(const Digest& header, std::uint64_t index, bool last) {
  CborWriter out;
  out.array(3).bytes(header.view()).uint(index).boolean(last);
  return std::move(out).result();
}

Bytes encode_sender(const BundleSender& sender) {
  CborWriter out;
  out.array(3);
  if (sender.laptop)
    out.bytes(encode_certificate(*sender.laptop));
  else
    out.null();
  out.uint(sender.number).integer(sender.at);
  return std::move(out).result();
}

Result<BundleSender> decode_sender(BytesView bytes) {
  CborReader in(bytes);
  BundleSender sender;
  in.array_of(3);
  if (!in.try_null()) {
    Result<Certificate> certificate = decode_certificate(in.bytes());
    if (certificate)
      sender.laptop = *std::move(certificate);
    else
      in.fail("a certificate that cannot be read");
  }
  sender.number = in.uint();
  sender.at = in.integer();
  if (Result<void> whole = in.finish("a bundle's sender"); !whole) return whole.error();
  return sender;
}

Bytes signed_words(const Digest& header, const Digest& frames) {
  CborWriter out;
  out.array(2).bytes(header.view()).bytes(frames.view());
  return std::move(out).result();
}

Digest chained(const Digest& before, BytesView frame) {
  Bytes both(before.bytes.begin(), before.bytes.end());
  both.insert(both.end(), frame.begin(), frame.end());
  return sha256(both);
}

struct Opened {
  BundleHeader header;
  BytesView sealed_key, header_bytes, frames;
};

Result<Opened> open_outside(BytesView file) {
  if (file.size() < magic.size() || text_of(file.first(magic.size())) != magic)
    return Error{ErrorCode::malformed, "this file is no Fieldpost bundle"};
  const BytesView rest = file.subspan(magic.size());
  CborReader in(rest);
  Opened out;
  in.array_of(4);
  if (in.uint() != format_version && in.ok())
    return Error{ErrorCode::malformed, "a bundle of a newer program: update this one first"};
  out.header.deployment = in.id<DeploymentId>();
  out.header.recipient = in.id<DeviceId>();
  out.sealed_key = in.bytes();
  if (!in.ok()) return damaged("its header");
  out.header_bytes = rest.first(in.position());
  out.frames = rest.subspan(in.position());
  return out;
}

}  // namespace

Result<BundleWriter> BundleWriter::begin(const DeploymentId& deployment, const PublicKey& recipient,
                                         const BundleSender& sender, Random& random) {
  BundleWriter writer(random);
  random.fill(writer.key_.bytes);
  const Result<Bytes> sealed = seal_to(recipient, writer.key_.view());
  if (!sealed) return sealed.error();
  CborWriter header;
  header.array(4).uint(format_version).bytes(deployment.view()).bytes(device_id_of(recipient).view()).bytes(*sealed);
  writer.header_ = sha256(header.result());
  writer.file_.assign(magic.begin(), magic.end());
  writer.file_.insert(writer.file_.end(), header.result().begin(), header.result().end());
  writer.add(FrameKind::sender, encode_sender(sender));
  return writer;
}

void BundleWriter::add(FrameKind kind, BytesView content) { frame(kind, content, false); }

void BundleWriter::frame(FrameKind kind, BytesView content, bool last) {
  CborWriter plain;
  plain.array(2).uint(static_cast<std::uint64_t>(kind)).bytes(content);
  if (!last) frames_ = chained(frames_, plain.result());
  CborWriter out;
  out.bytes(encrypt(key_, plain.result(), place_of(header_, next_++, last), *random_));
  file_.insert(file_.end(), out.result().begin(), out.result().end());
}

Bytes BundleWriter::finish(const SigningKey& sender) {
  CborWriter manifest;
  manifest.array(2)
      .bytes(frames_.view())
      .bytes(sender.sign(signature_context, signed_words(header_, frames_)).view());
  frame(FrameKind::manifest, manifest.result(), true);
  return std::move(file_);
}

Result<BundleHeader> bundle_header(BytesView file) {
  const Result<Opened> opened = open_outside(file);
  if (!opened) return opened.error();
  return opened->header;
}

Result<Bundle> open_bundle(BytesView file, const SigningKey& recipient, const CentralStatement& central) {
  const Result<Opened> outside = open_outside(file);
  if (!outside) return outside.error();
  if (outside->header.deployment != central.deployment_id())
    return Error{ErrorCode::not_central, "this bundle belongs to another deployment: nothing of it was taken in"};
  if (outside->header.recipient != device_id_of(recipient.public_key()))
    return Error{ErrorCode::forbidden, "this bundle is sealed to somebody else: carry it on to them"};
  const Result<Bytes> opened_key = recipient.open(outside->sealed_key);
  SymmetricKey key;
  if (!opened_key || opened_key->size() != key.bytes.size()) return damaged("its key");
  std::copy(opened_key->begin(), opened_key->end(), key.bytes.begin());
  const Digest header = sha256(outside->header_bytes);

  Bundle bundle;
  Digest frames;
  CborReader in(outside->frames);
  bool last = false;
  for (std::uint64_t index = 0; !last; ++index) {
    const BytesView sealed = in.bytes();
    if (!in.ok()) return damaged("it ends too early");
    last = in.at_end();
    const Result<Bytes> plain = decrypt(key, sealed, place_of(header, index, last));
    if (!plain) return damaged(last ? "its end is missing" : "a part was altered");
    CborReader frame(*plain);
    frame.array_of(2);
    const auto kind = static_cast<FrameKind>(frame.uint());
    const BytesView content = frame.bytes();
    if (!frame.finish("a frame")) return damaged("a part cannot be read");
    if (index == 0) {
      Result<BundleSender> sender = decode_sender(content);
      if (kind != FrameKind::sender || !sender || last) return damaged("its sender");
      bundle.sender = *std::move(sender);
    } else if (last) {
      CborReader manifest(content);
      manifest.array_of(2);
      const Digest claimed = manifest.id<Digest>();
      const Signature signature = manifest.id<Signature>();
      if (kind != FrameKind::manifest || !manifest.finish("a manifest") || claimed != frames)
        return damaged("its manifest");
      const bool from_laptop = bundle.sender.laptop.has_value();
      if (from_laptop && !verify_certificate(*bundle.sender.laptop, central.deployment))
        return Error{ErrorCode::untrusted, "the bundle's sender is not enrolled here: nothing of it was taken in"};
      const PublicKey& signer = from_laptop ? bundle.sender.laptop->key : central.receipts;
      if (!verify(signer, signature_context, signed_words(header, frames), signature))
        return Error{ErrorCode::untrusted, "the bundle was not written by whom it names: nothing was taken in"};
      break;
    } else {
      bundle.frames.push_back({kind, Bytes(content.begin(), content.end())});
    }
    frames = chained(frames, *plain);
  }
  return bundle;
}

}  // namespace fieldpost
