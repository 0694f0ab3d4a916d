#include "webui/api/api_server.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <set>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "node/net/system_clock.hpp"
#include "webui/api/access.hpp"
#include "webui/api/api_router.hpp"
#include "webui/api/connection.hpp"
#include "webui/api/download_routes.hpp"
#include "webui/api/event_log.hpp"
#include "webui/api/http_listener.hpp"

namespace praline::webui {
namespace asio = boost::asio;

namespace {

using net::now;
using net::unix_now;

/// Milliseconds since 1970: later than any number of an earlier life of the node, at less than a thousand events a second.
std::uint64_t first_sequence() {
    auto const since = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

}  // namespace

struct ApiServer::Impl : ConnectionHost, std::enable_shared_from_this<Impl> {
    Impl(asio::io_context& io, NodeControl const& control, ApiOptions const& options)
        : listener{io, options.listen, options.connections_max, "The API"},
          join_timer{io},
          bound{listener.endpoint()},
          access{options.token, bound},
          router{control, access, bound, page_assets()},
          log{first_sequence()},
          limits{options.limits} {
        access.keep_tokens(options.tokens);
        access.keep_sessions(options.sessions, now(), unix_now());
    }

    ApiResponse answer(ApiRequest const& request) override {
        auto response = router.handle(request, now());
        auto const problem = access.keep_if_changed(now(), unix_now());
        auto const ended = access.take_ended();
        for (auto const& caller : ended) listener.close_all_of(caller);
        if (!problem.empty() && !ended.empty())
            return error_response(507, "not_saved", "It is over, but a restart would bring it back: " + problem);
        if (response.event_stream && streams.size() >= limits.event_streams_max)
            return error_response(429, "too_many_streams",
                                  "Too many event streams are open; close a page of this node.");
        if (response.content && !response.head_only && !begin_content(response.content))
            return error_response(429, "too_many_files",
                                  "Too many files are being sent to players and browsers; close one of them.");
        return response;
    }
    /// False: enough are being sent.
    bool begin_content(std::shared_ptr<ContentSource> const& content) {
        std::erase_if(contents, [](auto const& known) { return known.expired(); });
        if (contents.size() >= limits.contents_max) return false;
        contents.emplace_back(content);
        return true;
    }
    std::size_t body_bytes_max(ApiRequest const& request) override {
        bool const is_list = request.method == "POST" && request.path() == download_batch_path;
        bool const is_file = request.method == "POST" && request.path() == download_from_file_path;
        bool const is_known = (is_list || is_file) && access.is_proved(request, now());
        if (!is_known) return limits.body_bytes_max;
        return is_file ? limits.file_body_bytes_max : limits.list_body_bytes_max;
    }
    bool stopped() const override { return is_stopped; }
    ApiLimits const& api_limits() const override { return limits; }

    std::string begin_stream(Connection& connection, ApiResponse const& response) override {
        streams.insert(&connection);
        // The first line tells where the stream stands, so that one cut before its first event can be resumed.
        std::string begin = ": welcome\nid: " + std::to_string(log.last()) + "\n\n";
        if (response.resume_unknown) return begin + reset_text(log.last());
        if (!response.resume_after) return begin;
        auto const missed = log.after(*response.resume_after);
        if (!missed) return begin + reset_text(log.last());
        begin = ": welcome back\n\n";
        for (Event const& event : *missed) begin += stream_text(event);
        return begin;
    }
    void end(Connection& connection) override {
        streams.erase(&connection);
        listener.forget(connection);
    }

    void notify(Change change) {
        if (is_stopped) return;
        log.note(std::move(change));
        if (!joining) tell();
    }
    void tell() {
        joining = log.pending();
        if (!joining) return;
        std::string text;
        for (Event const& event : log.flush()) text += stream_text(event);
        auto const listeners = streams;  // a slow one may leave while it is told
        for (Connection* const stream : listeners) stream->send(text);
        join_timer.expires_after(limits.join_time);
        join_timer.async_wait([self = shared_from_this()](boost::system::error_code error) {
            if (!error && !self->is_stopped) self->tell();
        });
    }

    void stop() {
        is_stopped = true;
        join_timer.cancel();
        listener.close();
    }

    HttpListener listener;
    asio::steady_timer join_timer;
    Endpoint bound;
    Access access;
    ApiRouter router;
    EventLog log;
    ApiLimits limits;
    std::set<Connection*> streams;
    std::vector<std::weak_ptr<ContentSource>> contents;  ///< being sent
    bool joining = false, is_stopped = false;
};

ApiServer::ApiServer(asio::io_context& io, NodeControl const& control, ApiOptions options)
    : impl_{std::make_shared<Impl>(io, control, options)} {
    impl_->listener.open(impl_);
}
ApiServer::~ApiServer() { stop(); }
Endpoint ApiServer::endpoint() const { return impl_->bound; }
std::string ApiServer::one_time_login_link() {
    return "http://" + impl_->bound.text() + "/login?code=" + impl_->access.new_login_code(now());
}
void ApiServer::notify(Change change) { impl_->notify(std::move(change)); }
void ApiServer::stop() { impl_->stop(); }

}  // namespace praline::webui
