#pragma once

#include <cstddef>
#include <memory>

#include "node/base/bytes.hpp"
#include "node/base/result.hpp"

/// Link compression: one zlib stream (RFC 1950) for the whole life of a link, in each direction.
/// @threads any, one at a time.   @source RFC 1950; node/wire/protocol/connection.md
namespace praline::wire {

enum class Flush : bool { no, yes };  ///< yes: the other side can read all that was put in so far (Z_SYNC_FLUSH)

/// Takes under 16 KiB: a window of 1 KiB, so that a thousand links fit a small machine.
class Deflater {
public:
    Deflater();
    ~Deflater();
    Deflater(Deflater&&) noexcept;
    Deflater& operator=(Deflater&&) noexcept;

    /// Appends to `out`.
    void deflate(ByteView in, Flush flush, Bytes& out);
    /// What zlib holds on to, in bytes.
    [[nodiscard]] std::size_t memory_bytes() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Takes 7 KiB and the window the sender chose: 1 to 32 KiB.
class Inflater {
public:
    Inflater();
    ~Inflater();
    Inflater(Inflater&&) noexcept;
    Inflater& operator=(Inflater&&) noexcept;

    /// Appends at most `out_max` bytes to `out` and returns how many of `in` are used up. When `pending()`, call
    /// again with the rest (which may be empty): so one read never grows beyond what its reader allows.
    /// @errors bad_value: not a zlib stream, or corrupt; truncated: the sender ended the stream, the link is over.
    ///         An error stays.
    [[nodiscard]] Result<std::size_t> inflate(ByteView in, std::size_t out_max, Bytes& out);
    /// The last call stopped at `out_max`; there may be more.
    [[nodiscard]] bool pending() const noexcept;
    [[nodiscard]] std::size_t memory_bytes() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// A whole zlib stream at once, at most `out_max` bytes. @errors bad_value; truncated: it has no end;
/// limit_exceeded: there would be more.
[[nodiscard]] Result<Bytes> inflate_all(ByteView in, std::size_t out_max);
/// Best compression, 32 KiB window.
[[nodiscard]] Bytes deflate_all(ByteView in);

}  // namespace praline::wire
