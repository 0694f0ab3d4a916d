# cmake -D PROGRAM=… -D FOLDER=… -P write_pages.cmake: manual pages, completion and the changelog of the package, as they are
# installed.
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(MAKE_DIRECTORY ${FOLDER}/man1)
file(GLOB old ${FOLDER}/man1/*)
if(old)
  file(REMOVE ${old})
endif()
run(${PROGRAM} manual ${FOLDER}/man1)
file(GLOB pages ${FOLDER}/man1/*.1)
run(gzip -9nf ${pages})
run(${PROGRAM} completion bash OUTPUT_FILE ${FOLDER}/praline.bash)
run(${PROGRAM} completion zsh OUTPUT_FILE ${FOLDER}/_praline)
run(${PROGRAM} completion fish OUTPUT_FILE ${FOLDER}/praline.fish)

execute_process(COMMAND ${PROGRAM} --version OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "praline " "" version "${version}")
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE ${FOLDER}/changelog "praline (${version}) unstable; urgency=medium

  * What has changed stands in CHANGELOG.md of the sources.

 -- The Praline authors <packages@praline.example>  ${date}
")
run(gzip -9nf ${FOLDER}/changelog)
