#include "store/expiry_filter.hpp"

#include "store/envelope.hpp"

namespace otpd::store {

namespace {

class expiry_filter final : public rocksdb::CompactionFilter {
 public:
  explicit expiry_filter(otp::instant before) : before_(before) {}

  const char* Name() const override { return "otpd.expiry.1"; }

  // kRemove becomes a tombstone, so an older version of the record cannot come back (RELIABILITY S11).
  Decision FilterV2(int, const rocksdb::Slice&, ValueType type, const rocksdb::Slice& value, std::string*,
                    std::string*) const override {
    if (type != ValueType::kValue) return Decision::kKeep;
    const auto record = open_envelope({value.data(), value.size()});
    return record && record->expires < before_ ? Decision::kRemove : Decision::kKeep;
  }

 private:
  otp::instant before_;
};

class expiry_filter_factory final : public rocksdb::CompactionFilterFactory {
 public:
  explicit expiry_filter_factory(const life_clock& clock) : clock_(clock) {}

  const char* Name() const override { return "otpd.expiry.1"; }

  std::unique_ptr<rocksdb::CompactionFilter> CreateCompactionFilter(
      const rocksdb::CompactionFilter::Context&) override {
    return std::make_unique<expiry_filter>(clock_.collectable_before());
  }

 private:
  const life_clock& clock_;
};

}  // namespace

std::shared_ptr<rocksdb::CompactionFilterFactory> make_expiry_filter(const life_clock& clock) {
  return std::make_shared<expiry_filter_factory>(clock);
}

}  // namespace otpd::store
