#pragma once

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <string>

namespace otpd::auth::test {

// A fresh key of a curve, and its public half, in PEM.
struct pem_pair {
  explicit pem_pair(const char* curve) {
    EVP_PKEY* key = EVP_EC_gen(curve);
    const auto written = [key](auto write) {
      BIO* out = BIO_new(BIO_s_mem());
      EXPECT_EQ(write(out, key), 1);
      char* text = nullptr;
      const long size = BIO_get_mem_data(out, &text);
      std::string pem(text, static_cast<std::size_t>(size));
      BIO_free(out);
      return pem;
    };
    secret = written([](BIO* out, EVP_PKEY* of) {
      return PEM_write_bio_PrivateKey(out, of, nullptr, nullptr, 0, nullptr, nullptr);
    });
    open = written([](BIO* out, EVP_PKEY* of) { return PEM_write_bio_PUBKEY(out, of); });
    EVP_PKEY_free(key);
  }
  std::string secret;
  std::string open;
};

}  // namespace otpd::auth::test
