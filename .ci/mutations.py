"""Mutations of playbooks, each from a random generator only: what .ci/mutate gives to the checker."""

import re

KEY = re.compile(rb"^( *(?:- )?)([\w-]+):", re.MULTILINE)
VALUE = re.compile(rb"^( *(?:- )?[\w-]+:) +(\S.*)$", re.MULTILINE)
EXPRESSION = re.compile(rb"\$\{\{(.*?)\}\}", re.DOTALL)

ODD = [
    b"[" * 2_000, b"[" * 300 + b"]" * 300, b"{a: " * 500, b"- " * 1_000 + b"a", b"9" * 400,
    b"-9223372036854775809", b"1e999999999", b"0x" + b"f" * 40, b".inf", b".nan", b"&a [*a]", b"*nowhere",
    b"&x {<<: *x}", b"!!binary aGk=", b"!odd {a: b}", b"!!python/object:os.system ls", b"\ta", b"a\0b",
    b"'\xed\xa0\x80'", b'"\\ud800"', b'"\\uDC00\\uD800"', b'"\\U0010FFFF"', b'"\\U00110000"', b"\xff\xfe",
    b"\xe2\x80\xaea\xe2\x80\xac", b"\xe2\x80\xa8", b"\xc2\x85", b"\xef\xbb\xbf", b"x" * 100_000, b"~", b"null",
    b"true", b"''", b'"', b"'", b"|", b">-", b"|9", b"? a", b"{}", b"[]", b"[,]", b"{,}", b"@", b"`", b"%",
    b"--- a", b"...", b"# a", b"2024-01-01T00:00:00Z", b"100000000000d", b"-1s", b"1ms", b"99999999999999999999h",
    b"e\xcc\x81" * 300, b"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9", b"${{", b"${{ }}", b"}}", b"${{ ${{ 1 }} }}",
]  # fmt: skip
EXPRESSIONS = [
    b"(" * 3_000, b"(" * 200 + b"1" + b")" * 200, b"!" * 2_000 + b"true", b"-" * 2_000 + b"1", b"1" + b" + 1" * 3_000,
    b"9223372036854775807 + 1", b"1 / 0", b"[1, 2].map(a, [1, 2].map(b, [1, 2].map(c, a + b + c)))", b"a" * 10_000,
    b"'\\ud800'", b"'\\U00110000'", b"'" + b"\\x" * 10, b"b'\\377'", b"r'''a", b"'a'.matches('(a+)+$')",
    b"'a'.matches('(((((a{1000}){1000}){1000}){1000}){1000})')", b"x.y.z[0][1]['a']", b"{'a': 1, 'a': 2}",
    b"steps.a.outcome == 'failed' ? steps : inputs", b"inputs" + b".a" * 2_000, b"inputs" + b"[0]" * 1_000,
    b"true" + b" ? true" * 300 + b" : false" * 300, b"lists.range(1000000000)", b"'%s'.format([1])",
    b"a.?b.orValue(c)", b"cel.bind(x, x, x)", b"[" * 1_000 + b"]" * 1_000, b"1.0e400", b"0x", b"//", b"\0", b"\xff",
]  # fmt: skip


def flipped(text, fragments, rng):
    """Some bytes are others."""
    data = bytearray(text or b" ")
    for _ in range(rng.randint(1, 8)):
        data[rng.randrange(len(data))] = rng.choice([rng.randrange(256), *b":-#{}[]\"'&*!|>%@` \t\n"])
    return bytes(data)


def lines_changed(text, fragments, rng):
    """A line, or some, is deleted, doubled, moved or indented otherwise."""
    lines = text.split(b"\n")
    at, count = rng.randrange(len(lines)), rng.randint(1, 4)
    some = lines[at : at + count]
    match rng.randrange(5):
        case 0:
            lines[at : at + count] = []
        case 1:
            lines[at:at] = some * rng.choice([1, 1, 1, 200])
        case 2:
            lines[at : at + count] = []
            place = rng.randint(0, len(lines))
            lines[place:place] = some
        case 3:
            lines[at : at + count] = [b" " * rng.randint(1, 5) + line for line in some]
        case 4:
            lines[at : at + count] = [line[rng.randint(1, 3) :] for line in some]
    return b"\n".join(lines)


