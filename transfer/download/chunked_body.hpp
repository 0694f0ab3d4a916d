#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "node/base/bytes.hpp"

namespace praline::download {

/// A body sent with "Transfer-Encoding: chunked", put together again as it arrives. Extensions of chunks and trailer
/// fields are read and ignored. @threads any: pure. @source RFC 9112 section 7.1.
class ChunkedBody {
public:
    enum class State : std::uint8_t { more, done, broken };  ///< broken: not chunked, or longer than allowed
    explicit ChunkedBody(std::size_t bytes_max) : bytes_max_{bytes_max} {}

    /// Takes bytes from the front of `in`; `used` says how many. After `done` and `broken` nothing more is taken.
    State take(ByteView in, std::size_t& used);
    [[nodiscard]] Bytes const& body() const { return body_; }
    /// What has come since the last call: whoever reads on the way holds no whole body.
    [[nodiscard]] Bytes take_body() { return std::exchange(body_, {}); }

private:
    enum class Part : std::uint8_t { size_line, data, data_end, trailer, done, broken };
    /// False: the line is not whole yet.
    bool take_line(ByteView in, std::size_t& used);
    void read_size();

    std::size_t bytes_max_;
    Part part_ = Part::size_line;
    std::string line_;
    std::size_t lines_bytes_ = 0;  ///< of all lines: sizes and trailers cannot grow without end
    std::uint64_t left_ = 0;       ///< of the chunk under way
    std::size_t total_ = 0;        ///< of the body, so far
    Bytes body_;
};

}  // namespace praline::download
