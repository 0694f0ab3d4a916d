#include "tools/praline/api_client.hpp"

#include <chrono>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>

#include "node/base/endpoint.hpp"

namespace praline {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace json = boost::json;

namespace {

constexpr auto answer_within = std::chrono::seconds{60};
constexpr std::uint64_t answer_bytes_max = 256ULL * 1024 * 1024;   // 100,000 results in full

[[noreturn]] void refuse(http::response<http::string_body> const& response, json::value const& body, std::string const& name) {
    auto const status = static_cast<int>(response.result_int());
    if (auto const* const object = body.if_object()) {
        if (auto const* const error = object->if_contains("error"); error != nullptr && error->is_object()) {
            auto const& fields = error->as_object();
            auto const text = [&](char const* key) {
                auto const* const value = fields.if_contains(key);
                return value != nullptr && value->is_string() ? std::string{value->as_string()} : std::string{};
            };
            throw ApiError{text("message"), status, text("code")};
        }
    }
    throw ApiError{"The " + name + " answered with status " + std::to_string(status) + ".", status, "unexpected_answer"};
}

}  // namespace

json::value ApiClient::call(std::string_view method, std::string_view path, json::value const* body) {
    auto const endpoint = Endpoint::parse(node_.address);
    if (!endpoint) throw ApiError{"The file that says where the API of the " + asked_.name + " is holds no address; start it again.", 0, "bad_address"};

    http::request<http::string_body> request;
    request.version(11);
    request.method_string(method);
    request.target("/api/v1" + std::string{path});
    request.set(http::field::host, node_.address);
    request.set(http::field::authorization, "Bearer " + node_.token);
    request.set("X-Praline", "1");
    if (body != nullptr) {
        request.set(http::field::content_type, "application/json");
        request.body() = json::serialize(*body);
    }
    request.prepare_payload();

    asio::io_context io;
    beast::tcp_stream stream{io};
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(answer_bytes_max);
    beast::error_code failure;
    stream.expires_after(answer_within);
    stream.async_connect({asio::ip::address_v4{endpoint->address}, endpoint->port}, [&](beast::error_code connected) {
        if ((failure = connected)) return;
        http::async_write(stream, request, [&](beast::error_code written, std::size_t) {
            if ((failure = written)) return;
            http::async_read(stream, buffer, parser, [&](beast::error_code read, std::size_t) { failure = read; });
        });
    });
    io.run();
    if (failure) {
        throw ApiError{"The " + asked_.name + " at " + node_.address + " does not answer: " + failure.message() + ". Start it with `" + asked_.command + "`.", 0, "no_answer"};
    }
    auto const& response = parser.get();
    beast::error_code bad_json;
    auto const value = response.body().empty() ? json::value{} : json::parse(response.body(), bad_json);
    if (response.result_int() >= 300) refuse(response, bad_json ? json::value{} : value, asked_.name);
    if (bad_json) throw ApiError{"The answer of the " + asked_.name + " is not JSON; is another program listening at " + node_.address + "?", 0, "not_json"};
    return value;
}

}  // namespace praline
