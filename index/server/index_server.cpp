#include "index/server/index_server.hpp"

#include <algorithm>
#include <stdexcept>

#include <spdlog/spdlog.h>
#include <boost/asio/post.hpp>

#include "index/server/server_impl.hpp"
#include "node/net/entropy.hpp"
#include "node/net/system_clock.hpp"

namespace praline::index {
namespace {

store::FileLock take_lock(std::string const& folder) {
    auto lock = store::FileLock::try_take(folder + "/catalogue.lock");
    if (!lock)
        throw std::runtime_error{"Another index server uses the folder " + folder +
                                 ". Stop it first, or choose another folder."};
    return std::move(*lock);
}

ServerOptions consistent(ServerOptions options) {
    auto const entries = std::min(options.limits.publisher_entries_max, options.catalogue.publisher_entries_max);
    options.limits.publisher_entries_max = options.catalogue.publisher_entries_max = entries;
    options.readers = std::clamp<std::size_t>(options.readers, 1, 64);
    return options;
}

}  // namespace

IndexServer::Impl::Impl(boost::asio::io_context& context, ServerOptions the_options)
    : io{context},
      options{consistent(std::move(the_options))},
      lock{take_lock(options.data_directory)},
      key{options.secret.key()},
      identity{next_identity(options.data_directory, net::entropy(),
                             static_cast<std::uint64_t>(std::max<UnixSeconds>(net::unix_now(), 0)) * 1000)},
      started_at{net::now()},
      catalogue{open_sqlite_catalogue(options.data_directory + "/catalogue.db", options.catalogue)},
      replica{options.replica, Rng{net::entropy()}},
      sessions{options.limits, SessionTerms{identity.id, options.replica.lease}, *this},
      timer{context},
      look_timer{context},
      drain_timer{context},
      grace_timer{context} {}

void IndexServer::Impl::start() {
    auto const weak = weak_from_this();
    door = std::make_unique<LinkListener>(io, options.listen, key, options.links, [weak](FramedLinkPtr link) {
        if (auto const self = weak.lock()) self->welcome(std::move(link));
    });
    own_member = Member{identity.id, identity.incarnation, options.advertised.value_or(door->endpoint()), 0};
    known_members = {own_member};
    auto writer = catalogue->writer();
    auto records = writer->records();
    for (Record const& record : records) note_entries(record);
    Started started{own_member, std::move(records), parse_members(writer->kept("members").value_or("")), options.join};
    catalogue_thread = std::make_unique<CatalogueThread>(
        std::move(writer), catalogue->reader(), [weak, &context = io](std::vector<CatalogueReport> reports) {
            boost::asio::post(context, [weak, reports = std::move(reports)]() mutable {
                if (auto const self = weak.lock()) self->catalogue_reports(reports);
            });
        });
    std::vector<std::unique_ptr<CatalogueReader>> each;
    for (std::size_t i = 0; i < options.readers; ++i) each.push_back(catalogue->reader());
    readers = std::make_unique<ReaderPool>(std::move(each),
                                           ReaderPool::Waiting::Limits{options.limits.searches_waiting_max,
                                                                       options.limits.searches_of_address_waiting_max},
                                           [weak, &context = io](ReaderReport report) {
                                               boost::asio::post(context, [weak, report = std::move(report)]() mutable {
                                                   if (auto const self = weak.lock()) self->reader_reports(report);
                                               });
                                           });
    tell_replica(std::move(started));
    settle();
    look_round();
}

bool IndexServer::Impl::has_room_for(PublisherId const& publisher) const {
    return replica.find(publisher) != nullptr || replica.publishers() < options.replica.publishers_max;
}

// ---- time ----

void IndexServer::Impl::arm() {
    auto due = replica.next_deadline();
    if (auto const of_sessions = sessions.next_deadline()) due = due ? std::min(*due, *of_sessions) : *of_sessions;
    // A timer that fires too early is looked at again then: moving it for every message would cost more.
    if (!due || (armed_for && *armed_for <= *due)) return;
    armed_for = due;
    timer.expires_after(std::max(*due - net::now(), Duration{0}));
    timer.async_wait([weak = weak_from_this()](boost::system::error_code error) {
        if (auto const self = weak.lock(); self && !error) self->on_timer();
    });
}

void IndexServer::Impl::on_timer() {
    if (stopped) return;
    armed_for.reset();
    auto const now = net::now();
    sessions.tick(now);
    if (auto const due = replica.next_deadline(); due && *due <= now) tell_replica(Tick{});
    settle();
}

/// How full it is: nodes, searches that wait, changes that wait; the fullest counts.
std::uint8_t IndexServer::Impl::measured_load() const {
    auto const part = [](std::size_t of, std::size_t whole) {
        return whole == 0 ? 0 : std::min<std::size_t>(of * 255 / whole, 255);
    };
    auto const nodes = part(sessions.size(), options.limits.sessions_max);
    auto const asked = part(readers->waiting(), options.limits.searches_waiting_max);
    auto const changes = part(catalogue_thread->waiting(), options.replica.writes_under_way_max);
    return static_cast<std::uint8_t>(std::max({nodes, asked, changes}));
}

void IndexServer::Impl::look_round() {
    if (stopped) return;
    auto const measured = measured_load();
    if (measured != current_load) {
        current_load = measured;
        tell_replica(LoadIs{measured});
    }
    settle();
    if (looks++ % measure_every_looks == 0) readers->measure();
    look_timer.expires_after(look_round_every);
    look_timer.async_wait([weak = weak_from_this()](boost::system::error_code error) {
        if (auto const self = weak.lock(); self && !error) self->look_round();
    });
}

// ---- the end ----

void IndexServer::Impl::drain(std::function<void()> done) {
    if (draining || stopped) return;
    draining = true;
    on_drained = std::move(done);
    spdlog::info("Draining: {} nodes are sent to other servers.", sessions.size());
    sessions.drain();
    tell_replica(DrainWanted{});
    settle();
    drain_timer.expires_after(options.replica.write_within + drain_grace);
    drain_timer.async_wait([weak = weak_from_this()](boost::system::error_code error) {
        auto const self = weak.lock();
        if (!self || error || !self->on_drained) return;
        spdlog::warn("Draining takes too long: what is still under way is left to the other servers.");
        std::exchange(self->on_drained, nullptr)();
    });
    grace_timer.expires_after(drain_grace);
    grace_timer.async_wait([weak = weak_from_this()](boost::system::error_code error) {
        auto const self = weak.lock();
        if (!self || error) return;
        self->grace_over = true;
        self->finish_drain_if_done();
    });
    finish_drain_if_done();
}

void IndexServer::Impl::finish_drain_if_done() {
    if (!draining || !replica_drained || !searches_pending.empty() || !on_drained) return;
    // Nodes that go on their own lose nothing; those that stay are cut off.
    if (sessions.publishers() > 0 && !grace_over) return;
    boost::asio::post(io, [weak = weak_from_this()] {
        auto const self = weak.lock();
        if (self && self->on_drained && self->searches_pending.empty()) std::exchange(self->on_drained, nullptr)();
    });
}

void IndexServer::Impl::stop() {
    if (stopped) return;
    stopped = true;
    timer.cancel();
    look_timer.cancel();
    drain_timer.cancel();
    grace_timer.cancel();
    on_drained = nullptr;
    if (door) door->close();
    for (auto const& [id, link] : server_links) link->close();
    for (auto const& [id, link] : node_links) link->close();
    server_links.clear();
    node_links.clear();
    if (readers) readers->stop();
    if (catalogue_thread) catalogue_thread->stop();
}

// ---- for people ----

std::string IndexServer::Impl::problem() const {
    if (!catalogue_trouble.empty()) return catalogue_trouble;
    if (!dial_troubles.empty()) return dial_troubles.begin()->second;
    // Members that were known when it last ran are no company while they turn it away.
    auto const others = replica.members(net::now());
    bool const alone =
        std::none_of(others.begin(), others.end(), [](MemberView const& one) { return one.direct || one.by_way_of; });
    return alone && server_links.empty() ? last_refusal : std::string{};
}

ServerStatus IndexServer::Impl::status() {
    auto const now = net::now();
    ServerStatus status;
    status.self = own_member;
    status.self.load = current_load;
    status.group_key = key.public_key().hex();
    status.uptime_seconds = std::chrono::duration<double>(now - started_at).count();
    status.answers_alone = replica.answers_alone();
    status.draining = draining;
    status.sessions = sessions.size();
    status.publishers_here = sessions.publishers();
    status.publishers = replica.publishers();
    status.catalogue = catalogue_size;
    status.members = replica.members(now);
    status.searches = searches.summary();
    status.writes = writes.summary();
    status.searches_per_second = search_rate.per_second(now);
    status.writes_per_second = write_rate.per_second(now);
    status.catalogue_waiting = catalogue_thread->waiting();
    status.searches_waiting = readers->waiting();
    auto const digest = replica.digest();
    status.digest = id_text(ServerId{digest.high}) + id_text(ServerId{digest.low});
    status.counters = named(replica.counters());
    auto const of_sessions = sessions.counters();
    status.counters.insert(status.counters.end(), of_sessions.begin(), of_sessions.end());
    status.counters.emplace_back("searches_answered", searches_answered);
    status.counters.emplace_back("searches_for_servers", searches_for_servers);
    status.counters.emplace_back("searches_asked_on", searches_asked_on);
    status.counters.emplace_back("bad_server_frames", bad_server_frames);
    status.counters.emplace_back("connections_refused", door->refused());
    status.counters.emplace_back("octets_to_nodes", octets_to_nodes);
    status.counters.emplace_back("searches_evicted", searches_evicted);
    status.problem = problem();
    return status;
}

IndexServer::IndexServer(boost::asio::io_context& io, ServerOptions options)
    : impl_{std::make_shared<Impl>(io, std::move(options))} {
    impl_->start();
}
IndexServer::~IndexServer() { stop(); }
Endpoint IndexServer::endpoint() const { return impl_->door->endpoint(); }
ServerStatus IndexServer::status() { return impl_->status(); }
void IndexServer::drain(std::function<void()> done) { impl_->drain(std::move(done)); }
void IndexServer::stop() { impl_->stop(); }

}  // namespace praline::index
