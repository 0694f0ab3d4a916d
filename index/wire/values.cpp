#include "index/wire/values.hpp"

#include <string_view>

namespace praline::index {
namespace {

/// FNV-1a from a start of its own, finished by split-mix so that sums of them spread over all bits.
class Mix {
public:
    explicit Mix(std::uint64_t start) : state_{start} {}
    void byte(std::uint8_t value) { state_ = (state_ ^ value) * 0x100000001B3ULL; }
    void number(std::uint64_t value) {
        for (int shift = 0; shift < 64; shift += 8) byte(static_cast<std::uint8_t>(value >> shift));
    }
    template <class Bytes>
    void bytes(Bytes const& values) {
        for (auto const value : values) byte(static_cast<std::uint8_t>(value));
    }
    [[nodiscard]] std::uint64_t finish() const {
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }

private:
    std::uint64_t state_;
};

std::uint64_t mixed(Entry const& entry, std::uint64_t start) {
    Mix mix{start};
    mix.bytes(entry.sha1.bytes);
    mix.byte(entry.tiger_root ? 1 : 0);
    if (entry.tiger_root) mix.bytes(entry.tiger_root->bytes);
    mix.number(entry.size_bytes);
    mix.bytes(entry.name);
    return mix.finish();
}

constexpr std::uint64_t low_start = 0xCBF29CE484222325ULL;
constexpr std::uint64_t high_start = 0x9AE16A3B2F90404FULL;

}  // namespace

void SetDigest::add(Entry const& entry) {
    low += mixed(entry, low_start);
    high += mixed(entry, high_start);
}

void SetDigest::remove(Entry const& entry) {
    low -= mixed(entry, low_start);
    high -= mixed(entry, high_start);
}

}  // namespace praline::index
