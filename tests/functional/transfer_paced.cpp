#include "functional/transfer_paced.hpp"

#include <algorithm>
#include <chrono>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "transfer/content/thex.hpp"

namespace praline::test {

namespace asio = boost::asio;
using asio::awaitable;
using boost::system::error_code;
using swarm::ByteRange;

namespace {

constexpr std::chrono::milliseconds pace{20};
constexpr std::uint64_t lie_every = 64 * 1024;

auto quietly(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

content::TreeLevel tree_of(std::string const& bytes) {
    content::TigerTreeHasher hasher{content::good_slice_bytes(bytes.size())};
    hasher.update(as_view(bytes));
    return hasher.finish();
}

}  // namespace

PacedSource::PacedSource(asio::io_context& io, std::string bytes, Habits habits)
    : state_{std::make_shared<State>(State{std::move(bytes), std::move(habits), {}})},
      door_{io, [&io, state = state_](Tcp::socket socket) {
                asio::co_spawn(io, serve(state, std::move(socket)), asio::detached);
            }} {
    state_->tree = tree_of(state_->bytes);
}

std::string PacedSource::State::available() const {
    std::string text;
    for (auto const& part : habits.parts)
        text += (text.empty() ? "X-Available-Ranges: bytes " : ",") + std::to_string(part.begin) + "-" +
                std::to_string(part.end - 1);
    return text.empty() ? text : text + "\r\n";
}

/// As far as it has it; empty: not even the beginning.
std::optional<ByteRange> PacedSource::State::served(ByteRange wanted) const {
    if (habits.parts.empty()) return wanted;
    for (auto const& part : habits.parts)
        if (part.begin <= wanted.begin && wanted.begin < part.end)
            return ByteRange{wanted.begin, std::min(wanted.end, part.end)};
    return std::nullopt;
}

awaitable<void> PacedSource::serve(std::shared_ptr<State> state, Tcp::socket socket) {
    std::string buffer;
    while (!state->is_dead()) {
        error_code error;
        auto const length =
            co_await asio::async_read_until(socket, asio::dynamic_buffer(buffer), "\r\n\r\n", quietly(error));
        if (error || state->is_dead()) co_return;
        auto const head = buffer.substr(0, length);
        buffer.erase(0, length);
        if (!co_await answer(*state, socket, head)) co_return;
    }
}

awaitable<bool> PacedSource::answer(State& state, Tcp::socket& socket, std::string const& head) {
    auto const size = state.bytes.size();
    auto const facts =
        std::string{"Server: paced\r\n"} + state.habits.header + state.available() +
        (state.habits.has_tree ? "X-Thex-URI: /uri-res/N2X?x;" + state.tree.root().base32() + "\r\n" : "");
    auto const length = [](std::size_t bytes) { return "Content-Length: " + std::to_string(bytes) + "\r\n\r\n"; };
    std::string text;
    std::optional<ByteRange> body;
    if (head.find("/uri-res/N2X") != std::string::npos) {
        auto const tree = content::thex_encode(state.tree);
        text = "HTTP/1.1 200 OK\r\n" + facts + length(tree.size()) + std::string{as_text(tree)};
    } else if (head.starts_with("HEAD")) {
        text = "HTTP/1.1 200 OK\r\n" + facts + length(size);
    } else {
        auto const range = field_of(head, "Range");
        auto const dash = range.find('-');
        body = state.served({std::stoull(range.substr(6, dash - 6)),
                             std::min<std::uint64_t>(std::stoull(range.substr(dash + 1)) + 1, size)});
        if (!body)
            text = "HTTP/1.1 416 Not here\r\n" + facts + length(0);
        else
            text = "HTTP/1.1 206 Partial Content\r\n" + facts + "Content-Range: bytes " + std::to_string(body->begin) +
                   "-" + std::to_string(body->end - 1) + "/" + std::to_string(size) + "\r\n" + length(body->size());
    }
    error_code error;
    co_await asio::async_write(socket, asio::buffer(text), quietly(error));
    if (error || !body) co_return !error;
    co_return co_await send_body(state, socket, *body);
}

awaitable<bool> PacedSource::send_body(State& state, Tcp::socket& socket, ByteRange range) {
    asio::steady_timer timer{socket.get_executor()};
    auto const began = std::chrono::steady_clock::now();
    std::uint64_t sent = 0;
    while (sent < range.size()) {
        auto const elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        auto due =
            std::min(range.size(), static_cast<std::uint64_t>(elapsed * state.habits.bytes_per_second) + 1) - sent;
        due =
            std::min(due, std::min(state.habits.silent_after, state.habits.dies_after) -
                              std::min(state.sent_bytes, std::min(state.habits.silent_after, state.habits.dies_after)));
        auto chunk = state.bytes.substr(range.begin + sent, due);
        if (state.habits.lies)
            for (std::size_t at = 0; at < chunk.size(); ++at)
                if ((range.begin + sent + at) % lie_every == 5) chunk[at] = static_cast<char>(~chunk[at]);
        error_code error;
        if (!chunk.empty()) co_await asio::async_write(socket, asio::buffer(chunk), quietly(error));
        if (error || state.is_dead()) co_return false;
        sent += chunk.size();
        state.sent_bytes += chunk.size();
        timer.expires_after(pace);
        co_await timer.async_wait(quietly(error));
    }
    co_return true;
}

}  // namespace praline::test
