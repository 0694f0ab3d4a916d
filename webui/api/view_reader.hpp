#pragma once

#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "webui/api/views_json.hpp"

/// Reads views from JSON by their described fields (Boost.Describe). For the .cpp files that describe views.
/// @threads any: pure.
namespace praline::webui {

/// Where in an answer a value stands, innermost last.
struct PlaceInAnswer {
    PlaceInAnswer const* outer = nullptr;
    std::string_view field{};  ///< empty: an item of a list
    std::size_t item = 0;

    /// "peers[0].kind"
    [[nodiscard]] std::string text() const {
        auto const before = outer == nullptr ? std::string{} : outer->text();
        if (field.empty()) return outer == nullptr ? before : before + '[' + std::to_string(item) + ']';
        return before.empty() ? std::string{field} : before + '.' + std::string{field};
    }
    [[noreturn]] void complain(std::string_view what) const {
        auto const where = text();
        throw UnreadableAnswer{(where.empty() ? "it" : '"' + where + '"') + ' ' + std::string{what}};
    }
};

/// Views whose empty fields are left out; in all others a field that is not there is an error.
template <class View>
inline constexpr bool fields_may_be_missing = false;
template <>
inline constexpr bool fields_may_be_missing<SearchParameters> = true;

template <class T>
struct ViewReader {
    static void read(boost::json::value const& from, T& to, PlaceInAnswer const& place) {
        if constexpr (boost::describe::has_describe_members<T>::value) {
            read_fields(from, to, place);
        } else {
            auto const value = boost::json::try_value_to<T>(from);
            if (!value) place.complain("is not of the type it should be");
            to = *value;
        }
    }

private:
    static void read_fields(boost::json::value const& from, T& to, PlaceInAnswer const& place) {
        auto const* const object = from.if_object();
        if (object == nullptr) place.complain("is not an object");
        using Fields = boost::describe::describe_members<T, boost::describe::mod_public>;
        boost::mp11::mp_for_each<Fields>([&](auto field) {
            auto const* const value = object->if_contains(field.name);
            PlaceInAnswer const here{&place, field.name};
            if (value == nullptr && fields_may_be_missing<T>) return;
            if (value == nullptr) here.complain("is missing");
            ViewReader<std::remove_reference_t<decltype(to.*field.pointer)>>::read(*value, to.*field.pointer, here);
        });
    }
};

template <class T>
struct ViewReader<std::optional<T>> {
    static void read(boost::json::value const& from, std::optional<T>& to, PlaceInAnswer const& place) {
        if (from.is_null())
            to.reset();
        else
            ViewReader<T>::read(from, to.emplace(), place);
    }
};

template <class T>
struct ViewReader<std::vector<T>> {
    static void read(boost::json::value const& from, std::vector<T>& to, PlaceInAnswer const& place) {
        auto const* const array = from.if_array();
        if (array == nullptr) place.complain("is not a list");
        to.clear();
        to.reserve(array->size());
        for (std::size_t i = 0; i < array->size(); ++i)
            ViewReader<T>::read((*array)[i], to.emplace_back(), PlaceInAnswer{&place, {}, i});
    }
};

template <>
struct ViewReader<NamedCounts> {
    static void read(boost::json::value const& from, NamedCounts& to, PlaceInAnswer const& place) {
        auto const* const object = from.if_object();
        if (object == nullptr) place.complain("is not an object");
        to.clear();
        for (auto const& [name, count] : *object) {
            to.emplace_back(name, 0);
            ViewReader<std::uint64_t>::read(count, to.back().second, PlaceInAnswer{&place, name});
        }
    }
};

template <class View>
[[nodiscard]] View read_view(boost::json::value const& answer) {
    View view;
    ViewReader<View>::read(answer, view, {});
    return view;
}

}  // namespace praline::webui
