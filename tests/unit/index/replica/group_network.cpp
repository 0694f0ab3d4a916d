#include "unit/index/replica/group_network.hpp"

#include <algorithm>
#include <utility>

namespace praline::index::replica::group {
namespace {

constexpr Duration connect_timeout = std::chrono::seconds{1};
constexpr Duration late_by_max = std::chrono::milliseconds{500};
constexpr std::uint16_t port_of_all = 6347;

}  // namespace

Group::Group(Calendar& calendar, Rng rng, ReplicaOptions options, Conditions conditions)
    : calendar_{calendar}, rng_{rng}, options_{options}, conditions_{conditions} {}

Instant Group::clock_of(Server const& server) const {
    return Instant{} + server.ahead + calendar_.now().time_since_epoch() * server.pace_percent / 100;
}

Instant Group::when_it_says(Server const& server, Instant says) const {
    return Instant{} +
           ((says - Instant{} - server.ahead) * 100 + Duration{server.pace_percent - 1}) / server.pace_percent;
}

std::size_t Group::add(std::optional<std::size_t> join) {
    auto const number = servers_.size();
    servers_.emplace_back();
    servers_.back().member = {ServerId{1 + rng_.next() % 1'000'000'000}, 0,
                              Endpoint{0x7F000001U + static_cast<std::uint32_t>(number), port_of_all}, 0};
    if (conditions_.odd_clocks) {
        servers_.back().ahead = std::chrono::hours{rng_.below(1'000'000)};
        servers_.back().pace_percent = static_cast<Duration::rep>(75 + rng_.below(76));
    }
    start(number, true, join);
    return number;
}

void Group::start(std::size_t number, bool with_disk, std::optional<std::size_t> join) {
    auto& server = servers_[number];
    if (!with_disk) server.catalogue = {};
    server.member.incarnation = ++server.incarnation;
    server.core = std::make_unique<Replica>(options_, Rng{rng_.next()});
    server.up_since = calendar_.now();
    server.disk_until = calendar_.now();
    server.drained = false;
    server.armed.reset();
    server.listeners.clear();
    Started started{server.member, server.catalogue.records(), server.catalogue.members, std::nullopt};
    if (join) started.join = servers_[*join].member.endpoint;
    feed(number, started);
}

void Group::crash(std::size_t number, bool silently) {
    servers_[number].core.reset();
    servers_[number].listeners.clear();
    for (std::size_t pipe = 0; pipe < pipes_.size(); ++pipe)
        if (pipes_[pipe].open && (pipes_[pipe].ends[0].server == number || pipes_[pipe].ends[1].server == number))
            break_pipe(pipe, !silently);
}

void Group::feed(std::size_t number, Event const& event) {
    if (!servers_[number].core) return;
    Actions actions;
    servers_[number].core->handle(event, clock_of(servers_[number]), actions);
    for (auto const& action : actions) perform(number, action);
    arm(number);
}

void Group::arm(std::size_t number) {
    auto& server = servers_[number];
    auto due = server.core ? server.core->next_deadline() : std::nullopt;
    if (due) due = when_it_says(server, *due);
    if (!due || (server.armed && *server.armed <= *due)) return;
    server.armed = *due;
    calendar_.at(*due, [this, number, life = server.incarnation, when = *due] {
        auto& one = servers_[number];
        if (!one.core || one.incarnation != life || one.armed != when) return;
        one.armed.reset();
        feed(number, Tick{});
    });
}

template <class Work>
void Group::on_disk(std::size_t number, Work work) {
    auto& server = servers_[number];
    auto const takes =
        Duration{static_cast<Duration::rep>(rng_.below(static_cast<std::uint64_t>(conditions_.disk_max.count()) + 1))};
    server.disk_until = std::max(server.disk_until, calendar_.now()) + takes;
    calendar_.at(server.disk_until, [this, number, life = server.incarnation, work] {
        auto& one = servers_[number];
        if (!one.core || one.incarnation != life) return;  // it crashed before: not written
        if (auto const answer = work(one.catalogue)) feed(number, *answer);
    });
}

void Group::perform(std::size_t number, Action const& action) {
    using MaybeEvent = std::optional<Event>;
    auto& server = servers_[number];
    auto const listener = [&](PublisherId const& publisher) -> SessionListener* {
        auto const found = server.listeners.find(publisher);
        return found == server.listeners.end() ? nullptr : &found->second;
    };
    std::visit(
        [&](auto const& one) {
            using One = std::decay_t<decltype(one)>;
            if constexpr (std::is_same_v<One, Apply>)
                on_disk(number, [one](SimpleCatalogue& disk) -> MaybeEvent { return disk.apply(one); });
            else if constexpr (std::is_same_v<One, Adopt>)
                on_disk(number, [one](SimpleCatalogue& disk) -> MaybeEvent { return disk.adopt(one), std::nullopt; });
            else if constexpr (std::is_same_v<One, Hide>)
                on_disk(number, [one](SimpleCatalogue& disk) -> MaybeEvent { return disk.hide(one), std::nullopt; });
            else if constexpr (std::is_same_v<One, StageCopy>)
                on_disk(number, [one](SimpleCatalogue& disk) -> MaybeEvent {
                    auto const done = disk.stage(one);
                    return done ? MaybeEvent{*done} : std::nullopt;
                });
            else if constexpr (std::is_same_v<One, ForgetCopy>)
                on_disk(number, [one](SimpleCatalogue& disk) -> MaybeEvent {
                    return disk.forget_copy(one.publisher), std::nullopt;
                });
            else if constexpr (std::is_same_v<One, SessionReady>) {
                if (auto* const to = listener(one.publisher)) to->ready(one);
            } else if constexpr (std::is_same_v<One, Replicated>) {
                if (auto* const to = listener(one.publisher)) to->replicated(one);
            } else if constexpr (std::is_same_v<One, ChangeRefused>) {
                if (auto* const to = listener(one.publisher)) to->refused(one);
            } else if constexpr (std::is_same_v<One, SessionLost>) {
                if (auto* const to = listener(one.publisher)) to->lost();
            } else if constexpr (std::is_same_v<One, AskDone>)
                asked[one.ticket.value()] = one.answer;
            else if constexpr (std::is_same_v<One, MembersChanged>)
                server.catalogue.members = one.members;
            else if constexpr (std::is_same_v<One, Drained>)
                server.drained = true;
            else
                on(number, one);
        },
        action);
}

void Group::on(std::size_t number, ReadEntries const& action) {
    on_disk(number, [action](SimpleCatalogue& disk) -> std::optional<Event> { return disk.read(action); });
}

/// Everything that is shown here: the query's words do not matter.
void Group::on(std::size_t number, AnswerNeeded const& action) {
    on_disk(number, [action](SimpleCatalogue& disk) -> std::optional<Event> {
        AskAnswered answered{action.ticket, {}};
        for (auto const& [id, list] : disk.lists())
            if (disk.shown(id))
                for (auto const& [sha1, entry] : list.entries)
                    if (answered.answer.rows.size() < answer_rows_max)
                        answered.answer.rows.push_back({entry, 1, {list.record.publisher}});
        return answered;
    });
}

std::optional<std::size_t> Group::server_at(Endpoint endpoint) const {
    for (std::size_t number = 0; number < servers_.size(); ++number)
        if (servers_[number].member.endpoint == endpoint) return number;
    return std::nullopt;
}

bool Group::is_current(End const& end) const {
    return servers_[end.server].core && servers_[end.server].incarnation == end.life;
}

void Group::on(std::size_t number, Connect const& action) {
    auto const life = servers_[number].incarnation;
    auto const other = server_at(action.endpoint);
    auto const fail = [this, number, life, endpoint = action.endpoint] {
        if (is_current({number, {}, life})) feed(number, ConnectFailed{endpoint});
    };
    if (!other || *other == number || !is_up(*other) || wire(number, *other) != Wire::good) {
        calendar_.in(connect_timeout, fail);
        return;
    }
    calendar_.in(delay() * 3, [this, number, life, other = *other, fail] {
        if (!is_current({number, {}, life})) return;
        if (!is_up(other) || wire(number, other) != Wire::good) {
            fail();
            return;
        }
        auto const pipe = pipes_.size();
        pipes_.emplace_back();
        pipes_[pipe].ends[0] = {number, LinkId{next_link_++}, life};
        pipes_[pipe].ends[1] = {other, LinkId{next_link_++}, servers_[other].incarnation};
        for (auto const& end : pipes_[pipe].ends) pipe_of_[{end.server, end.link}] = pipe;
        feed(other, LinkUp{pipes_[pipe].ends[1].link, false});
        if (pipes_[pipe].open) feed(number, LinkUp{pipes_[pipe].ends[0].link, true});
    });
}

void Group::on(std::size_t number, CloseLink const& action) {
    auto const found = pipe_of_.find({number, action.link});
    if (found == pipe_of_.end() || !pipes_[found->second].open) return;
    break_pipe(found->second, true);
}

void Group::break_pipe(std::size_t number, bool tell) {
    pipes_[number].open = false;
    pipes_[number].held.clear();
    for (auto const& end : pipes_[number].ends) {
        pipe_of_.erase({end.server, end.link});
        // Told late or, of a pulled cable, by the operating system's own patience.
        calendar_.in(tell ? delay() : Duration{std::chrono::seconds{15}}, [this, end] {
            if (is_current(end)) feed(end.server, LinkDown{end.link});
        });
    }
}

void Group::on(std::size_t number, Send const& action) {
    auto const found = pipe_of_.find({number, action.link});
    if (found == pipe_of_.end()) return;
    ++messages_;
    auto const& pipe = pipes_[found->second];
    carry(found->second, pipe.ends[0].server == number ? 1 : 0, action);
}

void Group::carry(std::size_t number, int to, Send message) {
    auto& pipe = pipes_[number];
    if (wire(pipe.ends[0].server, pipe.ends[1].server) == Wire::silent) {
        pipe.held.emplace_back(to, std::move(message));
        return;
    }
    auto arrives = calendar_.now() + delay();
    bool const late = pipe.sent[to]++ > 0 && rng_.below(100) < conditions_.late_percent;
    if (late)
        arrives += Duration{static_cast<Duration::rep>(rng_.below(static_cast<std::uint64_t>(late_by_max.count())))};
    else
        arrives = pipe.free_at[to] = std::max(pipe.free_at[to], arrives);
    calendar_.at(arrives, [this, number, to, message = std::move(message)] { deliver(number, to, message); });
}

void Group::deliver(std::size_t number, int to, Send const& message) {
    auto const& pipe = pipes_[number];
    if (!pipe.open) return;
    if (wire(pipe.ends[0].server, pipe.ends[1].server) == Wire::silent) {
        pipes_[number].held.emplace_back(to, message);
        return;
    }
    auto const end = pipe.ends[to];
    if (is_current(end)) feed(end.server, MessageArrived{end.link, message.envelope, message.message});
}

void Group::set_wire(std::size_t one, std::size_t other, Wire wire) {
    wires_.set(one, other, wire, calendar_.now());
    for (std::size_t number = 0; number < pipes_.size(); ++number) {
        auto const& ends = pipes_[number].ends;
        if (!pipes_[number].open || std::minmax(ends[0].server, ends[1].server) != std::minmax(one, other)) continue;
        if (wire == Wire::broken) break_pipe(number, true);
        if (wire == Wire::good)
            for (auto& [to, message] : std::exchange(pipes_[number].held, {})) carry(number, to, std::move(message));
    }
}

void Group::heal() {
    for (std::size_t one = 0; one < servers_.size(); ++one)
        for (std::size_t other = one + 1; other < servers_.size(); ++other)
            if (wire(one, other) != Wire::good) set_wire(one, other, Wire::good);
}

std::optional<Instant> Group::hear_each_other_since(std::size_t one, std::size_t other) const {
    if (!is_up(one) || !is_up(other) || wire(one, other) != Wire::good) return std::nullopt;
    auto since = std::max(servers_[one].up_since, servers_[other].up_since);
    if (auto const changed = wires_.changed_at(one, other)) since = std::max(since, *changed);
    return since;
}

void Group::listen(std::size_t server, PublisherId const& publisher, SessionListener listener) {
    servers_[server].listeners[publisher] = std::move(listener);
}

std::string Group::fault() const {
    for (auto const& server : servers_)
        if (!server.catalogue.fault().empty())
            return "server " + std::to_string(server.member.id.value()) + ": " + server.catalogue.fault();
    return {};
}

}  // namespace praline::index::replica::group
