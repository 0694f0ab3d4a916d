#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tools/bench/child.hpp"
#include "tools/bench/measurements.hpp"
#include "transfer/content/file_hasher.hpp"

/// Files that nodes share and fetch while something is measured. Throws std::runtime_error with a sentence.
namespace praline::bench {

/// Bytes that do not compress, the same for one size.
void write_random_file(std::string const& path, std::uint64_t bytes);

/// A temporary folder whose folder `share` has one file, bench.bin.
class SharedFile {
public:
    explicit SharedFile(std::uint64_t bytes);
    [[nodiscard]] std::string const& folder() const { return folder_.path(); }
    [[nodiscard]] std::string share() const { return folder() + "/share"; }
    [[nodiscard]] static std::string name() { return "bench.bin"; }
    /// What a node is asked for: "/uri-res/N2R?urn:sha1:…".
    [[nodiscard]] std::string target() const;
    /// A link to it with every node as a source.
    [[nodiscard]] std::string magnet(std::vector<std::string> const& addresses) const;
    /// Starts a node that shares it, with its data in `data` of the folder, and waits until it does.
    [[nodiscard]] std::unique_ptr<PralineNode> shared_by(std::string const& data, std::vector<std::string> const& flags,
                                                         std::string const& listen = "127.0.0.1:0") const;

private:
    ScratchFolder folder_;
    content::FileDigest digest_;
};

/// How long a command took, on the wall clock.
[[nodiscard]] double seconds_of(std::vector<std::string> const& command);

struct Fetched {
    double seconds = 0, cpu_seconds = 0;  ///< of the node
};
/// A new node downloads what a magnet link names; what it has got is removed.
[[nodiscard]] Fetched fetch_with_new_node(std::string const& folder, std::string const& magnet);

}  // namespace praline::bench
