"""recordlinkage on the prepared people, in an environment of its own (pandas < 3): scored pairs out, the cost as JSON.

Usage: bench_people_recordlinkage.py prepared.csv pairs.csv
Its expectation maximisation (ECM) and the plain sum of similarities both score every pair; the bench keeps the better.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings

import pandas as pd
import recordlinkage
from recordlinkage.index import Block

BLOCKS = (["number"], ["phone"], ["account"], ["sound", "born"], ["head"], ["sound", "tail"], ["born", "tail"], ["surname", "born"])  # fmt: skip
COLUMNS = ("name", "surname", "sound", "number", "head", "tail", "born", "phone", "account")


def main() -> None:
    warnings.simplefilter("ignore")
    source, target = sys.argv[1:]
    people = pd.read_csv(source, dtype=str, keep_default_na=False).set_index("unique_id")
    people = people[list(COLUMNS)].replace("", None)
    wall, cpu = time.perf_counter(), time.process_time()
    pairs = None
    for block in BLOCKS:
        indexer = recordlinkage.Index([Block(left_on=block, right_on=block)])
        found = indexer.index(people.dropna(subset=block))
        pairs = found if pairs is None else pairs.union(found)
    compare = recordlinkage.Compare()
    for column in COLUMNS:
        if column != "surname":
            compare.exact(column, column, label=column)
    compare.string("number", "number", method="damerau_levenshtein", label="near number")
    compare.string("name", "name", method="levenshtein", label="near name")
    compare.string("born", "born", method="damerau_levenshtein", label="near born")
    features = compare.compute(pairs, people).fillna(0)
    binary = (features > 0.88).astype(int)
    ecm = pd.Series(0.0, index=features.index)
    try:
        classifier = recordlinkage.ECMClassifier(init="jaro", max_iter=100)
        classifier.fit(binary)
        ecm = classifier.prob(binary)
    except Exception as error:
        print(error, file=sys.stderr)
    cost = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    scored = pd.DataFrame({"ecm": ecm, "sum": features.sum(axis=1)}, index=features.index)
    scored = scored.fillna(0)
    scored = scored[(scored["ecm"] > 0) | (scored["sum"] > 2)]
    scored.to_csv(target, header=False)
    print(json.dumps(cost | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
