#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

#include "otp/time.hpp"
#include "store/options.hpp"

namespace otpd::store {

// The store cannot be used. `exit_code` follows sysexits.h: 73 another process has it, 74 the disk fails, 78
// it is not ours.
class store_error : public std::runtime_error {
 public:
  store_error(const std::string& what, int code) : std::runtime_error(what), exit_code(code) {}
  int exit_code;
};

// How far the store had come: kept in each batch, and after it in a file of its own. A store that is behind
// its file was rolled back (a restored backup, a snapshot, a damaged log). All zero: nothing was written yet.
struct mark {
  std::uint64_t commits = 0;  // groups committed in the life of the store
  otp::instant life{};        // the life clock at the last of them
  std::uint32_t epoch = 0;    // recovery epoch

  [[nodiscard]] bool operator==(const mark&) const = default;
};

// The directory of a store: made with mode 0700, held by one process, with the files that are not RocksDB's:
//
//   otpd.lock   flock()ed while a process serves; holds its pid
//   ballast     space kept for the moment the disk is full
//   <path>.mark beside the directory, so that a copy of it does not bring its own:
//
//     0         8      16      20      24
//     +---------+------+-------+-------+
//     | commits | life | epoch | check |   little endian; `check` is FNV-1a of what is before it
//     +---------+------+-------+-------+
class directory {
 public:
  // Throws store_error, within a moment, if another process holds the directory (73) or it cannot be used
  // (74).
  explicit directory(const options& settings);
  directory(const directory&) = delete;
  directory& operator=(const directory&) = delete;

  // The mark in the file; nothing if there is none or it is damaged.
  [[nodiscard]] std::optional<mark> read_mark() const;
  // Writes it to the kernel; a failure is not an error: the file only helps to notice rollbacks.
  void write_mark(const mark& value) noexcept;

  // True if more than the configured space is free.
  [[nodiscard]] bool has_room() const noexcept;
  // Makes the ballast if it is missing and has_room() with it.
  void fill_ballast() noexcept;
  // Gives the ballast's space back, so that deletions and compactions can go on.
  void drop_ballast() noexcept;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return settings_.path; }

 private:
  class descriptor {
   public:
    descriptor() = default;
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor();
    int fd = -1;
  };
  [[nodiscard]] bool has_room_beside(std::uint64_t bytes) const noexcept;

  options settings_;
  descriptor lock_;
  descriptor mark_;
};

}  // namespace otpd::store
