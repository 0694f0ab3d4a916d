#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "node/net/watchdog.hpp"
#include "transfer/download/http_response.hpp"
#include "transfer/download/manager_impl.hpp"

namespace praline::download {

/// How a connection to a source ended; no fault: there is nothing more to ask for, or nobody wants it.
struct Outcome {
    std::optional<Fault> fault;
    std::optional<std::chrono::seconds> retry_after;
    std::string detail;
};

/// One connection to a source of one download. Private to this room; lives in its coroutine.
class SourceSession {
public:
    SourceSession(std::shared_ptr<DownloadManager::Impl> manager, JobPtr job, KnownSource const& known);
    ~SourceSession();
    SourceSession(SourceSession const&) = delete;
    SourceSession& operator=(SourceSession const&) = delete;
    boost::asio::awaitable<Outcome> run();

private:
    using Stage = Patience::Stage;
    // source_session.cpp: connections and replies
    boost::asio::awaitable<bool> connect();
    boost::asio::awaitable<bool> connect_directly();
    boost::asio::awaitable<bool> be_called();
    bool take_parked();
    void park(HttpResponse const& reply, std::chrono::seconds poll_after);
    boost::asio::awaitable<std::optional<HttpResponse>> exchange(std::string_view method, std::string_view target,
                                                                 std::optional<ByteRange> range);
    boost::asio::awaitable<bool> ask(std::string_view method, std::string_view target, std::optional<ByteRange> range);
    boost::asio::awaitable<std::optional<HttpResponse>> read_reply();
    boost::asio::awaitable<std::size_t> read_into(std::byte* into, std::size_t size);
    boost::asio::awaitable<bool> skip_body(HttpResponse const& reply);
    boost::asio::awaitable<std::optional<Bytes>> read_small_body(HttpResponse const& reply, std::size_t bytes_max);
    [[nodiscard]] Outcome no_reply() const;
    [[nodiscard]] Outcome unreachable() const;
    [[nodiscard]] bool is_wanted() const;
    void enter(Stage stage);
    void close();

    // source_facts.cpp: what the source says of the file
    boost::asio::awaitable<std::optional<Outcome>> learn();
    boost::asio::awaitable<std::optional<Outcome>> learn_by_head();
    boost::asio::awaitable<std::optional<Outcome>> learn_by_range();
    boost::asio::awaitable<std::optional<Outcome>> learn_tree(HttpResponse const& reply);
    boost::asio::awaitable<void> fetch_tree(std::string uri, TigerHash root);
    boost::asio::awaitable<std::optional<Outcome>> check_reply(HttpResponse const& reply);
    [[nodiscard]] std::optional<Outcome> note_facts(HttpResponse const& reply, std::optional<std::uint64_t> size_bytes);
    [[nodiscard]] Outcome busy(HttpResponse const& reply);
    [[nodiscard]] std::string target() const;
    [[nodiscard]] bool wants_tree() const;
    void settle_for_no_tree();

    // source_body.cpp: the file itself
    boost::asio::awaitable<std::optional<Outcome>> fetch_ranges();
    boost::asio::awaitable<std::optional<Outcome>> fetch_range(ByteRange range, std::uint64_t& got_to);
    boost::asio::awaitable<std::optional<Outcome>> fetch_body(std::uint64_t begin, std::uint64_t end);
    boost::asio::awaitable<bool> wait_for_room();
    [[nodiscard]] std::optional<ByteRange> next_range(std::uint64_t at) const;

    std::shared_ptr<DownloadManager::Impl> manager_;
    JobPtr job_;
    std::uint32_t source_id_;
    Source source_;
    std::string queue_id_;
    Tcp::socket socket_;
    Bytes buffer_;  ///< read and not yet understood
    net::Watchdog watchdog_;
    bool keep_alive_ = true;
    bool reused_ = false;  ///< the connection has carried a reply before: the server may have closed it since
    bool asked_to_call_ = false;
    bool heard_ = false;  ///< something came after the last request
    bool timed_out_ = false;
    unsigned crumbs_ = 0;      ///< replies in a row that brought next to nothing of what was asked for
    unsigned reconnects_ = 0;  ///< after requests that an idle connection had swallowed
};

[[nodiscard]] inline Outcome fault(Fault which, std::string detail) {
    return Outcome{which, std::nullopt, std::move(detail)};
}

}  // namespace praline::download
