#pragma once

#include <cstdint>
#include <string>

namespace praline {

/// A file that only takes room: when a node has to start on a full disk, its room lets the node write what it needs to come
/// up with its page, on which space can be made. Never throws; what cannot be done is left.
class DiskReserve {
public:
    static constexpr std::uint64_t bytes = 256 * 1024;      ///< the database's log and index, and a few small files
    static constexpr std::uint64_t full_bytes = 2 * bytes;  ///< a disk with less is full: it will not last
    static constexpr std::uint64_t plenty_bytes =
        4 * bytes;  ///< with so much free it is kept, with less it stays as it is

    explicit DiskReserve(std::string const& folder) : folder_{folder}, file_{folder + "/reserve"} {}

    /// Free space for what is not root's, in bytes; a great number when that cannot be found out.
    [[nodiscard]] std::uint64_t free_bytes() const;
    /// Gives the room up when the disk is full. Returns whether it was.
    bool give_up_if_full();
    /// Takes the room when there is plenty besides.
    void keep();

private:
    std::string folder_, file_;
};

}  // namespace praline
