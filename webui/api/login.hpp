#pragma once

#include <string_view>

#include "node/base/time.hpp"
#include "webui/api/access.hpp"
#include "webui/api/api_request.hpp"

/// How browsers and commands get in, the same at a node and at an index server.   @threads one.
namespace praline::webui {

struct LoginWords {
    std::string_view whose_token;   ///< "the node's": for the refusal of a wrong one
    std::string_view link_command;  ///< what prints a fresh link
};

/// `GET /login?code=…`: a page that keeps the session's key in the browser and goes on to "/". A browser that is logged in
/// already is sent there without a code, and any other is told in a page what to do. Programs that want JSON get it.
[[nodiscard]] ApiResponse login_by_link(Access& access, ApiRequest const& request, Instant now,
                                        LoginWords const& words);
/// `POST /login` with {"token": …}: a cookie, and the key in the answer.
[[nodiscard]] ApiResponse login_by_token(Access& access, ApiRequest const& request, Instant now,
                                         LoginWords const& words);
/// `GET /api/v1/proof?nonce=…`, for anybody: see `node_proof`.
[[nodiscard]] ApiResponse prove_node(Access const& access, ApiRequest const& request);

/// 401, held back when it was a wrong guess.
[[nodiscard]] ApiResponse unauthorised(Access::Verdict const& verdict, std::string_view message);
/// 403: the caller's token may not do this.
[[nodiscard]] ApiResponse beyond_scope(Scope given, Scope needed);
/// 405, with the header Allow.
[[nodiscard]] ApiResponse wrong_method(std::string_view allowed);
/// A page of another site can make a browser send our cookie's requests, but neither with our Origin nor with this header.
[[nodiscard]] bool change_was_meant(ApiRequest const& request);

/// Answers HEAD as `get` answers GET, without the body.
template <class Answer>
[[nodiscard]] ApiResponse answer_head_too(ApiRequest const& request, Answer get) {
    if (request.method != "HEAD") return get(request);
    auto as_get = request;
    as_get.method = "GET";
    as_get.head = true;
    ApiResponse response = get(as_get);
    response.head_only = true;
    return response;
}

}  // namespace praline::webui
