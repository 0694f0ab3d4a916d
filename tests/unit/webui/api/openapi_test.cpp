#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <set>

#include "node/base/text.hpp"
#include "webui/api/page_assets.hpp"
#include "webui/api/routes.hpp"

/// That real answers are as openapi.json describes them is shown by tests/functional/test_schema.py.
namespace praline::webui::openapi_test {
namespace {

namespace json = boost::json;

bool is_of_node(json::object const& operation) {
    auto const& tags = operation.at("tags").as_array();
    return std::find(tags.begin(), tags.end(), json::value("node")) != tags.end();
}

TEST_CASE("the table of routes and openapi.json name the same methods, paths and scopes") {
    auto const document = json::parse(openapi_text());
    std::set<std::string> served, described;
    for (Route const& route : routes())
        served.insert(to_lower_ascii(route.method) + " " + std::string{route.pattern} + " " +
                      std::string{to_string(route.scope)});
    for (auto const& [path, operations] : document.at("paths").as_object())
        for (auto const& [method, operation] : operations.as_object())
            if (is_of_node(operation.as_object()))
                described.insert(std::string{method} + " " + std::string{path} + " " +
                                 std::string{operation.at("x-scope").as_string()});
    REQUIRE(served == described);
}

}  // namespace
}  // namespace praline::webui::openapi_test
