#include "node/log/log.hpp"

#include <string>
#include <utility>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace praline::log {
namespace {

spdlog::level::level_enum its_level(Level level) noexcept {
    switch (level) {
        case Level::trace: return spdlog::level::trace;
        case Level::debug: return spdlog::level::debug;
        case Level::info: return spdlog::level::info;
        case Level::warn: return spdlog::level::warn;
        case Level::error: break;
    }
    return spdlog::level::err;
}

}  // namespace

void begin(std::string_view name, Level level) {
    auto const logger = spdlog::stderr_color_mt(std::string{name});
    logger->set_pattern("%Y-%m-%d %H:%M:%S %^%l%$ %v");
    spdlog::set_default_logger(logger);
    set_level(level);
}

void set_level(Level level) { spdlog::set_level(its_level(level)); }

Level level_of(std::string_view name) noexcept {
    using Name = std::pair<std::string_view, Level>;
    for (auto const& [word, level] : {Name{"trace", Level::trace}, Name{"debug", Level::debug},
                                      Name{"warn", Level::warn}, Name{"error", Level::error}}) {
        if (word == name) return level;
    }
    return Level::info;
}

bool is_on(Level level) noexcept { return spdlog::should_log(its_level(level)); }

void write(Level level, std::string_view line) noexcept {
    spdlog::default_logger_raw()->log(its_level(level), spdlog::string_view_t{line.data(), line.size()});
}

}  // namespace praline::log
