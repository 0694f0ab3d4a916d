#include "tools/bench/index_group.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "index/wire/codec.hpp"
#include "node/log/log.hpp"

namespace praline::bench {
namespace asio = boost::asio;
namespace {

constexpr auto complete_within = std::chrono::seconds{60};
constexpr auto look_every = std::chrono::milliseconds{50};
constexpr std::uint32_t unlimited = 1'000'000;

index::server::ServerOptions options_for(std::string folder, index::link::GroupSecret const& secret,
                                         std::optional<Endpoint> join) {
    std::filesystem::create_directories(folder);
    index::server::ServerOptions options{std::move(folder), Endpoint{0x7F000001, 0}, std::nullopt, join, secret};
    // What is measured is the group, not the patience of its servers with one node.
    options.limits.changes_per_second = options.limits.searches_per_second = options.limits.pings_per_second =
        unlimited;
    options.limits.publishers_of_address_max = options.limits.sessions_max;
    options.limits.searches_of_address_per_second = unlimited;
    options.limits.address_entries_max = options.limits.entries_max;
    options.limits.changes_of_address_max = options.limits.searches_of_address_waiting_max =
        options.limits.searches_waiting_max;
    options.links.links_of_address_max = options.links.handshakes_of_address_max = unlimited;
    return options;
}

Bytes bytes_from(std::uint64_t number, std::size_t count) {
    Rng rng{number};
    Bytes bytes(count);
    for (auto& one : bytes) one = static_cast<std::byte>(rng.next());
    return bytes;
}

}  // namespace

struct IndexGroup::Host {
    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
    std::unique_ptr<index::server::IndexServer> server;
    std::thread thread;

