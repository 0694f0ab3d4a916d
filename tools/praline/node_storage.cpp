#include "tools/praline/node_storage.hpp"

#include <filesystem>
#include <stdexcept>

#include "node/log/log.hpp"
#include "tools/praline/disk_reserve.hpp"

namespace praline {
namespace {

constexpr std::int64_t database_format = 0;  ///< of what this program writes; a later one says more

std::string quoted_for_shell(std::string const& text) {
    std::string quoted = "'";
    for (char const c : text) quoted += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
    return quoted + '\'';
}

/// A command that moves the database and what belongs to it into a folder beside it.
std::string command_to_move(std::string const& file) {
    auto const path = std::filesystem::path{file};
    auto const folder = quoted_for_shell((path.parent_path() / "damaged").string());
    return "mkdir -p " + folder + " && mv " + quoted_for_shell(path.string()) + "* " + folder + "/";
}

}  // namespace

std::string database_advice(store::DatabaseError const& error, std::string const& file, std::string const& holds) {
    std::string const said = error.what();
    if (store::is_damage(error)) {
        return "The database " + file + " is damaged. " + said + " It holds " + holds +
               "; shared and downloaded files are not touched. To start without it, move it away: " +
               command_to_move(file);
    }
    if (store::is_lock(error))
        return said + " Another program has " + file +
               " open, such as a database browser or a backup; end it and start again.";
    std::error_code unknown;
    if (std::filesystem::is_directory(file, unknown)) return said + " It is a folder: move it away and start again.";
    if (store::is_forbidden(error)) {
        return said +
               " The file, or the folder it is in, may not be written by this user: look at the rights of both (ls "
               "-ld), or choose another "
               "data directory with --data.";
    }
    if (error.is_disk_full()) return said + " The disk is full, or broken: make room and start again.";
    return said;
}

std::string node_database_advice(store::DatabaseError const& error, std::string const& file) {
    return database_advice(
        error, file,
        "the list of shared folders, the hashes of their files, unfinished downloads, what was set on the page, saved "
        "searches and known peers");
}

std::string explain_database_error(store::DatabaseError const& error) {
    std::string const said = error.what();
    if (store::is_damage(error))
        return said +
               " It is damaged: move it, and the files beside it whose names begin alike, to another folder and start "
               "again.";
    return said;
}

NodeStorage::NodeStorage(DataDirectory& directory) {
    auto const file = directory.database();
    DiskReserve reserve{directory.path()};
    std::error_code unknown;
    bool const is_first = !std::filesystem::exists(file, unknown);
    bool const full = reserve.give_up_if_full();
    if (full)
        log::warn(
            "The disk of {} is full: what this node learns and what is set may be lost, and downloads wait. Make room "
            "there.",
            directory.path());
    else
        reserve.keep();
    try {
        auto const format = store::look_through(file);
        if (format > database_format) {
            throw std::runtime_error{"The database " + file + " was written by a newer Praline (its format is " +
                                     std::to_string(format) +
                                     "). Use that version, or another data directory (--data)."};
        }
        if (full) store::try_to_write(file, is_first ? store::written_at_first_bytes : store::written_at_start_bytes);
        if (full)
            problem_ =
                "The disk of " + directory.path() +
                " is full: what this node learns and what is set may be lost, and downloads wait. Make room there.";
    } catch (store::DatabaseError const& error) {
        if (!error.is_disk_full() && !full) throw std::runtime_error{node_database_advice(error, file)};
        copy_.emplace(file);
        directory.use_database(copy_->name());
        problem_ = "The disk of " + directory.path() + " is full or broken, so " + file +
                   " cannot be written: whatever changes now (settings, shared folders, "
                   "downloads) is forgotten when the node ends. Make room there, then start the node again.";
        log::error("{}", problem_);
    }
}

}  // namespace praline
