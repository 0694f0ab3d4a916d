#include "tools/praline/node_api.hpp"

#include <boost/asio/post.hpp>

#include "node/log/log.hpp"
#include "tools/praline/session_file.hpp"
#include "tools/praline/setting_trial.hpp"
#include "tools/praline/token_file.hpp"

namespace praline {

NodeApi::NodeApi(boost::asio::io_context& io, NodeParts const& parts, std::vector<std::string> problems, Host host)
    : status_{parts, std::move(problems), std::move(host.shut_down)},
      peers_{parts.overlay, parts.peers},
      searches_{parts.searches, parts.settings, parts.library, parts.downloads},
      kept_{parts.searches, parts.settings},
      transfers_{parts.downloads, parts.uploads, parts.sources, parts.searches, parts.settings, notifier()},
      library_{parts.library, parts.identity, parts.uploads.locations(), notifier(),
               [&io](std::function<void()> work) { boost::asio::post(io, std::move(work)); }},
      settings_{parts.settings,
                [this, bound = parts.identity.bound] {
                    return HeldByNode{bound, endpoint()};
                },
                std::move(host.settings_changed)} {
    webui::NodeControl const control{status_, peers_, searches_, kept_, transfers_, library_, settings_};
    webui::ApiOptions options;
    options.token = parts.directory.token();
    options.tokens = token_file(parts.directory.path());
    server_ = open_with_sessions(parts.directory.path(), address_in(parts.settings.config().api),
                                 [&](Endpoint where, webui::SessionKeeping sessions) {
                                     options.listen = where;
                                     options.sessions = std::move(sessions);
                                     return std::make_unique<webui::ApiServer>(io, control, options);
                                 });
    if (auto problem = parts.directory.announce_api(endpoint().text()); !problem.empty()) {
        log::error("{}", problem);
        status_.add_problem(std::move(problem));
    }
}

void NodeApi::notify(std::string topic, std::string id) {
    if (server_) server_->notify({std::move(topic), std::move(id)});
}

Notify NodeApi::notifier() {
    return [this](std::string topic, std::string id) { notify(std::move(topic), std::move(id)); };
}

}  // namespace praline
