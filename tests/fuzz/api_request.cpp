#include <algorithm>
#include <string>

#include <boost/json.hpp>

#include "fuzz/fuzz.hpp"
#include "node/base/text.hpp"
#include "unit/webui/api/fake_node.hpp"
#include "webui/api/routes.hpp"

namespace {

using namespace praline;
using namespace praline::webui;

/// What holds of every answer, whatever was asked.
void require_answer(ApiResponse const& response) {
    fuzz::require(response.status >= 200 && response.status < 500);
    if (response.ask_again) return;
    fuzz::require(response.header("X-Content-Type-Options") == "nosniff");
    if (response.header("Content-Type") != "application/json") return;
    boost::system::error_code error;
    auto const body = boost::json::parse(response.body, error);
    fuzz::require(!error && body.is_object());
    if (response.status < 400) return;
    auto const& problem = body.as_object().at("error").as_object();
    fuzz::require(!problem.at("code").as_string().empty() && !problem.at("message").as_string().empty());
}

/// Without the token nothing is asked of the node; HEAD is answered as GET is.
void require_request(std::string const& method, std::string const& target, std::string const& body) {
    Desk desk;
    auto const refused = desk.ask(Desk::bare(method, target, body));
    require_answer(refused);
    fuzz::require(!refused.proven && desk.node.asked.empty());
    auto const answered = desk.ask(Desk::proven(method, target, body));
    require_answer(answered);
    if (method != "GET") return;
    auto const head = desk.ask(Desk::proven("HEAD", target, body));
    fuzz::require(head.status == answered.status && head.head_only);
}

/// The body for each route that takes one.
void require_body(std::string const& body) {
    Desk desk;
    for (Route const& route : routes()) {
        if (route.method == "GET") continue;
        std::string target{route.pattern};
        if (auto const open = target.find('{'); open != std::string::npos)
            target.replace(open, target.find('}') + 1 - open, "1");
        require_answer(desk.ask(Desk::proven(std::string{route.method}, target, body)));
    }
}

}  // namespace

/// Any bytes as a request, a line of method and address before the body, and as the body of every route: an answer within
/// the rules.
int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const text = as_text(fuzz::view(data, size));
    auto const line_end = std::min(text.find('\n'), text.size());
    auto const line = text.substr(0, line_end);
    auto const blank = std::min(line.find(' '), line.size());
    require_request(std::string{line.substr(0, blank)}, std::string{line.substr(std::min(blank + 1, line.size()))},
                    std::string{text.substr(std::min(line_end + 1, text.size()))});
    require_body(std::string{text});
    auto const asked = Desk::bare("GET", "/?a=1&name=" + percent_encode(text));
    fuzz::require(asked.query("name") == text);
    return 0;
}
