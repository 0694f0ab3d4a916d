// Limits of bandwidth: what a node sends in uploads over some seconds beside the rate that is set while it runs.
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "node/base/endpoint.hpp"
#include "tools/bench/child.hpp"
#include "tools/bench/measurements.hpp"
#include "tools/bench/raw_peer.hpp"
#include "tools/bench/shared_file.hpp"

namespace praline::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t file_mebibytes = 64;
constexpr std::size_t read_bytes = 256 * 1024;

struct Rate {
    char const* text;
    double bytes_per_second;
};
constexpr std::array rates{Rate{"100 KiB/s", 102'400.0}, Rate{"1 MiB/s", 1'048'576.0}, Rate{"10 MiB/s", 10'485'760.0},
                           Rate{"100 MiB/s", 104'857'600.0}};
constexpr std::array<unsigned, 3> takers_of_each{1, 10, 100};

/// Connections that download one file again and again, and count what comes.
class Takers {
public:
    Takers(Endpoint node, unsigned count, std::string request) : request_{std::move(request)}, buffer_(read_bytes) {
        for (unsigned i = 0; i < count; ++i) {
            sockets_.push_back({connect_to(node), POLLIN, 0});
            // Too many connections of one address that have not begun an upload evict one another.
            ask(sockets_.back(), 1);
            static_cast<void>(::poll(&sockets_.back(), 1, -1));
        }
    }
    ~Takers() {
        for (auto const& one : sockets_) ::close(one.fd);
    }
    Takers(Takers const&) = delete;
    Takers& operator=(Takers const&) = delete;

    /// Many requests on each connection: a body ends, and the next begins.
    void ask(unsigned times) {
        for (auto const& one : sockets_) ask(one, times);
    }

    /// Bytes that come within so many seconds.
    std::uint64_t count(double seconds) {
        auto const end =
            Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{seconds});
        std::uint64_t bytes = 0;
        for (auto now = Clock::now(); now < end; now = Clock::now()) {
            auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(end - now).count() + 1;
            if (::poll(sockets_.data(), sockets_.size(), static_cast<int>(left)) <= 0) continue;
            for (auto const& one : sockets_) {
                if (one.revents == 0) continue;
                auto const got = ::recv(one.fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
                if (got == 0) throw std::runtime_error{"the node ended an upload"};
                bytes += got > 0 ? static_cast<std::uint64_t>(got) : 0;
            }
        }
        return bytes;
    }

private:
    void ask(pollfd const& one, unsigned times) {
        for (unsigned i = 0; i < times; ++i)
            send_all(one.fd, ByteView{reinterpret_cast<std::byte const*>(request_.data()), request_.size()});
    }

    std::string request_;
    std::vector<pollfd> sockets_;
    Bytes buffer_;
};

void print(RatesOptions const& options, Rate const& rate, unsigned takers, double measured, bool first) {
    auto const off = (measured / rate.bytes_per_second - 1) * 100;
    if (options.json) {
        std::cout << (first ? "" : ",") << "{\"what\":\"upload\",\"limit\":\"" << rate.text
                  << "\",\"limit_bytes_per_second\":" << rate.bytes_per_second << ",\"takers\":" << takers
                  << ",\"bytes_per_second\":" << measured << ",\"off_percent\":" << off << '}';
    } else {
        std::cout << "rates: uploads limited to " << rate.text << ", " << takers << " at once, over " << options.seconds
                  << " s: " << measured / 1024 << " KiB/s, " << (off < 0 ? "" : "+") << off << " %" << std::endl;
    }
}

}  // namespace

int measure_rates(RatesOptions const& options) {
    ScratchFolder folder;
    auto const share = folder.path() + "/share";
    std::filesystem::create_directory(share);
    write_random_file(share + "/bench.bin", file_mebibytes);
    auto const digest = content::hash_file(share + "/bench.bin");
    if (!digest) throw std::runtime_error{"the file cannot be read"};
    auto const binary = praline_binary();
    // One address has a quarter of the slots at most.
    PralineNode node{
        binary, folder.path() + "/node", {"--mode", "ultrapeer", "--share", share, "--upload-slots", "500"}};
    wait_until_shared(binary, node.data());
    auto const request = "GET /uri-res/N2R?" + digest->sha1.urn() + " HTTP/1.1\r\nHost: bench\r\n\r\n";
    auto const most = rates.back().bytes_per_second * (options.seconds + 5);
    bool first = true;
    if (options.json) std::cout << "{\"seconds\":" << options.seconds << ",\"rows\":[";
    for (auto const takers : takers_of_each)
        for (auto const& rate : rates) {
            run({binary, "--data", node.data(), "config", "set", "upload_limit", rate.text});
            Takers clients{*Endpoint::parse(node.address()), takers, request};
            clients.ask(static_cast<unsigned>(most / static_cast<double>(file_mebibytes << 20) / takers) + 2);
            clients.count(1);
            print(options, rate, takers, static_cast<double>(clients.count(options.seconds)) / options.seconds, first);
            first = false;
        }
    if (options.json) std::cout << "]}\n";
    return 0;
}

}  // namespace praline::bench
