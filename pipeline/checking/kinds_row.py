"""Row kinds about amounts and about what goes together: one row in, what is odd about it out. Generic: the rule names the fields."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pipeline.book.households import per_head
from pipeline.checking.env import Env, contains, yuan
from pipeline.checking.registry import Hit, NotApplicable, kind
from pipeline.checking.subjects import Subject

CENT = Decimal(1)


def blank(value: Any) -> bool:
    """Nothing written: a blank, an unticked box or an empty list."""
    return value is None or value is False or value in ("", ())


def lacking(value: Any) -> bool:
    """Blank, or a zero where an amount or a count is asked for."""
    return blank(value) or value == 0


@kind("sum_of", facts="calc", required="total parts", optional="tolerance", needs="@total", reads="@parts")
def sum_of(s: Subject, env: Env) -> Hit | None:
    """A total is the sum of its parts; a blank part counts nothing."""
    total = env.text("total")
    parts = [n for n in env.many("parts") if n in env.on]
    if not parts:
        raise NotApplicable("off")
    env.in_yuan(s.sheet)
    calc = sum(s.get(n) or 0 for n in parts)
    if abs(s.get(total) - calc) <= env.whole("tolerance"):
        return None
    return Hit(total, {"calc": yuan(calc)}, new_value=yuan(calc))


@kind(
    "at_most",
    facts="a b limit times",
    required="parts whole",
    optional="times of_parts blame",
    needs="@whole",
    judges="@parts",
)
def at_most(s: Subject, env: Env) -> Hit | None:
    """of_parts x (sum of parts) may not exceed times x whole; a whole of zero is another rule's business."""
    whole = s.get(env.text("whole"))
    parts = [n for n in env.many("parts") if n in env.on and s.get(n) is not None]
    left = env.number("of_parts", "1") * sum(s.get(n) for n in parts)
    right = env.number("times", "1") * whole
    if not parts or left <= right or (whole == 0 and env.text("times", "1") != "1"):
        return None
    blame = env.text("blame") or max(parts, key=lambda n: int(s.get(n)))
    money = _is_money(s, blame, env)
    shown = [yuan(int(v)) if money else str(int(v)) for v in (left, whole, right)]
    return Hit(blame, {"a": shown[0], "b": shown[1], "limit": shown[2], "times": env.text("times", "1")})


def _is_money(s: Subject, name: str, env: Env) -> bool:
    owner = s.owner(name) or s
    resource = env.book.resource(owner.sheet.table.form, owner.sheet.table.resource)
    f = resource.field(name) if resource else None
    return bool(f and f.kind == "money")


@kind("both_or_neither", facts="missing", required="first second", judges="@first @second")
def both_or_neither(s: Subject, env: Env) -> Hit | None:
    """Two fields that only make sense together (source and amount, goods and value)."""
    first, second = env.text("first"), env.text("second")
    if not {first, second} <= env.on:
        raise NotApplicable("off")
    if lacking(s.get(first)) == lacking(s.get(second)):
        return None
    missing = first if lacking(s.get(first)) else second
    return Hit(missing, {"missing": env.titles(s, [missing])}, value="")


@kind(
    "required_if",
    facts="missing",
    required="field fields",
    optional="values positive not_values any",
    needs="@field",
    judges="@fields",
)
def required_if(s: Subject, env: Env) -> Hit | None:
    """When `field` holds one of `values` (or, with `positive`, an amount or tick), `fields` must be filled.

    A zero amount is not filled; `not_values` are words that stand for "none". With `any`, one filled field is enough.
    """
    value = s.get(env.text("field"))
    wanted = env.many("values")
    if (wanted and not contains(value, wanted)) or (not wanted and lacking(value)):
        return None
    none = set(env.many("not_values"))
    here = [n for n in env.many("fields") if n in env.on]
    missing = [n for n in here if lacking(s.get(n)) or s.get(n) in none]
    if not missing or (env.text("any") == "yes" and len(missing) < len(here)):
        return None
    return Hit(missing[0], {"missing": env.titles(s, missing)})


