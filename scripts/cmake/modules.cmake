# hub_module(<folder> [SOURCES …] [LINK …]): one folder of hub/ = one static library = one namespace.
# The target of hub/lib/glib is hub_lib_glib. Sources include from the top: "hub/base/error.h".

add_library(hub_options INTERFACE)
target_include_directories(hub_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(hub_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
                       -Wold-style-cast -Werror)
# GCC 12 sees false overflows inside std::string's own code at -O2 and above (GCC bug 105329).
target_compile_options(hub_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
if(HUB_SANITIZE)
  target_compile_options(hub_options INTERFACE -fsanitize=${HUB_SANITIZE} -fno-omit-frame-pointer
                         -fno-sanitize-recover=all)
  target_link_options(hub_options INTERFACE -fsanitize=${HUB_SANITIZE})
endif()
if(HUB_FUZZ)
  # A fuzzer finds by speed: without optimisation it tries a tenth.
  target_compile_options(hub_options INTERFACE -fsanitize=fuzzer-no-link,address,undefined -O1)
  target_link_options(hub_options INTERFACE -fsanitize=address,undefined)
endif()

function(hub_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC hub_options ${arg_LINK})
endfunction()

# hub_test(<name> [SOURCES …] [LINK …] [LABELS …] [TIMEOUT s] [SERIAL]): one Catch2 program, one ctest entry. SERIAL: it
# measures time, and other tests of a machine with few cores would be in the way.
function(hub_test name)
  cmake_parse_arguments(arg "SERIAL" "TIMEOUT" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE test_main ${arg_LINK})
  add_test(NAME ${name} COMMAND ${name})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  if(HUB_SANITIZE)
    math(EXPR arg_TIMEOUT "${arg_TIMEOUT} * 5")
  endif()
  # 77: every test case of the program was skipped (tests/support/catch.h).
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT} SKIP_RETURN_CODE 77
                       RUN_SERIAL ${arg_SERIAL})
endfunction()
