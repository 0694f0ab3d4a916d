#include "tools/bench/shared_file.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <utility>

#include "node/base/rng.hpp"
#include "tools/bench/process_usage.hpp"

namespace praline::bench {

namespace {

using Clock = std::chrono::steady_clock;

void wait_until_shared(std::string const& binary, std::string const& data) {
    for (int tries = 0; tries < 1200; ++tries) {
        if (run({binary, "--data", data, "status", "--json"}).find("\"shared_files\":1,") != std::string::npos) return;
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
    throw std::runtime_error{"the file was not hashed in time"};
}

content::FileDigest write_shared_file(std::string const& share, std::uint64_t bytes) {
    std::filesystem::create_directory(share);
    auto const path = share + '/' + SharedFile::name();
    write_random_file(path, bytes);
    auto digest = content::hash_file(path);
    if (!digest) throw std::runtime_error{"the file cannot be read"};
    return std::move(*digest);
}

}  // namespace

void write_random_file(std::string const& path, std::uint64_t bytes) {
    std::ofstream out{path, std::ios::binary};
    Rng rng{7};
    std::vector<std::uint64_t> block((1 << 20) / sizeof(std::uint64_t));
    while (bytes > 0) {
        for (auto& word : block) word = rng.next();
        auto const count = std::min<std::uint64_t>(bytes, 1 << 20);
        out.write(reinterpret_cast<char const*>(block.data()), static_cast<std::streamsize>(count));
        bytes -= count;
    }
    if (!out.flush()) throw std::runtime_error{path + " could not be written"};
}

SharedFile::SharedFile(std::uint64_t bytes) : digest_{write_shared_file(share(), bytes)} {}

std::string SharedFile::target() const { return "/uri-res/N2R?" + digest_.sha1.urn(); }

std::string SharedFile::magnet(std::vector<std::string> const& addresses) const {
    auto link = "magnet:?xt=urn:bitprint:" + digest_.sha1.base32() + '.' + digest_.tree.root().base32() +
                "&dn=" + name() + "&xl=" + std::to_string(digest_.tree.file_bytes);
    for (auto const& address : addresses) link += "&xs=http://" + address + target();
    return link;
}

std::unique_ptr<PralineNode> SharedFile::shared_by(std::string const& data, std::vector<std::string> const& flags,
                                                   std::string const& listen) const {
    std::vector<std::string> all{"--mode", "ultrapeer", "--share", share()};
    all.insert(all.end(), flags.begin(), flags.end());
    auto node = std::make_unique<PralineNode>(praline_binary(), folder() + '/' + data, all, listen);
    wait_until_shared(praline_binary(), node->data());
    return node;
}

double seconds_of(std::vector<std::string> const& command) {
    auto const begin = Clock::now();
    run(command);
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

Fetched fetch_with_new_node(std::string const& folder, std::string const& magnet) {
    auto const binary = praline_binary();
    auto const data = folder + "/near";
    Fetched fetched;
    {
        PralineNode const near{binary, data, {"--mode", "ultrapeer"}};
        auto const before = cpu_seconds_of(near.pid());
        fetched.seconds = seconds_of({binary, "--data", data, "download", "--wait", magnet});
        fetched.cpu_seconds = cpu_seconds_of(near.pid()) - before;
    }
    std::filesystem::remove_all(data);
    return fetched;
}

}  // namespace praline::bench
