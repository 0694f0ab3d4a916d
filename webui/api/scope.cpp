#include "webui/api/scope.hpp"

#include <array>
#include <cstddef>

namespace praline::webui {
namespace {

constexpr std::array<std::string_view, 4> names{"none", "read", "control", "admin"};

}  // namespace

std::string_view to_string(Scope scope) noexcept { return names[static_cast<std::size_t>(scope)]; }

std::optional<Scope> scope_named(std::string_view name) noexcept {
    for (auto const scope : {Scope::read, Scope::control, Scope::admin})
        if (to_string(scope) == name) return scope;
    return std::nullopt;
}

}  // namespace praline::webui
