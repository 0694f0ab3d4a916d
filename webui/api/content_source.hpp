#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "node/base/bytes.hpp"

namespace praline::webui {

/// What is known of a file that is sent as the body of an answer.
struct ContentFacts {
    std::string id;    ///< names this content in the addresses of the API, whatever it was asked for by
    std::string name;  ///< its last component alone is used
    std::uint64_t size_bytes = 0;
    std::string etag;             ///< with its quotes, strong: another one for other bytes
    std::int64_t modified_s = 0;  ///< seconds since 1970
};

/// A part of a file: half open, in bytes.
struct ContentSpan {
    std::uint64_t begin = 0, end = 0;
    [[nodiscard]] std::uint64_t size() const { return end - begin; }
    friend bool operator==(ContentSpan const&, ContentSpan const&) = default;
};

/// The bytes of one file, which may still be on their way to this machine. @threads the node's.
class ContentSource {
public:
    /// Bytes from where they were asked for, at least one; empty: they cannot be had (any more).
    using Done = std::function<void(Bytes)>;

    virtual ~ContentSource() = default;
    [[nodiscard]] virtual ContentFacts const& facts() const = 0;
    /// Calls `done` once, at once or later; not at all when the source is destroyed before. What was sent before stays true
    /// of the file as `facts` has it: a file that has changed yields nothing.
    /// @pre at < size; most > 0; no other read is under way.
    virtual void read(std::uint64_t at, std::size_t most, Done done) = 0;
};

}  // namespace praline::webui
