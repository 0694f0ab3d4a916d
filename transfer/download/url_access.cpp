#include "transfer/download/url_access.hpp"

#include <utility>

#include "node/net/web_tls.hpp"

namespace praline::download {

UrlAccess::UrlAccess(boost::asio::io_context& io, net::NameLookup::Resolve resolve, std::string ca_file)
    : names_{io, {}, resolve ? std::move(resolve) : net::look_up_by_system}, ca_file_{std::move(ca_file)} {}

net::TlsContextPtr const& UrlAccess::tls() {
    if (!tls_) tls_ = net::make_web_tls_context(ca_file_);
    return tls_;
}

}  // namespace praline::download
