#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace praline::library {

/// Why something that lies in a shared folder is not shared.
enum class LeftOutReason : std::uint8_t {
    hidden,      ///< its name begins with a dot
    link,        ///< a symbolic link: what it points at is shared at its own place or not at all
    special,     ///< a pipe, a socket, a device, or the kernel's own files
    empty,       ///< a file without content
    own_data,    ///< the node's own folder
    unreadable,  ///< the system refuses to list or read it
    changing,    ///< it changed each time it was hashed
    too_deep,    ///< below more folders than are visited
    too_many,    ///< beyond the number of files or entries that are taken
};
constexpr std::size_t left_out_reasons = 9;

/// A stable word for programs: "hidden", "link", …
[[nodiscard]] std::string_view name_of(LeftOutReason reason);
/// What a person reads after a number: "whose names begin with a dot (hidden)".
[[nodiscard]] std::string_view explanation_of(LeftOutReason reason);

/// Hidden as the shell has it: the name begins with a dot. An ellipsis in front of a title ("...And Justice for All.mp3")
/// hides nothing: three dots or more, followed by something else.
[[nodiscard]] bool is_hidden(std::string_view name);

struct LeftOutGroup {
    LeftOutReason reason{};
    std::uint64_t count = 0;
    std::vector<std::string> names;  ///< the first few, in order; paths below the shared folder, clean (see clean_name)
    friend bool operator==(LeftOutGroup const&, LeftOutGroup const&) = default;
};

/// One entry of a folder that was left out.
struct LeftOutEntry {
    std::string name;
    LeftOutReason reason{};
    friend bool operator==(LeftOutEntry const&, LeftOutEntry const&) = default;
};

/// Everything that is left out in one shared folder: counted completely, named as far as `left_out_names_max` goes.
/// The counts are kept where something changes; the tree is not walked for them. @threads one at a time: pure.
class LeftOut {
public:
    /// What a listing of the folder `directory` left out, in place of what the one before did.
    void replace(std::string const& directory, std::vector<LeftOutEntry> const& entries);
    /// One file, beside what listings left out. Adding it twice counts once.
    void add(std::string const& path, LeftOutReason reason);
    void remove(std::string const& path);
    /// A folder that is gone, with all folders and files in it.
    void forget(std::string const& directory);

    /// In the order of the reasons, without empty ones. @param root  names are given below it.
    [[nodiscard]] std::vector<LeftOutGroup> groups(std::string const& root) const;
    /// Another number after each change.
    [[nodiscard]] std::uint64_t version() const { return version_; }
    [[nodiscard]] std::uint64_t count(LeftOutReason reason) const { return counts_[static_cast<std::size_t>(reason)]; }

private:
    struct OfDirectory {
        std::array<std::uint32_t, left_out_reasons> counts{};
        std::vector<LeftOutEntry> named;  ///< at most `left_out_names_max` of each reason
        friend bool operator==(OfDirectory const&, OfDirectory const&) = default;
    };
    void subtract(OfDirectory const& gone);

    std::map<std::string, OfDirectory> directories_;
    std::map<std::string, LeftOutReason> files_;
    std::array<std::uint64_t, left_out_reasons> counts_{};
    std::uint64_t version_ = 0;
};

}  // namespace praline::library