@kind(
    "explained",
    facts="n",
    required="fields values explanation",
    optional="min_length",
    judges="@fields",
    reads="@explanation",
)
def explained(s: Subject, env: Env) -> Hit | None:
    """One of `fields` holds one of `values` (the word for "other"): then the explanation needs a few words."""
    chosen = [n for n in env.many("fields") if n in env.on and contains(s.get(n), env.many("values"))]
    places = [n for n in env.many("explanation") if n in env.on]
    if not chosen or not places:
        return None
    if any(s.get(n) is None and _required(s, n, env) for n in places):
        return None  # the blank itself is reported (CEL-001)
    written = sum(len(str(s.get(n) or "")) for n in places)
    return None if written >= env.whole("min_length", "1") else Hit(places[0], {"n": env.text("min_length", "1")})


def _required(s: Subject, name: str, env: Env) -> bool:
    owner = s.owner(name) or s
    resource = env.book.resource(owner.sheet.table.form, owner.sheet.table.resource)
    f = resource.field(name) if resource else None
    return bool(f and f.required)


@kind("not_together", required="field values other", needs="@field @other")
def not_together(s: Subject, env: Env) -> Hit | None:
    """One of `values` in `field` forbids an amount in `other`."""
    if contains(s.get(env.text("field")), env.many("values")) and not lacking(s.get(env.text("other"))):
        return Hit(env.text("other"))
    return None


@kind("one_is_zero", facts="a b", required="count amount", optional="parts", needs="@count", reads="@amount @parts")
def one_is_zero(s: Subject, env: Env) -> Hit | None:
    """People without money, or money without people."""
    count, amount = s.get(env.text("count")), s.get(env.text("amount"))
    if amount is None:
        parts = [s.get(n) for n in env.many("parts") if n in env.on and s.get(n) is not None]
        if not parts:
            return None
        amount = sum(parts)
    if (count == 0) == (amount == 0):
        return None
    return Hit(env.text("count"), {"a": str(count), "b": yuan(amount)})


@kind(
    "per_head",
    facts="calc",
    required="value income size",
    optional="costs tolerance",
    needs="@value @income @size",
    reads="@costs",
)
def per_head_differs(s: Subject, env: Env) -> Hit | None:
    """A computed column is computed again; costs left blank count nothing."""
    size = s.get(env.text("size"))
    if size <= 0:
        raise NotApplicable("nothing")
    name = env.text("value")
    calc = per_head(s.get(env.text("income")), _costs(s, env), size)
    if abs(s.get(name) - calc) <= env.whole("tolerance"):
        return None
    return Hit(name, {"calc": yuan(calc)}, new_value=yuan(calc))


def _costs(s: Subject, env: Env) -> list[int]:
    return [s.get(n) or 0 for n in env.many("costs") if n in env.on]


@kind(
    "category",
    facts="cat calc",
    required="category income size line grades",
    optional="costs exempt",
    needs="@category @income @size",
    reads="@costs",
)
def category_differs(s: Subject, env: Env) -> Hit | None:
    """The category the numbers suggest: `grades` maps a category to how many income lines the net income may reach.

    A category in `exempt` is not judged by income. A declared category no grade names is judged only against the
    grades: when the numbers would allow a grade, the school is asked.
    """
    declared, size = s.get(env.text("category")), s.get(env.text("size"))
    if contains(declared, env.many("exempt")) or size <= 0:
        raise NotApplicable("nothing")
    net = per_head(s.get(env.text("income")), _costs(s, env), size)
    line = env.line()
    grades = sorted((Decimal(str(times)), name) for name, times in env.mapping("grades").items())
    calc = next((name for times, name in grades if net < times * line), "")
    if calc == declared or (not calc and declared not in env.mapping("grades")):
        return None
    return Hit(env.text("category"), {"cat": declared, "calc": calc or env.words("no_grade"), "net": yuan(net)})


