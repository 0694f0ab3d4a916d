#include "tools/praline/setting_trial.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>

#include "node/base/host_port.hpp"
#include "node/net/endpoints.hpp"
#include "node/net/web_tls.hpp"
#include "tools/praline/paths.hpp"
#include "transfer/library/folder_guard.hpp"

namespace praline {
namespace asio = boost::asio;
namespace {

std::string sentence_about(Endpoint endpoint, boost::system::error_code error) {
    auto const where = endpoint.text();
    if (error == asio::error::address_in_use) return "Another program already listens at " + where + ".";
    if (error == asio::error::access_denied)
        return "This user may not listen at " + where + ": ports below 1024 belong to the system.";
    if (error.value() == EADDRNOTAVAIL) return endpoint.address.text() + " is no address of this machine.";
    return "It is not possible to listen at " + where + ": " + error.message() + ".";
}

boost::system::error_code bind(Endpoint endpoint, bool datagrams) {
    asio::io_context io{1};
    asio::ip::tcp::acceptor acceptor{io};
    auto error = net::listen_at(acceptor, endpoint);
    if (error || !datagrams) return error;
    asio::ip::udp::socket socket{io};
    auto const where = net::to_asio_udp(endpoint);
    socket.open(where.protocol(), error);
    if (!error) socket.bind(where, error);
    return error;
}

/// A port that the node holds itself will be free at its next start: then only the address is tried.
std::string try_address(Endpoint endpoint, std::optional<Endpoint> held, bool datagrams) {
    auto error = bind(endpoint, datagrams);
    bool const own_port = held && held->port == endpoint.port;
    if (error == asio::error::address_in_use && own_port) error = bind({endpoint.address, 0}, datagrams);
    return error ? sentence_about(endpoint, error) : std::string{};
}

std::string why_never_shared(std::string const& folder, library::Surroundings const& here) {
    std::error_code error;
    auto const canonical = std::filesystem::canonical(folder, error);
    auto const verdict = library::judge_folder(error ? folder : canonical.string(), here);
    return verdict.kind == library::Verdict::Kind::refused ? verdict.reason : std::string{};
}

std::string explain_collision(Config const& config) {
    return "listen and api cannot both use port " + std::to_string(address_in(config.api).port) + ".";
}

}  // namespace

Endpoint address_in(std::string const& text) {
    auto const parsed = HostPort::parse(text, {.any_port = true});
    return parsed ? parsed->endpoint().value_or(Endpoint{}) : Endpoint{};
}

bool addresses_collide(Config const& config) {
    auto const listen = address_in(config.listen);
    auto const api = address_in(config.api);
    if (listen.port == 0 || listen.port != api.port || listen.address.is_v4() != api.address.is_v4()) return false;
    return listen.address == api.address || listen.address.is_unspecified() || api.address.is_unspecified();
}

std::string try_to_make_folder(std::string const& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) return {};
    // A full disk is no fault of the folder: it is made when there is room again.
    if (error == std::errc::no_space_on_device) return {};
    auto const why = error ? error.message() : std::string{"it is not a folder"};
    return "The folder " + path + " cannot be created: " + why + ".";
}

std::string try_to_write_in(std::string const& folder) {
    std::string file = folder + "/.praline-trial-XXXXXX";
    int const descriptor = ::mkostemp(file.data(), O_CLOEXEC);
    if (descriptor < 0) return "The folder " + folder + " cannot be written to: " + std::strerror(errno) + ".";
    ::close(descriptor);
    ::unlink(file.c_str());
    return {};
}

std::vector<std::string> never_shared(Config const& config) {
    auto const here = library::surroundings_here(config.data_directory);
    std::vector<std::string> sentences;
    for (auto const& folder : config.share)
        if (auto why = why_never_shared(folder, here); !why.empty())
            sentences.push_back("The setting share is followed only in part. " + why);
    return sentences;
}

std::string try_listen(Config const& config, HeldByNode const& held) {
    return addresses_collide(config) ? explain_collision(config)
                                     : try_address(address_in(config.listen), held.listen, true);
}

std::string try_api(Config const& config, HeldByNode const& held) {
    return addresses_collide(config) ? explain_collision(config) : try_address(address_in(config.api), held.api, false);
}

std::string try_share(Config const& config, HeldByNode const&) {
    auto const here = library::surroundings_here(config.data_directory);
    for (auto const& folder : config.share) {
        std::error_code error;
        if (!std::filesystem::path{folder}.is_absolute())
            return "The folder " + folder + " must be named by its whole path, which begins with /.";
        if (!std::filesystem::exists(folder, error)) return "The folder " + folder + " does not exist.";
        if (!std::filesystem::is_directory(folder, error)) return folder + " is not a folder.";
        if (::access(folder.c_str(), R_OK | X_OK) != 0)
            return "The folder " + folder + " cannot be read: " + std::strerror(errno) + ".";
        if (auto why = why_never_shared(folder, here); !why.empty()) return why;
    }
    return {};
}

std::string try_downloads(Config const& config, HeldByNode const&) {
    if (config.downloads.empty()) return {};
    if (!std::filesystem::path{config.downloads}.is_absolute())
        return "downloads must be a whole path, which begins with /.";
    if (auto problem = try_to_make_folder(config.downloads); !problem.empty()) return problem;
    return try_to_write_in(config.downloads);
}

std::string try_url_ca_file(Config const& config, HeldByNode const&) {
    if (config.url_ca_file.empty()) return {};
    if (!std::filesystem::path{config.url_ca_file}.is_absolute())
        return "url_ca_file must be a whole path, which begins with /.";
    try {
        (void)net::make_web_tls_context(config.url_ca_file);
    } catch (std::runtime_error const& error) {
        return error.what();
    }
    return {};
}

std::string try_setting(Config const& config, std::string const& name, HeldByNode const& held) {
    auto const* const row = find_setting(name);
    return row == nullptr || row->trial == nullptr ? std::string{} : row->trial(config, held);
}

}  // namespace praline