def keys_swapped(text, fragments, rng):
    """A key takes the place of another, of this file or of another."""
    here = list(KEY.finditer(text))
    there = KEY.findall(rng.choice(fragments)) if rng.random() < 0.5 else KEY.findall(text)
    if not here or not there:
        return flipped(text, fragments, rng)
    key = rng.choice(here)
    return text[: key.start(2)] + rng.choice(there)[1] + text[key.end(2) :]


def value_replaced(text, fragments, rng):
    """A value is an odd one, or that of another key."""
    here = list(VALUE.finditer(text))
    if not here:
        return rng.choice(ODD)
    value = rng.choice(here)
    others = VALUE.findall(rng.choice(fragments))
    new = rng.choice(others)[1] if others and rng.random() < 0.4 else rng.choice(ODD)
    return text[: value.start(2)] + new + text[value.end(2) :]


def expression_mangled(text, fragments, rng):
    """An expression is odd, cut, doubled, or one of another file."""
    here = list(EXPRESSION.finditer(text))
    if not here:
        return value_replaced(text, [b"a: ${{ " + rng.choice(EXPRESSIONS) + b" }}"], rng)
    found = rng.choice(here)
    old = found[1]
    others = EXPRESSION.findall(rng.choice(fragments)) or [b""]
    at = rng.randint(0, len(old))
    new = rng.choice(
        [
            rng.choice(EXPRESSIONS), rng.choice(EXPRESSIONS), rng.choice(others), old[:at], old[at:],
            old[:at] + rng.choice([b"(", b")", b".", b"?", b"[", b"'", b"\\", b"==", b","]) + old[at:],
            old + rng.choice([b" + ", b" && ", b" == ", b" in "]) + rng.choice(others),
        ]
    )  # fmt: skip
    return text[: found.start(1)] + new + text[found.end(1) :]


def spliced(text, fragments, rng):
    """Some lines of another file stand in this one, mostly at the indentation that is there."""
    lines, others = text.split(b"\n"), rng.choice(fragments).split(b"\n")
    first = rng.randrange(len(others))
    some = others[first : first + rng.randint(1, 12)]
    at = rng.randrange(len(lines))
    if rng.random() < 0.7:
        here = len(lines[at]) - len(lines[at].lstrip(b" "))
        there = min((len(line) - len(line.lstrip(b" ")) for line in some if line.strip()), default=0)
        some = [b" " * here + line[there:] for line in some]
    lines[at : at + rng.randint(0, 2)] = some
    return b"\n".join(lines)


def inserted(text, fragments, rng):
    """Odd bytes stand anywhere, or the rest is missing."""
    at = rng.randint(0, len(text))
    return text[:at] if rng.random() < 0.2 else text[:at] + rng.choice(ODD + EXPRESSIONS) + text[at:]


def decorated(text, fragments, rng):
    """Comments, blank lines and spaces at ends stand where they mean nothing, mostly."""
    lines = text.split(b"\n")
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(lines))
        match rng.randrange(4):
            case 0:
                lines[at] += rng.choice([b" # odd", b"  ", b" #", b"\r", b" # \xf0\x9f\x94\x91"])
            case 1:
                lines[at:at] = [b""] * rng.randint(1, 3)
            case 2:
                lines[at:at] = [b" " * rng.randint(0, 12) + b"# a comment: [of, its, own"]
            case 3:
                lines[at] = lines[at].replace(b"'", b'"') if b"'" in lines[at] else lines[at] + b"\n"
    return b"\n".join(lines)


KINDS = [
    decorated, decorated, decorated,
    flipped, lines_changed, lines_changed, keys_swapped, keys_swapped, value_replaced, value_replaced,
    expression_mangled, expression_mangled, spliced, inserted,
]  # fmt: skip


def mutated(text, fragments, rng):
    """The text after one mutation or a few."""
    for _ in range(rng.choice([1, 1, 1, 2, 2, 3, 5])):
        text = rng.choice(KINDS)(text, fragments, rng)
    return text
