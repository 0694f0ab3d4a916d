#include "unit/index/replica/host.hpp"

#include <algorithm>

#include "index/replica/greeting.hpp"

namespace praline::index::replica {

Hello greeting(Member const& self, std::uint16_t protocol) {
    return {protocol, self, false, times_of(ReplicaOptions{})};
}

PublisherId publisher_id(std::uint8_t number) {
    PublisherId id;
    id.bytes[0] = number;
    return id;
}

Publisher publisher(std::uint8_t number) {
    Publisher result;
    result.id = publisher_id(number);
    result.transfer = {0x0A000000U + number, 6346};
    return result;
}

Entry entry(std::uint8_t number) {
    Entry result;
    result.sha1.bytes[0] = number;
    result.size_bytes = number;
    result.name = "file " + std::to_string(number);
    return result;
}

Change change(Version from, Version to, std::uint8_t file) { return {from, to, false, {}, {entry(file)}}; }

Record record_of_one_file(std::uint8_t number, Claim claim) {
    SetDigest digest;
    digest.add(entry(1));
    return {publisher(number), {0, 1}, digest, 1, claim};
}

Host::Host(std::uint64_t id, ReplicaOptions options)
    : core{options, Rng{id}}, self_{member(id)}, times_{times_of(options)} {}

void Host::start(std::optional<Endpoint> join, std::vector<Record> records, std::vector<Member> members) {
    feed(Started{self_, std::move(records), std::move(members), join});
}

void Host::feed(Event const& event) {
    answers_.push_back(event);
    while (!answers_.empty()) {
        Event const next = std::move(answers_.front());
        answers_.pop_front();
        Actions out;
        core.handle(next, now, out);
        for (Action const& action : out) {
            actions_.push_back(action);
            perform(action);
        }
    }
}

void Host::perform(Action const& action) {
    if (auto const* const one = std::get_if<Adopt>(&action)) disk.adopt(*one);
    if (auto const* const one = std::get_if<Hide>(&action)) disk.hide(*one);
    if (auto const* const one = std::get_if<ForgetCopy>(&action)) disk.forget_copy(one->publisher);
    if (!disk_answers) return;
    if (auto const* const one = std::get_if<Apply>(&action)) answers_.push_back(disk.apply(*one));
    if (auto const* const one = std::get_if<ReadEntries>(&action)) answers_.push_back(disk.read(*one));
    if (auto const* const one = std::get_if<StageCopy>(&action))
        if (auto const done = disk.stage(*one)) answers_.push_back(*done);
}

void Host::pass(Duration time, std::vector<std::uint64_t> const& alive) {
    auto const end = now + time;
    auto next_heartbeat = now;
    while (now < end) {
        Instant next = end;
        if (auto const due = core.next_deadline()) next = std::min(next, std::max(*due, now));
        next = std::min(next, next_heartbeat);
        now = next;
        if (now >= next_heartbeat) {
            next_heartbeat = now + std::chrono::milliseconds{500};
            for (auto const id : alive) say(id, Heartbeat{1, 0, 0});
        }
        feed(Tick{});
    }
}

LinkId Host::meet(std::uint64_t other, std::uint64_t incarnation, bool joining, bool outgoing,
                  std::optional<Endpoint> at) {
    LinkId const link{++last_link_};
    links_[other] = link;
    feed(LinkUp{link, outgoing});
    auto self = member(other, incarnation);
    if (at) self.endpoint = *at;
    feed(MessageArrived{
        link, {ServerId{other}, {}, incarnation, false}, Hello{server_protocol_version, self, joining, times_}});
    return link;
}

void Host::say(std::uint64_t from, ServerMessage const& message, std::uint64_t incarnation,
               std::optional<std::uint64_t> by_way_of) {
    Envelope const envelope{ServerId{from}, self_.id, incarnation, by_way_of.has_value()};
    feed(MessageArrived{links_.at(by_way_of.value_or(from)), envelope, message});
}

void Host::sign_in(std::uint8_t number, std::vector<std::uint64_t> const& granting, Version own) {
    feed(SessionOpened{publisher(number), own});
    for (auto const id : granting)
        for (Acquire const& asked : sent<Acquire>(id))
            if (asked.publisher == publisher_id(number)) say(id, Grant{asked.publisher, asked.claim, {}});
}

}  // namespace praline::index::replica
