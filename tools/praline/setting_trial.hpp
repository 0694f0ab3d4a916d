#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/base/endpoint.hpp"
#include "tools/praline/config.hpp"

/// Whether a value works on this machine just now: tried, not guessed.
namespace praline {

/// What a running node holds itself, which no other program has taken.
struct HeldByNode {
    std::optional<Endpoint> listen, api;
};

/// "ADDR:PORT" of a setting that was found to be one; port 0: any free one.
[[nodiscard]] Endpoint address_in(std::string const& text);

/// Binds the address, makes the folder and writes into it, looks whether the shared folders are there and may be shared. What was bound is let
/// go again, a folder that was made stays. Returns a sentence, or empty: it works.
/// @param config  with the new value in it.
[[nodiscard]] std::string try_setting(Config const& config, std::string const& key, HeldByNode const& held);

/// A sentence for each folder that `share` names and that a node refuses to share, whatever its owner says.
[[nodiscard]] std::vector<std::string> never_shared(Config const& config);

/// The trials of single settings, for their rows in the table. The same promises.
[[nodiscard]] std::string try_listen(Config const& config, HeldByNode const& held);
[[nodiscard]] std::string try_api(Config const& config, HeldByNode const& held);
[[nodiscard]] std::string try_share(Config const& config, HeldByNode const& held);
[[nodiscard]] std::string try_downloads(Config const& config, HeldByNode const& held);
[[nodiscard]] std::string try_url_ca_file(Config const& config, HeldByNode const& held);

/// Whether listen and api want the same port, so that one of them must go.
[[nodiscard]] bool addresses_collide(Config const& config);

/// The two parts of a folder's trial. Sentences, or empty.
[[nodiscard]] std::string try_to_make_folder(std::string const& path);
[[nodiscard]] std::string try_to_write_in(std::string const& folder);

}  // namespace praline
