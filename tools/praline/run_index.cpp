#include "tools/praline/run_index.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json.hpp>

#include "index/server/index_server.hpp"
#include "index/server/join_check.hpp"
#include "index/server/server_identity.hpp"
#include "node/base/host_port.hpp"
#include "node/log/log.hpp"
#include "node/net/bootstrap.hpp"
#include "node/net/descriptors.hpp"
#include "node/net/named_peers.hpp"
#include "node/net/system_clock.hpp"
#include "tools/praline/data_directory.hpp"
#include "tools/praline/node_storage.hpp"
#include "tools/praline/paths.hpp"
#include "tools/praline/print.hpp"
#include "tools/praline/session_file.hpp"
#include "tools/praline/signals.hpp"
#include "tools/praline/version.hpp"
#include "webui/index/index_api_server.hpp"

namespace praline {
namespace {

using namespace index;
using namespace index::server;
using index::link::GroupSecret;

constexpr std::size_t links_of_each_publisher = 4;

Endpoint endpoint_of(std::string const& flag, std::string const& text) {
    // Port 0 (any free one) is no endpoint that one could name to others, but fine to listen on.
    auto const parsed = HostPort::parse(text, {.any_port = true});
    auto const endpoint = parsed ? parsed->endpoint() : std::nullopt;
    if (!endpoint)
        throw std::invalid_argument{
            flag + " must be an address and a port, such as 192.0.2.10:6347 or [::1]:6347, not \"" + text + "\"."};
    return *endpoint;
}

/// Rounded, so that 0.29 s is not told to others as 0.289999.
Duration duration_of(double seconds) { return Duration{std::llround(seconds * 1e6)}; }

/// Throws std::invalid_argument with a sentence about the command line.
std::string secret_file(CommandContext const& context, IndexCommand const& command) {
    auto const file =
        command.group_secret.empty() ? context.data_directory + "/group.secret" : absolute_path(command.group_secret);
    if (!command.join.empty() && !std::filesystem::exists(file))
        throw std::invalid_argument{
            "To join a group this server needs the group's secret, and " + file +
            " is not there. Copy the file group.secret from the data directory of a server of the group to it, "
            "readable by its owner only (chmod 600), or name it with --group-secret."};
    return file;
}

ServerOptions options_of(CommandContext const& context, IndexCommand const& command, std::string const& secret) {
    if (command.listen.empty())
        throw std::invalid_argument{"Say with --listen ADDR:PORT where nodes and other servers reach this one."};
    ServerOptions options{.data_directory = context.data_directory,
                          .listen = endpoint_of("--listen", command.listen),
                          .advertised = {},
                          .join = {},
                          .secret = GroupSecret::load_or_create(secret)};
    if (!command.advertise.empty()) options.advertised = endpoint_of("--advertise", command.advertise);
    if (options.advertised && options.advertised->is_unusable())
        throw std::invalid_argument{"--advertise must be an address and a port that others can connect to."};
    if (!options.advertised && options.listen.address.is_unspecified())
        throw std::invalid_argument{"With --listen " + options.listen.host_text() +
                                    " say with --advertise ADDR:PORT where others reach this server."};
    if (!command.join.empty() && !net::NamedPeers::is_name(command.join))
        throw std::invalid_argument{"--join must be HOST:PORT, such as index.example.org:6347 or [::1]:6347, not \"" +
                                    command.join + "\"."};
    if (!command.join.empty()) options.join = net::resolve(command.join);
    auto& replica = options.replica;
    replica.lease = duration_of(command.lease_seconds);
    replica.tombstone = std::max(replica.tombstone, 4 * replica.lease);
    replica.heartbeat_every = duration_of(command.heartbeat_seconds);
    replica.suspect_after_heartbeats = command.suspect_after_heartbeats;
    replica.repair_every = duration_of(command.repair_seconds);
    options.readers = command.readers;
    options.limits.publishers_of_address_max = command.publishers_of_address;
    // Beside those who publish some only ask, or come back while their old link is still there.
    options.links.links_of_address_max = static_cast<std::uint32_t>(std::max<std::size_t>(
        options.links.links_of_address_max, links_of_each_publisher * command.publishers_of_address));
    options.limits.sessions_max = command.nodes;
    options.limits.publisher_entries_max = command.files_of_publisher;
    if (command.files_of_address > 0)
        options.limits.address_entries_max = command.files_of_address;
    else
        options.limits.address_entries_max =
            std::max<std::uint64_t>(options.limits.address_entries_max, command.files_of_publisher);
    options.limits.entries_max = command.files;
    options.limits.disk_bytes_max = command.disk_mib << 20;
    options.limits.searches_of_address_per_second = command.searches_of_address;
    return options;
}

/// A server that is away may come yet; one that says no never will say yes.
void check_join(ServerOptions const& options) {
    if (!options.join) return;
    boost::asio::io_context io{1};
    JoinAnswer answer;
    ask_to_join(io, options, [&](JoinAnswer told) { answer = std::move(told); });
    io.run();
    if (answer.refused) throw std::runtime_error{answer.sentence};
    if (!answer.sentence.empty())
        log::warn("The group cannot be joined yet: {} The server keeps trying.", answer.sentence);
}

/// Server, pages and signals together, and how they end: first all three are drained, then stopped.
class RunningServer : public webui::IndexControl {
public:
    RunningServer(boost::asio::io_context& io, ServerOptions options, Endpoint api, std::string const& token)
        : data_directory_{options.data_directory}, server_{io, std::move(options)}, signals_{io} {
        add_ending_signals(signals_);
        api_ = open_with_sessions(data_directory_, api, [&](Endpoint where, webui::SessionKeeping sessions) {
            return std::make_unique<webui::IndexApiServer>(io, *this, where, token, std::move(sessions));
        });
        wait_for_signal();
    }
    ServerStatus status() override { return server_.status(); }
    [[nodiscard]] std::string version() const override { return program_version; }
    void drain() override { end(); }

