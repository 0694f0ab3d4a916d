#include "tools/praline/command_line.hpp"

namespace praline {
namespace {

void add_addresses(CLI::App* index, IndexCommand& how) {
    index
        ->add_option("--listen", how.listen,
                     "Where nodes and other servers reach it; an IPv6 address in brackets, such as [::1]:6347; port 0: "
                     "any free one")
        ->type_name("ADDR:PORT");
    index
        ->add_option("--advertise", how.advertise,
                     "Address to advertise instead, behind a forwarded port or with --listen 0.0.0.0 or [::]")
        ->type_name("ADDR:PORT");
    index
        ->add_option("--join", how.join,
                     "A server of the group to join, such as index.example.org:6347 or [2001:db8::1]:6347; without it, "
                     "this one begins a group")
        ->type_name("HOST:PORT");
    index
        ->add_option("--group-secret", how.group_secret,
                     "What all servers of the group share; default: group.secret in the data directory, made by the "
                     "first server")
        ->type_name("FILE");
    index->add_option("--api", how.api, "Status page, API and metrics, on loopback only; port 0: any free one")
        ->type_name("ADDR:PORT")
        ->capture_default_str();
}

/// What all servers of a group agree on, and what each does for the others.
void add_timing(CLI::App* index, IndexCommand& how) {
    index
        ->add_option("--lease", how.lease_seconds,
                     "How long a node's list stays after the node, or its server, was last heard from; a server whose "
                     "value differs from its group's is refused")
        ->type_name("SECONDS")
        ->check(CLI::Range(1.0, 86400.0))
        ->capture_default_str();
    index
        ->add_option(
            "--beat", how.heartbeat_seconds,
            "Time between heartbeats to other servers; a server whose value differs from its group's is refused")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.01, 60.0))
        ->capture_default_str();
    index
        ->add_option("--suspect-after", how.suspect_after_heartbeats,
                     "A server that misses so many heartbeats is suspected, and changes no longer wait for it; a "
                     "server whose value differs from its group's is refused")
        ->type_name("BEATS")
        ->check(CLI::Range(2, 1000))
        ->capture_default_str();
    index->add_option("--repair-every", how.repair_seconds, "Time between comparisons with another server, on average")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.05, 3600.0))
        ->capture_default_str();
}

void add_limits(CLI::App* index, IndexCommand& how) {
    index->add_option("--readers", how.readers, "Threads that search")
        ->type_name("N")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    index->add_option("--nodes", how.nodes, "Nodes connected at most; further ones are sent to other servers")
        ->type_name("N")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
    index->add_option("--publishers-per-address", how.publishers_of_address, "Nodes at one address that may publish")
        ->type_name("N")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
    index->add_option("--files-per-publisher", how.files_of_publisher, "Files that one node may list")
        ->type_name("N")
        ->check(CLI::Range(1, 100000000))
        ->capture_default_str();
    index
        ->add_option(
            "--files-per-address", how.files_of_address,
            "Files that all nodes at one address together may list; 0: 2000000, or as many as one node if that is more")
        ->type_name("N")
        ->check(CLI::Range(0UL, 10000000000UL))
        ->capture_default_str();
    index->add_option("--files-max", how.files, "Files that all nodes together may list")
        ->type_name("N")
        ->check(CLI::Range(1UL, 10000000000UL))
        ->capture_default_str();
    index
        ->add_option("--disk-max", how.disk_mib,
                     "Disk space that the catalogue may take; when it is used up, no node may list more")
        ->type_name("MIB")
        ->check(CLI::Range(1UL, 1073741824UL))
        ->capture_default_str();
    index
        ->add_option(
            "--searches-per-address", how.searches_of_address,
            "Searches per second from all nodes at one address, in bursts of up to ten seconds' worth; 0: no limit")
        ->type_name("N")
        ->check(CLI::Range(0, 1000000))
        ->capture_default_str();
}

void add_commands(CLI::App* index, CommandLine& line) {
    auto* const status =
        index->add_subcommand("status", "Show members, lag, publishers, rates and latencies of the running server");
    status->add_flag("--login-link", line.index.login_link, "Print a fresh link that logs a browser in, once");
    status->fallthrough()->callback([&line] { line.result = run_index_status(line.context(), line.index); });
    auto* const drain =
        index->add_subcommand("drain", "Send the nodes of the running server to other servers, then stop it");
    drain->fallthrough()->callback([&line] { line.result = run_index_drain(line.context()); });
    index->add_subcommand("unit", "Print a systemd unit; how to install it stands at its top")->callback([&line] {
        line.result = run_index_unit();
    });
}

}  // namespace

void add_index(CLI::App& app, CommandLine& line) {
    auto* const index = app.add_subcommand("index", "Run an index server until Ctrl-C, or inspect the running one");
    add_addresses(index, line.index);
    add_timing(index, line.index);
    add_limits(index, line.index);
    index->add_option("--log-level", line.index.log_level, "What is logged: lines of this level and above")
        ->type_name("trace|debug|info|warn|error")
        ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error"}))
        ->capture_default_str();
    index->footer(
        "Examples:\n"
        "  praline --data ~/index index --listen 192.0.2.1:6347\n"
        "  praline --data ~/index index --listen 192.0.2.2:6347 --join 192.0.2.1:6347\n"
        "  praline --data ~/index index status\n"
        "\n"
        "The first server of a group makes group.secret in its data directory; each further one needs a copy of it and "
        "--join.\n"
        "SIGTERM and Ctrl-C drain: nodes are sent to other servers first; a second one stops at once.\n"
        "Prometheus reads /metrics with the content of api-token as bearer token (authorization: credentials_file).\n" +
        std::string{exit_codes_help});
    index->callback([&line, index] {
        if (index->get_subcommands().empty()) line.result = run_index(line.context(), line.index);
    });
    add_commands(index, line);
}

}  // namespace praline
