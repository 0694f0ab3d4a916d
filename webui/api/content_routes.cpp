#include "webui/api/content_routes.hpp"

#include <chrono>
#include <memory>
#include <string>

#include "node/base/text.hpp"
#include "transfer/upload/file_headers.hpp"
#include "webui/api/content_answer.hpp"
#include "webui/api/limits.hpp"
#include "webui/api/route_tools.hpp"

namespace praline::webui {
namespace {

using Opened = Outcome<std::shared_ptr<ContentSource>>;

ApiResponse content_of(Call const& call, Opened opened) {
    return opened.value ? content_answer(call.request, std::move(*opened.value)) : refuse(opened.refusal);
}

/// Host was checked: it is our own address.
ApiResponse link_to(Call const& call, std::string_view pattern, Opened const& opened) {
    if (!opened.value) return refuse(opened.refusal);
    auto const& facts = (*opened.value)->facts();
    std::string path{pattern};
    constexpr std::string_view place = "{id}";
    path.replace(path.find(place), place.size(), percent_encode(facts.id));
    auto const secret = call.access.new_content_link(call.request, content_scope(pattern, facts.id), call.now);
    auto const type = content_type_of(facts.name);
    ContentLinkView view;
    view.link = "http://" + std::string{call.request.header("Host")} + path + "?link=" + secret;
    view.media_type = type;
    view.shown = is_shown(type);
    view.expires_in_seconds = static_cast<std::uint64_t>(content_link_time / std::chrono::seconds{1});
    return answer(to_json(view), 201);
}

ApiResponse made_file(MadeFile file) {
    ApiResponse response;
    response.headers = {{"Content-Type", std::move(file.media_type)},
                        {"Content-Disposition", upload::content_disposition(file.name)},
                        {"Cache-Control", "no-store"}};
    response.body = std::move(file.body);
    add_strict_headers(response);
    return response;
}

}  // namespace

ApiResponse library_content(Call const& call) {
    return content_of(call, call.node.library.open_file(call.parameters.at(0)));
}
ApiResponse new_library_link(Call const& call) {
    return link_to(call, library_content_pattern, call.node.library.open_file(call.parameters.at(0)));
}

ApiResponse download_content(Call const& call) {
    return content_of(call, call.node.transfers.open_download(call.parameters.at(0)));
}
ApiResponse new_download_link(Call const& call) {
    return link_to(call, download_content_pattern, call.node.transfers.open_download(call.parameters.at(0)));
}

ApiResponse library_metalink(Call const& call) {
    auto made = call.node.library.metalink(call.parameters.at(0));
    return made.value ? made_file(std::move(*made.value)) : refuse(made.refusal);
}
ApiResponse library_torrent(Call const& call) {
    auto made = call.node.library.torrent(call.parameters.at(0));
    if (!made.value) return refuse(made.refusal);
    if (*made.value) return made_file(std::move(**made.value));
    ApiResponse later;
    later.ask_again = true;
    later.ask_again_after = torrent_asked_every;
    return later;
}

}  // namespace praline::webui
