// Forwarded queries: one neighbour sends, the others count what the node passes on. Baseline: a relay that decodes nothing.
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <iostream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "node/base/rng.hpp"
#include "node/wire/codec.hpp"
#include "tools/bench/child.hpp"
#include "tools/bench/measurements.hpp"
#include "tools/bench/raw_peer.hpp"

namespace praline::bench {
namespace {

using Clock = std::chrono::steady_clock;

Bytes make_queries(unsigned count, Rng& rng) {
    Bytes all;
    for (unsigned i = 0; i < count; ++i) {
        wire::Query query;
        query.text = "bench " + std::to_string(rng.below(1'000'000)) + " words";
        auto const message = wire::encode_message(Guid::random(rng), wire::Function::query, Ttl{3}, Hops{1}, query);
        all.insert(all.end(), message.begin(), message.end());
    }
    return all;
}

/// Counts queries in a stream of messages that comes in any pieces.
class QueryCounter {
public:
    void take(ByteView bytes) {
        held_.insert(held_.end(), bytes.begin(), bytes.end());
        std::size_t at = 0;
        while (auto const message = wire::first_message(ByteView{held_}.subspan(at))) {
            count_ += message->header.function == static_cast<std::uint8_t>(wire::Function::query) ? 1U : 0U;
            at += 23 + message->payload.size();
        }
        held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    [[nodiscard]] std::uint64_t count() const { return count_; }

private:
    Bytes held_;
    std::uint64_t count_ = 0;
};

/// Reads all sockets until every one has got `each` queries or nothing came for 3 s (dropped on the way).
std::uint64_t count_arrivals(std::vector<int> const& sockets, std::vector<Bytes> const& rests, std::uint64_t each,
                             Clock::time_point& last) {
    std::vector<pollfd> polls;
    std::vector<QueryCounter> counters(sockets.size());
    for (std::size_t i = 0; i < sockets.size(); ++i) {
        polls.push_back({sockets[i], POLLIN, 0});
        counters[i].take(rests[i]);
    }
    std::array<std::byte, 65536> buffer{};
    constexpr int silence_ms = 3000;
    std::uint64_t total = 0;
    while (total < each * sockets.size() && ::poll(polls.data(), polls.size(), silence_ms) > 0) {
        total = 0;
        for (std::size_t i = 0; i < polls.size(); ++i) {
            if ((polls[i].revents & POLLIN) != 0) {
                auto const count = ::recv(sockets[i], buffer.data(), buffer.size(), 0);
                if (count <= 0) {
                    polls[i].fd = -1;
                    continue;
                }
                counters[i].take(ByteView{buffer}.first(static_cast<std::size_t>(count)));
                last = Clock::now();
            }
            total += counters[i].count();
        }
    }
    return total;
}

struct Measured {
    double per_second = 0;
    double arrived = 0;
};

/// Sends in steps and waits for what each step sets off, so that no queue overflows: throughput, not loss, is measured.
Measured drive(int sender, std::vector<int> const& receivers, std::vector<Bytes>& rests, unsigned queries, Rng& rng) {
    constexpr unsigned step = 200;
    std::uint64_t arrived = 0;
    Clock::duration busy{};
    for (unsigned done = 0; done < queries; done += step) {
        auto const bytes = make_queries(step, rng);
        auto const begin = Clock::now();
        auto last = begin;
        std::thread writer{[&] { send_all(sender, bytes); }};
        arrived += count_arrivals(receivers, rests, step, last);
        writer.join();
        for (auto& rest : rests) rest.clear();
        busy += last - begin;
    }
    auto const seconds = std::chrono::duration<double>(busy).count();
    return {static_cast<double>(arrived) / static_cast<double>(receivers.size()) / seconds,
            static_cast<double>(arrived) / (static_cast<double>(queries) * static_cast<double>(receivers.size()))};
}

/// The least a relay can do: read from one socket, write the same bytes to all others.
class BareRelay {
public:
    explicit BareRelay(unsigned receivers) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0)
            throw std::runtime_error{"no port"};
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        Endpoint const self{0x7F000001, ntohs(address.sin_port)};
        for (unsigned i = 0; i <= receivers; ++i) {
            clients.push_back(connect_to(self));
            servers_.push_back(::accept(listener_, nullptr, nullptr));
        }
        thread_ = std::thread{[this] { relay(); }};
    }
    ~BareRelay() {
        ::shutdown(servers_[0], SHUT_RDWR);
        thread_.join();
        for (int const socket : clients) ::close(socket);
        for (int const socket : servers_) ::close(socket);
        ::close(listener_);
    }
    BareRelay(BareRelay const&) = delete;
    BareRelay& operator=(BareRelay const&) = delete;
    std::vector<int> clients;

private:
    void relay() {
        std::array<std::byte, 16384> buffer{};
        for (;;) {
            auto const count = ::recv(servers_[0], buffer.data(), buffer.size(), 0);
            if (count <= 0) return;
            for (std::size_t i = 1; i < servers_.size(); ++i)
                send_all(servers_[i], ByteView{buffer}.first(static_cast<std::size_t>(count)));
        }
    }
    int listener_ = -1;
    std::vector<int> servers_;
    std::thread thread_;
};

}  // namespace

int measure_queries(QueriesOptions const& options) {
    Rng rng{1};
    std::vector<double> ours, bare;
    double arrived = 1;
    for (unsigned round = 0; round < options.runs; ++round) {
        {
            BareRelay relay{options.links - 1};
            std::vector<int> const receivers(relay.clients.begin() + 1, relay.clients.end());
            std::vector<Bytes> rests(receivers.size());
            bare.push_back(drive(relay.clients[0], receivers, rests, options.queries, rng).per_second);
        }
        ScratchFolder folder;
        PralineNode node{
            praline_binary(),
            folder.path() + "/node",
            {"--mode", "ultrapeer", "--max-ultrapeers", std::to_string(options.links), "--queries-per-link", "0"}};
        auto const endpoint = Endpoint::parse(node.address()).value();
        std::vector<RawPeer> links;
        std::vector<int> receivers;
        std::vector<Bytes> rests;
        for (unsigned i = 0; i < options.links; ++i) {
            links.emplace_back(endpoint, true, false);
            if (i == 0) continue;
            receivers.push_back(links.back().socket());
            rests.push_back(links.back().rest());
        }
        auto const measured = drive(links[0].socket(), receivers, rests, options.queries, rng);
        ours.push_back(measured.per_second);
        arrived = std::min(arrived, measured.arrived);
    }
    auto const copies = static_cast<double>(options.links - 1);
    auto const mine = median(ours);
    auto const base = median(bare);
    if (options.json) {
        std::cout << "{\"links\":" << options.links << ",\"queries_per_second\":" << mine
                  << ",\"copies_per_second\":" << mine * copies << ",\"bare_relay_queries_per_second\":" << base
                  << ",\"ratio\":" << mine / base << ",\"arrived\":" << arrived << "}\n";
    } else {
        std::cout << "queries: " << options.links << " links, median of " << options.runs << " runs: " << mine
                  << " queries/s forwarded to " << copies << " links (" << mine * copies << " copies/s, "
                  << arrived * 100 << " % arrived); bare relay without decoding: " << base << " queries/s; ratio "
                  << mine / base << '\n';
    }
    return 0;
}

}  // namespace praline::bench
