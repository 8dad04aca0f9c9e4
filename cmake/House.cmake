# One static library per folder of src, linked in the direction of the house.

# otpd_library(<folder> SOURCES <files> LINKS <targets>): target otpd::<folder>
function(otpd_library folder)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_library(otpd_${folder} STATIC ${ARG_SOURCES})
  add_library(otpd::${folder} ALIAS otpd_${folder})
  target_include_directories(otpd_${folder} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(otpd_${folder} PUBLIC ${ARG_LINKS})
endfunction()

# otpd_test(<name> SOURCES <files> LINKS <targets> [ARGS ...]): one GoogleTest binary, one ctest entry
function(otpd_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINKS;ENVIRONMENT" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} otpd_test_main deps::gtest)
  target_compile_definitions(${name} PRIVATE OTPD_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} ENVIRONMENT "${ARG_ENVIRONMENT}")
endfunction()
