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
    boost::asio::awaitable<Outcome> run();

private:
    boost::asio::awaitable<bool> connect();
    boost::asio::awaitable<bool> connect_directly();
    boost::asio::awaitable<bool> be_called();
    boost::asio::awaitable<bool> ask(std::string_view method, std::string_view target, std::optional<ByteRange> range);
    boost::asio::awaitable<std::optional<HttpResponse>> read_reply();
    boost::asio::awaitable<std::optional<Outcome>> learn();
    boost::asio::awaitable<void> fetch_tree(std::string uri, TigerHash root);
    boost::asio::awaitable<std::optional<Outcome>> fetch_ranges();
    boost::asio::awaitable<std::optional<Outcome>> fetch_body(std::uint64_t begin, std::uint64_t end);
    boost::asio::awaitable<std::size_t> read_into(std::byte* into, std::size_t size);
    boost::asio::awaitable<bool> wait_for_room();
    [[nodiscard]] std::optional<Outcome> check_reply(HttpResponse const& reply);
    [[nodiscard]] std::optional<Outcome> note_facts(HttpResponse const& reply, std::optional<std::uint64_t> size_bytes);
    [[nodiscard]] std::string target() const;
    [[nodiscard]] bool wants_tree() const;
    [[nodiscard]] bool is_wanted() const;
    [[nodiscard]] Outcome unreachable() const;
    void settle_for_no_tree();
    void close();

    std::shared_ptr<DownloadManager::Impl> manager_;
    JobPtr job_;
    std::uint32_t source_id_;
    Source source_;
    std::string queue_id_;
    Tcp::socket socket_;
    Bytes buffer_;                 ///< read and not yet understood
    net::Watchdog watchdog_;
    bool keep_alive_ = true;
    bool asked_to_call_ = false;
};

}  // namespace praline::download
