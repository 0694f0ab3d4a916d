#include "node/net/descriptors.hpp"

#include <sys/resource.h>

namespace praline::net {
namespace {

std::size_t soft_limit() {
    constexpr std::size_t usual = 1024;
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<std::size_t>(limit.rlim_cur) : usual;
}

}  // namespace

std::size_t raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return soft_limit();
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    return soft_limit();
}

bool is_for_peers(int descriptor) {
    return descriptor >= 0 && static_cast<std::size_t>(descriptor) < descriptors_for_peers(soft_limit());
}

}  // namespace praline::net
