#include "index/wire/entry_rules.hpp"

namespace praline::index {

bool may_be_listed(Entry const& entry) { return entry.size_bytes >= 1 && entry.size_bytes <= listed_size_max; }

std::string change_problem(Change const& change) {
    if (change.to.number == 0 || change.to.era > era_max) return "A change leads to a version that no list can have.";
    if (!change.reset && change.to <= change.from) return "A change leads back to an earlier version.";
    for (Entry const& entry : change.add)
        if (!may_be_listed(entry))
            return "The file " + entry.sha1.urn() + " is said to have " + std::to_string(entry.size_bytes) +
                   " bytes; files of 1 byte to " + std::to_string(listed_size_max) + " are listed.";
    return {};
}

}  // namespace praline::index
