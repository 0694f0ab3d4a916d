# praline_room(<floor>/<room> [DEPENDS <rooms…>] [LIBRARIES <targets…>])
#
# One target a room (node/wire is the target node_wire), made of every .cpp in its folder. A room sees the headers
# of its own folder and of the rooms it DEPENDS on, nothing else: each has an include directory of its own that
# holds one link to it. An include against the arrow is therefore a file that does not exist.
function(praline_room path)
  cmake_parse_arguments(ROOM "" "" "DEPENDS;LIBRARIES" ${ARGN})
  string(REPLACE "/" "_" target ${path})
  set(folder ${CMAKE_SOURCE_DIR}/${path})
  set(door ${CMAKE_BINARY_DIR}/doors/${target})
  get_filename_component(floor ${path} DIRECTORY)
  file(MAKE_DIRECTORY ${door}/${floor})
  file(CREATE_LINK ${folder} ${door}/${path} SYMBOLIC)

  list(TRANSFORM ROOM_DEPENDS REPLACE "/" "_")
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  if(sources)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC ${door})
    target_link_libraries(${target} PUBLIC ${ROOM_DEPENDS} ${ROOM_LIBRARIES})
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${door})
    target_link_libraries(${target} INTERFACE ${ROOM_DEPENDS} ${ROOM_LIBRARIES})
  endif()
endfunction()
