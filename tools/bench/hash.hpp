#pragma once

#include <cstdint>
#include <string>

namespace praline::bench {

struct HashOptions {
    std::uint64_t mebibytes = 1024;
    unsigned runs = 5;
    bool json = false;
    std::string tiger;  ///< beginning of the name of a way to hash leaves; empty: the quickest here
};

/// SHA-1 and Tiger tree in one pass on one core, against `rhash --sha1 --tth` (Debian package rhash) over the same file
/// in the page cache, turn by turn. Throws std::runtime_error with a sentence, also when the two do not agree.
int measure_hash(HashOptions const& options);

}  // namespace praline::bench
