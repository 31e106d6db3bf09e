// Central's own TLS certificate, and the pin laptops hold instead of trusting anybody's certificate authority.
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

#include "shared/foundation/limits.h"
#include "sync/central/http_server.h"

namespace fieldpost {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate509 = std::unique_ptr<X509, Freed<X509_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;

std::string text_in(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

bool fill_in(X509* certificate, EVP_PKEY* key) {
  // A serial of its own keeps browsers from refusing two centrals with the same issuer and serial.
  std::unique_ptr<BIGNUM, Freed<BN_free>> serial(BN_new());
  if (!serial || BN_rand(serial.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) != 1) return false;
  if (!BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate))) return false;

  const auto* name = reinterpret_cast<const unsigned char*>("fieldpost-central");
  X509_NAME* subject = X509_get_subject_name(certificate);
  return X509_set_version(certificate, X509_VERSION_3) == 1 &&
         ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate), "19700101000000Z") == 1 &&
         ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate), "99991231235959Z") == 1 &&
         X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, name, -1, -1, 0) == 1 &&
         X509_set_issuer_name(certificate, subject) == 1 && X509_set_pubkey(certificate, key) == 1 &&
         X509_sign(certificate, key, EVP_sha256()) > 0;
}

}  // namespace

Result<TlsIdentity> make_tls_identity() {
  const Error failed{ErrorCode::io, "OpenSSL could not make a TLS certificate"};
  const Key key(EVP_EC_gen("P-256"));
  const Certificate509 certificate(X509_new());
  if (!key || !certificate || !fill_in(certificate.get(), key.get())) return failed;

  const Memory certificate_pem(BIO_new(BIO_s_mem()));
  const Memory key_pem(BIO_new(BIO_s_mem()));
  if (!certificate_pem || !key_pem || PEM_write_bio_X509(certificate_pem.get(), certificate.get()) != 1 ||
      PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return failed;
  }
  return TlsIdentity{text_in(certificate_pem.get()), text_in(key_pem.get())};
}

Result<Digest> tls_pin_of(std::string_view certificate_pem) {
  const Error failed{ErrorCode::malformed, "not a certificate in PEM form"};
  if (certificate_pem.size() > limits::message_bytes_max) return failed;
  const Memory pem(BIO_new_mem_buf(certificate_pem.data(), static_cast<int>(certificate_pem.size())));
  if (!pem) return failed;
  const Certificate509 certificate(PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr));
  if (!certificate) return failed;
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &der);
  if (size <= 0) return failed;
  const Digest pin = sha256(BytesView(der, static_cast<std::size_t>(size)));
  OPENSSL_free(der);
  return pin;
}

}  // namespace fieldpost
