#pragma once

#include <boost/system/result.hpp>

namespace praline {

/// What can be wrong with foreign bytes.
enum class WireError {
    truncated,       ///< fewer bytes than the field needs
    bad_length,      ///< a length that contradicts what stands around it
    bad_value,       ///< a value the specification forbids
    unknown_type,    ///< a function, version or encoding we do not know
    limit_exceeded,  ///< longer than the named limit
};

/// A short phrase for logs, e.g. "truncated".
[[nodiscard]] char const* to_string(WireError error) noexcept;

template <class T>
using Result = boost::system::result<T, WireError>;

/// boost::system::result wants to know what to throw from value() on an error; asking without looking is our mistake.
[[noreturn]] void throw_exception_from_error(WireError const& error, boost::source_location const& where);

}  // namespace praline
