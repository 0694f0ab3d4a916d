#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/base/bytes.hpp"
#include "node/base/endpoint.hpp"
#include "node/base/ids.hpp"
#include "node/wire/message.hpp"
#include "transfer/browse/limits.hpp"
#include "transfer/download/chunked_body.hpp"

namespace praline::browse {

/// Reads what a host answers that is asked for the list of its files: a head of HTTP, and query hits one after the other.
/// What cannot be read of the hits is left out.
/// @threads one: pure.   @source node/wire/protocol/transfer.md
class ListReader {
public:
    enum class State : std::uint8_t {
        more,    ///< there may be more to come
        done,    ///< the list is whole
        failed,  ///< there is none, or not all of it: `problem` says why; what was read before is good
    };
    explicit ListReader(ListLimits const& limits = {}) : limits_{limits}, chunks_{limits.bytes_max} {}

    /// Bytes as they come. Hits that are whole are appended; after `done` and `failed` no more of them.
    State take(ByteView in, std::vector<wire::QueryHit>& hits);
    /// The host has ended the connection.
    State end();
    /// In words that follow its name and lack the last full stop: "is busy. Ask again in 20 seconds".
    [[nodiscard]] std::string const& problem() const { return problem_; }

private:
    State read_body(ByteView in, std::vector<wire::QueryHit>& hits);
    State read_chunks(ByteView in, std::vector<wire::QueryHit>& hits);
    State read_messages(std::vector<wire::QueryHit>& hits);
    bool read_head(std::string_view head);
    State finish();
    State fail(std::string problem);

    ListLimits limits_;
    download::ChunkedBody chunks_;
    State state_ = State::more;
    std::string problem_;
    Bytes buffer_;  ///< of the head, then of a message that is not whole
    bool in_body_ = false, chunked_ = false;
    std::optional<std::uint64_t> left_;  ///< of a body whose length was said
    std::size_t bytes_ = 0, messages_ = 0, files_ = 0;
};

/// Holds what a host says of its files to that host: whatever address and name its hits claim, whoever fetches one of the
/// files asks the host that has listed them.   @threads one: pure.
class OwnHits {
public:
    /// @param servent  blank: the one that its first hit names
    OwnHits(Endpoint host, Guid servent, bool push_needed)
        : host_{host}, servent_{servent}, push_needed_{push_needed} {}
    void attribute(wire::QueryHit& hit);

private:
    Endpoint host_;
    Guid servent_;
    bool push_needed_;
};

}  // namespace praline::browse
