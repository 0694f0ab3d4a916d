#include "transfer/browse/host_browser.hpp"

#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "node/net/connect_from.hpp"
#include "node/net/endpoints.hpp"
#include "node/net/watchdog.hpp"
#include "transfer/browse/list_reader.hpp"

namespace praline::browse {

namespace asio = boost::asio;
using asio::awaitable;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

namespace {

auto quietly(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

/// What a visit waits for and somebody else brings. Shared with that one, who may bring it when the visit is over.
template <class What>
struct Awaited {
    Awaited(asio::io_context& io, What at_first)
        : came{io, asio::steady_timer::time_point::max()}, what{std::move(at_first)} {}
    void bring(What brought) {
        what = std::move(brought);
        came.expires_after(std::chrono::seconds{0});
    }
    asio::steady_timer came;
    What what;
};

struct Call {
    std::optional<Tcp::socket> socket;
    Bytes read;
};

}  // namespace

/// What the visits of one browser share.
struct HostBrowser::Shared {
    Shared(asio::io_context& io_context, Options options_in, Events events_in)
        : io{io_context},
          options{std::move(options_in)},
          events{std::move(events_in)},
          names{io, {}, options.resolve ? options.resolve : net::NameLookup::Resolve{net::look_up_by_system}} {
        if (!options.read_limit) options.read_limit = std::make_shared<net::RateLimiter>(io);
    }
    asio::io_context& io;
    Options options;
    Events events;
    net::NameLookup names;
    std::map<Guid, std::shared_ptr<Visit>> visits;
};

/// One host. Lives as long as its coroutine.
class HostBrowser::Visit : public std::enable_shared_from_this<Visit> {
public:
    Visit(std::shared_ptr<Shared> shared, Guid const& id, Target target)
        : shared_{std::move(shared)},
          id_{id},
          target_{std::move(target)},
          socket_{shared_->io},
          watchdog_{shared_->io, [this] { give_up(); }},
          share_{*shared_->options.read_limit},
          reader_{shared_->options.limits.list} {}

    awaitable<void> run();
    void stop();

private:
    awaitable<std::string> visit();
    awaitable<bool> reach();
    awaitable<std::optional<Endpoint>> look_up();
    awaitable<bool> connect_to(Endpoint to);
    awaitable<bool> be_called();
    awaitable<bool> ask();
    awaitable<std::string> read_list();
    void give_up();
    ListReader::State take(ByteView in);
    [[nodiscard]] Limits const& limits() const { return shared_->options.limits; }
    [[nodiscard]] bool can_call() const { return !target_.servent.is_blank() && shared_->options.call != nullptr; }

