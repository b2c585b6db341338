#pragma once

namespace hub::test {

/// Counts one skipped test case of this program (Catch2 2.13 has no SKIP of its own).
void note_skip() noexcept;

}  // namespace hub::test
