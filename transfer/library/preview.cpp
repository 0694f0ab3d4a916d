#include "transfer/library/preview.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <map>
#include <string_view>

#include "node/base/text.hpp"
#include "transfer/library/directory_listing.hpp"
#include "transfer/library/limits.hpp"
#include "transfer/library/virtual_name.hpp"

namespace praline::library {
namespace {

using Clock = std::chrono::steady_clock;

struct Sign {
    std::string_view kind;
    enum class In { name, ending, start, folder } in;
    std::string_view text;  ///< lower case
};
using In = Sign::In;

constexpr std::string_view keys = "keys or certificates", secrets = "passwords", mail = "mail", wallets = "wallets",
                           browser = "browser profiles", dumps = "database dumps or backups";
constexpr std::array signs{
    Sign{keys, In::start, "id_rsa"},
    Sign{keys, In::start, "id_dsa"},
    Sign{keys, In::start, "id_ecdsa"},
    Sign{keys, In::start, "id_ed25519"},
    Sign{keys, In::start, "ssh_host_"},
    Sign{keys, In::ending, ".pem"},
    Sign{keys, In::ending, ".key"},
    Sign{keys, In::ending, ".p12"},
    Sign{keys, In::ending, ".pfx"},
    Sign{keys, In::ending, ".ovpn"},
    Sign{keys, In::ending, ".ppk"},
    Sign{keys, In::ending, ".keytab"},
    Sign{keys, In::ending, ".jks"},
    Sign{keys, In::ending, ".asc"},
    Sign{keys, In::name, "authorized_keys"},
    Sign{secrets, In::ending, ".kdbx"},
    Sign{secrets, In::ending, ".kdb"},
    Sign{secrets, In::start, "password"},
    Sign{secrets, In::start, "passwort"},
    Sign{secrets, In::name, "shadow"},
    Sign{secrets, In::name, "gshadow"},
    Sign{secrets, In::name, "login data"},
    Sign{secrets, In::name, "logins.json"},
    Sign{secrets, In::name, "credentials"},
    Sign{secrets, In::name, "credentials.json"},
    Sign{mail, In::ending, ".mbox"},
    Sign{mail, In::ending, ".eml"},
    Sign{mail, In::ending, ".pst"},
    Sign{mail, In::ending, ".msf"},
    Sign{mail, In::name, "mbox"},
    Sign{mail, In::name, "inbox"},
    Sign{mail, In::folder, "maildir"},
    Sign{mail, In::folder, "mail"},
    Sign{wallets, In::name, "wallet.dat"},
    Sign{wallets, In::ending, ".wallet"},
    Sign{browser, In::name, "cookies.sqlite"},
    Sign{browser, In::name, "places.sqlite"},
    Sign{browser, In::name, "key4.db"},
    Sign{dumps, In::ending, ".sql"},
    Sign{dumps, In::ending, ".bak"},
    Sign{dumps, In::ending, ".dump"},
};

bool shows(Sign const& sign, std::string_view name, std::string_view folders) {
    switch (sign.in) {
        case In::name: return name == sign.text;
        case In::ending: return name.size() > sign.text.size() && name.ends_with(sign.text);
        case In::start: return name.starts_with(sign.text);
        case In::folder: return folders.find('/' + std::string{sign.text} + '/') != std::string_view::npos;
    }
    return false;
}

struct Found {
    std::uint64_t count = 0;
    std::string first;
};

class Look {
public:
    Look(std::string const& path, std::string const& data_folder, std::atomic<bool> const& cancelled)
        : root_{path}, data_folder_{data_folder}, cancelled_{cancelled} {}

    Preview run() {
        preview_.path = root_;
        folders_.push_back({root_, {}, 0});
        while (!folders_.empty() && preview_.complete) {
            Folder const folder = std::move(folders_.front());
            folders_.pop_front();
            visit(folder);
            preview_.complete = preview_.complete && goes_on();
        }
        preview_.complete = preview_.complete || folders_.empty();
        for (auto const& [kind, found] : delicate_)
            preview_.warnings.push_back(std::to_string(found.count) +
                                        (found.count == 1 ? " file looks like " : " files look like ") +
                                        std::string{kind} + ", such as " + found.first + ".");
        preview_.left_out = left_out_.groups(root_);
        return std::move(preview_);
    }

private:
    struct Folder {
        std::string path, below;  ///< below the root, clean, with a "/" at its end
        std::size_t depth = 0;
    };

    [[nodiscard]] bool goes_on() const {
        return !cancelled_ && entries_ < preview_entries_max && Clock::now() - begin_ < preview_time_max;
    }

    void visit(Folder const& folder) {
        auto const listing = list_directory(folder.path);
        if (listing.error && listing.error != boost::system::errc::value_too_large) {
            left_out_.add(folder.path, LeftOutReason::unreadable);
            return;
        }
        auto entries = listing.left_out;
        entries_ += entries.size() + listing.files.size() + listing.folders.size() + 1;
        for (auto const& [name, stamp] : listing.files) take(folder.below + clean_name(name), stamp.size_bytes);
        for (std::string const& name : listing.folders) {
            std::string path = folder.path + '/' + name;
            if (path == data_folder_)
                entries.push_back({name, LeftOutReason::own_data});
            else if (folder.depth + 1 > depth_max)
                entries.push_back({name, LeftOutReason::too_deep});
            else
                folders_.push_back({std::move(path), folder.below + clean_name(name) + '/', folder.depth + 1});
        }
        if (!listing.file_system.is_real) left_out_.add(folder.path, LeftOutReason::special);
        left_out_.replace(folder.path, entries);
    }

    void take(std::string const& name, std::uint64_t size) {
        ++preview_.files;
        preview_.bytes += size;
        if (preview_.names.size() < preview_names_max) preview_.names.push_back(name);
        auto const kind = delicate_kind(name);
        if (kind.empty()) return;
        Found& found = delicate_[kind];
        if (found.count++ == 0) found.first = name;
    }

    std::string const root_, data_folder_;
    std::atomic<bool> const& cancelled_;
    Clock::time_point const begin_ = Clock::now();
    Preview preview_;
    LeftOut left_out_;
    std::deque<Folder> folders_;
    std::size_t entries_ = 0;
    std::map<std::string_view, Found> delicate_;
};

}  // namespace

std::string_view delicate_kind(std::string_view path) {
    auto const lower = to_lower_ascii(path);
    auto const slash = lower.rfind('/');
    auto const name = std::string_view{lower}.substr(slash == std::string::npos ? 0 : slash + 1);
    auto const folders = '/' + lower.substr(0, slash == std::string::npos ? 0 : slash + 1);
    for (Sign const& sign : signs)
        if (shows(sign, name, folders)) return sign.kind;
    return {};
}

Preview look_at_folder(std::string const& path, std::string const& data_folder, std::atomic<bool> const& cancelled) {
    return Look{path, data_folder, cancelled}.run();
}

}  // namespace praline::library
