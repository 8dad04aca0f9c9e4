# Text files compiled in, so that the binary serves them alone.
set(OTPD_EMBED_TEMPLATE ${CMAKE_CURRENT_LIST_DIR}/embedded.cpp.in)

# otpd_embed(<list> HEADER <header that declares it> FUNCTION <name> FILE <path>): appends to <list> a source that
# defines `std::string_view otpd::<folder>::<name>()`, the file's bytes. <folder> is the header's.
function(otpd_embed list)
  cmake_parse_arguments(ARG "" "HEADER;FUNCTION;FILE" "" ${ARGN})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ARG_FILE})
  cmake_path(GET ARG_HEADER PARENT_PATH folder)
  string(REPLACE "/" "::" folder ${folder})
  file(READ ${ARG_FILE} text)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${ARG_FUNCTION}.cpp)
  configure_file(${OTPD_EMBED_TEMPLATE} ${source} @ONLY)
  set(${list} ${${list}} ${source} PARENT_SCOPE)
endfunction()
