#include "tools/bench/nginx.hpp"

#include <unistd.h>

#include <chrono>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "node/base/endpoint.hpp"
#include "tools/bench/raw_peer.hpp"

namespace praline::bench {
namespace {

std::uint16_t unusual_port() {
    // nginx takes no port 0.
    auto const now = std::chrono::steady_clock::now().time_since_epoch().count();
    return static_cast<std::uint16_t>(18'000 + now % 1000);
}

std::string write_config(std::string const& folder, std::uint16_t port) {
    auto const path = folder + "/nginx.conf";
    std::ofstream{path} << "daemon off; master_process off; pid " << folder << "/nginx.pid; error_log " << folder
                        << "/nginx.log;\n"
                        << "events { worker_connections 4096; }\n"
                        << "http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; "
                        << "client_body_temp_path " << folder << "/t; proxy_temp_path " << folder
                        << "/t; fastcgi_temp_path " << folder << "/t; uwsgi_temp_path " << folder
                        << "/t; scgi_temp_path " << folder << "/t; server { listen 127.0.0.1:" << port << "; root "
                        << folder << "/share; } }\n";
    return path;
}

}  // namespace

Nginx::Nginx(std::string const& folder) : port_{unusual_port()}, child_{{"nginx", "-c", write_config(folder, port_)}} {
    for (int tries = 0; tries < 200; ++tries) {
        try {
            ::close(connect_to(Endpoint{0x7F000001, port_}));
            return;
        } catch (std::exception const&) {
            std::this_thread::sleep_for(std::chrono::milliseconds{50});
        }
    }
    throw std::runtime_error{"nginx did not start"};
}

std::string Nginx::url(std::string const& name) const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/" + name;
}

}  // namespace praline::bench
