#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "node/base/urn.hpp"
#include "transfer/library/file_event.hpp"
#include "transfer/library/file_stamp.hpp"

namespace praline::library {

/// A file as it was when it was hashed.
struct MovedFile {
    FileStamp stamp;
    Sha1 sha1;
    TigerHash tiger_root;
};

/// Proves that a file that was moved is what was hashed, though moving it gave it another ctime: the kernel told that it
/// was moved, and that no program has set its times or finished writing to it since it was hashed. Without such a story a
/// changed ctime means that the file is hashed again. What it cannot see, and therefore does not accept: files with other
/// hard links, and file systems that others change as well. Bounded by `moves_max`. @threads one at a time: pure.
class Moves {
public:
    /// @pre `what` is known to be unchanged until this event.
    void left(std::uint32_t cookie, MovedFile what);
    /// It has come to `path`. @return false: the library has not seen it leave
    bool arrived(std::uint32_t cookie, std::string const& path);
    /// A file that has arrived leaves again before it was looked at.
    bool left_again(std::uint32_t cookie, std::string const& path);
    /// Something has happened to the file at `path`: what is known of its move proves nothing any more.
    void touched(std::string const& path);
    /// Events were lost.
    void clear();

    /// What the file at `path` with this stamp is known to hold. Asked once: then it is the library's.
    [[nodiscard]] std::optional<MovedFile> take(std::string const& path, FileStamp const& now);

private:
    void make_room();

    std::map<std::uint32_t, MovedFile> under_way_;
    std::map<std::string, MovedFile> arrived_;
    std::deque<std::uint32_t> cookies_;  ///< in the order of coming
    std::deque<std::string> paths_;
};

}  // namespace praline::library
