#include "tools/bench/takers.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <stdexcept>

#include "node/base/text.hpp"
#include "tools/bench/raw_peer.hpp"

namespace praline::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t read_bytes = 1024 * 1024;
constexpr std::size_t head_bytes_max = 16 * 1024;
constexpr int patience_ms = 30'000;

std::uint64_t length_said_in(std::string const& head) {
    auto const lower = to_lower_ascii(head);
    constexpr std::string_view name = "\r\ncontent-length:";
    auto const at = lower.find(name);
    if (at == std::string::npos || head.compare(0, 9, "HTTP/1.1 ") != 0 || head.compare(9, 3, "200") != 0)
        throw std::runtime_error{"the server refused: " + head.substr(0, head.find('\r'))};
    return std::stoull(lower.substr(at + name.size()));
}

}  // namespace

Takers::Takers(Endpoint server, unsigned count, std::string request)
    : request_{std::move(request)}, events_{::epoll_create1(EPOLL_CLOEXEC)}, buffer_(read_bytes) {
    takers_.reserve(count);
    for (unsigned i = 0; i < count; ++i) {
        takers_.emplace_back().socket = connect_to(server, Address::v4(0x7F000101 + i));
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u32 = i;
        if (::epoll_ctl(events_, EPOLL_CTL_ADD, takers_.back().socket, &event) != 0)
            throw std::runtime_error{"too many connections"};
    }
}

Takers::~Takers() {
    for (auto const& one : takers_) ::close(one.socket);
    ::close(events_);
}

void Takers::take(std::uint64_t times, std::function<void()> const& when_all_began) {
    std::uint64_t asked = takers_.size(), done = 0;
    bool said = false;
    for (auto& one : takers_) ask(one);
    while (done < times) {
        wait(patience_ms, [&](Taker& taker) {
            ++done;
            if (asked == times) return;
            ++asked;
            ask(taker);
        });
        if (said || began_ < takers_.size()) continue;
        said = true;
        when_all_began();
    }
}

std::uint64_t Takers::take_for(double seconds) {
    auto const before = bytes_;
    auto const end = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{seconds});
    for (auto& one : takers_)
        if (!one.asked) ask(one);
    for (auto now = Clock::now(); now < end; now = Clock::now()) {
        auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(end - now).count() + 1;
        wait(static_cast<int>(left), [this](Taker& taker) { ask(taker); });
    }
    return bytes_ - before;
}

void Takers::ask(Taker& taker) {
    taker.asked = true;
    send_all(taker.socket, as_view(request_));
}

bool Takers::read(Taker& taker) {
    if (!taker.body_left) {
        read_head(taker);
    } else {
        // Dropped, not copied: the buffer is not written to.
        auto const wanted = std::min<std::uint64_t>(*taker.body_left, read_bytes);
        auto const got = ::recv(taker.socket, buffer_.data(), wanted, MSG_DONTWAIT | MSG_TRUNC);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
            throw std::runtime_error{"the server ended a connection"};
        auto const count = got > 0 ? static_cast<std::uint64_t>(got) : 0;
        bytes_ += count;
        *taker.body_left -= count;
    }
    if (!taker.body_left) return false;
    if (!taker.began) ++began_;
    taker.began = true;
    if (*taker.body_left > 0) return false;
    taker.body_left.reset();
    return true;
}

void Takers::read_head(Taker& taker) {
    auto const got = ::recv(taker.socket, buffer_.data(), head_bytes_max, MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        throw std::runtime_error{"the server ended a connection"};
    if (got < 0) return;
    bytes_ += static_cast<std::uint64_t>(got);
    taker.head.append(buffer_.data(), static_cast<std::size_t>(got));
    auto const end = taker.head.find("\r\n\r\n");
    if (end == std::string::npos) {
        if (taker.head.size() > head_bytes_max) throw std::runtime_error{"the server sent no head"};
        return;
    }
    auto const there = taker.head.size() - end - 4;
    auto const length = length_said_in(taker.head);
    if (there > length) throw std::runtime_error{"the server sent more than it said"};
    taker.body_left = length - there;
    taker.head.clear();
}

void Takers::wait(int milliseconds, std::function<void(Taker&)> const& ended) {
    std::array<epoll_event, 64> ready{};
    auto const count = ::epoll_wait(events_, ready.data(), static_cast<int>(ready.size()), milliseconds);
    if (count == 0 && milliseconds == patience_ms) throw std::runtime_error{"the server sends nothing any more"};
    for (int i = 0; i < count; ++i) {
        auto& taker = takers_[ready[static_cast<std::size_t>(i)].data.u32];
        if (read(taker)) ended(taker);
    }
}

}  // namespace praline::bench
