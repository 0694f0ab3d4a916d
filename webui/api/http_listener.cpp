#include "webui/api/http_listener.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace praline::webui {
namespace {

constexpr std::chrono::milliseconds accept_again_after{200};

}  // namespace

HttpListener::HttpListener(boost::asio::io_context& io, Endpoint listen, std::size_t connections_max,
                           std::string const& who)
    : listener_{io, {.retry_after = accept_again_after}}, connections_max_{connections_max} {
    if (!listen.is_loopback())
        throw std::runtime_error{who + " listens on loopback only (127.0.0.1 or [::1]), not on " + listen.host_text() +
                                 "."};
    if (auto const error = listener_.open(listen)) {
        bool const taken = error == boost::asio::error::address_in_use;
        throw std::runtime_error{who + " cannot listen on " + listen.text() + ": " + error.message() + "." +
                                 (taken ? " A node or an index server may be running there already." : "") +
                                 " Choose another address or port with --api ADDR:PORT; port 0 takes any free one."};
    }
    bound_ = listener_.endpoint();
}

HttpListener::~HttpListener() { close(); }

void HttpListener::open(std::shared_ptr<ConnectionHost> host) {
    host_ = std::move(host);
    listener_.start([this](net::AcceptedConnection accepted) {
        if (make_place()) connections_.emplace_back(make_connection(std::move(accepted.socket)))->run(host_);
    });
}

/// All callers have one address here, so what counts is what each has shown: the oldest connection of the least standing is
/// evicted for the newcomer.
bool HttpListener::make_place() {
    if (connections_.size() < connections_max_) return true;
    auto const least =
        std::min_element(connections_.begin(), connections_.end(),
                         [](auto const& one, auto const& other) { return one->standing() < other->standing(); });
    if ((*least)->standing() == Standing::busy) return false;
    auto const evicted = *least;
    connections_.erase(least);
    evicted->close();
    return true;
}

void HttpListener::forget(Connection& connection) {
    std::erase_if(connections_, [&](auto const& known) { return known.get() == &connection; });
}

void HttpListener::close_all_of(std::string const& caller) {
    auto const open = connections_;
    for (auto const& connection : open)
        if (connection->caller() == caller) connection->close();
}

void HttpListener::close() {
    listener_.close();
    auto const open = connections_;
    for (auto const& connection : open) connection->close();
    host_.reset();
}

}  // namespace praline::webui
