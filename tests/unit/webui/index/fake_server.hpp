#pragma once

#include <stdexcept>

#include "webui/index/index_control.hpp"

namespace praline::webui {

inline index::server::ServerStatus sample_status() {
    using namespace index;
    using namespace index::server;
    ServerStatus status;
    status.self = Member{ServerId{0xAB}, 5, Endpoint{0x7F000001, 4000}, 51};
    status.group_key = std::string(64, 'a');
    status.uptime_seconds = 12.5;
    status.answers_alone = true;
    status.publishers = 9;
    status.catalogue = catalogue::CatalogueSize{9, 80, 100, 4096};
    status.searches = Latency{1000, 2e6, 1000, 2000, 4000, 9000};
    replica::MemberView member;
    member.member = Member{ServerId{0xCD0}, 6, Endpoint{0x7F000001, 4001}, 0};
    member.by_way_of = ServerId{0xCD};
    member.writes_missing = 3;
    status.members = {member, member};
    status.members[1].member.endpoint.port = 4002;
    status.counters = {{"writes", 12}, {"write_messages", 48}};
    return status;
}

struct FakeServer : IndexControl {
    index::server::ServerStatus status() override {
        if (broken) throw std::runtime_error{"no"};
        return sample_status();
    }
    [[nodiscard]] std::string version() const override { return "0.1.0"; }
    void drain() override { ++drained; }
    int drained = 0;
    bool broken = false;
};

}  // namespace praline::webui
