#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "transfer/content/file_hasher.hpp"
#include "transfer/download/download_manager.hpp"
#include "transfer/upload/upload_server.hpp"

/// A sharing node, a downloading node and strangers between them, in one thread on loopback.
namespace praline::test {

using Tcp = boost::asio::ip::tcp;

/// A folder that is gone when the test is.
class Folder {
public:
    Folder();
    ~Folder();
    [[nodiscard]] std::string path(std::string const& name = {}) const;

private:
    std::filesystem::path root_;
};

/// Bytes that look like nothing, the same for one seed.
[[nodiscard]] std::string noise(std::size_t size, std::uint64_t seed);
[[nodiscard]] std::string read_file(std::string const& path);
void write_file(std::string const& path, std::string const& text);

/// Files to be served, hashed when they are added.
class Shelf : public upload::SharedContent {
public:
    upload::ServedFile const& add(std::string const& path, std::string const& name);
    std::optional<upload::ServedFile> by_sha1(Sha1 const& sha1) override;
    std::optional<upload::ServedFile> by_tiger_root(TigerHash const& root) override;
    std::optional<upload::ServedFile> by_index(std::uint32_t index) override;
    std::optional<content::TreeLevel> tree(Sha1 const& sha1) override;
    void report_changed(std::uint32_t index) override { changed.push_back(index); }
    std::vector<std::uint32_t> changed;
    bool has_trees = true;

private:
    struct Item {
        upload::ServedFile file;
        content::TreeLevel tree;
    };
    std::vector<std::unique_ptr<Item>> items_;
};

/// Takes connections on a port the system chose.
class Door {
public:
    using Guest = std::function<void(Tcp::socket)>;
    Door(boost::asio::io_context& io, Guest guest);
    ~Door();
    [[nodiscard]] Endpoint endpoint() const;
    [[nodiscard]] std::size_t guests() const { return *count_; }

private:
    std::shared_ptr<Tcp::acceptor> acceptor_;
    std::shared_ptr<std::size_t> count_;
};

/// What a stranger does with each request head: the bytes it answers with; empty: it hangs up.
using Script = std::function<std::string(std::string const& head)>;
/// A server that does as the script says, request after request.
[[nodiscard]] Door::Guest scripted(Script script);

/// Runs the loop until it is so; false: it took longer than a slow machine needs.
[[nodiscard]] bool run_until(boost::asio::io_context& io, std::function<bool()> const& so,
                             std::chrono::seconds most = std::chrono::seconds{60});

/// Writes to a server, reads until it hangs up. @param from  the address that it is done from; 0: any.
[[nodiscard]] std::string talk(boost::asio::io_context& io, Endpoint to, std::string const& text, Address from = {});

[[nodiscard]] download::Source source_at(Endpoint endpoint);
[[nodiscard]] std::string field_of(std::string const& head, std::string const& name);

}  // namespace praline::test
