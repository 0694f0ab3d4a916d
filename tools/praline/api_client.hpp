#pragma once

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "tools/praline/data_directory.hpp"

namespace praline {

inline constexpr int status_bad_request = 400;  ///< of an ApiError: what was asked for makes no sense

/// The node said no, or does not answer. `what()` is a sentence.
class ApiError : public std::runtime_error {
public:
    ApiError(std::string const& sentence, int status, std::string code)
        : std::runtime_error{sentence}, status_{status}, code_{std::move(code)} {}
    [[nodiscard]] int status() const { return status_; }  ///< HTTP status; 0: no answer
    [[nodiscard]] std::string const& code() const { return code_; }

private:
    int status_;
    std::string code_;
};

/// Who is asked, for sentences about it.
struct Asked {
    std::string name = "node", command = "praline node";
};

/// Blocking calls to a running node, over one connection that is kept. The token is sent only after the program at the other
/// end has proved that it holds it too and is at that address: the file that says where the node is outlives a node that was
/// killed, and by then another program may have its port.
class ApiClient {
public:
    explicit ApiClient(RunningNode node, Asked asked = {});
    ~ApiClient();
    boost::json::value get(std::string_view path) { return call("GET", path, nullptr); }
    /// An answer that is no JSON, as it comes; the node may have work to do before.
    std::string text(std::string_view path);
    boost::json::value post(std::string_view path, boost::json::value const& body) { return call("POST", path, &body); }
    /// The body as it is, for what is no JSON.
    boost::json::value post_bytes(std::string_view path, std::string bytes);
    boost::json::value remove(std::string_view path) { return call("DELETE", path, nullptr); }
    boost::json::value patch(std::string_view path, boost::json::value const& body) {
        return call("PATCH", path, &body);
    }

private:
    struct Link;

    struct Answer;

    /// What a request carries. Its type is empty: nothing.
    struct Body {
        std::string type, bytes;
    };
    boost::json::value call(std::string_view method, std::string_view path, boost::json::value const* body);
    boost::json::value call(std::string_view method, std::string_view path, Body body);
    /// Throws ApiError unless the status is below 300.
    Answer ask(std::string_view method, std::string_view path, Body body, std::chrono::seconds within);
    /// A connection whose other end has proved itself.
    Link& proven_link();
    void demand_proof(Link& link);
    [[noreturn]] void silent(std::string const& why) const;
    [[noreturn]] void another_program() const;

    RunningNode node_;
    Asked asked_;
    std::unique_ptr<Link> link_;
};

}  // namespace praline
