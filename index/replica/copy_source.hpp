#pragma once

#include <map>

#include "index/replica/context.hpp"
#include "index/replica/group.hpp"
#include "index/replica/records.hpp"

namespace praline::index::replica {

/// Parts of our lists, for servers that copy them: asked of the catalogue, and sent when it has read them.
/// @threads one: it belongs to a replica.
class CopySource {
public:
    CopySource(Context& context, Group& group, RecordTable const& records)
        : ctx_{context}, group_{group}, records_{records} {}

    void got(Envelope const& from, CopyAsk const& message);
    void read(EntriesRead const& event);

private:
    struct Part {
        ServerId asker{};
        CopyAsk ask;
    };
    [[nodiscard]] static CopyPart answer_to(CopyAsk const& ask);

    Context& ctx_;
    Group& group_;
    RecordTable const& records_;
    std::map<Ticket, Part> parts_;  ///< being read; at most reads_under_way_max
};

}  // namespace praline::index::replica
