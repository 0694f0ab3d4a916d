#pragma once

#include <unistd.h>

#include <filesystem>
#include <map>
#include <string>

#include "index/client/publish_list.hpp"

namespace praline::index::client::test {

inline Entry entry_of(std::uint64_t number, std::string name = {}) {
    Entry entry;
    for (std::size_t i = 0; i < 8; ++i)
        entry.sha1.bytes[i] = static_cast<std::uint8_t>((number * 0x9E3779B97F4A7C15ULL) >> (8 * i));
    entry.sha1.bytes[19] = static_cast<std::uint8_t>(number);
    if (number % 3 == 0) entry.tiger_root = TigerHash{{1, static_cast<std::uint8_t>(number)}};
    entry.size_bytes = number + 1;
    entry.name = name.empty() ? "file " + std::to_string(number) : std::move(name);
    return entry;
}

using Shared = std::map<Sha1, Entry>;

inline SetDigest digest_of(Shared const& shared) {
    SetDigest digest;
    for (auto const& [sha1, entry] : shared) digest.add(entry);
    return digest;
}

/// A slow and simple server: applies a change as the contract of `Change` says, or does not.
struct ListTwin {
    Version held;
    Shared entries;

    bool apply(Change const& change) {
        bool const fits = change.reset ? held < change.to : held == change.from;
        if (!fits) return false;
        if (change.reset) entries.clear();
        for (auto const& sha1 : change.remove) entries.erase(sha1);
        for (auto const& entry : change.add) entries[entry.sha1] = entry;
        held = change.to;
        return true;
    }
    [[nodiscard]] SetDigest digest() const { return digest_of(entries); }
    /// @returns how many changes it took to hold all.
    std::size_t catch_up(PublishList& list) {
        std::size_t changes = 0;
        for (; changes < 10'000; ++changes) {
            auto const next = list.next_change(held, digest(), false);
            if (!next.change || !apply(*next.change)) break;
        }
        return changes;
    }
};

inline void publish_all(PublishList& list, Shared const& shared) {
    list.begin_update();
    for (auto const& [sha1, entry] : shared) list.entry(entry);
    while (!list.finish_some(100).finished) {}
}

/// A file of its own that is gone with it.
class ScratchFolder {
public:
    ScratchFolder() {
        auto name = (std::filesystem::temp_directory_path() / "praline-client-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    ~ScratchFolder() { std::filesystem::remove_all(path_); }
    ScratchFolder(ScratchFolder const&) = delete;
    [[nodiscard]] std::string file(std::string const& name) const { return path_ + "/" + name; }
    [[nodiscard]] std::string const& path() const { return path_; }

private:
    std::string path_;
};

}  // namespace praline::index::client::test
