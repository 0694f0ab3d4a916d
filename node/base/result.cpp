#include "node/base/result.hpp"

#include <stdexcept>
#include <string>

namespace praline {

char const* to_string(WireError error) noexcept {
    switch (error) {
        case WireError::truncated: return "truncated";
        case WireError::bad_length: return "bad length";
        case WireError::bad_value: return "bad value";
        case WireError::unknown_type: return "unknown type";
        case WireError::limit_exceeded: return "limit exceeded";
    }
    return "unknown error";
}

void throw_exception_from_error(WireError const& error, boost::source_location const& where) {
    throw std::logic_error(std::string{"unchecked result at "} + where.to_string() + ": " + to_string(error));
}

}  // namespace praline
