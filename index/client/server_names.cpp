#include "index/client/server_names.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>

#include "node/log/log.hpp"
#include "node/net/system_clock.hpp"

namespace praline::index::client {
namespace {

constexpr std::chrono::seconds look_up_again_after{10};

HostPort parse_name(std::string const& text) {
    auto const parsed = HostPort::parse(text);
    if (!parsed)
        throw std::runtime_error{
            "\"" + text + "\" is not the address of an index server: write HOST:PORT, for example 192.0.2.1:7000; " +
            to_string(parsed.error()) + '.'};
    return *parsed;
}

}  // namespace

ServerNames::ServerNames(boost::asio::io_context& io, std::function<void(Endpoint)> found)
    : io_{io}, found_{std::move(found)}, lookup_{io} {}

void ServerNames::look_up(std::string const& name) {
    auto parsed = parse_name(name);
    if (names_.size() >= names_max)
        throw std::runtime_error{"More than " + std::to_string(names_max) + " index servers are given by name."};
    resolve(names_.emplace_back(std::move(parsed), io_, [this](Name& due) { resolve(due); }));
}

void ServerNames::resolve(Name& name) {
    name.lookup = lookup_.look_up(name.name.host, [this, owner = owner_, &name](net::NameLookup::Found const& answer) {
        auto const alive = owner.lock();
        if (alive && !stopped_) resolved(name, answer);
    });
}

void ServerNames::resolved(Name& name, net::NameLookup::Found const& answer) {
    if (!answer.addresses.empty()) return found_({net::preferred(answer.addresses), name.name.port});
    log::warn("The name of the index server {}:{} cannot be looked up: {}.", name.name.host, name.name.port,
              answer.problem);
    name.again.set(net::now() + look_up_again_after);
}

void ServerNames::stop() {
    stopped_ = true;
    for (auto& name : names_) {
        lookup_.cancel(name.lookup);
        name.again.cancel();
    }
}

}  // namespace praline::index::client
