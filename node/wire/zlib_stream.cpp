#include "node/wire/zlib_stream.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <new>
#include <optional>

#include "node/base/check.hpp"

namespace praline::wire {
namespace {

constexpr int link_window_bits = 10;  // 2^10 bytes of window and as many hash links: 4 KiB
constexpr int link_memory_level = 3;  // 2 KiB of hash heads, 2 KiB of pending symbols
constexpr int window_bits_of_stream = 0;
constexpr std::size_t piece_bytes = 4096;

/// zlib's allocations, counted.
struct Counted {
    std::size_t bytes = 0;
};

// Freed as a whole when the stream ends, so what a single free gives back needs no book-keeping.
voidpf allocate(voidpf opaque, uInt items, uInt size) {
    auto const bytes = std::size_t{items} * size;
    static_cast<Counted*>(opaque)->bytes += bytes;
    return std::malloc(bytes);
}

void release(voidpf, voidpf address) { std::free(address); }

Bytef* input(ByteView in) {
    return reinterpret_cast<Bytef*>(const_cast<std::byte*>(in.data()));  // zlib reads only, but does not say so
}

void append(Bytes& out, std::array<std::byte, piece_bytes> const& piece, std::size_t count) {
    out.insert(out.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(count));
}

}  // namespace

struct Deflater::Impl {
    Counted memory;
    z_stream stream{};

    Impl() {
        stream.zalloc = allocate;
        stream.zfree = release;
        stream.opaque = &memory;
        int const status = deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, link_window_bits, link_memory_level,
                                        Z_DEFAULT_STRATEGY);
        if (status == Z_MEM_ERROR) throw std::bad_alloc{};
        check(status == Z_OK);
    }
    Impl(Impl const&) = delete;
    Impl& operator=(Impl const&) = delete;
    ~Impl() { deflateEnd(&stream); }
};

Deflater::Deflater() : impl_{std::make_unique<Impl>()} {}
Deflater::~Deflater() = default;
Deflater::Deflater(Deflater&&) noexcept = default;
Deflater& Deflater::operator=(Deflater&&) noexcept = default;

void Deflater::deflate(ByteView in, Flush flush, Bytes& out) {
    std::array<std::byte, piece_bytes> piece;
    auto& stream = impl_->stream;
    stream.next_in = input(in);
    stream.avail_in = static_cast<uInt>(in.size());
    do {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        int const status = ::deflate(&stream, flush == Flush::yes ? Z_SYNC_FLUSH : Z_NO_FLUSH);
        check(status == Z_OK || status == Z_BUF_ERROR);  // nothing to do is an error to zlib, not to us
        append(out, piece, piece.size() - stream.avail_out);
    } while (stream.avail_out == 0);
    check(stream.avail_in == 0);
}

std::size_t Deflater::memory_bytes() const noexcept { return impl_->memory.bytes; }

struct Inflater::Impl {
    Counted memory;
    z_stream stream{};
    bool pending = false;
    std::optional<WireError> error;

    Impl() {
        stream.zalloc = allocate;
        stream.zfree = release;
        stream.opaque = &memory;
        int const status = inflateInit2(&stream, window_bits_of_stream);
        if (status == Z_MEM_ERROR) throw std::bad_alloc{};
        check(status == Z_OK);
    }
    Impl(Impl const&) = delete;
    Impl& operator=(Impl const&) = delete;
    ~Impl() { inflateEnd(&stream); }

    /// One call of zlib's: bytes made.
    std::size_t step(std::array<std::byte, piece_bytes>& piece, std::size_t most) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(std::min(piece.size(), most));
        auto const room = stream.avail_out;
        int const status = ::inflate(&stream, Z_NO_FLUSH);
        if (status == Z_MEM_ERROR) throw std::bad_alloc{};
        if (status == Z_STREAM_END)
            error = WireError::truncated;
        else if (status != Z_OK && status != Z_BUF_ERROR)
            error = WireError::bad_value;
        pending = stream.avail_out == 0;
        return room - stream.avail_out;
    }
};

Inflater::Inflater() : impl_{std::make_unique<Impl>()} {}
Inflater::~Inflater() = default;
Inflater::Inflater(Inflater&&) noexcept = default;
Inflater& Inflater::operator=(Inflater&&) noexcept = default;

Result<std::size_t> Inflater::inflate(ByteView in, std::size_t out_max, Bytes& out) {
    std::array<std::byte, piece_bytes> piece;
    if (impl_->error) return *impl_->error;
    auto& stream = impl_->stream;
    stream.next_in = input(in);
    stream.avail_in = static_cast<uInt>(in.size());
    std::size_t made = 0;
    do {
        if (made == out_max) break;
        auto const count = impl_->step(piece, out_max - made);
        append(out, piece, count);
        made += count;
        if (impl_->error) return *impl_->error;
    } while (impl_->pending);
    return in.size() - stream.avail_in;
}

bool Inflater::pending() const noexcept { return impl_->pending; }

std::size_t Inflater::memory_bytes() const noexcept { return impl_->memory.bytes; }

Result<Bytes> inflate_all(ByteView in, std::size_t out_max) {
    Inflater inflater;
    Bytes out;
    auto const taken = inflater.inflate(in, out_max + 1, out);
    if (out.size() > out_max) return WireError::limit_exceeded;
    if (taken) return WireError::truncated;  // a whole stream ends, and an end is an error to a link
    if (taken.error() != WireError::truncated) return taken.error();
    return out;
}

Bytes deflate_all(ByteView in) {
    auto size = compressBound(static_cast<uLong>(in.size()));
    Bytes out(size);
    int const status = compress2(reinterpret_cast<Bytef*>(out.data()), &size, input(in), static_cast<uLong>(in.size()),
                                 Z_BEST_COMPRESSION);
    if (status == Z_MEM_ERROR) throw std::bad_alloc{};
    check(status == Z_OK);
    out.resize(size);
    return out;
}

}  // namespace praline::wire
