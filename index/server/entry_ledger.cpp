#include "index/server/entry_ledger.hpp"

namespace praline::index::server {

void EntryLedger::drop(PublisherId const& publisher) {
    auto const found = publishers_.find(publisher);
    if (found == publishers_.end()) return;
    auto const address = addresses_.find(found->second.address);
    address->second -= found->second.entries;
    if (address->second == 0) addresses_.erase(address);
    total_ -= found->second.entries;
    publishers_.erase(found);
}

void EntryLedger::note(PublisherId const& publisher, AddressPrefix address, std::uint32_t entries) {
    drop(publisher);
    if (entries == 0) return;
    publishers_[publisher] = {address, entries};
    addresses_[address] += entries;
    total_ += entries;
}

void EntryLedger::move(PublisherId const& publisher, AddressPrefix address) {
    auto const found = publishers_.find(publisher);
    if (found != publishers_.end()) note(publisher, address, found->second.entries);
}

std::uint64_t EntryLedger::of_publisher(PublisherId const& publisher) const {
    auto const found = publishers_.find(publisher);
    return found == publishers_.end() ? 0 : found->second.entries;
}

std::uint64_t EntryLedger::of_address(AddressPrefix address) const {
    auto const found = addresses_.find(address);
    return found == addresses_.end() ? 0 : found->second;
}

}  // namespace praline::index::server
