#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

/// Whole numbers of up to 128 bits as text: decimal, divided by single blanks.
namespace praline::simulate::report {

__extension__ using Wide = unsigned __int128;

class NumberWriter {
public:
    template <class... Numbers>
    void put(Numbers... numbers) {
        (put_one(numbers), ...);
    }
    [[nodiscard]] std::string const& text() const { return text_; }

private:
    void put_one(Wide number) {
        std::string digits;
        do digits += static_cast<char>('0' + static_cast<int>(number % 10));
        while ((number /= 10) > 0);
        std::reverse(digits.begin(), digits.end());
        if (!text_.empty()) text_ += ' ';
        text_ += digits;
    }

    std::string text_;
};

class NumberReader {
public:
    explicit NumberReader(std::string_view text) : left_{text} {}
    /// @return false: no number is next, or one that is too large.
    template <class... Numbers>
    [[nodiscard]] bool get(Numbers&... numbers) {
        return (get_one(numbers) && ...);
    }
    [[nodiscard]] bool is_at_end() const { return left_.empty(); }

private:
    template <class Number>
    bool get_one(Number& number) {
        auto const end = std::min(left_.find(' '), left_.size());
        constexpr Wide most = static_cast<Number>(~Number{0});
        Wide value = 0;
        for (char const letter : left_.substr(0, end)) {
            if (letter < '0' || letter > '9') return false;
            auto const digit = static_cast<unsigned>(letter - '0');
            if (value > (most - digit) / 10) return false;
            value = value * 10 + digit;
        }
        if (end == 0) return false;
        number = static_cast<Number>(value);
        left_.remove_prefix(std::min(end + 1, left_.size()));
        return true;
    }

    std::string_view left_;
};

}  // namespace praline::simulate::report
