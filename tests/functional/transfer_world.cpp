#include "functional/transfer_world.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <sys/stat.h>

#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include "node/base/rng.hpp"
#include "node/base/text.hpp"
#include "node/net/connect_from.hpp"
#include "node/net/endpoints.hpp"

namespace praline::test {

namespace asio = boost::asio;
using boost::system::error_code;

Folder::Folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "praline-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"no folder for the test"};
    root_ = pattern;
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
}

std::string Folder::path(std::string const& name) const {
    return name.empty() ? root_.string() : (root_ / name).string();
}

std::string noise(std::size_t size, std::uint64_t seed) {
    Rng rng{seed};
    std::string text(size, '\0');
    for (std::size_t at = 0; at < size; at += 8) {
        auto const word = rng.next();
        for (std::size_t byte = 0; byte < 8 && at + byte < size; ++byte)
            text[at + byte] = static_cast<char>(word >> (8 * byte));
    }
    return text;
}

std::string read_file(std::string const& path) {
    std::ifstream in{path, std::ios::binary};
    std::ostringstream all;
    all << in.rdbuf();
    return std::move(all).str();
}

void write_file(std::string const& path, std::string const& text) {
    std::ofstream out{path, std::ios::binary | std::ios::trunc};
    out << text;
    if (!out.flush()) throw std::runtime_error{"cannot write " + path};
}

upload::ServedFile const& Shelf::add(std::string const& path, std::string const& name) {
    auto digest = content::hash_file(path);
    if (!digest) throw std::runtime_error{"cannot hash " + path};
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) throw std::runtime_error{"cannot look at " + path};
    auto item = std::make_unique<Item>();
    item->file.index = static_cast<std::uint32_t>(items_.size() + 1);
    item->file.name = name;
    item->file.path = path;
    item->file.size_bytes = static_cast<std::uint64_t>(facts.st_size);
    item->file.root = path.substr(0, path.rfind('/'));
    item->file.mtime_ns = std::int64_t{facts.st_mtim.tv_sec} * 1'000'000'000 + facts.st_mtim.tv_nsec;
    item->file.ctime_ns = std::int64_t{facts.st_ctim.tv_sec} * 1'000'000'000 + facts.st_ctim.tv_nsec;
    item->file.sha1 = digest->sha1;
    item->file.tiger_root = digest->tree.root();
    item->tree = digest->tree;
    items_.push_back(std::move(item));
    return items_.back()->file;
}

std::optional<upload::ServedFile> Shelf::by_sha1(Sha1 const& sha1) {
    for (auto const& item : items_)
        if (item->file.sha1 == sha1) return item->file;
    return std::nullopt;
}

std::optional<upload::ServedFile> Shelf::by_tiger_root(TigerHash const& root) {
    for (auto const& item : items_)
        if (item->file.tiger_root == root) return item->file;
    return std::nullopt;
}

std::optional<upload::ServedFile> Shelf::by_index(std::uint32_t index) {
    if (index == 0 || index > items_.size()) return std::nullopt;
    return items_[index - 1]->file;
}

std::optional<content::TreeLevel> Shelf::tree(Sha1 const& sha1) {
    for (auto const& item : items_)
        if (item->file.sha1 == sha1 && has_trees) return item->tree;
    return std::nullopt;
}

namespace {

void accept_next(std::shared_ptr<Tcp::acceptor> const& acceptor, std::shared_ptr<std::size_t> const& count,
                 Door::Guest const& guest) {
    acceptor->async_accept([acceptor, count, guest](error_code const& error, Tcp::socket socket) {
        if (error) return;
        ++*count;
        guest(std::move(socket));
        accept_next(acceptor, count, guest);
    });
}

struct Scripted : std::enable_shared_from_this<Scripted> {
    Scripted(Tcp::socket socket_in, Script script_in) : socket{std::move(socket_in)}, script{std::move(script_in)} {}
    void next() {
        asio::async_read_until(socket, asio::dynamic_buffer(read), "\r\n\r\n",
                               [self = shared_from_this()](error_code const& error, std::size_t length) {
                                   if (error) return;
                                   self->answer = self->script(self->read.substr(0, length));
                                   self->read.erase(0, length);
                                   if (!self->answer.empty()) self->reply();
                               });
    }
    void reply() {
        asio::async_write(socket, asio::buffer(answer),
                          [self = shared_from_this()](error_code const& error, std::size_t) {
                              if (!error) self->next();
                          });
    }
    Tcp::socket socket;
    Script script;
    std::string read, answer;
};

}  // namespace

Door::Door(asio::io_context& io, Guest guest)
    : acceptor_{std::make_shared<Tcp::acceptor>(io, Tcp::endpoint{asio::ip::address_v4::loopback(), 0})},
      count_{std::make_shared<std::size_t>(0)} {
    accept_next(acceptor_, count_, guest);
}

Door::~Door() {
    error_code ignored;
    acceptor_->close(ignored);
}

Endpoint Door::endpoint() const { return {0x7F000001, acceptor_->local_endpoint().port()}; }

Door::Guest scripted(Script script) {
    return [script = std::move(script)](Tcp::socket socket) {
        std::make_shared<Scripted>(std::move(socket), script)->next();
    };
}

bool run_until(asio::io_context& io, std::function<bool()> const& so, std::chrono::seconds most) {
    auto const deadline = std::chrono::steady_clock::now() + most;
    io.restart();
    while (!so()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        if (io.stopped()) io.restart();
        io.run_one_for(std::chrono::milliseconds{100});
    }
    return true;
}

std::string talk(asio::io_context& io, Endpoint to, std::string const& text, Address from) {
    Tcp::socket socket{io};
    error_code unbound;
    net::open_from(socket, from, to, unbound);
    if (unbound) throw std::runtime_error{"no connection from " + from.text()};
    std::string all;
    bool over = false;
    std::string block(64 * 1024, '\0');
    std::function<void()> read = [&] {
        socket.async_read_some(asio::buffer(block), [&](error_code const& error, std::size_t count) {
            all.append(block, 0, count);
            if (error)
                over = true;
            else
                read();
        });
    };
    socket.async_connect(net::to_asio(to), [&](error_code const& error) {
        if (error) {
            over = true;
            return;
        }
        asio::async_write(socket, asio::buffer(text), [&](error_code const& failed, std::size_t) {
            if (failed)
                over = true;
            else
                read();
        });
    });
    if (!run_until(io, [&] { return over; })) throw std::runtime_error{"the server neither answered nor hung up"};
    return all;
}

download::Source source_at(Endpoint endpoint) {
    download::Source source;
    source.endpoint = endpoint;
    return source;
}

std::string field_of(std::string const& head, std::string const& name) {
    for (auto const line : split(head, '\n')) {
        auto const colon = line.find(':');
        if (colon != std::string_view::npos && equals_ignoring_case(line.substr(0, colon), name))
            return std::string{trim(line.substr(colon + 1))};
    }
    return {};
}

}  // namespace praline::test
