# Compiler, linker and cache: what every target is built with.
find_program(OTPD_CCACHE ccache)
if(OTPD_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${OTPD_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${OTPD_CCACHE})
endif()

find_program(OTPD_MOLD mold)
if(OTPD_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough)
if(OTPD_WARNINGS_AS_ERRORS)
  add_compile_options(-Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports these inside the standard library's and Boost's own inlined code.
  add_compile_options(-Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds -Wno-stringop-overread
    -Wno-mismatched-new-delete)
endif()

add_compile_options(-fno-plt -fstack-protector-strong -fstack-clash-protection)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG -g1")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")
if(NOT OTPD_ASSERTIONS)
  add_compile_definitions(NDEBUG)
endif()

if(OTPD_SANITIZE)
  add_compile_options(-fsanitize=${OTPD_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${OTPD_SANITIZE})
  if(OTPD_SANITIZE STREQUAL "thread")
    # Asio fences the strand queues; TSan does not model fences and GCC warns about them.
    add_compile_options(-Wno-tsan)
  endif()
else()
  # The binary names libc and libm only.
  add_link_options(-static-libstdc++ -static-libgcc)
endif()
