#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iostream>

/// How a program of ours begins and ends with its standard streams. The text is for people; the exit code is for scripts.
namespace praline {

/// A program started without some of its standard streams would get their numbers for its own files, and print into them.
/// Their place is taken: what is printed there then is an error, or lost. A pipe that is closed by its reader becomes an error too.
inline void keep_standard_descriptors() {
    for (int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(stream, F_GETFD) != -1 || errno != EBADF) continue;
        // The lowest free number is taken, which is this one. Read only: standard output must notice that it is not there.
        static_cast<void>(::open("/dev/null", stream == STDERR_FILENO ? O_WRONLY : O_RDONLY));
    }
    std::signal(SIGPIPE, SIG_IGN);
}

/// Writes what standard output still holds. Returns `code`, or 1 with a sentence on standard error when something of it was lost
/// and all went well besides: half an answer must not look like a whole one.
inline int finish_output(char const* program, int code) {
    errno = 0;
    std::cout.flush();
    bool const lost = std::fflush(stdout) != 0 || std::ferror(stdout) != 0 || !std::cout;
    if (!lost || code != 0) return code;  // what failed has been said already
    int const why = errno;
    std::cerr << program << ": The output could not be written"
              << (why != 0 ? std::string{": "} + std::strerror(why) : std::string{}) << ".\n";
    return 1;
}

}  // namespace praline
