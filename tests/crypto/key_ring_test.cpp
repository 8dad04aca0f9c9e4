#include "crypto/key_ring.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>

#include "crypto/encoding.hpp"

namespace otpd::crypto {
namespace {

namespace fs = std::filesystem;

// A directory of its own, gone with the test.
class KeyFile : public testing::Test {
 protected:
  KeyFile() {
    std::string pattern = (fs::temp_directory_path() / "otpd-key-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = pattern;
  }
  ~KeyFile() override { fs::remove_all(directory_); }

  [[nodiscard]] fs::path at(std::string_view name) const { return directory_ / name; }
  fs::path write(std::string_view name, std::string_view text, ::mode_t mode = 0600) const {
    std::ofstream(at(name), std::ios::binary) << text;
    EXPECT_EQ(::chmod(at(name).c_str(), mode), 0);
    return at(name);
  }
  static std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static ::mode_t mode_of(const fs::path& file) {
    struct stat status {};
    EXPECT_EQ(::lstat(file.c_str(), &status), 0);
    return status.st_mode & 07777;
  }
  // What is said against the file; empty if it is read.
  static std::string refusal(const fs::path& file) {
    try {
      static_cast<void>(load_or_create_master_key(file));
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return {};
  }

  const std::string hex_ = "00112233445566778899aabbccddeeff0123456789abcdef0123456789ABCDEF";
  fs::path directory_;
};

std::string text_of(const secret_key& key) {
  return to_hex(key.bytes());
}

TEST_F(KeyFile, IsMadeForItsOwnerOnly) {
  const secret_key made = load_or_create_master_key(at("key"));
  EXPECT_EQ(mode_of(at("key")), 0600U);
  EXPECT_EQ(read(at("key")), text_of(made) + "\n");
  EXPECT_NE(text_of(made), std::string(64, '0'));
  EXPECT_FALSE(fs::exists(at("key.new")));
}

TEST_F(KeyFile, IsReadTheNextTime) {
  const secret_key made = load_or_create_master_key(at("key"));
  EXPECT_EQ(text_of(load_or_create_master_key(at("key"))), text_of(made));
}

TEST_F(KeyFile, IsAnotherInEachPlace) {
  EXPECT_NE(text_of(load_or_create_master_key(at("a"))), text_of(load_or_create_master_key(at("b"))));
}

TEST_F(KeyFile, IsReadWithAndWithoutALineEnd) {
  const std::string lower = "00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef";
  EXPECT_EQ(text_of(load_or_create_master_key(write("plain", hex_))), lower);
  EXPECT_EQ(text_of(load_or_create_master_key(write("line", hex_ + "\n"))), lower);
  EXPECT_EQ(text_of(load_or_create_master_key(write("read-only", hex_, 0400))), lower);
}

TEST_F(KeyFile, IsRefusedWhenOthersCanUseIt) {
  for (const ::mode_t mode : {0640U, 0604U, 0644U, 0660U, 0610U, 0601U, 0666U, 0620U, 0777U}) {
    EXPECT_NE(refusal(write("key", hex_, mode)).find("chmod 600"), std::string::npos) << std::oct << mode;
  }
  EXPECT_EQ(refusal(write("key", hex_, 0600)), "");
}

TEST_F(KeyFile, IsRefusedWhenItIsNoKey) {
  for (const std::string& text :
       {std::string(), std::string("\n"), hex_.substr(1), hex_ + "0", hex_ + "\n\n", hex_ + " ", " " + hex_,
        hex_ + "\r\n", "g" + hex_.substr(1), hex_ + hex_, std::string(4096, '0')}) {
    const std::string said = refusal(write("key", text));
    EXPECT_NE(said.find("64 hex digits"), std::string::npos) << text;
    EXPECT_EQ(said.find(hex_.substr(1)), std::string::npos) << "the key is in the message";
  }
  EXPECT_EQ(read(at("key")), std::string(4096, '0')) << "a file that is there is never replaced";
}

TEST_F(KeyFile, IsRefusedWhereNoneCanBe) {
  EXPECT_NE(refusal(at("no/such/directory/key")), "");
  fs::create_directory(at("directory"));
  fs::permissions(at("directory"), fs::perms::owner_all);
  EXPECT_NE(refusal(at("directory")), "");
}

// Mounted secrets are links; what counts is the file that is read.
TEST_F(KeyFile, MayBeALinkToAGoodOne) {
  write("good", hex_);
  write("open", hex_, 0644);
  fs::create_symlink("good", at("to-good"));
  fs::create_symlink("open", at("to-open"));
  EXPECT_EQ(refusal(at("to-good")), "");
  EXPECT_NE(refusal(at("to-open")).find("chmod 600"), std::string::npos);
}

TEST_F(KeyFile, IsNotWrittenThroughALink) {
  write("victim", "precious");
  fs::create_symlink("victim", at("key.new." + std::to_string(::getpid())));
  EXPECT_EQ(refusal(at("key")), "");
  EXPECT_EQ(read(at("victim")), "precious");
  EXPECT_EQ(mode_of(at("key")), 0600U);
  EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(at("key"))));
}

// A secret that is not mounted yet: another key in its place would lock its store.
TEST_F(KeyFile, IsRefusedWhereALinkLeadsNowhere) {
  fs::create_symlink("elsewhere", at("key"));
  EXPECT_NE(refusal(at("key")), "");
  EXPECT_FALSE(fs::exists(at("elsewhere")));
}

// What an earlier start, or somebody else, left under the temporary name must not decide who can read the
// key.
TEST_F(KeyFile, IsForItsOwnerOnlyWhateverWasLeftBehind) {
  write("key.new." + std::to_string(::getpid()), "half a key", 0644);
  EXPECT_EQ(refusal(at("key")), "");
  EXPECT_EQ(mode_of(at("key")), 0600U);
}

TEST(MasterKey, Is64HexDigits) {
  EXPECT_EQ(text_of(parse_master_key(std::string(64, 'A'))), std::string(64, 'a'));
  for (const std::string& text : {std::string(), std::string(63, 'a'), std::string(65, 'a'),
                                  std::string(64, 'g'), std::string(64, ' ')}) {
    EXPECT_THROW(static_cast<void>(parse_master_key(text)), std::runtime_error) << text;
  }
}

TEST(KeyRing, DerivesADifferentKeyForEachUse) {
  const key_ring ring(parse_master_key(std::string(64, '0')));
  const std::set<std::string> all{text_of(ring.index), text_of(ring.code), text_of(ring.identity),
                                  text_of(ring.limit), text_of(ring.seal), text_of(ring.check)};
  EXPECT_EQ(all.size(), 6U);
  EXPECT_FALSE(all.contains(std::string(64, '0')));
}

// A new release must read what an old one wrote. HKDF-Expand by another implementation.
TEST(KeyRing, DerivesWhatItAlwaysDid) {
  const key_ring ring(parse_master_key(std::string(64, '0')));
  EXPECT_EQ(text_of(ring.index), "1364b3182b6a0d2491a5e7aeba6e01d3e32a7dbda1a6467e72e8d07b660a67da");
  EXPECT_EQ(text_of(ring.code), "b615118e67b26b96264dbb20896a5fb5af671247c04980787ed4a2a0e9a8298e");
  EXPECT_EQ(text_of(ring.identity), "3da39dcb84840fd20764365443bab2dc34491ace4112bdff4365bce53d121dac");
  EXPECT_EQ(text_of(ring.limit), "e8acd676000bf679ddfe543f4cfd14229f81da6a6307de170ee516c285c6ad6d");
  EXPECT_EQ(text_of(ring.seal), "ea506593cc9f7c768df9ad3e6e652f9891a6afcba0c6e1ad537495f10f44dfb9");
  EXPECT_EQ(text_of(ring.check), "2d7c0062de0d33fdc20523e7f06c11c3335ec0e5cb6ca67660549efbc6672cfa");
}

}  // namespace
}  // namespace otpd::crypto
