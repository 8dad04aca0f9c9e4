#pragma once

#include <yaml-cpp/yaml.h>

#include <boost/json/value.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace otpd::api::test {

// An OpenAPI 3.1 document, as far as ours uses the language. A keyword that is not understood is a fault,
// never ignored.
class openapi_document {
 public:
  struct operation {
    std::string method;  // "POST"
    std::string path;    // "/v1/verifications/{id}"
    auto operator<=>(const operation&) const = default;
  };

  // Throws YAML::Exception.
  explicit openapi_document(const std::string& yaml) : root_(YAML::Load(yaml)) {}

  [[nodiscard]] std::set<operation> operations() const;
  [[nodiscard]] std::set<int> statuses(const operation& of) const;
  // The problem codes of an answer; of all answers.
  [[nodiscard]] std::set<std::string> codes(const operation& of, int status) const;
  [[nodiscard]] std::set<std::string> codes(const operation& of) const;
  // Of components/schemas: an enumeration, and what an object's members are called.
  [[nodiscard]] std::set<std::string> values_of(const std::string& schema) const;
  [[nodiscard]] std::set<std::string> members_of(const std::string& schema) const;
  // Header names that an answer must have.
  [[nodiscard]] std::vector<std::string> required_headers(const operation& of, int status) const;

  // What is wrong with an answer or a request, in words; empty: nothing.
  [[nodiscard]] std::string answer_fault(const operation& of, int status, const std::string& type,
                                         const boost::json::value& body) const;
  [[nodiscard]] std::string request_fault(const operation& of, const boost::json::value& body) const;
  // The same for every example against its schema.
  [[nodiscard]] std::vector<std::string> example_faults() const;

  // A scalar, or the scalars of a list.
  [[nodiscard]] static std::vector<std::string> texts(const YAML::Node& node);

 private:
  [[nodiscard]] YAML::Node resolve(const YAML::Node& node) const;
  [[nodiscard]] YAML::Node find(const operation& of) const;
  [[nodiscard]] YAML::Node response(const operation& of, int status) const;
  [[nodiscard]] std::string fault(const YAML::Node& schema, const boost::json::value& value) const;
  [[nodiscard]] std::string object_fault(const YAML::Node& schema, const boost::json::object& value) const;
  void collect_codes(const YAML::Node& schema, std::set<std::string>& out) const;
  void collect_members(const YAML::Node& schema, std::set<std::string>& out) const;
  void judge_examples(const YAML::Node& node, std::vector<std::string>& out) const;

  YAML::Node root_;
};

// The operation that a request's method and target name.
[[nodiscard]] openapi_document::operation operation_of(std::string_view method, std::string_view target);

}  // namespace otpd::api::test
