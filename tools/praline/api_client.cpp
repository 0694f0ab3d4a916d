#include "tools/praline/api_client.hpp"

#include <chrono>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>

#include "node/base/endpoint.hpp"
#include "node/net/endpoints.hpp"
#include "webui/api/secrets.hpp"

namespace praline {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace json = boost::json;

namespace {

constexpr auto answer_within = std::chrono::seconds{60};
constexpr auto work_within = std::chrono::minutes{15};   // longer than the node makes anybody wait
constexpr auto proof_within = std::chrono::seconds{20};  // a busy node takes a few seconds
constexpr auto reused_within =
    std::chrono::seconds{20};  // the node closes a connection that is idle for longer than a minute
constexpr std::size_t nonce_bytes = 32;
constexpr std::uint64_t proof_bytes_max = 4096;
constexpr std::uint32_t header_bytes_max = 16 * 1024;
constexpr std::uint64_t answer_bytes_max = 256ULL * 1024 * 1024;  // 100,000 results in full

[[noreturn]] void refuse(http::response<http::string_body> const& response, json::value const& body,
                         std::string const& name) {
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
    throw ApiError{"The " + name + " answered with status " + std::to_string(status) + ".", status,
                   "unexpected_answer"};
}

using Request = http::request<http::string_body>;
using Parser = http::response_parser<http::string_body>;

}  // namespace

/// One connection. Every step runs the loop until it is done or has taken too long.
struct ApiClient::Link {
    explicit Link(Endpoint to) {
        stream.expires_after(proof_within);
        stream.async_connect(net::to_asio(to), [&](beast::error_code error) { failure = error; });
        run();
    }
    /// Null: `failure` says why.
    std::unique_ptr<Parser> exchange(Request const& request, std::chrono::seconds within, std::uint64_t bytes_max) {
        auto parser = std::make_unique<Parser>();
        parser->body_limit(bytes_max);
        parser->header_limit(header_bytes_max);
        stream.expires_after(within);
        http::async_write(stream, request, [&](beast::error_code written, std::size_t) {
            if ((failure = written)) return;
            http::async_read(stream, buffer, *parser, [&](beast::error_code read, std::size_t) { failure = read; });
        });
        run();
        used = std::chrono::steady_clock::now();
        open = !failure && parser->keep_alive();
        return failure ? nullptr : std::move(parser);
    }
    void run() {
        io.restart();
        io.run();
    }
    [[nodiscard]] bool reusable() const { return open && std::chrono::steady_clock::now() - used < reused_within; }

    asio::io_context io{1};
    beast::tcp_stream stream{io};
    beast::flat_buffer buffer;
    beast::error_code failure;
    std::chrono::steady_clock::time_point used;
    bool open = false;
};

ApiClient::ApiClient(RunningNode node, Asked asked) : node_{std::move(node)}, asked_{std::move(asked)} {}
ApiClient::~ApiClient() = default;

void ApiClient::silent(std::string const& why) const {
    throw ApiError{"The " + asked_.name + " at " + node_.address + " does not answer: " + why + ". Start it with `" +
                       asked_.command + "`.",
                   0, "no_answer"};
}

void ApiClient::another_program() const {
    throw ApiError{"Another program answers at " + node_.address + "; the " + asked_.name +
                       " is not running. Start it with `" + asked_.command + "`.",
                   0, "not_running"};
}

void ApiClient::demand_proof(Link& link) {
    auto const nonce = webui::random_hex(nonce_bytes);
    Request request{http::verb::get, "/api/v1/proof?nonce=" + nonce, 11};
    request.set(http::field::host, node_.address);
    auto const parser = link.exchange(request, proof_within, proof_bytes_max);
    bool const of_http = link.failure.category() == http::make_error_code(http::error::bad_target).category();
    if (!parser && link.failure != http::error::end_of_stream && of_http) another_program();
    if (!parser) silent(link.failure.message());
    beast::error_code bad_json;
    auto const value = json::parse(parser->get().body(), bad_json);
    auto const* const object = bad_json ? nullptr : value.if_object();
    auto const* const proof = object == nullptr ? nullptr : object->if_contains("proof");
    bool const proved =
        parser->get().result_int() == 200 && proof != nullptr && proof->is_string() && !node_.token.empty() &&
        webui::same_secret(std::string{proof->as_string()}, webui::node_proof(node_.token, nonce, node_.address));
    if (!proved || !link.open) another_program();
}

ApiClient::Link& ApiClient::proven_link() {
    if (link_ && link_->reusable()) return *link_;
    auto const endpoint = Endpoint::parse(node_.address);
    if (!endpoint)
        throw ApiError{
            "The file that says where the API of the " + asked_.name + " is holds no address; start it again.", 0,
            "bad_address"};
    link_ = std::make_unique<Link>(*endpoint);
    if (link_->failure) silent(link_->failure.message());
    demand_proof(*link_);
    return *link_;
}

struct ApiClient::Answer {
    std::string body;
    json::value value;
    bool is_json = false;
};

json::value ApiClient::call(std::string_view method, std::string_view path, json::value const* body) {
    return call(method, path, body != nullptr ? Body{"application/json", json::serialize(*body)} : Body{});
}

json::value ApiClient::post_bytes(std::string_view path, std::string bytes) {
    return call("POST", path, Body{"application/octet-stream", std::move(bytes)});
}

json::value ApiClient::call(std::string_view method, std::string_view path, Body body) {
    auto answer = ask(method, path, std::move(body), answer_within);
    if (!answer.is_json)
        throw ApiError{
            "The answer of the " + asked_.name + " is not JSON; is another program listening at " + node_.address + "?",
            0, "not_json"};
    return std::move(answer.value);
}

std::string ApiClient::text(std::string_view path) { return ask("GET", path, {}, work_within).body; }

ApiClient::Answer ApiClient::ask(std::string_view method, std::string_view path, Body body,
                                 std::chrono::seconds within) {
    Request request;
    request.version(11);
    request.method_string(method);
    request.target("/api/v1" + std::string{path});
    request.set(http::field::host, node_.address);
    request.set(http::field::authorization, "Bearer " + node_.token);
    request.set("X-Praline", "1");
    if (!body.type.empty()) {
        request.set(http::field::content_type, body.type);
        request.body() = std::move(body.bytes);
    }
    request.prepare_payload();

    bool const reused = link_ && link_->reusable();
    auto parser = proven_link().exchange(request, within, answer_bytes_max);
    if (!parser && reused && request.method() == http::verb::get) {
        // The node may have been started again since the last call, and asking twice does no harm.
        link_.reset();
        parser = proven_link().exchange(request, within, answer_bytes_max);
    }
    if (!parser) silent(link_->failure.message());
    auto const& response = parser->get();
    beast::error_code bad_json;
    auto value = response.body().empty() ? json::value{} : json::parse(response.body(), bad_json);
    if (response.result_int() >= 300) refuse(response, bad_json ? json::value{} : value, asked_.name);
    return {response.body(), bad_json ? json::value{} : std::move(value), !bad_json};
}

}  // namespace praline
