# Debian 12's packages, linked statically. Every target here is SYSTEM: their warnings are theirs.
find_package(Threads REQUIRED)

# otpd_static(<target> LIBS <names of static archives> [LINKS <targets>] [INCLUDE <dirs>])
function(otpd_static name)
  cmake_parse_arguments(ARG "" "" "LIBS;LINKS;INCLUDE" ${ARGN})
  add_library(${name} INTERFACE IMPORTED GLOBAL)
  foreach(lib IN LISTS ARG_LIBS)
    find_library(OTPD_LIB_${lib} NAMES lib${lib}.a REQUIRED)
    list(APPEND archives ${OTPD_LIB_${lib}})
  endforeach()
  target_link_libraries(${name} INTERFACE ${archives} ${ARG_LINKS})
  target_include_directories(${name} SYSTEM INTERFACE ${ARG_INCLUDE})
endfunction()

find_path(OTPD_BOOST_INCLUDE boost/version.hpp REQUIRED)
add_library(deps::boost INTERFACE IMPORTED GLOBAL)
target_include_directories(deps::boost SYSTEM INTERFACE ${OTPD_BOOST_INCLUDE})
target_compile_definitions(deps::boost INTERFACE
  # An issue nests five coroutines; the default keeps two frames for reuse.
  BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=16
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_ARRAY)
target_link_libraries(deps::boost INTERFACE Threads::Threads)

otpd_static(deps::boost_json LIBS boost_json boost_container LINKS deps::boost)
otpd_static(deps::openssl LIBS ssl crypto LINKS ${CMAKE_DL_LIBS} Threads::Threads)
otpd_static(deps::rocksdb LIBS rocksdb snappy lz4 zstd bz2 z LINKS ${CMAKE_DL_LIBS} Threads::Threads)
otpd_static(deps::gtest LIBS gtest LINKS Threads::Threads)
# Debian has Google Benchmark as a shared library only; nothing that is installed links it.
find_library(OTPD_BENCHMARK NAMES benchmark REQUIRED)
add_library(deps::benchmark INTERFACE IMPORTED GLOBAL)
target_link_libraries(deps::benchmark INTERFACE ${OTPD_BENCHMARK} Threads::Threads)

# libphonenumber-dev pulls in another Boost than ours, so scripts/deps unpacks the package instead of installing it.
set(OTPD_PHONENUMBER_ROOT ${CMAKE_SOURCE_DIR}/build/deps/phonenumber CACHE PATH "Where scripts/deps unpacked libphonenumber-dev")
find_library(OTPD_PHONENUMBER NAMES libphonenumber.a PATHS ${OTPD_PHONENUMBER_ROOT}/usr/lib PATH_SUFFIXES x86_64-linux-gnu aarch64-linux-gnu
  NO_DEFAULT_PATH REQUIRED)
file(GLOB absl_archives /usr/lib/*/libabsl_*.a)
add_library(deps::phonenumber INTERFACE IMPORTED GLOBAL)
target_include_directories(deps::phonenumber SYSTEM INTERFACE ${OTPD_PHONENUMBER_ROOT}/usr/include)
otpd_static(deps::phonenumber_needs LIBS protobuf icui18n icuuc icudata LINKS ${CMAKE_DL_LIBS} Threads::Threads)
target_link_libraries(deps::phonenumber INTERFACE ${OTPD_PHONENUMBER}
  -Wl,--start-group ${absl_archives} -Wl,--end-group deps::phonenumber_needs)

# Header-only: toml++, CLI11, spdlog come from the default include path.
