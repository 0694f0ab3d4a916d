#include "node/net/entropy.hpp"

#include <sys/random.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace praline::net {

Bytes entropy_bytes(std::size_t count) {
    Bytes bytes(count);
    std::size_t done = 0;
    while (done < count) {
        auto const got = ::getrandom(bytes.data() + done, count - done, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw std::system_error{errno, std::generic_category(), "The kernel gives no random bytes"};
        done += static_cast<std::size_t>(got);
    }
    return bytes;
}

std::uint64_t entropy() {
    std::uint64_t value = 0;
    auto const bytes = entropy_bytes(sizeof value);
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
}

}  // namespace praline::net
