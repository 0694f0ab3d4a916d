#include <algorithm>
#include <type_traits>

#include <spdlog/spdlog.h>

#include "index/server/server_impl.hpp"
#include "node/net/system_clock.hpp"

/// What the replica asks for, and what the catalogue answers.
namespace praline::index {
namespace {

template <class Action>
constexpr bool is_for_catalogue =
    std::is_same_v<Action, Adopt> || std::is_same_v<Action, Hide> || std::is_same_v<Action, StageCopy> ||
    std::is_same_v<Action, ForgetCopy> || std::is_same_v<Action, ReadEntries>;
template <class Action>
constexpr bool is_for_sessions_in_time =
    std::is_same_v<Action, SessionReady> || std::is_same_v<Action, Replicated> || std::is_same_v<Action, ChangeRefused>;

}  // namespace

void IndexServer::Impl::settle() {
    if (settling || stopped) return;
    settling = true;
    Actions actions;
    while (!stopped && (!events.empty() || release_held())) {
        auto const event = std::move(events.front());
        events.pop_front();
        actions.clear();
        auto const now = net::now();
        replica.handle(event, now, actions);
        for (Action& action : actions) {
            std::visit(
                [&](auto& one) {
                    using Kind = std::decay_t<decltype(one)>;
                    if constexpr (is_for_catalogue<Kind>)
                        to_catalogue(one);
                    else if constexpr (is_for_sessions_in_time<Kind>)
                        sessions.on(one, now);
                    else if constexpr (std::is_same_v<Kind, SessionLost>)
                        sessions.on(one);
                    else
                        on(one);
                },
                action);
        }
    }
    settling = false;
    if (stopped) return;
    arm();
    if (draining) finish_drain_if_done();
}

void IndexServer::Impl::on(Apply& action) {
    write_rate.count(net::now());
    to_catalogue(action);
}

void IndexServer::Impl::on(MembersChanged& action) {
    known_members = std::move(action.members);
    if (known_members.size() > members_max) known_members.resize(members_max);
    // An old trouble with a server that has gone is none, nor is the end of a link to one that has left.
    last_refusal.clear();
    std::erase_if(dial_troubles, [this](auto const& one) { return !expects(one.first); });
    auto text = members_text(known_members);
    if (text == members_kept) return;
    members_kept = std::move(text);
    catalogue_thread->push(Keep{"members", members_kept});
}

void IndexServer::Impl::on(Drained const&) {
    replica_drained = true;
    finish_drain_if_done();
}

void IndexServer::Impl::catalogue_reports(std::vector<CatalogueReport>& reports) {
    if (stopped) return;
    for (CatalogueReport& report : reports) {
        if (auto* const written = std::get_if<Wrote>(&report))
            on(*written);
        else if (auto* const read = std::get_if<EntriesRead>(&report))
            tell_replica(std::move(*read));
        else
            catalogue_trouble = std::get<CatalogueTrouble>(report).sentence;
    }
    settle();
}

void IndexServer::Impl::on(Wrote& report) {
    if (!report.trouble.empty()) sessions.not_kept(report.publisher, report.trouble);
    Record record;
    if (report.record) {
        note_entries(*report.record);
        sessions.kept(report.publisher, report.record->version);
        record = std::move(*report.record);
    } else if (auto const* const known = replica.find(report.publisher)) {
        record = *known;
    } else {
        record.publisher.id = report.publisher;
    }
    tell_replica(Applied{report.ticket, std::move(record), report.fits, report.too_many});
}

}  // namespace praline::index
