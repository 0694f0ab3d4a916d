#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "node/net/rate_limiter.hpp"
#include "node/net/stream.hpp"
#include "node/net/watchdog.hpp"
#include "transfer/download/context.hpp"
#include "transfer/download/http_response.hpp"
#include "transfer/download/outcome.hpp"
#include "transfer/download/url_way.hpp"

namespace praline::download {

/// The connection to one source of a download: made, or called for by a Push; requests and replies, one after the other.
/// Private to this room; lives in the coroutine of its session.   @threads the node's
class SourceWire {
public:
    enum class Stage : std::uint8_t {
        resting,  ///< nothing is expected of the source
        connecting,
        called,     ///< asked to connect to us
        replying,   ///< a whole reply header is due
        receiving,  ///< a body is on its way
    };
    SourceWire(ContextPtr context, JobPtr job, KnownSource const& known);
    ~SourceWire();
    SourceWire(SourceWire const&) = delete;
    SourceWire& operator=(SourceWire const&) = delete;

    /// A connection that was parked, or a new one. False: `unreachable` says why.
    boost::asio::awaitable<bool> open();
    /// Asks and reads the reply's header; connects again when the last reply ended the connection. Empty: `no_reply`.
    boost::asio::awaitable<std::optional<HttpResponse>> exchange(std::string_view method, std::string_view target,
                                                                 std::optional<ByteRange> range);
    /// Reads the body of a refusal away, so that the connection can carry the next request. False: it cannot.
    boost::asio::awaitable<bool> skip_body(HttpResponse const& reply);
    /// A whole body of known length, chunked, or up to the end of the connection; empty: broken off or too long.
    boost::asio::awaitable<std::optional<Bytes>> read_small_body(HttpResponse const& reply, std::size_t bytes_max);
    /// What is there of a body, and may be read; 0: the connection ended. Empty: nothing is there now, `wait`.
    [[nodiscard]] std::optional<std::size_t> take(std::span<std::byte> into);
    /// Until something can be taken. So a source that is slow holds no memory of ours meanwhile.
    boost::asio::awaitable<void> wait();
    /// Leaves the connection to the download, as our place in the source's queue hangs on it.
    void park(HttpResponse const& reply, std::chrono::seconds poll_after);
    /// Ends what is under way; nothing is read or connected after it.
    void end();
    void enter(Stage stage);

    [[nodiscard]] Outcome no_reply() const;
    [[nodiscard]] Outcome unreachable() const;
    [[nodiscard]] Source const& source() const { return source_; }
    /// Where a source that is a URL leads now; null: it is a peer.
    [[nodiscard]] content::HttpUrl const* url() const { return way_ ? &way_->at() : nullptr; }
    [[nodiscard]] bool is_ended() const { return is_ended_; }
    [[nodiscard]] bool has_timed_out() const { return timed_out_; }
    [[nodiscard]] bool has_heard() const { return heard_; }
    /// It may read nothing now, since all downloads together have read as much as they may.
    [[nodiscard]] bool waits_for_share() const { return share_.is_limited() && share_.held() == 0; }
    /// Others can connect to it as this node has done.
    [[nodiscard]] bool is_reachable() const { return !was_called_ && !source_.push_needed; }
    [[nodiscard]] bool keeps_alive() const { return keep_alive_; }
    /// The next request goes over a fresh connection.
    void give_up_connection() { keep_alive_ = false; }
    [[nodiscard]] Stage stage() const { return stage_; }
    [[nodiscard]] Instant since() const { return since_; }

private:
    boost::asio::awaitable<bool> connect();
    boost::asio::awaitable<bool> connect_directly();
    boost::asio::awaitable<bool> be_called();
    boost::asio::awaitable<bool> connect_to(Endpoint to);
    // source_wire_url.cpp: a source that is a URL
    boost::asio::awaitable<bool> connect_to_url();
    boost::asio::awaitable<std::vector<Address>> addresses_of(std::string const& host);
    boost::asio::awaitable<bool> secure();
    boost::asio::awaitable<std::optional<HttpResponse>> exchange_once(std::string_view method, std::string_view target,
                                                                      std::optional<ByteRange> range);
    bool take_parked();
    boost::asio::awaitable<bool> ask(std::string_view method, std::string_view target, std::optional<ByteRange> range);
    boost::asio::awaitable<std::optional<HttpResponse>> read_reply();
    std::optional<std::size_t> take_now(std::span<std::byte> into);
    boost::asio::awaitable<bool> fill(std::span<std::byte> into);
    void came(std::size_t bytes);
    void close();

    ContextPtr context_;
    JobPtr job_;
    SourceId source_id_;
    Source source_;
    std::optional<UrlWay> way_;  ///< empty: a peer
    net::Stream stream_;
    Bytes buffer_;  ///< read and not yet understood
    net::Watchdog watchdog_;
    net::RateShare share_;                ///< of what all downloads may read
    std::function<void()> stop_waiting_;  ///< for what comes before a connection; empty: nothing is waited for
    Stage stage_ = Stage::resting;
    Instant since_{};  ///< the stage began
    bool is_ended_ = false;
    bool keep_alive_ = true;
    bool reused_ = false;  ///< the connection has carried a reply before: the server may have closed it since
    bool asked_to_call_ = false;
    bool was_called_ = false;  ///< the connection was made by the source
    bool heard_ = false;       ///< something came after the last request
    bool timed_out_ = false;
    unsigned reconnects_ = 0;  ///< after requests that an idle connection had swallowed
};

}  // namespace praline::download
