# Builds the pages, when their sources changed, and writes the .cpp that embeds them.
#   cmake -D SOURCE=<webui/page> -D SHARED=<folder all build folders share> -D COPY=<folder of this build>
#         -D OPENAPI=<file> -D OUTPUT=<.cpp> [-D NPM=<program>] -P embed.cmake
# Several build folders share one npm build: a lock lets one at a time in, a hash of the sources says whether to build.
cmake_minimum_required(VERSION 3.25)

function(hash_of variable)
  set(all "")
  foreach(file ${ARGN})
    file(SHA256 ${file} one)
    string(APPEND all "${file}:${one}\n")
  endforeach()
  string(SHA256 all "${all}")
  set(${variable} ${all} PARENT_SCOPE)
endfunction()

function(stamp_says variable file wanted)
  set(found "")
  if(EXISTS ${file})
    file(READ ${file} found)
  endif()
  if(found STREQUAL wanted)
    set(${variable} TRUE PARENT_SCOPE)
  else()
    set(${variable} FALSE PARENT_SCOPE)
  endif()
endfunction()

function(run_npm)
  execute_process(COMMAND ${NPM} ${ARGN} WORKING_DIRECTORY ${SOURCE} RESULT_VARIABLE result
                  OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "npm ${ARGN} failed; configure with -DPRALINE_PAGE=OFF to build without the page:\n${output}")
  endif()
endfunction()

function(build_page)
  file(GLOB_RECURSE sources ${SOURCE}/src/* ${SOURCE}/public/*)
  list(APPEND sources ${SOURCE}/index.html ${SOURCE}/status.html ${SOURCE}/package.json ${SOURCE}/package-lock.json ${SOURCE}/vite.config.js)
  hash_of(packages ${SOURCE}/package-lock.json)
  hash_of(page ${sources})
  stamp_says(installed ${SOURCE}/node_modules/.praline-stamp ${packages})
  if(NOT installed)
    run_npm(ci --no-audit --no-fund)
    file(WRITE ${SOURCE}/node_modules/.praline-stamp ${packages})
  endif()
  stamp_says(built ${SHARED}/stamp ${page})
  if(NOT built)
    run_npm(run build -- --outDir ${SHARED}/files --emptyOutDir)
    file(WRITE ${SHARED}/stamp ${page})
  endif()
endfunction()

file(REMOVE_RECURSE ${COPY})
file(MAKE_DIRECTORY ${COPY})
if(NPM)
  file(MAKE_DIRECTORY ${SHARED})
  file(LOCK ${SHARED}/lock GUARD PROCESS)
  build_page()
  file(COPY ${SHARED}/files/ DESTINATION ${COPY})
else()
  foreach(page index status)
    file(WRITE ${COPY}/${page}.html "<!doctype html>\n<html lang=\"en\"><title>Praline</title>\n<h1>Praline runs</h1>\n"
         "<p>This program was built without its pages. Install npm, configure with <code>-DPRALINE_PAGE=ON</code> and "
         "build again. The API works.</p>\n</html>\n")
  endforeach()
endif()

set(type_html "text/html; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_svg "image/svg+xml")
set(type_png "image/png")
set(type_ico "image/x-icon")
set(type_json "application/json")
set(type_webmanifest "application/manifest+json")
set(type_woff2 "font/woff2")
set(type_txt "text/plain; charset=utf-8")

# The assembler takes the bytes in as they are: no list of numbers for the compiler to chew on.
# Each hash makes other bytes another source: nothing that looks at the .cpp alone, such as a compiler cache, takes the old ones.
set(blobs "")
set(table "")
set(number 0)
macro(blob file)
  file(SHA256 ${file} hash)
  string(APPEND blobs "// ${hash}\nasm(\".pushsection .rodata\\n.balign 16\\npraline_page_${number}_begin:\\n"
         ".incbin \\\"${file}\\\"\\npraline_page_${number}_end:\\n.byte 0\\n.popsection\");\n"
         "extern \"C\" std::byte const praline_page_${number}_begin[];\n"
         "extern \"C\" std::byte const praline_page_${number}_end[];\n")
endmacro()
macro(bytes_of variable)
  set(${variable} "{praline_page_${number}_begin, praline_page_${number}_end}")
endmacro()

blob(${OPENAPI})
file(GLOB_RECURSE files RELATIVE ${COPY} ${COPY}/*)
foreach(file ${files})
  math(EXPR number "${number} + 1")
  get_filename_component(extension ${file} LAST_EXT)
  string(SUBSTRING "${extension}" 1 -1 extension)
  set(type "${type_${extension}}")
  if(NOT type)
    set(type "application/octet-stream")
  endif()
  blob(${COPY}/${file})
  bytes_of(bytes)
  string(APPEND table "        Asset{\"/${file}\", \"${type}\", ${bytes}},\n")
endforeach()
file(WRITE ${OUTPUT}
"// Written by tools/cmake/embed.cmake.
#include \"webui/api/page_assets.hpp\"

#include <array>

${blobs}
namespace praline::webui {

std::span<Asset const> page_assets() {
    static std::array const assets{
${table}    };
    return assets;
}

std::string_view openapi_text() {
    return {reinterpret_cast<char const*>(praline_page_0_begin),
            static_cast<std::size_t>(praline_page_0_end - praline_page_0_begin)};
}

}  // namespace praline::webui
")
