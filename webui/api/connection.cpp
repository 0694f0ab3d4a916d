#include "webui/api/connection.hpp"

#include <chrono>
#include <optional>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "node/base/text.hpp"
#include "webui/api/content_sender.hpp"

namespace praline::webui {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using Parser = http::request_parser<http::string_body>;
using Response = http::response<http::string_body>;

constexpr std::size_t read_block_bytes = 4096;

/// Without the body, and taken before it is read: Beast puts trailer fields of the body among the header's.
ApiRequest plain(http::request<http::string_body> const& message) {
    ApiRequest request;
    request.method = std::string_view{message.method_string().data(), message.method_string().size()};
    request.target = std::string_view{message.target().data(), message.target().size()};
    for (auto const& field : message)
        request.headers.emplace_back(std::string{field.name_string().data(), field.name_string().size()},
                                     std::string{field.value().data(), field.value().size()});
    return request;
}

/// RFC 9112, 6.1: where a coding is not understood, the end of the body is unknown.
bool coding_is_known(ApiRequest const& request) {
    auto const given = request.count("Transfer-Encoding");
    return given == 0 || (given == 1 && equals_ignoring_case(trim(request.header("Transfer-Encoding")), "chunked"));
}

/// The answer to HEAD; an event stream has no length to tell.
http::response<http::empty_body> head_of(ApiResponse const& from, bool keep_alive) {
    http::response<http::empty_body> to{static_cast<http::status>(from.status), 11};
    for (auto const& [name, value] : from.headers) to.insert(name, value);
    bool const stream = from.header("Content-Type") == "text/event-stream";
    to.keep_alive(keep_alive && !stream);
    if (!stream) to.content_length(from.content ? from.span.size() : from.body.size());
    return to;
}

Response wire(ApiResponse&& from, bool keep_alive) {
    Response to{static_cast<http::status>(from.status), 11};
    for (auto const& [name, value] : from.headers) to.insert(name, value);
    to.keep_alive(keep_alive);
    to.body() = std::move(from.body);
    to.prepare_payload();
    return to;
}

ApiResponse refusal_of(error_code error) {
    if (error == http::error::header_limit)
        return error_response(431, "header_too_large", "The header of a request may have 16 KiB at most.");
    if (error == http::error::body_limit)
        return error_response(413, "body_too_large",
                              "The body of a request may have 64 KiB at most, a list of downloads 1 MiB, a "
                              "Metalink or .torrent file 8 MiB.");
    return error_response(400, "bad_request", "This is not an HTTP request.");
}

class HttpConnection final : public Connection, public std::enable_shared_from_this<HttpConnection> {
public:
    explicit HttpConnection(asio::ip::tcp::socket socket) : stream_{std::move(socket)}, wake_{stream_.get_executor()} {}

    void run(std::shared_ptr<ConnectionHost> host) override {
        auto self = shared_from_this();
        auto* const owner = host.get();
        asio::co_spawn(stream_.get_executor(), serve(*owner), [self, host](std::exception_ptr const&) {
            // Whatever it was (memory, at worst), it costs this connection only.
            self->close();
            host->end(*self);
        });
    }

    void send(std::string const& text) override {
        if (queue_.size() + text.size() > queue_bytes_max_) return close();
        queue_ += text;
        wake_.cancel();
    }

    Standing standing() const override { return standing_; }
    std::string const& caller() const override { return caller_; }

    void close() override {
        closed_ = true;
        error_code ignored;
        stream_.socket().close(ignored);
        wake_.cancel();
    }

private:
    asio::awaitable<void> serve(ConnectionHost& host) {
        while (!closed_ && co_await one_request(host)) {}
        if (!closed_) {
            error_code ignored;
            stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
        }
    }

