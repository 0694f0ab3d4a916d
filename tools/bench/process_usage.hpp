#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

/// What a running process takes, as /proc says.
namespace praline::bench {

/// What it has used of all processors, in it and in the kernel for it. Throws std::runtime_error when it has ended.
[[nodiscard]] double cpu_seconds_of(pid_t process);
/// Its resident memory; 0: it has ended.
[[nodiscard]] std::uint64_t resident_bytes_of(pid_t process);
/// What this thread has used of its processor, and the kernel for it: what else the machine does meanwhile is no cost of it.
[[nodiscard]] double thread_cpu_seconds();
[[nodiscard]] std::string processor_name();

}  // namespace praline::bench
