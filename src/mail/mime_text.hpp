#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace otpd::mail {

// The encodings of MIME: pure, total, and nothing but ASCII comes out.

// Appends base64 (RFC 4648, section 4) in one line.
void append_base64(std::string& out, std::string_view bytes);

// A body as RFC 2045 transports it. Its LFs become CRLFs, as text on the wire has it; every other byte, lone
// CRs included, survives. Lines are at most 76 characters and end with CRLF, the last one too; a text that
// does not end with LF gets none by that.
//
// Quoted-printable (RFC 2045, 6.7). No line begins with "." or "From ", which some stores alter.
void append_quoted_printable(std::string& out, std::string_view text);
// Base64 (RFC 2045, 6.8).
void append_base64_lines(std::string& out, std::string_view text);

// Appends `utf8` as encoded words (RFC 2047) with folds between them, each whole characters and at most 64
// characters long, so that a field's name fits before the first one. Nothing if `utf8` is empty.
void append_encoded_words(std::string& out, std::string_view utf8);

}  // namespace otpd::mail
