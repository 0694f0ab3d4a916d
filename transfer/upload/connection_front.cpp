#include <utility>

#include "node/base/text.hpp"
#include "transfer/upload/connection.hpp"

namespace praline::upload {

using boost::asio::awaitable;

namespace {

bool accepts(HttpRequest const& request, std::string_view type) {
    return to_lower_ascii(request.accept).find(type) != std::string::npos;
}

}  // namespace

/// Programs that browse also name text/html, for peers that have a page of their files and nothing else.
awaitable<bool> Connection::answer_front(HttpRequest const& request) {
    bool const browsable = server_->content.is_browsable();
    bool const wants_list = accepts(request, list_media_type);
    if (wants_list && browsable) co_return co_await answer_list(request);
    std::string text;
    if (wants_list && !accepts(request, "*/*") && !accepts(request, "text/"))
        text = list_refusal({}, server_->server_name, request.keep_alive, request.method);
    else
        text = front_page(server_->server_name, browsable, request.keep_alive, request.method);
    co_return co_await write(text);
}

awaitable<bool> Connection::answer_list(HttpRequest const& request) {
    auto const form = list_form_for(request);
    auto text = list_head(form, server_->server_name);
    if (request.method == Method::head) {
        bool const written = co_await write(text);
        co_return written&& form.keep_alive;
    }
    auto const& address = info_.remote.address;
    if (auto const wait = server_->lists.wait_for(address, now())) {
        text = list_refusal(wait, server_->server_name, request.keep_alive, request.method);
        co_return co_await write(text);
    }
    std::string const no_lines;  // named: GCC 12 destroys twice what is a temporary of a co_await
    bool const granted = co_await take_slot(request, no_lines);
    if (!granted) co_return socket_.is_open();
    server_->lists.given(address, now());
    co_return co_await send_list(std::move(text), form);
}

/// Part by part, so that a long list takes no memory here. One that is forbidden in between breaks off, as a list that
/// ends well would be taken for all there is.
awaitable<bool> Connection::send_list(std::string text, ListForm form) {
    ServedFile list;
    list.name = "List of files";
    begin_body(list, {});
    auto const id = Guid::random(server_->rng);
    std::string position;
    for (bool more = true; more;) {
        if (!server_->content.is_browsable()) co_return false;
        auto part = server_->content.list_behind(position, id);
        more = !part.messages.empty();
        if (form.chunked)
            text += chunk_of(as_text(part.messages));
        else
            text += as_text(part.messages);
        info_.range_bytes += part.messages.size();  // how long it will be is not known
        bool const written = text.empty() || co_await write(text);
        if (!written) co_return false;
        info_.sent_bytes += part.messages.size();
        server_->bytes_sent += part.messages.size();
        position = std::move(part.position);
        text.clear();
    }
    co_return form.keep_alive;
}

}  // namespace praline::upload
