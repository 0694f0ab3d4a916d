#include "webui/api/access_routes.hpp"

#include <chrono>

#include "webui/api/access_views.hpp"
#include "webui/api/field_reader.hpp"
#include "webui/api/route_tools.hpp"

namespace praline::webui {
namespace {

using Result = TokenTable::Change::Result;

ApiResponse not_kept(std::string const& reason) {
    return error_response(507, "not_saved", "Nothing was changed: " + reason);
}

}  // namespace

ApiResponse tokens(Call const& call) {
    json::array list;
    for (NamedToken const& one : call.access.named_tokens())
        list.push_back(to_json(TokenView{one.name, std::string{to_string(one.scope)}}));
    return answer(json::object{{"tokens", std::move(list)}});
}

ApiResponse add_token(Call const& call) {
    auto const body = body_object(call.request);
    if (!body) return bad("The body must be a JSON object with the text `name`, and a `scope`.");
    FieldReader fields{*body};
    auto const name = fields.text("name");
    auto scope_name = fields.text("scope");
    if (body->if_contains("scope") == nullptr) scope_name = to_string(Scope::read);
    fields.expect_no_more();
    if (!fields.problem().empty()) return bad(fields.problem());
    auto const scope = scope_named(scope_name);
    if (!scope) return bad("A scope is read, control or admin.");
    if (!is_token_name(name))
        return bad("The `name` of a token is of letters, digits, dots, hyphens and underscores, 64 at most.");
    auto made = call.access.add_token(name, *scope);
    if (made.result == Result::not_kept) return not_kept(made.text);
    if (made.result == Result::refused) return error_response(409, "not_made", made.text);
    return answer(to_json(NewTokenView{name, scope_name, std::move(made.text)}), 201);
}

ApiResponse revoke_token(Call const& call) {
    auto const revoked = call.access.revoke_token(call.parameters.at(0));
    if (revoked.result == Result::not_kept)
        return error_response(507, "not_saved", "It is over, but a restart would bring it back: " + revoked.text);
    if (revoked.result == Result::refused) return error_response(404, "not_found", revoked.text);
    return answer(json::object{{"done", true}});
}

ApiResponse sessions(Call const& call) {
    using Seconds = std::chrono::duration<double>;
    json::array list;
    for (auto const& one : call.access.sessions(call.now)) {
        SessionView view;
        view.id = one.id;
        view.browser = one.browser;
        view.age_seconds = Seconds{one.age}.count();
        view.expires_in_seconds = Seconds{session_time - one.age}.count();
        view.current = one.id == SessionTable::id_of(call.caller);
        list.push_back(to_json(view));
    }
    return answer(json::object{{"sessions", std::move(list)}});
}

ApiResponse revoke_session(Call const& call) {
    auto const& id = call.parameters.at(0);
    return call.access.revoke_session(id, call.now)
               ? answer(json::object{{"done", true}})
               : error_response(404, "not_found", "There is no session " + id + ".");
}

}  // namespace praline::webui
