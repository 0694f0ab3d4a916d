#pragma once

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include "functional/transfer_world.hpp"

/// A downloading node and the servers it downloads from, honest and not.
namespace praline::test {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using download::State;

constexpr std::size_t mib = 1024 * 1024;

/// Waits of minutes are made short: what is tested is that they end, not how long they are.
inline download::Limits quick_download() {
    download::Limits limits;
    limits.retry_min = 5ms;
    limits.retry_max = 50ms;
    limits.retry_after_max = 50ms;
    limits.search_min = 20ms;
    limits.disk_retry = 20ms;
    limits.save_every = 20ms;
    return limits;
}

/// One node that shares and one that downloads.
struct World {
    asio::io_context io;
    Folder folder;
    Shelf shelf;
    upload::Limits upload_limits;
    download::Options options;
    std::unique_ptr<upload::UploadServer> server;
    std::unique_ptr<Door> door;
    std::unique_ptr<download::DownloadManager> manager;

    World() {
        options.directory = folder.path("finished");
        options.partial_directory = folder.path("partial");
        options.database = folder.path("state.db");
        options.user_agent = "Praline/test";
        options.limits = quick_download();
    }
    void open_server() {
        server = std::make_unique<upload::UploadServer>(io, shelf, upload_limits, "Praline/test", Guid{});
        door = std::make_unique<Door>(io, [this](Tcp::socket socket) { server->serve(std::move(socket), {}); });
    }
    void open_manager() { manager = std::make_unique<download::DownloadManager>(io, options); }
    void open() {
        open_server();
        open_manager();
    }
    upload::ServedFile share(std::string const& bytes, std::string const& name) {
        auto const path = folder.path("shared-" + name);
        write_file(path, bytes);
        return shelf.add(path, name);
    }
    download::Request request(upload::ServedFile const& file, bool with_root = true) const {
        download::Request wanted;
        wanted.urn.sha1 = file.sha1;
        if (with_root) wanted.urn.tiger_root = file.tiger_root;
        wanted.name = file.name;
        wanted.size_bytes = file.size_bytes;
        return wanted;
    }
    /// Asked again until it is known what is on disk.
    template <class Act>
    auto settled(Act const& act) -> decltype(act()) {
        auto done = act();
        REQUIRE(run_until(io, [&] {
            if (done.ask_again) done = act();
            return !done.ask_again;
        }));
        return done;
    }
    download::DownloadManager::AddedList add_list(download::DownloadList const& list) {
        return settled([&] { return manager->add_list(list); });
    }
    std::string change(std::string const& id, download::DownloadManager::Change const& wanted) {
        std::optional<std::string> problem;
        REQUIRE(run_until(io, [&] { return (problem = manager->change(id, wanted)).has_value(); }));
        return *problem;
    }
    std::string add(download::Request wanted, std::vector<download::Source> sources) {
        wanted.sources = std::move(sources);
        auto const added = settled([&] { return manager->add(wanted); });
        REQUIRE(added.problem == "");
        return added.id;
    }
    State state(std::string const& id) const { return manager->find(id)->state; }
    bool reaches(std::string const& id, State wanted) {
        return run_until(io, [&] { return state(id) == wanted; });
    }
    std::string completed_bytes(std::string const& id) {
        REQUIRE(reaches(id, State::completed));
        return read_file(manager->find(id)->path);
    }
    ~World() {
        manager.reset();
        server.reset();
        door.reset();
        io.restart();
        while (io.poll() != 0) {}
    }
};

inline std::string whole_reply(std::string const& bytes, std::string const& extra = {}) {
    return "HTTP/1.1 200 OK\r\nServer: stranger\r\nContent-Length: " + std::to_string(bytes.size()) + "\r\n" + extra +
           "\r\n" + bytes;
}

/// What a simple server without trees answers; `bytes` may lie about the file.
inline std::string ranged_reply(std::string const& head, std::string const& bytes) {
    if (head.starts_with("HEAD"))
        return "HTTP/1.1 200 OK\r\nServer: stranger\r\nContent-Length: " + std::to_string(bytes.size()) + "\r\n\r\n";
    auto const range = field_of(head, "Range");
    auto const dash = range.find('-');
    auto const first = std::stoull(range.substr(6, dash - 6));
    auto const last = std::min<std::uint64_t>(std::stoull(range.substr(dash + 1)), bytes.size() - 1);
    auto const body = bytes.substr(first, last - first + 1);
    return "HTTP/1.1 206 Partial Content\r\nServer: stranger\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\nContent-Range: bytes " + std::to_string(first) + "-" + std::to_string(last) + "/" +
           std::to_string(bytes.size()) + "\r\n\r\n" + body;
}

/// Offers the files of another shelf, hashes and trees and all, but sends other bytes.
class LyingShelf : public upload::SharedContent {
public:
    LyingShelf(Shelf& true_shelf, std::string path) : true_{true_shelf}, path_{std::move(path)} {}
    std::optional<upload::ServedFile> by_sha1(Sha1 const& sha1) override { return lied(true_.by_sha1(sha1)); }
    std::optional<upload::ServedFile> by_tiger_root(TigerHash const& root) override {
        return lied(true_.by_tiger_root(root));
    }
    std::optional<upload::ServedFile> by_index(std::uint32_t index) override { return lied(true_.by_index(index)); }
    std::optional<content::TreeLevel> tree(Sha1 const& sha1) override { return true_.tree(sha1); }
    void report_changed(std::uint32_t) override {}

private:
    std::optional<upload::ServedFile> lied(std::optional<upload::ServedFile> file) const {
        if (!file) return file;
        file->path = path_;
        struct stat info {};
        REQUIRE(::stat(path_.c_str(), &info) == 0);
        file->mtime_ns = std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
        file->ctime_ns = std::int64_t{info.st_ctim.tv_sec} * 1'000'000'000 + info.st_ctim.tv_nsec;
        return file;
    }
    Shelf& true_;
    std::string path_;
};

}  // namespace praline::test
