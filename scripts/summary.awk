# What ctest printed and its LastTest.log, in this order → what failed and why tests were skipped, then
# "N passed, N failed, N skipped". Test cases are counted where a program is a Catch2 one; another program, or one
# that crashed, counts as one.
# Variable: style = passed or failed, the outcome of scripts/check-style. Exit code 1 if anything failed.

function number_before(word, line) {
  return match(line, "[0-9]+ " word) ? substr(line, RSTART, RLENGTH) + 0 : 0
}
function fail(name) { names = names (names == "" ? "" : ", ") name }

# " 3/10 Test  #3: name .....***Failed  0.00 sec": the log itself takes a skipped program for a passed one.
FNR == NR {
  if ($0 ~ /^ *[0-9]+\/[0-9]+ Test +#[0-9]+: /) {
    name = $0
    sub(/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: /, "", name)
    sub(/ .*/, "", name)
    outcome[name] = /   Passed  / ? "passed" : /\*\*\*Skipped/ ? "skipped" : "failed"
  }
  next
}
/^[0-9]+\/[0-9]+ Test: / { name = $3; next }
# Catch2 2.13 has no skipped cases: the shim of tests/support writes a warning and the case counts as passed.
/^  skipped: / {
  ++skips[name]
  reasons = reasons name ": " substr($0, 12) "\n"
}
/^All tests passed \(/ { cases[name] += number_before("test case", $0) }
/^test cases: / {
  cases[name] += number_before("passed", $0) + number_before("skipped", $0)
  skips[name] += number_before("skipped", $0)
  bad[name] += number_before("failed", $0)
}
END {
  for (name in outcome) ++programs
  if (!programs) { ++failed; fail("no test program was run") }
  if (style == "passed") ++passed
  if (style == "failed") { ++failed; fail("check-style") }
  for (name in outcome) {
    if (outcome[name] == "failed") {
      failed += bad[name] ? bad[name] : 1
      fail(name)
    } else if (!cases[name]) cases[name] = 1
    if (outcome[name] == "skipped") skips[name] = cases[name]
    skipped += skips[name]
    passed += cases[name] - (skips[name] < cases[name] ? skips[name] : cases[name])
  }
  if (reasons != "") printf "\nSkipped:\n%s", reasons
  if (names != "") printf "\nFailed: %s\n", names
  printf "\n%d passed, %d failed, %d skipped\n", passed, failed, skipped
  exit failed > 0
}