    [[nodiscard]] IndexServer& server() { return server_; }
    [[nodiscard]] webui::IndexApiServer& api() { return *api_; }

private:
    // Ctrl-C may come twice at once, from the terminal and from a script; only a later one means "now".
    static constexpr std::chrono::seconds impatient_after{1};

    void wait_for_signal() {
        signals_.async_wait([this](boost::system::error_code error, int) {
            if (error) return;
            end();
            if (!stopped_) wait_for_signal();
        });
    }
    void end() {
        if (!asked_) {
            asked_ = net::now();
            return server_.drain([this] { stop(); });
        }
        if (net::now() - *asked_ > impatient_after) stop();
    }
    void stop() {
        if (stopped_) return;
        stopped_ = true;
        server_.stop();
        api_->stop();
        signals_.cancel();
    }

    std::string data_directory_;
    IndexServer server_;
    std::unique_ptr<webui::IndexApiServer> api_;
    boost::asio::signal_set signals_;
    std::optional<Instant> asked_;
    bool stopped_ = false;
};

void announce(CommandContext const& context, RunningServer& running, std::string const& secret, bool first_of_group) {
    auto const status = running.server().status();
    auto const address = running.server().endpoint().text();
    auto const link = running.api().one_time_login_link();
    if (context.json) {
        print_json(boost::json::object{{"address", address},
                                       {"advertised", status.self.endpoint.text()},
                                       {"api", running.api().endpoint().text()},
                                       {"server", id_text(status.self.id)},
                                       {"group_key", status.group_key},
                                       {"group_secret", secret},
                                       {"data_directory", context.data_directory},
                                       {"login_link", link}});
    } else {
        std::cout << "Nodes and servers reach this index server at " << address << ".\n"
                  << "The group's key is " << status.group_key << ".\n";
        if (first_of_group)
            std::cout << "The next server of the group needs a copy of " << secret << " and joins with --join "
                      << status.self.endpoint.text() << " --group-secret COPY.\n";
        std::cout << "The status page is at http://" << running.api().endpoint().text()
                  << "/ ; this link logs you in, once:\n"
                  << link << '\n';
    }
    std::cout << std::flush;
}

}  // namespace

int run_index(CommandContext const& context, IndexCommand const& command) {
    auto directory = DataDirectory::open_for_index(context.data_directory);
    log::begin("praline", log::level_of(command.log_level));
    std::signal(SIGPIPE, SIG_IGN);
    net::raise_descriptor_limit();  // a connection takes one, and a server has ten thousand of them
    try {
        auto const secret = secret_file(context, command);
        auto const api = endpoint_of("--api", command.api);
        auto options = options_of(context, command, secret);
        check_join(options);
        bool const first = !options.join;
        boost::asio::io_context io{1};
        RunningServer running{io, std::move(options), api, directory.token()};
        if (auto const problem = directory.announce_api(running.api().endpoint().text()); !problem.empty())
            log::warn("{}", problem);
        announce(context, running, secret, first);
        io.run();
    } catch (std::invalid_argument const& problem) {
        std::cerr << "praline: " << problem.what() << '\n';
        return exit_usage;
    } catch (store::DatabaseError const& error) {
        std::cerr << "praline: "
                  << database_advice(error, context.data_directory + "/catalogue.db",
                                     "only what nodes publish and other servers of the group hold too, and tell again")
                  << '\n';
        return exit_failed;
    }
    return exit_ok;
}

}  // namespace praline
