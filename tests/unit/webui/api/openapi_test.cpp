#include <algorithm>
#include <set>

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "node/base/text.hpp"
#include "unit/webui/api/fake_node.hpp"
#include "webui/api/routes.hpp"

namespace praline::webui::openapi_test {
namespace {

namespace json = boost::json;

json::object const& description() {
    static json::value const all = json::parse(openapi_text());
    return all.as_object();
}

std::string text(json::value const& value) { return std::string{value.as_string()}; }

/// "#/components/schemas/X" as the object it names.
json::object const& follow(json::object const& schema) {
    auto const* const ref = schema.if_contains("$ref");
    if (ref == nullptr) return schema;
    json::value const* at = nullptr;
    json::object const* in = &description();
    auto const pointer = text(*ref);
    for (auto const part : split(std::string_view{pointer}.substr(1), '/')) {
        at = &in->at(part);
        in = &at->as_object();
    }
    return follow(*in);
}

bool has_type(json::value const& value, json::value const& types) {
    if (types.is_array())
        return std::any_of(types.as_array().begin(), types.as_array().end(),
                           [&](auto const& one) { return has_type(value, one); });
    auto const type = text(types);
    if (type == "null") return value.is_null();
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_bool();
    if (type == "integer") return value.is_uint64() || value.is_int64();
    return type == "number" && value.is_number();
}

/// Empty when the value is as described; else where and why not.
std::string trouble(json::value const& value, json::object const& given, std::string const& where) {
    auto const& schema = follow(given);
    if (!has_type(value, schema.at("type"))) return where + ": not of type " + json::serialize(schema.at("type"));
    if (auto const* const words = schema.if_contains("enum")) {
        auto const& list = words->as_array();
        if (std::find(list.begin(), list.end(), value) == list.end()) return where + ": not in enum";
    }
    if (value.is_array())
        for (auto const& item : value.as_array())
            if (auto found = trouble(item, schema.at("items").as_object(), where + "[]"); !found.empty()) return found;
    if (!value.is_object()) return {};
    json::object const none;
    auto const& properties = schema.contains("properties") ? schema.at("properties").as_object() : none;
    if (auto const* const required = schema.if_contains("required"))
        for (auto const& name : required->as_array())
            if (!value.as_object().contains(name.as_string())) return where + ": lacks " + text(name);
    for (auto const& [name, field] : value.as_object()) {
        auto const* property = properties.if_contains(name);
        if (property == nullptr) property = schema.if_contains("additionalProperties");
        if (property == nullptr || !property->is_object()) return where + ": has unknown " + std::string{name};
        if (auto found = trouble(field, property->as_object(), where + "." + std::string{name}); !found.empty())
            return found;
    }
    return {};
}

std::string as_described(std::string method, std::string const& pattern, ApiResponse const& response) {
    auto const& responses = description()
                                .at("paths")
                                .as_object()
                                .at(pattern)
                                .as_object()
                                .at(to_lower_ascii(method))
                                .as_object()
                                .at("responses");
    auto const* const described = responses.as_object().if_contains(std::to_string(response.status));
    if (described == nullptr) return "status " + std::to_string(response.status) + " is not described";
    auto const* const content = follow(described->as_object()).if_contains("content");
    if (content == nullptr) return response.body.empty() ? "" : "a body is not described";
    if (response.header("Content-Type").starts_with("text/html"))
        return content->as_object().contains("text/html") ? "" : "a page is not described";
    auto const& schema = content->as_object().at("application/json").as_object().at("schema").as_object();
    return trouble(json::parse(response.body), schema, pattern);
}

TEST_CASE("the table of routes and openapi.json name the same methods and paths") {
    std::set<std::string> served, described;
    for (Route const& route : routes()) served.insert(to_lower_ascii(route.method) + " " + std::string{route.pattern});
    for (auto const& [path, operations] : description().at("paths").as_object())
        for (auto const& operation : operations.as_object())
            described.insert(std::string{operation.key()} + " " + std::string{path});
    REQUIRE(served == described);
}

TEST_CASE("the validator notices what does not fit") {
    json::object const schema{{"$ref", "#/components/schemas/Done"}};
    REQUIRE(trouble(json::parse(R"({"done":true})"), schema, "").empty());
    REQUIRE_FALSE(trouble(json::parse(R"({"done":false})"), schema, "").empty());
    REQUIRE_FALSE(trouble(json::parse(R"({"done":1})"), schema, "").empty());
    REQUIRE_FALSE(trouble(json::parse(R"({})"), schema, "").empty());
    REQUIRE_FALSE(trouble(json::parse(R"({"done":true,"more":1})"), schema, "").empty());
}

TEST_CASE("what is answered is what openapi.json describes, on success and on refusal") {
    for (Route const& route : routes()) {
        if (route.pattern == "/api/v1/events" || route.pattern == "/api/v1/openapi.json") continue;
        Desk desk;
        std::string target{route.pattern};
        if (auto const at = target.find("{id}"); at != std::string::npos)
            target.replace(at, 4, target.find("downloads") != std::string::npos ? "a%20b" : "1");
        if (auto const at = target.find("{name}"); at != std::string::npos) target.replace(at, 6, "abc.part");
        std::string body =
            route.pattern.ends_with("searches")
                ? R"({"text":"x"})"
                : R"({"address":"192.0.2.1:6346","text":"x","what":"x","path":"/x","token":")" + test_token + "\"}";
        if (route.pattern == "/api/v1/saved-searches") body = R"({"text":"x","repeat_seconds":600})";
        if (route.method == "GET" && route.pattern == "/login")
            target += "?code=" + desk.access.new_login_code(desk.now);
        if (route.pattern == "/api/v1/proof") target += "?nonce=" + std::string(64, '0');
        if (route.pattern == "/api/v1/library/preview") target += "?path=%2Fx";
        auto const good = desk.ask(Desk::proven(std::string{route.method}, target, body));
        CAPTURE(target, good.body);
        REQUIRE(good.status < 400);
        REQUIRE(as_described(std::string{route.method}, std::string{route.pattern}, good).empty());
        auto const refused = desk.ask(Desk::bare(std::string{route.method}, std::string{route.pattern}, "{"));
        REQUIRE(refused.status >= 400);
        REQUIRE(as_described(std::string{route.method}, std::string{route.pattern}, refused).empty());
    }
}

TEST_CASE("what a login link gives to a program is as described") {
    Desk desk;
    auto request = Desk::bare("GET", "/login?code=" + desk.access.new_login_code(desk.now));
    request.headers.emplace_back("Accept", "application/json");
    REQUIRE(as_described("GET", "/login", desk.ask(request)).empty());
    auto const refused = desk.ask(request);
    REQUIRE(refused.status == 401);
    REQUIRE(as_described("GET", "/login", refused).empty());
}

TEST_CASE("a folder that needs a yes is refused as described") {
    Desk desk;
    auto const refused = desk.ask(Desk::proven("POST", "/api/v1/library/folders", R"({"path":"/etc"})"));
    REQUIRE(refused.status == 409);
    REQUIRE(as_described("POST", "/api/v1/library/folders", refused).empty());
}

TEST_CASE("a page of all results is as described, too") {
    Desk desk;
    auto const page = desk.ask(Desk::proven("GET", "/api/v1/searches/1/results?sort=name"));
    REQUIRE(page.status == 200);
    REQUIRE(as_described("GET", "/api/v1/searches/{id}/results", page).empty());
}

}  // namespace
}  // namespace praline::webui::openapi_test