    std::shared_ptr<Shared> shared_;
    Guid id_;
    Target target_;
    Tcp::socket socket_;
    std::function<void()> stop_waiting_;  ///< for a name or a call; null: it waits for neither
    net::Watchdog watchdog_;
    net::RateShare share_;
    ListReader reader_;
    std::optional<OwnHits> own_;
    Bytes read_;           ///< behind the GIV of a host that has called
    std::string problem_;  ///< why it cannot be reached, in words that follow its name
    bool stopped_ = false, timed_out_ = false;
};

void HostBrowser::Visit::give_up() {
    timed_out_ = true;
    error_code ignored;
    socket_.close(ignored);
    if (stop_waiting_) stop_waiting_();
    share_.leave();
}

void HostBrowser::Visit::stop() {
    stopped_ = true;
    give_up();
}

awaitable<void> HostBrowser::Visit::run() {
    auto const self = shared_from_this();
    co_await asio::post(shared_->io, asio::use_awaitable);  // no event from within `browse`
    if (stopped_) co_return;
    auto problem = co_await visit();
    watchdog_.rest();
    error_code ignored;
    socket_.close(ignored);
    share_.leave();
    if (stopped_) co_return;
    shared_->visits.erase(id_);
    if (!problem.empty()) problem = target_.name() + ' ' + problem + '.';
    shared_->events.ended(id_, problem);
}

awaitable<std::string> HostBrowser::Visit::visit() {
    bool const reached = co_await reach();
    if (!reached) co_return problem_;
    bool const asked = co_await ask();
    if (!asked) co_return "ended the connection without an answer. Try again later";
    co_return co_await read_list();
}

/// As a source of a download is reached: by a push first if others cannot connect to it, else directly first.
awaitable<bool> HostBrowser::Visit::reach() {
    auto const to = co_await look_up();
    if (!to || stopped_) co_return false;
    if (shared_->options.is_own && shared_->options.is_own(*to)) {
        problem_ = "is this node itself, whose files are in its library";
        co_return false;
    }
    problem_ = "cannot be reached. Check address and port, or try again later";
    if (target_.push_needed && can_call()) {
        bool const called = co_await be_called();
        own_.emplace(*to, target_.servent, true);
        if (called || stopped_) co_return called;
    }
    bool const connected = co_await connect_to(*to);
    if (connected || stopped_) {
        own_.emplace(*to, target_.servent, false);
        co_return connected;
    }
    if (target_.push_needed || !can_call()) co_return false;
    own_.emplace(*to, target_.servent, true);
    co_return co_await be_called();
}

awaitable<std::optional<Endpoint>> HostBrowser::Visit::look_up() {
    if (auto const endpoint = target_.where.endpoint()) co_return endpoint;
    auto const answer = std::make_shared<Awaited<net::NameLookup::Found>>(shared_->io, net::NameLookup::Found{});
    auto const id = shared_->names.look_up(target_.where.host,
                                           [answer](net::NameLookup::Found const& found) { answer->bring(found); });
    stop_waiting_ = [shared = shared_, id, answer] {
        shared->names.cancel(id);
        answer->came.cancel();
    };
    error_code ignored;
    co_await answer->came.async_wait(quietly(ignored));
    stop_waiting_ = nullptr;
    auto const& found = answer->what;
    if (found.addresses.empty()) {
        problem_ = "has a name that cannot be looked up: " + found.problem + ". Check it, or write the address";
        co_return std::nullopt;
    }
    co_return Endpoint{net::preferred(found.addresses), target_.where.port};
}

awaitable<bool> HostBrowser::Visit::connect_to(Endpoint to) {
    if (to.is_unusable()) co_return false;
    timed_out_ = false;
    watchdog_.allow(limits().connect_time);
    error_code error;
    net::open_from(socket_, shared_->options.own_address, to, error);
    if (!error) co_await socket_.async_connect(net::to_asio(to), quietly(error));
    co_return !error && !timed_out_;
}

/// It is waited for as long as a download would; that is not ours to measure.
awaitable<bool> HostBrowser::Visit::be_called() {
    watchdog_.rest();
    auto const call = std::make_shared<Awaited<Call>>(shared_->io, Call{});
    shared_->options.call(target_.servent, target_.index, [call](std::optional<Tcp::socket> socket, Bytes read) {
        call->bring({std::move(socket), std::move(read)});
    });
    stop_waiting_ = [call] { call->came.cancel(); };
    error_code ignored;
    co_await call->came.async_wait(quietly(ignored));
    stop_waiting_ = nullptr;
    if (stopped_ || !call->what.socket) {
        problem_ = "cannot be reached from outside, and did not connect when it was asked to. Try again later";
        co_return false;
    }
    timed_out_ = false;
    socket_ = std::move(*call->what.socket);
    read_ = std::move(call->what.read);
    co_return true;
}

awaitable<bool> HostBrowser::Visit::ask() {
    auto const text = "GET / HTTP/1.1\r\nHost: " + target_.name() + "\r\nUser-Agent: " + shared_->options.user_agent +
                      "\r\nAccept: application/x-gnutella-packets\r\nConnection: close\r\n\r\n";
    watchdog_.allow(limits().reply_time);
    error_code error;
    co_await asio::async_write(socket_, asio::buffer(text), quietly(error));
    co_return !error;
}

ListReader::State HostBrowser::Visit::take(ByteView in) {
    std::vector<wire::QueryHit> hits;
    auto const state = reader_.take(in, hits);
    for (auto& hit : hits) own_->attribute(hit);
    if (!stopped_) shared_->events.came(id_, std::move(hits), in.size());
    return state;
}

awaitable<std::string> HostBrowser::Visit::read_list() {
    auto const until = net::now() + Duration{limits().whole_time};
    auto state = read_.empty() ? ListReader::State::more : take(read_);
    bool heard = false;
    Bytes block(block_bytes);
    while (state == ListReader::State::more && !stopped_) {
        if (net::now() >= until) co_return "takes too long to send its list. Try again later";
        auto most = block.size();
        if (share_.is_limited()) {
            // It is no fault of the host how long our turn takes.
            watchdog_.rest();
            most = co_await share_.take(most);
            if (most == 0 || stopped_) break;
        }
        watchdog_.allow(heard ? limits().stalled_time : limits().reply_time);
        error_code error;
        auto const count = co_await socket_.async_read_some(asio::buffer(block.data(), most), quietly(error));
        share_.use(count);
        heard = heard || count > 0;
        if (timed_out_)
            co_return heard ? "stopped in the middle of its list. Try again later"
                            : "does not answer. Check the port, or try again later";
        state = count > 0 ? take(ByteView{block}.first(count)) : state;
        if (error && state == ListReader::State::more) state = reader_.end();
    }
    co_return state == ListReader::State::failed ? reader_.problem() : std::string{};
}

HostBrowser::HostBrowser(asio::io_context& io, Options options, Events events)
    : shared_{std::make_shared<Shared>(io, std::move(options), std::move(events))} {}

HostBrowser::~HostBrowser() {
    shared_->names.stop();
    for (auto const& [id, visit] : std::exchange(shared_->visits, {})) visit->stop();
}

bool HostBrowser::browse(Guid const& id, Target target) {
    if (shared_->visits.size() >= shared_->options.limits.hosts_max) return false;
    auto const visit = std::make_shared<Visit>(shared_, id, std::move(target));
    shared_->visits.emplace(id, visit);
    asio::co_spawn(shared_->io, visit->run(), [visit, shared = shared_, id](std::exception_ptr const& failure) {
        if (failure && shared->visits.erase(id) > 0)
            shared->events.ended(id, "The list of files could not be read, through a fault of this node.");
    });
    return true;
}

void HostBrowser::stop(Guid const& id) {
    auto const at = shared_->visits.find(id);
    if (at == shared_->visits.end()) return;
    auto const visit = at->second;
    shared_->visits.erase(at);
    visit->stop();
}

}  // namespace praline::browse
