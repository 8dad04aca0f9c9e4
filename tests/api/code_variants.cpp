#include "api/code_variants.hpp"

#include "api/running_server.hpp"

namespace otpd::api::test {

namespace {

std::string full_width(std::string_view digits) {
  std::string out;
  for (const char c : digits)
    out.append("\xef\xbc").push_back(static_cast<char>(0x90 + (c - '0')));
  return out;
}

// Two bytes each: U+0660 and U+06F0 and what follows them.
std::string arabic(std::string_view digits, const char* lead, int zero) {
  std::string out;
  for (const char c : digits)
    out.append(lead).push_back(static_cast<char>(zero + (c - '0')));
  return out;
}

// The right code, ~, in every form but the one that is asked for.
constexpr const char* values[] = {
    R"(~)",        R"(["~"])",     R"([~])",       R"({"code":"~"})", R"({"$gt":""})", R"({"$ne":null})",
    R"([["~"]])",  R"(true)",      R"(false)",     R"(null)",         R"([])",         R"({})",
    R"(0)",        R"(-1)",        R"(1e6)",       R"(~.0)",          R"(~e0)",        R"(" ~")",
    R"("~ ")",     R"("~\n")",     R"("\n~")",     R"("~\r\n")",      R"("~\u0000")",  R"("\u0000~")",
    R"("~\t")",    R"("\u00a0~")", R"("\ufeff~")", R"("~\u200b")",    R"("+~")",       R"("0~")",
    R"("~0")",     R"("~~")",      R"("'~'")",     R"("\"~\"")",      R"("%~")",       R"("~%00")",
    R"("~;")",     R"("~,~")",     R"("*")",       R"("")",           R"("______")",   R"("%%%%%%")",
    R"("' OR 1")", R"("......")",
};
constexpr const char* bodies[] = {
    R"({"code":"~","code":"~"})",
    R"({"code":"000000","code":"~"})",
    R"({"code":"~","co\u0064e":"~"})",
    R"({"code":"~","valid":true})",
    R"({"code":"~","status":"approved"})",
    R"({"code":"~","to":"+4915112345601"})",
    R"({"Code":"~"})",
    R"({"CODE":"~"})",
    R"({"code ":"~"})",
    R"({"code\u0000":"~"})",
    R"({"code[]":"~"})",
    R"({"data":{"code":"~"}})",
    R"([{"code":"~"}])",
    R"(["~"])",
    R"("~")",
    R"(~)",
    R"({"code":"~"}{})",
    R"({"code":"~"},)",
    R"({"code":"~")",
    R"({'code':'~'})",
    R"({code:"~"})",
    R"(code=~)",
    R"({"code":"~",})",
    "\xef\xbb\xbf{\"code\":\"~\"}",
    R"(/**/{"code":"~"})",
    R"({})",
    R"("")",
    " ",
};

std::string filled(std::string_view form, std::string_view code) {
  std::string out;
  for (const char c : form)
    c == '~' ? out.append(code) : out.append(1, c);
  return out;
}

}  // namespace

std::vector<std::string> variants(const std::string& code) {
  std::vector<std::string> out;
  for (const char* each : values)
    out.push_back("{\"code\":" + filled(each, code) + "}");
  for (const char* each : bodies)
    out.push_back(filled(each, code));
  for (const std::string& spelled :
       {full_width(code), arabic(code, "\xd9", 0xa0), arabic(code, "\xdb", 0xb0),
        code.substr(0, code.size() - 1) + full_width(code.substr(code.size() - 1)),
        code.substr(0, 3) + " " + code.substr(3), code.substr(0, 3) + "-" + code.substr(3)}) {
    out.push_back(object({{"code", spelled}}));
  }
  out.push_back(object({{"code", code}}) + std::string(1, '\0'));
  return out;
}

}  // namespace otpd::api::test
