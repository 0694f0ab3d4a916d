#pragma once

// clang before 16 lacks what libstdc++ builds std::source_location on; tools/fuzz puts this in front of every file.
#include <version>
#if defined(__clang__) && !__has_builtin(__builtin_source_location)
#include <cstdint>
namespace std {
struct source_location {
    static constexpr source_location current(char const* file = __builtin_FILE(),
                                             char const* function = __builtin_FUNCTION(),
                                             uint_least32_t line = __builtin_LINE()) noexcept {
        source_location here;
        here.file_ = file;
        here.function_ = function;
        here.line_ = line;
        return here;
    }
    constexpr char const* file_name() const noexcept { return file_; }
    constexpr char const* function_name() const noexcept { return function_; }
    constexpr uint_least32_t line() const noexcept { return line_; }
    constexpr uint_least32_t column() const noexcept { return 0; }

private:
    char const* file_ = "";
    char const* function_ = "";
    uint_least32_t line_ = 0;
};
}  // namespace std
#endif
