#include "node/base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace praline {

void check_failed(std::source_location where) noexcept {
    std::fprintf(stderr, "praline: internal error at %s:%u in %s\n", where.file_name(),
                 static_cast<unsigned>(where.line()), where.function_name());
    std::abort();
}

}  // namespace praline
