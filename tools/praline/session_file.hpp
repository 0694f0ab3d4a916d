#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "node/base/endpoint.hpp"
#include "webui/api/session_table.hpp"

namespace praline {

/// The file api-sessions of a data directory, which only its owner reads: browsers that are logged in, so that they still are
/// when the program is started again. Removing the file logs all of them out. A disk that takes nothing costs a warning; the
/// sessions then live as long as the program.   @threads one.
class SessionFile : public std::enable_shared_from_this<SessionFile> {
public:
    /// Reads what is there. Never throws.
    explicit SessionFile(std::string const& data_directory);
    /// The port that the browsers know; empty: no browser is logged in.
    [[nodiscard]] std::optional<std::uint16_t> port() const { return port_; }
    void set_port(std::uint16_t port) { port_ = port; }
    /// @pre held by a shared pointer.
    [[nodiscard]] webui::SessionKeeping keeping();

private:
    /// @returns a sentence when it could not
    std::string write(std::string const& sessions);

    std::string path_, kept_;
    std::optional<std::uint16_t> port_;
    bool warned_ = false;
};

/// Opens an API whose sessions are kept. When any free port will do it is the last one again, if that is free: bookmarks and
/// sessions hold for one port only.
/// @param open  (Endpoint, webui::SessionKeeping) → std::unique_ptr of the API; throws std::runtime_error when it cannot listen.
template <class Open>
[[nodiscard]] auto open_with_sessions(std::string const& data_directory, Endpoint listen, Open open) {
    auto const file = std::make_shared<SessionFile>(data_directory);
    auto const opened = [&](Endpoint where) {
        auto api = open(where, file->keeping());
        file->set_port(api->endpoint().port);
        return api;
    };
    if (listen.port == 0 && file->port()) {
        try {
            return opened({listen.address, *file->port()});
        } catch (std::runtime_error const&) {
            // Another program has it by now.
        }
    }
    return opened(listen);
}

}  // namespace praline
