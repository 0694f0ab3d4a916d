#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tools/bench/child.hpp"
#include "transfer/content/file_hasher.hpp"

/// Files that nodes share and fetch while something is measured. Throws std::runtime_error with a sentence.
namespace praline::bench {

/// Bytes that do not compress, the same for one size.
void write_random_file(std::string const& path, std::uint64_t mebibytes);
void wait_until_shared(std::string const& binary, std::string const& data);
/// How long a command took, on the wall clock.
[[nodiscard]] double seconds_of(std::vector<std::string> const& command);
/// What a process that runs has used of all processors, in it and in the kernel for it.
[[nodiscard]] double cpu_seconds_of(pid_t process);
/// A link to the file `name` with every node as a source.
[[nodiscard]] std::string magnet_of(content::FileDigest const& digest, std::string const& name,
                                    std::vector<std::string> const& addresses);

}  // namespace praline::bench
