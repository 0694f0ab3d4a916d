#pragma once

#include <string>
#include <string_view>

namespace praline::simulate::report {

/// A file that is written when a long run is over: tried before it begins, and there as a whole or not at all.
/// What is not a regular file (a terminal, a pipe) is written to directly.
/// @threads one at a time.
class OutputFile {
public:
    /// Tries whether `path` can be written, and leaves nothing behind and what is there as it is. An empty path is no
    /// file: nothing is tried or written. @throws std::runtime_error: a sentence that says why not.
    explicit OutputFile(std::string path);
    /// Replaces what is there. @throws std::runtime_error: a sentence; what was there is still there then.
    void write(std::string_view text) const;

private:
    [[noreturn]] void fail(int error) const;

    std::string path_;    // as it was given
    std::string target_;  // behind symbolic links
    bool special_ = false;
};

/// Sends on what was printed. @throws std::runtime_error: a sentence, when it cannot be written: a full disk, most likely.
void flush_output();

}  // namespace praline::simulate::report
