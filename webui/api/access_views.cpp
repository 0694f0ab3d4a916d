#include "webui/api/access_views.hpp"

#include <boost/describe.hpp>
#include <boost/json.hpp>

#include "webui/api/view_reader.hpp"

namespace praline::webui {

BOOST_DESCRIBE_STRUCT(TokenView, (), (name, scope))
BOOST_DESCRIBE_STRUCT(NewTokenView, (), (name, scope, token))
BOOST_DESCRIBE_STRUCT(SessionView, (), (id, browser, age_seconds, expires_in_seconds, current))

boost::json::object to_json(TokenView const& view) { return boost::json::value_from(view).as_object(); }
boost::json::object to_json(NewTokenView const& view) { return boost::json::value_from(view).as_object(); }

boost::json::object to_json(SessionView const& view) { return boost::json::value_from(view).as_object(); }

std::vector<TokenView> tokens_from_json(boost::json::value const& answer) {
    std::vector<TokenView> views;
    for (auto const& one : list_in(answer, "tokens")) views.push_back(read_view<TokenView>(one));
    return views;
}

std::vector<SessionView> sessions_from_json(boost::json::value const& answer) {
    std::vector<SessionView> views;
    for (auto const& one : list_in(answer, "sessions")) views.push_back(read_view<SessionView>(one));
    return views;
}

NewTokenView new_token_from_json(boost::json::value const& answer) { return read_view<NewTokenView>(answer); }

}  // namespace praline::webui
