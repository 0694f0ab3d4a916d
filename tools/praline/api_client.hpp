#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "tools/praline/data_directory.hpp"

namespace praline {

/// The node said no, or does not answer. `what()` is a sentence.
class ApiError : public std::runtime_error {
public:
    ApiError(std::string const& sentence, int status, std::string code)
        : std::runtime_error{sentence}, status_{status}, code_{std::move(code)} {}
    [[nodiscard]] int status() const { return status_; }   ///< HTTP status; 0: no answer
    [[nodiscard]] std::string const& code() const { return code_; }

private:
    int status_;
    std::string code_;
};

/// Who is asked, for sentences about it.
struct Asked { std::string name = "node", command = "praline node"; };

/// Blocking calls to a running node; one connection a call.
class ApiClient {
public:
    explicit ApiClient(RunningNode node, Asked asked = {}) : node_{std::move(node)}, asked_{std::move(asked)} {}
    boost::json::value get(std::string_view path) { return call("GET", path, nullptr); }
    boost::json::value post(std::string_view path, boost::json::value const& body) { return call("POST", path, &body); }
    boost::json::value remove(std::string_view path) { return call("DELETE", path, nullptr); }
    boost::json::value patch(std::string_view path, boost::json::value const& body) { return call("PATCH", path, &body); }

private:
    boost::json::value call(std::string_view method, std::string_view path, boost::json::value const* body);
    RunningNode node_;
    Asked asked_;
};

}  // namespace praline
