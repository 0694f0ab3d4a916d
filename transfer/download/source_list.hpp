#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/base/time.hpp"
#include "transfer/download/download_manager.hpp"

namespace praline::download {

/// How a source disappointed us.
enum class Fault : std::uint8_t {
    unreachable,   ///< neither answered nor called back
    closed,        ///< hung up, or sent nothing for too long
    busy,          ///< 503, 409, 429: asked to come back
    refused,       ///< another refusal that may pass
    nonsense,      ///< a reply that is none, or not to what was asked
    corrupt,       ///< octets that are not those of the file
    not_found,     ///< 404, 410: dropped
    wrong_size,    ///< dropped
    wrong_content, ///< another URN, or the whole was not what was asked for: dropped
};

struct KnownSource {
    std::uint32_t id = 0;
    Source source;
    Instant retry_at{};
    unsigned failures = 0;          ///< in a row
    unsigned corrupt_slices = 0;
    std::uint64_t bytes = 0;        ///< got from it
    bool asked_for_tree = false;    ///< and it has none we can believe
    std::string queue_id;           ///< of our place in its queue
};

/// Where a file can be had, who is asked next, and who is not asked any more.
/// @threads one at a time: pure. @source 04-transfer section 10 of our protocol notes.
class SourceList {
public:
    explicit SourceList(Limits const& limits) : limits_{limits} {}

    /// False: known already, dropped before, or there are `sources_max`.
    bool add(Source const& source);
    /// The best that may be asked now: fewest failures, then most octets got, then those we can call ourselves.
    [[nodiscard]] KnownSource* pick(Instant now);
    [[nodiscard]] KnownSource* find(std::uint32_t id);
    /// When the next may be asked; empty: there is none at all.
    [[nodiscard]] std::optional<Instant> next_retry() const;
    void succeeded(std::uint32_t id);
    /// `retry_after` is what the source told us. Says why if the source was dropped for it.
    std::optional<std::string> failed(std::uint32_t id, Fault fault, std::optional<std::chrono::seconds> retry_after, Instant now);
    [[nodiscard]] std::vector<Source> sources() const;
    [[nodiscard]] std::size_t size() const { return known_.size(); }

private:
    [[nodiscard]] std::optional<std::string> reason_to_drop(KnownSource& known, Fault fault) const;

    Limits limits_;
    std::vector<KnownSource> known_;
    std::vector<Source> dropped_;   ///< bounded like the known: the oldest may come back
    std::uint32_t next_id_ = 1;
};

/// One line a source, for the disk.
[[nodiscard]] std::string sources_text(std::vector<Source> const& sources);
[[nodiscard]] std::vector<Source> parse_sources(std::string_view text);

}  // namespace praline::download
