#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "node/base/fair_places.hpp"
#include "node/base/rng.hpp"
#include "node/base/time.hpp"
#include "node/net/rate_limiter.hpp"
#include "node/net/system_clock.hpp"
#include "transfer/upload/list_quota.hpp"
#include "transfer/upload/upload_server.hpp"
#include "transfer/upload/upload_slots.hpp"

/// What the server and its connections share. Private to this room.
namespace praline::upload {

struct Connection;

struct UploadServer::Impl : std::enable_shared_from_this<UploadServer::Impl> {
    Impl(boost::asio::io_context& io_context, SharedContent& shared, Limits limits_in, std::string server, Guid guid);

    void serve(boost::asio::ip::tcp::socket socket, Bytes read);
    boost::asio::awaitable<void> give(Endpoint call_back, std::uint32_t file_index);
    void stop();
    /// A connection that holds no slot takes its place among these: too many of them evict one another.
    void keep_idle(Connection const& connection);
    /// Looks after the rates of bodies that are being sent, as long as there are any.
    void watch_rates();
    [[nodiscard]] bool may_connect(Address const& address) const;
    [[nodiscard]] std::string fresh_ticket();

    boost::asio::io_context& io;
    SharedContent& content;
    Limits limits;
    std::string server_name;
    Guid servent;
    UploadSlots slots;
    ListQuota lists;
    net::RateLimiter send_limit;  ///< what all connections together may send
    Rng rng;                      ///< names places in the queue; no secret
    std::map<std::uint64_t, std::shared_ptr<Connection>> connections;
    FairPlaces idle;  ///< connections without a slot
    boost::asio::steady_timer rate_timer;
    bool watching = false;
    std::map<std::uint64_t, Endpoint> gives;  ///< under way
    std::uint64_t next_id = 1;
    Address own_address;
    std::uint64_t bytes_sent = 0;
    bool stopped = false;
};

using net::now;

}  // namespace praline::upload