@kind(
    "cost_share",
    facts="missing share",
    required="field values date costs income",
    optional="percent",
    needs="@field",
    judges="@date @costs",
    reads="@income",
)
def cost_share(s: Subject, env: Env) -> Hit | None:
    """A sudden event needs its date, and costs of a given share of the year's income."""
    if not contains(s.get(env.text("field")), env.many("values")):
        return None
    when = env.text("date")
    if when in env.on and s.get(when) is None:
        return Hit(when, {"missing": env.titles(s, [when]), "share": ""}, value="")
    costs = [n for n in env.many("costs") if n in env.on]
    income = s.get(env.text("income"))
    percent = env.number("percent", "80")
    if not costs or not income or 100 * sum(s.get(n) or 0 for n in costs) >= percent * income:
        return None
    return Hit(costs[0], {"missing": env.titles(s, costs[:1]), "share": str(percent)})


@kind("underpaid", facts="a b", required="due paid reason", needs="@due @paid", reads="@reason")
def underpaid(s: Subject, env: Env) -> Hit | None:
    """Less paid than due needs a reason; a table of the school's own that has no column for it is asked as well."""
    due, paid, reason = env.text("due"), env.text("paid"), env.text("reason")
    resource = env.book.resource(s.sheet.form, s.sheet.table.resource)
    field = resource.field(reason) if resource else None
    if field is None or not field.on:
        raise NotApplicable("off")
    if s.get(paid) >= s.get(due) or s.get(reason) is not None:
        return None
    return Hit(reason if reason in env.on else paid, {"a": yuan(s.get(due)), "b": yuan(s.get(paid))})


@kind("list_limit", facts="n", required="list main", optional="most", needs="@list @main")
def list_limit(s: Subject, env: Env) -> Hit | None:
    """At most so many secondary causes, and not the main one again."""
    listed = s.get(env.text("list"))
    items = listed if isinstance(listed, tuple) else (listed,)
    if len(items) <= env.whole("most", "3") and s.get(env.text("main")) not in items:
        return None
    return Hit(env.text("list"), {"n": env.text("most", "3")})


@kind("ticked", facts="", required="field", needs="@field")
def ticked(s: Subject, env: Env) -> Hit | None:
    """A declaration that was answered with no. Not answered at all is CEL-001."""
    return Hit(env.text("field")) if s.get(env.text("field")) is False else None


@kind("goes_with", facts="word", required="field allowed other", needs="@field @other")
def goes_with(s: Subject, env: Env) -> Hit | None:
    """`allowed` maps a value of `other` to the values of `field` that fit it; a value it does not name is not judged."""
    allowed = env.mapping("allowed").get(s.get(env.text("other")))
    if allowed is None:
        raise NotApplicable("nothing")
    fitting = (allowed,) if isinstance(allowed, str) else tuple(allowed)
    if contains(s.get(env.text("field")), fitting):
        return None
    return Hit(env.text("field"), {"word": str(s.get(env.text("other")))})


@kind("flag_agrees", facts="word other", required="field others checks", needs="@field", judges="@others")
def flag_agrees(s: Subject, env: Env) -> list[Hit]:
    """Each flag of `field` that `checks` names agrees with another column: {flag: {field: f, values: [...]}}."""
    flags = s.get(env.text("field"))
    found = []
    for flag, check in env.mapping("checks").items():
        name = str(check["field"])
        if not contains(flags, (flag,)) or name not in env.on:
            continue
        value = s.get(name)
        wrong = contains(value, check["not_values"]) if "not_values" in check else not contains(value, check["values"])
        if wrong:
            found.append(Hit(env.text("field"), {"word": flag, "other": env.titles(s, [name])}))
    return found[:1]


@kind("publicised", facts="missing", required="amount from to result", needs="@amount", judges="@from @to @result")
def publicised(s: Subject, env: Env) -> Hit | None:
    """An approved amount needs its publicity dates, and once they are over its result. On the office's own sheet the row
    stays decided: publicity follows the decision, and paying waits for it (CAL-008)."""
    if lacking(s.get(env.text("amount"))):
        raise NotApplicable("nothing")
    until = s.get(env.text("to"))
    asked = [env.text("from"), env.text("to")]
    if until is not None and until <= env.world.as_of:
        asked.append(env.text("result"))
    missing = [n for n in asked if n in env.on and s.get(n) is None]
    facts, held = {"missing": env.titles(s, missing)}, None if s.sheet.form in env.book.registers else "row"
    return Hit(missing[0], facts, value="", holds=held) if missing else None
