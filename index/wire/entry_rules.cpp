#include "index/wire/entry_rules.hpp"

#include <algorithm>

#include "index/wire/limits.hpp"
#include "node/base/text.hpp"

namespace praline::index {
namespace {

bool is_control_or_separator(char c) {
    auto const octet = static_cast<unsigned char>(c);
    return octet < 0x20 || octet == 0x7F || octet == '/' || octet == '\\';
}

/// The name may hold anything, so it is not repeated in the sentence; the SHA-1 names the file.
std::string about(Entry const& entry) { return "The file urn:sha1:" + entry.sha1.base32() + " "; }

}  // namespace

std::string entry_problem(Entry const& entry) {
    if (entry.size_bytes == 0) return about(entry) + "is said to have 0 octets; empty files are not listed.";
    if (entry.size_bytes > entry_size_max)
        return about(entry) + "is said to have " + std::to_string(entry.size_bytes) + " octets; no file is as large.";
    if (entry.name.empty() || entry.name.size() > name_octets_max)
        return about(entry) + "has a name of " + std::to_string(entry.name.size()) + " octets; 1 to " + std::to_string(name_octets_max) + " are allowed.";
    if (!is_valid_utf8(entry.name)) return about(entry) + "has a name that is not UTF-8.";
    if (std::any_of(entry.name.begin(), entry.name.end(), is_control_or_separator))
        return about(entry) + "has a name with a folder or a control character in it.";
    return {};
}

std::string change_problem(Change const& change) {
    if (change.to.number == 0 || change.to.era > era_max) return "A change leads to a version that no list can have.";
    if (!change.reset && change.to <= change.from) return "A change leads back to an earlier version.";
    if (change.add.size() + change.remove.size() > change_entries_max)
        return "A change has more than " + std::to_string(change_entries_max) + " entries.";
    for (Entry const& entry : change.add)
        if (auto problem = entry_problem(entry); !problem.empty()) return problem;
    return {};
}

}  // namespace praline::index
