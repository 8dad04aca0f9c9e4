#include "net/test_certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

namespace otpd::test {

namespace {

using key_ptr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using certificate_ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using bio_ptr = std::unique_ptr<BIO, decltype(&BIO_free)>;

std::string take(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

void add_extension(X509* certificate, int kind, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
  if (!extension) throw std::runtime_error("bad extension " + value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

void name_it(X509_NAME* name, const char* text) {
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text), -1, -1,
                             0);
}

certificate_ptr blank(EVP_PKEY* key, long serial, long valid_for) {
  certificate_ptr out{X509_new(), &X509_free};
  X509_set_version(out.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(out.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(out.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(out.get()), valid_for);
  X509_set_pubkey(out.get(), key);
  return out;
}

identity to_pem(X509* certificate, EVP_PKEY* key) {
  const bio_ptr first{BIO_new(BIO_s_mem()), &BIO_free};
  const bio_ptr second{BIO_new(BIO_s_mem()), &BIO_free};
  PEM_write_bio_X509(first.get(), certificate);
  PEM_write_bio_PrivateKey(second.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return {take(first.get()), take(second.get())};
}

}  // namespace

authority::authority() {
  const key_ptr key{EVP_EC_gen("P-256"), &EVP_PKEY_free};
  const auto certificate = blank(key.get(), 1, 86400);
  name_it(X509_get_subject_name(certificate.get()), "otpd test authority");
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
  add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate.get(), NID_key_usage, "critical,keyCertSign");
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  self_ = to_pem(certificate.get(), key.get());
}

identity authority::issue(const std::string& name, long valid_for) const {
  const bio_ptr key_text{BIO_new_mem_buf(self_.key.data(), static_cast<int>(self_.key.size())), &BIO_free};
  const key_ptr signer{PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
  const key_ptr key{EVP_EC_gen("P-256"), &EVP_PKEY_free};
  const auto certificate = blank(key.get(), 2, valid_for);
  name_it(X509_get_subject_name(certificate.get()), "otpd test server");
  name_it(X509_get_issuer_name(certificate.get()), "otpd test authority");
  add_extension(certificate.get(), NID_subject_alt_name, name);
  add_extension(certificate.get(), NID_ext_key_usage, "serverAuth");
  X509_sign(certificate.get(), signer.get(), EVP_sha256());
  return to_pem(certificate.get(), key.get());
}

}  // namespace otpd::test
