#include "crypto/key_ring.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

#include "crypto/encoding.hpp"
#include "crypto/mac.hpp"
#include "crypto/random.hpp"

namespace otpd::crypto {

namespace {

// HKDF-Expand for one block of output; the master key is uniformly random, so it is the pseudorandom key
// itself.
secret_key derive(const mac_key& master, std::string_view label) {
  std::string info = "otpd 1 ";
  info += label;
  info += '\x01';
  return secret_key(master.sign(info));
}

[[noreturn]] void fail(const std::filesystem::path& file, std::string_view what) {
  throw std::runtime_error("master key " + file.string() + ": " + std::string(what));
}

struct descriptor {
  int fd;
  ~descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

// Written whole under a name of this process first and then linked, so that a crash leaves no key or a whole
// one, and of two first starts both use the same.
void create(const std::filesystem::path& file) {
  secret_key key;
  random_source random;
  random.fill(key.bytes());
  std::string text = to_hex(key.bytes()) + "\n";
  const std::string fresh = file.string() + ".new." + std::to_string(::getpid());
  // What was left under that name may be open to others, whatever its mode says now.
  ::unlink(fresh.c_str());
  descriptor out{::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (out.fd < 0) fail(file, std::string("cannot be made: ") + std::strerror(errno));
  const bool written =
      ::write(out.fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(out.fd) == 0;
  OPENSSL_cleanse(text.data(), text.size());
  const bool linked = written && (::link(fresh.c_str(), file.c_str()) == 0 || errno == EEXIST);
  const int error = errno;
  ::unlink(fresh.c_str());
  if (!linked) fail(file, std::string("cannot be made: ") + std::strerror(error));
  const std::filesystem::path parent = file.has_parent_path() ? file.parent_path() : ".";
  descriptor directory{::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (directory.fd < 0 || ::fsync(directory.fd) != 0) fail(file, "its directory cannot be synced");
}

}  // namespace

key_ring::key_ring(const secret_key& master) {
  const mac_key expand(master);
  index = derive(expand, "index");
  code = derive(expand, "code");
  identity = derive(expand, "identity");
  reference = derive(expand, "reference");
  limit = derive(expand, "limit");
  seal = derive(expand, "seal");
  account = derive(expand, "account");
  session = derive(expand, "session");
  token = derive(expand, "token");
  signing = derive(expand, "signing");
  check = derive(expand, "check");
}

secret_key parse_master_key(std::string_view hex) {
  secret_key key;
  if (!from_hex(hex, key.bytes())) throw std::runtime_error("the master key is not 64 hex digits");
  return key;
}

secret_key load_or_create_master_key(const std::filesystem::path& file) {
  descriptor in{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  if (in.fd < 0 && errno == ENOENT) {
    create(file);
    in.fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  }
  if (in.fd < 0) fail(file, std::string("cannot be read: ") + std::strerror(errno));
  struct stat status {};
  if (::fstat(in.fd, &status) != 0) fail(file, std::strerror(errno));
  if ((status.st_mode & 077) != 0) fail(file, "others can read it: chmod 600");
  std::array<char, 128> text{};
  const ssize_t size = ::read(in.fd, text.data(), text.size());
  std::string_view hex(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  if (!hex.empty() && hex.back() == '\n') hex.remove_suffix(1);
  secret_key key;
  const bool ok = from_hex(hex, key.bytes());
  OPENSSL_cleanse(text.data(), text.size());
  if (!ok) fail(file, "is not 64 hex digits");
  return key;
}

}  // namespace otpd::crypto
