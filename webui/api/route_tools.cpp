#include "webui/api/route_tools.hpp"

#include "node/base/path_text.hpp"

namespace praline::webui {

json::value readable(json::value const& value) {
    if (value.is_string()) return json::value(readable_text(value.as_string()));
    if (value.is_array()) {
        json::array out;
        for (auto const& element : value.as_array()) out.push_back(readable(element));
        return out;
    }
    if (value.is_object()) {
        json::object out;
        for (auto const& [key, element] : value.as_object()) out[readable_text(key)] = readable(element);
        return out;
    }
    return value;
}

}  // namespace praline::webui
