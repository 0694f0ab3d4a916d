#include "tools/praline/session_file.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "node/base/text.hpp"
#include "node/log/log.hpp"
#include "node/store/durable_file.hpp"

namespace praline {
namespace {

constexpr std::string_view port_word = "port ";

}  // namespace

SessionFile::SessionFile(std::string const& data_directory) : path_{data_directory + "/api-sessions"} {
    kept_ = store::read_small_file(path_).value_or("");
    if (!kept_.starts_with(port_word)) return;
    auto const end = std::min(kept_.find('\n'), kept_.size());
    auto const port = parse_number(std::string_view{kept_}.substr(port_word.size(), end - port_word.size()));
    if (port && *port > 0 && *port <= UINT16_MAX) port_ = static_cast<std::uint16_t>(*port);
}

webui::SessionKeeping SessionFile::keeping() {
    return {kept_, [self = shared_from_this()](std::string const& sessions) { return self->write(sessions); }};
}

std::string SessionFile::write(std::string const& sessions) {
    try {
        store::write_file_durably(
            path_, (port_ ? std::string{port_word} + std::to_string(*port_) + '\n' : "") + sessions, 0600);
        warned_ = false;
        return {};
    } catch (std::exception const& error) {
        if (!std::exchange(warned_, true))
            log::warn("Browsers that log in now have to log in again after a restart: {}", error.what());
        return error.what();
    }
}

}  // namespace praline
