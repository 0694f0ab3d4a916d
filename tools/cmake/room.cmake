# praline_room(<floor>/<room> [COLD] [DEPENDS <rooms…>] [USES <rooms…>] [LIBRARIES <targets…>])
#
# One target a room (node/wire is the target node_wire), made of every .cpp in its folder. A room names every room that
# its files include: those that its headers include after DEPENDS, those that only its .cpp files include after USES.
# What it names has an include directory of its own that holds one link to it, its door, so an include against the
# arrow is a file that does not exist. Doors after DEPENDS are open to those who depend on this room as well, since its
# headers need them; doors after USES are not. `tests/house` checks that each room names what it includes, no less and
# no more, so that nothing leans on a door that another room happens to leave open.
#
# COLD: it runs at the pace of a user, so a short build is worth more than a quick program.
function(praline_room path)
  cmake_parse_arguments(ROOM "COLD" "" "DEPENDS;USES;LIBRARIES" ${ARGN})
  string(REPLACE "/" "_" target ${path})
  set(folder ${CMAKE_SOURCE_DIR}/${path})
  set(door ${CMAKE_BINARY_DIR}/doors/${target})
  get_filename_component(floor ${path} DIRECTORY)
  file(MAKE_DIRECTORY ${door}/${floor})
  file(CREATE_LINK ${folder} ${door}/${path} SYMBOLIC)

  list(TRANSFORM ROOM_DEPENDS REPLACE "/" "_")
  list(TRANSFORM ROOM_USES REPLACE "/" "_")
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  if(sources)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC ${door})
    target_link_libraries(${target} PUBLIC ${ROOM_DEPENDS} ${ROOM_LIBRARIES} PRIVATE ${ROOM_USES})
    if(ROOM_COLD)
      target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
    endif()
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${door})
    target_link_libraries(${target} INTERFACE ${ROOM_DEPENDS} ${ROOM_LIBRARIES})
  endif()
endfunction()
