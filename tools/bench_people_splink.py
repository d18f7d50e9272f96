"""Splink 5 on the prepared people, in an environment of its own: scored pairs out, the cost on stdout as JSON.

Usage: bench_people_splink.py trained|fixed prepared.csv pairs.csv
"""

from __future__ import annotations

import json
import logging
import resource
import sys
import time

import duckdb
import splink.comparison_level_library as level
import splink.comparison_library as comparison
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

LEAST = -5.0  # weights below are of no use to any threshold
DAMERAU = "damerau_levenshtein({0}_l, {0}_r) <= {1}"
TURNED = (
    "substr(born_l, 1, 4) = substr(born_r, 1, 4) and substr(born_l, 5, 2) = substr(born_r, 7, 2)"
    " and substr(born_l, 7, 2) = substr(born_r, 5, 2)"
)
# label, condition, m, u: the hand-set weights are those of schemas/words/people.yaml where it has the level
NUMBER = [
    ("same", "number_l = number_r", 0.60, 1e-9),
    ("two valid numbers", "valid_l and valid_r", 3e-3, 0.9),
    ("one slip", DAMERAU.format("number", 1), 0.15, 1e-5),
    ("two slips", DAMERAU.format("number", 2), 0.08, 6e-4),
    ("fifteen digits", "head_l = head_r", 0.05, 1e-4),
    ("tail", "tail_l = tail_r", 0.02, 3e-4),
]
NAME = [
    ("sound", "sound_l = sound_r", 0.07, 1.2e-4),
    ("one character", "length(name_l) > 1 and levenshtein(name_l, name_r) <= 1", 0.06, 6e-3),
    ("surname", "surname_l = surname_r", 0.04, 0.04),
]
BORN = [
    ("same", "born_l = born_r", 0.93, 6.6e-5),
    ("turned", TURNED, 0.03, 6.6e-5),
    ("one digit", DAMERAU.format("born", 1), 0.02, 2e-3),
]
# MOD 11-2 as ours knows it, so that two numbers proven right are two people here, too
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
TOTAL = " + ".join(f"{w} * cast(substr(number, {i}, 1) as int)" for i, w in enumerate(WEIGHTS, 1))
VALID = f"length(number) = 18 and substr('10X98765432', cast(({TOTAL}) % 11 as int) + 1, 1) = substr(number, 18, 1)"
RULES = [
    block_on("number"), block_on("phone"), block_on("account"), block_on("sound", "born"), block_on("head"),
    block_on("sound", "tail"), block_on("born", "tail"), block_on("sound", "substr(number, 1, 10)"),
    block_on("surname", "born"),
]  # fmt: skip


def column(
    name: str, levels: list[tuple[str, str, float, float]], fixed: bool, null: str = ""
) -> comparison.CustomComparison:
    made: list[object] = [
        level.CustomLevel(null or f"{name}_l is null or {name}_r is null", "missing").configure(is_null_level=True)
    ]
    if name == "name":
        exact = level.ExactMatchLevel("name", term_frequency_adjustments=True)
        made.append(exact.configure(m_probability=0.80, u_probability=2e-5) if fixed else exact)
    for label, sql, m, u in levels:
        one = level.CustomLevel(sql, label)
        made.append(one.configure(m_probability=m, u_probability=u) if fixed else one)
    other = level.ElseLevel()
    rest = 0.03 if name in ("name", "born") else 0.1
    made.append(other.configure(m_probability=rest, u_probability=0.95) if fixed else other)
    return comparison.CustomComparison(output_column_name=name, comparison_levels=made)


def settings(fixed: bool) -> SettingsCreator:
    same = {"phone": (0.70, 4e-6), "account": (0.80, 2e-6)}
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            column("number", NUMBER, fixed, "(number_l is null and tail_l is null and head_l is null) or (number_r is null and tail_r is null and head_r is null)"),
            column("name", NAME, fixed),
            column("born", BORN, fixed),
            *(column(n, [("same", f"{n}_l = {n}_r", *same[n])], fixed) for n in same),
        ],
        blocking_rules_to_generate_predictions=RULES,
        probability_two_random_records_match=1e-6,
        retain_matching_columns=False,
    )  # fmt: skip


def main() -> None:
    how, source, target = sys.argv[1:]
    logging.disable(logging.CRITICAL)
    connection = duckdb.connect()
    connection.execute("set threads = 2")
    columns = ", ".join(
        f"nullif({c}, '') as {c}"
        for c in ("name", "surname", "sound", "number", "head", "tail", "born", "phone", "account")
    )
    connection.execute(
        f"create table people as select unique_id, {columns}, {VALID} as valid from read_csv('{source}', all_varchar=true, header=true)"
    )
    wall, cpu = time.perf_counter(), time.process_time()
    api = DuckDBAPI(connection)
    linker = Linker(api.register("people"), settings(how == "fixed"))
    if how == "trained":
        train(linker)
    pairs = linker.inference.predict(threshold_match_weight=LEAST)
    connection.execute(
        f"copy (select unique_id_l, unique_id_r, match_weight from {pairs.physical_name}) to '{target}' (header false)"
    )
    cost = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    print(json.dumps(cost | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def train(linker: Linker) -> None:
    """As its documentation says: a prior from certain rules, u from chance pairs, m by expectation maximisation."""
    linker.training.estimate_probability_two_random_records_match(
        ["l.number = r.number and l.name = r.name"], recall=0.4
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("number"), block_on("sound", "born"), block_on("phone"), block_on("account")):
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
        except Exception as error:
            print(error, file=sys.stderr)


if __name__ == "__main__":
    main()
