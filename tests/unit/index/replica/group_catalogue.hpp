#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "index/replica/replica.hpp"

namespace praline::index::replica::group {

using List = std::map<Sha1, Entry>;

/// The disk of one server, as simple as can be: it outlives crashes of its server. What was shown once is remembered, to
/// catch a read that goes back.
class SimpleCatalogue {
public:
    struct PublisherList {
        Record record;
        List entries;
        bool visible = true;
    };
    struct Copy {
        List entries;
    };

    Applied apply(Apply const& action);
    void adopt(Adopt const& action);
    void hide(Hide const& action);
    std::optional<Applied> stage(StageCopy const& action);
    void forget_copy(PublisherId const& publisher) { copies_.erase(publisher); }
    [[nodiscard]] EntriesRead read(ReadEntries const& action) const;

    [[nodiscard]] std::vector<Record> records() const;
    [[nodiscard]] std::map<PublisherId, PublisherList> const& lists() const { return lists_; }
    /// What a search finds of this publisher: null, or its list.
    [[nodiscard]] PublisherList const* shown(PublisherId const& publisher) const;
    /// Empty: all went well; else which promise was broken.
    [[nodiscard]] std::string const& fault() const { return fault_; }

    std::vector<Member> members;  ///< kept for the next start

private:
    void show(PublisherId const& publisher);
    std::map<PublisherId, PublisherList> lists_;
    std::map<PublisherId, Copy> copies_;
    std::map<PublisherId, Version> newest_shown_;
    std::string fault_;
};

[[nodiscard]] SetDigest digest_of(List const& list);
void apply_to(List& list, Change const& change);

}  // namespace praline::index::replica::group
