#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "index/wire/values.hpp"

namespace praline::index::server {

/// How many entries the catalogue holds of each publisher and of each address, so that both can be limited without asking the
/// catalogue. It counts what was confirmed to be on disk.   @threads one.
class EntryLedger {
public:
    /// The publisher's list as it is now. An address that changed takes its entries along.
    void note(PublisherId const& publisher, AddressPrefix address, std::uint32_t entries);
    /// Whose it is changed, its list stayed.
    void move(PublisherId const& publisher, AddressPrefix address);
    /// Its list is gone.
    void drop(PublisherId const& publisher);

    [[nodiscard]] std::uint64_t of_publisher(PublisherId const& publisher) const;
    [[nodiscard]] std::uint64_t of_address(AddressPrefix address) const;
    [[nodiscard]] std::uint64_t total() const { return total_; }

private:
    struct Line {
        AddressPrefix address;
        std::uint32_t entries = 0;
    };

    std::map<PublisherId, Line> publishers_;  ///< those with entries only
    std::map<AddressPrefix, std::uint64_t> addresses_;
    std::uint64_t total_ = 0;
};

}  // namespace praline::index::server
