#include "transfer/download/source_list.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "node/base/text.hpp"

namespace praline::download {

namespace {

/// Two hits that mean one place.
bool same_place(Source const& left, Source const& right) {
    return left.endpoint == right.endpoint && left.servent == right.servent && left.index == right.index;
}

constexpr unsigned doublings_max = 20;

}  // namespace

bool SourceList::add(Source const& source) {
    auto const same = [&](auto const& other) { return same_place(other, source); };
    if (known_.size() >= limits_.sources_max || std::any_of(dropped_.begin(), dropped_.end(), same)) return false;
    if (std::any_of(known_.begin(), known_.end(), [&](KnownSource const& known) { return same_place(known.source, source); }))
        return false;
    KnownSource known;
    known.id = next_id_++;
    known.source = source;
    known_.push_back(std::move(known));
    return true;
}

KnownSource* SourceList::pick(Instant now) {
    KnownSource* best = nullptr;
    auto const rank = [](KnownSource const& one) {
        return std::tuple{one.corrupt_slices, one.failures, std::numeric_limits<std::uint64_t>::max() - one.bytes,
                          one.source.push_needed, one.id};
    };
    for (auto& known : known_)
        if (known.retry_at <= now && (best == nullptr || rank(known) < rank(*best))) best = &known;
    return best;
}

KnownSource* SourceList::find(std::uint32_t id) {
    auto const at = std::find_if(known_.begin(), known_.end(), [&](KnownSource const& known) { return known.id == id; });
    return at == known_.end() ? nullptr : &*at;
}

std::optional<Instant> SourceList::next_retry() const {
    std::optional<Instant> first;
    for (auto const& known : known_)
        if (!first || known.retry_at < *first) first = known.retry_at;
    return first;
}

void SourceList::succeeded(std::uint32_t id) {
    if (auto* const known = find(id)) known->failures = 0;
}

std::optional<std::string> SourceList::reason_to_drop(KnownSource& known, Fault fault) const {
    switch (fault) {
    case Fault::not_found: return "does not share it any more";
    case Fault::wrong_size: return "has a file of another size";
    case Fault::wrong_content: return "has another file";
    case Fault::corrupt:
        if (++known.corrupt_slices >= limits_.corrupt_slices_max) return "sent octets that are not of this file";
        break;
    default: break;
    }
    if (++known.failures >= limits_.failures_max) return "failed too often";
    return std::nullopt;
}

std::optional<std::string> SourceList::failed(std::uint32_t id, Fault fault, std::optional<std::chrono::seconds> retry_after,
                                              Instant now) {
    auto* const known = find(id);
    if (known == nullptr) return std::nullopt;
    if (fault == Fault::busy && known->failures > 0) --known->failures;  // It is alive and knows us.
    if (auto const why = reason_to_drop(*known, fault)) {
        auto reason = known->source.endpoint.text() + " " + *why;
        if (dropped_.size() >= limits_.sources_max) dropped_.erase(dropped_.begin());
        dropped_.push_back(known->source);
        std::erase_if(known_, [&](KnownSource const& one) { return one.id == id; });
        return reason;
    }
    auto const doublings = known->failures > 0 ? std::min(known->failures - 1, doublings_max) : 0;
    auto wait = std::min(limits_.retry_min * (std::int64_t{1} << doublings), limits_.retry_max);
    if (retry_after) {
        // Seconds of a stranger: compared before they are multiplied.
        bool const too_long = *retry_after > std::chrono::duration_cast<std::chrono::seconds>(limits_.retry_after_max);
        wait = too_long ? limits_.retry_after_max : std::max<std::chrono::milliseconds>(*retry_after, limits_.retry_min);
    }
    known->retry_at = now + wait;
    return std::nullopt;
}

std::vector<Source> SourceList::sources() const {
    std::vector<Source> all;
    for (auto const& known : known_) all.push_back(known.source);
    return all;
}

std::string sources_text(std::vector<Source> const& sources) {
    std::string text;
    for (auto const& source : sources) {
        text += source.endpoint.address_text() + ' ' + std::to_string(source.endpoint.port) + ' ' + source.servent.hex() + ' ';
        text += std::to_string(source.index) + (source.push_needed ? " 1 " : " 0 ");
        text += '.' + percent_encode(source.vendor) + " ." + percent_encode(source.name) + '\n';
    }
    return text;
}

std::vector<Source> parse_sources(std::string_view text) {
    std::vector<Source> all;
    for (auto const line : split(text, '\n')) {
        auto const parts = split(line, ' ');
        if (parts.size() != 7) continue;
        auto const address = Endpoint::parse_address(parts[0]);
        auto const port = parse_number(parts[1]);
        auto const servent = Guid::from_hex(parts[2]);
        auto const index = parse_number(parts[3]);
        auto const vendor = percent_decode(parts[5].substr(1));
        auto const name = percent_decode(parts[6].substr(1));
        if (!address || !port || *port > 0xFFFF || !servent || !index || *index > 0xFFFFFFFF || !vendor || !name) continue;
        Source source;
        source.endpoint = {*address, static_cast<std::uint16_t>(*port)};
        source.servent = *servent;
        source.index = static_cast<std::uint32_t>(*index);
        source.push_needed = parts[4] == "1";
        source.vendor = *vendor;
        source.name = *name;
        all.push_back(std::move(source));
    }
    return all;
}

}  // namespace praline::download