    /// A caller that has proved nothing has `unproven_time` for a whole header, however it trickles. One that has may be idle
    /// first, and then has the time of a request.
    asio::awaitable<error_code> read_header(ApiLimits const& limits, Parser& parser) {
        error_code error;
        auto const unproven_until = std::chrono::steady_clock::now() + limits.unproven_time;
        if (buffer_.size() == 0) {
            if (proven_)
                stream_.expires_after(limits.idle_time);
            else
                stream_.expires_at(unproven_until);
            auto const got = co_await stream_.async_read_some(buffer_.prepare(read_block_bytes),
                                                              asio::redirect_error(asio::use_awaitable, error));
            if (error) co_return error;
            buffer_.commit(got);
        }
        if (proven_)
            stream_.expires_after(limits.request_time);
        else
            stream_.expires_at(unproven_until);
        co_await http::async_read_header(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
        co_return error;
    }

    asio::awaitable<error_code> read_body(ApiLimits const& limits, Parser& parser) {
        error_code error;
        stream_.expires_after(limits.request_time);
        if (!parser.is_done())
            co_await http::async_read(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
        co_return error;
    }

    asio::awaitable<bool> write(ApiLimits const& limits, ApiResponse&& from, bool keep_alive) {
        error_code error;
        if (from.content && !from.head_only) {
            stream_.expires_never();
            ContentPace const pace{limits.content_block_bytes, limits.content_read_time, limits.content_stalled_time};
            bool const sent = co_await send_content(stream_.socket(), std::move(from), keep_alive, pace);
            co_return sent&& keep_alive;
        }
        if (from.head_only) {
            auto response = head_of(from, keep_alive);
            stream_.expires_after(limits.request_time);
            co_await http::async_write(stream_, response, asio::redirect_error(asio::use_awaitable, error));
            co_return !error && response.keep_alive();
        }
        auto response = wire(std::move(from), keep_alive);
        stream_.expires_after(limits.request_time);
        co_await http::async_write(stream_, response, asio::redirect_error(asio::use_awaitable, error));
        co_return !error && keep_alive;
    }

    /// A wrong guess is answered late. False: the connection was closed meanwhile.
    asio::awaitable<bool> hold(Duration time) {
        error_code ignored;
        wake_.expires_after(time);
        co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        co_return !closed_;
    }

    /// What stands in for an answer when a request could not be read; empty: no caller is left to tell.
    static std::optional<ApiResponse> trouble_of(error_code error) {
        bool const of_http = error.category() == http::make_error_code(http::error::bad_target).category();
        if (!of_http || error == http::error::end_of_stream) return std::nullopt;
        return refusal_of(error);
    }

    /// False: the connection is over.
    asio::awaitable<bool> one_request(ConnectionHost& host) {
        auto const& limits = host.api_limits();
        Parser parser;
        parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
        parser.body_limit(std::max(limits.list_body_bytes_max, limits.file_body_bytes_max));
        auto error = co_await read_header(limits, parser);
        ApiRequest request;
        if (!error) {
            request = plain(parser.get());
            if (!coding_is_known(request))
                co_return co_await write(
                    limits,
                    error_response(501, "unknown_coding", "The only Transfer-Encoding that is understood is chunked."),
                    false);
            auto const body_max = host.body_bytes_max(request);
            parser.body_limit(body_max);
            if (parser.content_length().value_or(0) > body_max)
                error = http::error::body_limit;
            else
                error = co_await read_body(limits, parser);
        }
        if (closed_ || host.stopped()) co_return false;
        if (error) {
            auto refusal = trouble_of(error);
            if (!refusal) co_return false;
            co_return co_await write(limits, std::move(*refusal), false);
        }
        request.body = std::move(parser.get().body());
        standing_ = proven_ ? Standing::busy : Standing::unproven;
        co_return co_await answer(host, request, parser.get().keep_alive());
    }

    ApiResponse ask(ConnectionHost& host, ApiRequest const& request) {
        caller_.clear();
        auto response = host.answer(request);
        if (response.proven) caller_ = response.caller;
        return response;
    }

    asio::awaitable<bool> answer(ConnectionHost& host, ApiRequest const& request, bool keep_alive) {
        auto const& limits = host.api_limits();
        auto response = ask(host, request);
        if (response.proven) {
            proven_ = true;
            standing_ = Standing::busy;
        }
        for (std::size_t turns = 1; response.ask_again && turns < limits.turns_max; ++turns) {
            if (response.ask_again_after.count() > 0) {
                error_code waited;
                wake_.expires_after(response.ask_again_after);
                co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, waited));
            } else {
                co_await asio::post(stream_.get_executor(), asio::use_awaitable);
            }
            if (closed_ || host.stopped()) co_return false;
            response = ask(host, request);
        }
        if (response.ask_again) response = error_response(503, "busy", "The node has too much to do. Try again.");
        if (response.event_stream) {
            co_await stream_events(host, std::move(response));
            co_return false;
        }
        bool const held = response.hold > Duration{0};
        if (held && !co_await hold(response.hold)) co_return false;
        bool const goes_on = co_await write(limits, std::move(response), keep_alive && !held);
        if (proven_) standing_ = Standing::idle;
        co_return goes_on;
    }

    asio::awaitable<void> stream_events(ConnectionHost& host, ApiResponse response) {
        auto const& limits = host.api_limits();
        queue_bytes_max_ = limits.stream_queue_bytes_max;
        std::string head = "HTTP/1.1 200 OK\r\nConnection: close\r\n";
        for (auto const& [name, value] : response.headers) head += name + ": " + value + "\r\n";
        queue_ = head + "\r\n" + host.begin_stream(*this, response);
        stream_.expires_never();
        watch_reader();
        while (!closed_) {
            error_code error;
            if (queue_.empty()) {
                wake_.expires_after(limits.heartbeat_time);
                co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, error));
                if (!error && queue_.empty()) queue_ = ": still here\n\n";
                continue;
            }
            writing_ = std::exchange(queue_, {});
            co_await asio::async_write(stream_.socket(), asio::buffer(writing_),
                                       asio::redirect_error(asio::use_awaitable, error));
            if (error) close();
        }
    }

    /// A stream's reader has nothing to say: an end, or anything else, closes it.
    void watch_reader() {
        stream_.socket().async_read_some(asio::buffer(&ignored_byte_, 1),
                                         [self = shared_from_this()](error_code, std::size_t) { self->close(); });
    }

    beast::tcp_stream stream_;
    asio::steady_timer wake_;
    beast::flat_buffer buffer_;
    std::string queue_, writing_, caller_;
    std::size_t queue_bytes_max_ = 0;
    char ignored_byte_ = 0;
    Standing standing_ = Standing::silent;
    bool closed_ = false, proven_ = false;
};

}  // namespace

std::shared_ptr<Connection> make_connection(asio::ip::tcp::socket socket) {
    return std::make_shared<HttpConnection>(std::move(socket));
}

}  // namespace praline::webui
