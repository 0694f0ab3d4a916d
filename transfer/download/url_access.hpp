#pragma once

#include <string>

#include <boost/asio/io_context.hpp>

#include "node/net/name_lookup.hpp"
#include "node/net/tls.hpp"

namespace praline::download {

/// What sources that are URLs need: the addresses of their hosts, and whom to believe that it is one of them.
/// @threads the io_context's one
class UrlAccess {
public:
    /// @param resolve  empty: by the system   @param ca_file  as `net::make_web_tls_context` takes it
    UrlAccess(boost::asio::io_context& io, net::NameLookup::Resolve resolve, std::string ca_file);

    [[nodiscard]] net::NameLookup& names() { return names_; }
    /// No lookup calls back after this.
    void stop() { names_.stop(); }
    /// Made when it is first asked for. Throws std::runtime_error with a sentence.
    [[nodiscard]] net::TlsContextPtr const& tls();

private:
    net::NameLookup names_;
    std::string ca_file_;
    net::TlsContextPtr tls_;
};

}  // namespace praline::download
