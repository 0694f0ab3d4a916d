#include "tools/praline/token_file.hpp"

#include <exception>

#include "node/store/durable_file.hpp"

namespace praline {

webui::TokenKeeping token_file(std::string const& data_directory) {
    auto const path = data_directory + "/api-tokens";
    return {store::read_small_file(path).value_or(""), [path](std::string const& tokens) -> std::string {
                try {
                    store::write_file_durably(path, tokens, 0600);
                    return {};
                } catch (std::exception const& error) {
                    return error.what();
                }
            }};
}

}  // namespace praline