    explicit Host(index::server::ServerOptions options) {
        server = std::make_unique<index::server::IndexServer>(io, std::move(options));
        thread = std::thread{[this] { io.run(); }};
    }
    ~Host() {
        asio::post(io, [this] {
            server->stop();
            server.reset();
            work.reset();
        });
        thread.join();
    }
};

IndexGroup::IndexGroup(std::size_t servers, std::string folder)
    : secret_{index::link::GroupSecret::from_bytes(bytes_from(servers, 32))} {
    log::set_level(log::Level::error);  // servers that stop together tell of each other's ends
    for (std::size_t number = 0; number < servers; ++number) {
        auto const join = number == 0 ? std::nullopt : std::optional{endpoints_.front()};
        hosts_.push_back(
            std::make_unique<Host>(options_for(folder + "/server" + std::to_string(number), secret_, join)));
        auto const ask = std::make_shared<std::promise<Endpoint>>();
        asio::post(hosts_.back()->io, [host = hosts_.back().get(), ask] { ask->set_value(host->server->endpoint()); });
        endpoints_.push_back(ask->get_future().get());
    }
}

IndexGroup::~IndexGroup() = default;

index::PublisherId IndexGroup::group_key() const { return secret_.key().public_key(); }

std::vector<index::server::ServerStatus> IndexGroup::statuses() {
    std::vector<index::server::ServerStatus> all;
    for (auto const& host : hosts_) {
        auto const ask = std::make_shared<std::promise<index::server::ServerStatus>>();
        asio::post(host->io, [one = host.get(), ask] { ask->set_value(one->server->status()); });
        all.push_back(ask->get_future().get());
    }
    return all;
}

std::uint64_t IndexGroup::counter(std::string const& name) {
    std::uint64_t sum = 0;
    for (auto const& status : statuses())
        for (auto const& [counter, value] : status.counters)
            if (counter == name) sum += value;
    return sum;
}

void IndexGroup::wait_complete() {
    auto const until = std::chrono::steady_clock::now() + complete_within;
    for (;;) {
        auto const all = statuses();
        bool const complete = std::all_of(all.begin(), all.end(), [&](index::server::ServerStatus const& one) {
            auto const direct =
                std::count_if(one.members.begin(), one.members.end(), [](auto const& member) { return member.direct; });
            return one.answers_alone && static_cast<std::size_t>(direct) + 1 >= all.size();
        });
        if (complete) return;
        if (std::chrono::steady_clock::now() > until)
            throw std::runtime_error{"The servers did not find each other within a minute."};
        std::this_thread::sleep_for(look_every);
    }
}

IndexLoader::IndexLoader(asio::io_context& io, Endpoint server, index::PublisherId group_key, std::uint64_t number)
    : io_{io},
      server_{server},
      group_key_{group_key},
      number_{number},
      key_{index::link::Ed25519Key::from_seed(bytes_from(number + 1000, 32))} {}

void IndexLoader::begin(Done ready) {
    ready_ = std::move(ready);
    index::link::dial(io_, server_, key_, group_key_, {}, [self = shared_from_this()](index::link::Dialled dialled) {
        if (!dialled.link) return std::exchange(self->ready_, {})(false);
        self->link_ = std::move(dialled.link);
        std::weak_ptr<IndexLoader> const weak = self;
        self->link_->start(
            [weak](ByteView frame) {
                if (auto const one = weak.lock()) one->on_frame(frame);
            },
            [weak](std::string const&) {
                if (auto const one = weak.lock()) one->fail_all();
            });
        index::SignIn sign_in;
        sign_in.agent = "Praline bench";
        sign_in.transfer_port = 6346;
        self->link_->send(index::encode(index::FromNode{sign_in}));
    });
}

void IndexLoader::write(Done done) {
    if (!link_) return done(false);
    index::Publish publish;
    publish.change.from = sent_;
    ++sent_.number;
    publish.change.to = sent_;
    index::Entry entry;
    Rng rng{number_, entries_++};
    for (auto& byte : entry.sha1.bytes) byte = static_cast<std::uint8_t>(rng.next());
    entry.size_bytes = 1 + rng.below(1U << 30);
    entry.name = "word" + std::to_string(rng.below(5000)) + " word" + std::to_string(rng.below(50)) + " file.ogg";
    publish.change.add.push_back(std::move(entry));
    writes_.emplace_back(sent_, std::move(done));
    link_->send(index::encode(index::FromNode{publish}));
}

void IndexLoader::ask(std::string words, Done done) {
    if (!link_) return done(false);
    index::Search search;
    search.request = ++requests_;
    search.query.words = std::move(words);
    searches_.emplace_back(search.request, std::move(done));
    link_->send(index::encode(index::FromNode{search}));
}

void IndexLoader::on_frame(ByteView frame) {
    auto const message = index::decode_to_node(frame);
    if (!message) return fail_all();
    std::visit([this](auto const& one) { on(one); }, *message);
}

void IndexLoader::on(index::Welcome const& message) {
    sent_ = message.held;
    if (ready_) std::exchange(ready_, {})(true);
}

void IndexLoader::on(index::Published const& message) {
    while (!writes_.empty() && writes_.front().first <= message.version) {
        auto const done = std::move(writes_.front().second);
        writes_.erase(writes_.begin());
        done(true);
    }
}

void IndexLoader::on(index::Behind const& message) {
    sent_ = message.held;
    for (auto& [version, done] : std::exchange(writes_, {})) done(false);
}

void IndexLoader::on(index::Found const& message) {
    auto const asked =
        std::find_if(searches_.begin(), searches_.end(), [&](auto const& one) { return one.first == message.request; });
    if (asked == searches_.end()) return;
    auto const done = std::move(asked->second);
    searches_.erase(asked);
    done(true);
}

void IndexLoader::on(index::Refused const& message) {
    if (message.request == 0) return fail_all();
    std::erase_if(searches_, [&](auto& one) {
        if (one.first != message.request) return false;
        one.second(false);
        return true;
    });
}

void IndexLoader::fail_all() {
    link_.reset();
    if (ready_) std::exchange(ready_, {})(false);
    for (auto& [version, done] : std::exchange(writes_, {})) done(false);
    for (auto& [request, done] : std::exchange(searches_, {})) done(false);
}

void IndexLoader::end() {
    if (link_) link_->close();
    link_.reset();
}

}  // namespace praline::bench
