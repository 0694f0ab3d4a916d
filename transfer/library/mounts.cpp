#include "transfer/library/mounts.hpp"

#include <fstream>

#include "node/base/text.hpp"
#include "transfer/library/limits.hpp"
#include "transfer/library/virtual_name.hpp"

namespace praline::library {
namespace {

bool is_octal(char digit) { return digit >= '0' && digit <= '7'; }

/// Blanks and the like are written as "\040".
std::string unescaped(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        if (text.size() >= 4 && text[0] == '\\' && is_octal(text[1]) && is_octal(text[2]) && is_octal(text[3])) {
            out += static_cast<char>((text[1] - '0') * 64 + (text[2] - '0') * 8 + (text[3] - '0'));
            text.remove_prefix(4);
        } else {
            out += text.front();
            text.remove_prefix(1);
        }
    }
    return out;
}

}  // namespace

std::vector<Mount> parse_mounts(std::string_view text) {
    std::vector<Mount> mounts;
    for (auto const line : split(text, '\n')) {
        auto const fields = split(line, ' ');
        // id, parent, device, part of the device, mount point, options …
        if (fields.size() < 5 || !fields[4].starts_with('/')) continue;
        if (mounts.size() >= mounts_max) break;
        mounts.push_back({unescaped(fields[4]),
                          std::string{fields[0]} + ' ' + std::string{fields[2]} + ' ' + std::string{fields[3]}});
    }
    return mounts;
}

std::string mounts_below(std::string const& folder, std::vector<Mount> const& mounts) {
    std::string all;
    for (Mount const& mount : mounts)
        if (is_within(mount.point, folder) || is_within(folder, mount.point))
            all += mount.point + ' ' + mount.id + '\n';
    return all;
}

std::vector<Mount> mounts_here() {
    std::ifstream table{"/proc/self/mountinfo"};
    std::string text(mount_table_bytes_max, '\0');
    table.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(table.gcount()));
    return parse_mounts(text);
}

}  // namespace praline::library
