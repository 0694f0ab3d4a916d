#include "tools/bench/index_load.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <numeric>
#include <stdexcept>

#include <boost/asio/steady_timer.hpp>

#include "node/base/rng.hpp"

namespace praline::bench {
namespace asio = boost::asio;
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto answer_within = std::chrono::seconds{5};  // what comes later counts as dropped

/// One run: an io_context of its own, its nodes, its clock.
class Load {
public:
    Load(IndexGroup& group, LoadKind kind, std::uint32_t nodes, double rate, std::uint64_t seed)
        : kind_{kind}, rate_{rate}, rng_{seed}, next_{io_}, end_{io_} {
        auto const& servers = group.endpoints();
        for (std::uint32_t number = 0; number < nodes; ++number)
            nodes_.push_back(
                std::make_shared<IndexLoader>(io_, servers[number % servers.size()], group.group_key(), number));
    }

    void sign_in() {
        std::size_t failed = 0, waiting = nodes_.size();
        for (auto const& node : nodes_)
            node->begin([&](bool well) {
                failed += well ? 0 : 1;
                if (--waiting == 0) io_.stop();
            });
        io_.run();
        io_.restart();
        if (failed > 0) throw std::runtime_error{std::to_string(failed) + " nodes could not sign in."};
    }

    LoadPoint run(double seconds) {
        due_ = Clock::now();
        until_ = due_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
        arm();
        io_.run();
        for (auto const& node : nodes_) node->end();
        io_.restart();
        io_.run_for(std::chrono::milliseconds{50});
        return point();
    }

private:
    void arm() {
        double const uniform = (static_cast<double>(rng_.next() >> 11) + 1) / 9007199254740993.0;
        due_ += std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(-std::log(uniform) / rate_));
        if (due_ > until_) return finish_later();
        next_.expires_at(due_);
        next_.async_wait([this](boost::system::error_code error) {
            if (error) return;
            request();
            arm();
        });
    }

    void request() {
        auto const number = times_.size();
        times_.push_back(-1);
        ++waiting_;
        auto const done = [this, number, due = due_](bool well) {
            auto const took = Clock::now() - due;
            if (well && took <= answer_within) times_[number] = std::chrono::duration<double, std::milli>(took).count();
            if (--waiting_ == 0 && over_) io_.stop();
        };
        auto& node = *nodes_[rng_.below(nodes_.size())];
        if (kind_ == LoadKind::writes)
            node.write(done);
        else
            node.ask("word" + std::to_string(rng_.below(5000)), done);
    }

    void finish_later() {
        over_ = true;
        if (waiting_ == 0) return io_.stop();
        end_.expires_after(answer_within);
        end_.async_wait([this](boost::system::error_code error) {
            if (!error) io_.stop();
        });
    }

    [[nodiscard]] LoadPoint point() const {
        LoadPoint point;
        point.rate = rate_;
        point.sent = times_.size();
        std::vector<double> answered;
        std::copy_if(times_.begin(), times_.end(), std::back_inserter(answered), [](double time) { return time >= 0; });
        point.dropped = times_.size() - answered.size();
        if (answered.empty()) return point;
        std::sort(answered.begin(), answered.end());
        point.mean_ms = std::accumulate(answered.begin(), answered.end(), 0.0) / static_cast<double>(answered.size());
        point.p50_ms = answered[answered.size() / 2];
        point.p99_ms = answered[answered.size() * 99 / 100];
        return point;
    }

    LoadKind kind_;
    double rate_;
    Rng rng_;
    asio::io_context io_{1};
    asio::steady_timer next_, end_;
    std::vector<std::shared_ptr<IndexLoader>> nodes_;
    Clock::time_point due_, until_;
    std::vector<double> times_;  // milliseconds of each request; -1: no answer yet
    std::size_t waiting_ = 0;
    bool over_ = false;
};

}  // namespace

LoadPoint run_load(IndexGroup& group, LoadKind kind, std::uint32_t nodes, double rate, double seconds,
                   std::uint64_t seed) {
    auto const load = std::make_unique<Load>(group, kind, nodes, rate, seed);
    load->sign_in();
    auto const messages = group.counter("write_messages"), writes = group.counter("writes");
    auto point = load->run(seconds);
    point.servers = group.endpoints().size();
    auto const made = group.counter("writes") - writes;
    if (made > 0)
        point.messages_per_write =
            static_cast<double>(group.counter("write_messages") - messages) / static_cast<double>(made);
    return point;
}

}  // namespace praline::bench
