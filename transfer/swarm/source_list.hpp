#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/base/time.hpp"
#include "transfer/swarm/limits.hpp"
#include "transfer/swarm/piece_map.hpp"
#include "transfer/swarm/source.hpp"

namespace praline::swarm {

/// How a source disappointed us.
enum class Fault : std::uint8_t {
    unreachable,    ///< neither answered nor called back
    closed,         ///< hung up, or sent nothing for too long
    slow,           ///< too slow while other sources waited
    busy,           ///< 503, 409, 429: asked to come back
    refused,        ///< another refusal that may pass
    nonsense,       ///< a reply that is none, or not to what was asked
    corrupt,        ///< bytes that are not those of the file
    disagrees,      ///< its size or bytes contradict what is believed and not proved: no fault yet
    not_yet,        ///< it has a part of the file, and nothing that is missing
    not_found,      ///< 404, 410: asked again much later
    wrong_size,     ///< a size that no file of this hash has: dropped
    wrong_content,  ///< another URN, or the whole was not what was asked for: dropped
};

struct KnownSource {
    std::uint32_t id = 0;
    Source source;
    Instant retry_at{};
    unsigned failures = 0;   ///< in a row
    unsigned busy = 0;       ///< busy replies in a row
    unsigned not_found = 0;  ///< such replies in a row
    unsigned corrupt_slices = 0;
    std::uint64_t bytes = 0;           ///< got from it
    std::uint64_t right_bytes = 0;     ///< of them, in pieces that were found right
    std::uint64_t wrong_bytes = 0;     ///< and in pieces that were not: the sender of a part of one need not have lied
    std::uint64_t told_bytes = 0;      ///< `right_bytes` when others were told of it last: the host's note
    std::optional<Instant> told_at{};  ///< when that was; empty: not yet, or they were told since that it fails
    std::string trouble;   ///< how it disappointed us last, in words that follow its name; the host writes it
    bool by_user = false;  ///< named by the user: no stranger's source evicts it
    bool no_head = false;  ///< does not answer HEAD
    std::vector<ByteRange> available;  ///< of a partial file; empty: nothing was said
    bool asked_for_tree = false;       ///< and it has none we can believe
    std::string queue_id;              ///< of our place in its queue
};

/// Where a file can be had, who is asked next, and who is not asked any more.
/// @threads one at a time: pure. @source node/wire/protocol/transfer.md
class SourceList {
public:
    explicit SourceList(Limits const& limits) : limits_{limits} {}

    /// A source that was dropped is taken again from the network once it is forgiven; from the user at once, and one that
    /// is known is asked again without a wait then. Of one address at most `sources_per_address_max` are kept, of all at
    /// most `sources_max`: the worst of those that hold most places is evicted, never one that has sent something, nor
    /// one that the user named for one that the network did.
    /// @return false: there is nothing new to ask.
    bool add(Source const& source, Instant now, bool by_user = false);
    using Filter = std::function<bool(KnownSource const&)>;
    /// The best that may be asked now: fewest failures, then a network that failed least, then most bytes got, then those
    /// we can call ourselves. Only among those that `may` is true of, if it is given.
    [[nodiscard]] KnownSource* pick(Instant now, Filter const& may = {});
    [[nodiscard]] KnownSource* find(std::uint32_t id);
    [[nodiscard]] KnownSource const* find(std::uint32_t id) const;
    [[nodiscard]] bool any(Filter const& so) const;
    /// When the next of those that have to wait may be asked; empty: none has to.
    [[nodiscard]] std::optional<Instant> next_retry(Instant now) const;
    [[nodiscard]] std::optional<std::uint32_t> id_of(Source const& source) const;
    /// It sent what it was asked for.
    void succeeded(std::uint32_t id);
    /// A connection ended without a fault: even then the source is not asked again at once.
    void rested(std::uint32_t id, std::uint64_t received_bytes, Instant now);
    /// `retry_after` is what the source told us. Says why if the source was dropped for it.
    std::optional<std::string> failed(std::uint32_t id, Fault fault, std::optional<std::chrono::seconds> retry_after,
                                      Instant now);
    [[nodiscard]] std::vector<Source> sources() const;
    [[nodiscard]] std::vector<KnownSource> const& known() const { return known_; }
    /// Not asked any more, and why.
    struct Dropped {
        KnownSource known;
        Instant forgiven_at{};
        std::string reason;  ///< words that follow its name
    };
    /// The last `sources_max`, in the order in which they were dropped.
    [[nodiscard]] std::vector<Dropped> const& dropped() const { return dropped_; }
    [[nodiscard]] std::size_t size() const { return known_.size(); }

private:
    [[nodiscard]] std::optional<std::string> reason_to_drop(KnownSource& known, Fault fault) const;
    [[nodiscard]] std::chrono::milliseconds wait_after(KnownSource const& known, Fault fault,
                                                       std::optional<std::chrono::seconds> retry_after) const;
    [[nodiscard]] unsigned failures_of_network(KnownSource const& known) const;
    [[nodiscard]] bool make_room(Source const& source, bool by_user);
    [[nodiscard]] bool evict_worst(std::function<bool(KnownSource const&)> const& among, bool by_user);

    Limits limits_;
    std::vector<KnownSource> known_;
    std::vector<Dropped> dropped_;  ///< bounded like the known: the oldest may come back
    std::uint32_t next_id_ = 1;
};

/// One line a source, for the disk.
[[nodiscard]] std::string sources_text(std::vector<Source> const& sources);
[[nodiscard]] std::vector<Source> parse_sources(std::string_view text);

}  // namespace praline::swarm
