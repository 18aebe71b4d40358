"""What users write as Java or ECMAScript has it, `regex` reads in the same way, or it is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import regex  # type: ignore[import-untyped]

from emulator.languages import dialects

Dialect = Callable[[str], dialects.Read]
LONG = 99_000
in_both = pytest.mark.parametrize("dialect", [dialects.java, dialects.ecmascript])
ATOM = "(a{1000})"


@in_both
@pytest.mark.parametrize(
    "expression",
    [
        f"{ATOM}{{1000}}",
        "a{100000000}",
        "a{99999999999999999999}",
        "(?:[ab]{200,}c){600}",
        "((ab{300}){300}|c){2}",
        "a{0000000003000000}",
        f"{ATOM}(?i){{3000}}",
        f"(?:{ATOM}{{10}}?){{3000}}",
        "(){3000000}",
        "[" + "a" * 100_000 + "]",
        r"\p{L}{3000000}",
        r"\x41{3000000}",
    ],
)
def test_what_is_too_large_with_its_repeats_written_out_is_refused(expression: str, dialect: Dialect) -> None:
    with pytest.raises(dialects.TooLarge):
        dialect(expression)


@pytest.mark.parametrize(
    ("expression", "verbose"),
    [
        (f"{ATOM} {{3000}}", True),
        (f"{ATOM} # more\n {{3000}}", True),
        (f"(?x){ATOM} {{3000}}", False),
        (f"(?ix){ATOM}\n{{3000}}", False),
    ],
)
def test_blanks_that_do_not_count_hide_no_repeat(expression: str, verbose: bool) -> None:
    with pytest.raises(dialects.TooLarge):
        dialects.java(expression, verbose=verbose)


@pytest.mark.parametrize(
    ("expression", "size"),
    [
        ("a{100000}", 100_000),
        ("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", 36),
        (r"\{99999999\}[{99999999}]", 11),
        ("a{0,99999999}", 1),
        ("(a b){3}", 9),
    ],
)
def test_how_large_an_expression_is(expression: str, size: int) -> None:
    assert (dialects.java(expression).size, dialects.ecmascript(expression).size) == (size, size)


@pytest.mark.parametrize(
    "expression", ["[" * LONG, "{" + "0" * LONG, r"\p{A" * (LONG // 4), "(?<a" * (LONG // 4), "\\"]
)
def test_what_is_not_closed_is_soon_refused(expression: str) -> None:
    with pytest.raises(dialects.Refused):
        dialects.compiled(dialects.java(expression))


NEITHER_HAS = [
    *("(?R)", "x(?0)?", "(a)(?1)", "(a)(?-1)", "(?+1)(a)", "(?<n>a)(?&n)", "(?<n>a)(?P>n)", "(?P<n>a)", "(?|a|b)"),
    *("(a)(?(1)b|c)", "(?#c)", "(?V1)a", "(?V0)(?V1)x", "(?a)x", "(?L)x", "(?b)x", "(?e:x)", "a(*PRUNE)b", r"\L<n>"),
    *("a(?x) b", "(?x:a b)", "(?-x:a)", "(? x:a)"),
]


@in_both
@pytest.mark.parametrize("expression", NEITHER_HAS)
def test_what_only_the_library_has_is_refused(expression: str, dialect: Dialect) -> None:
    with pytest.raises(dialects.Refused):
        dialect(expression)


@pytest.mark.parametrize(
    "expression",
    ["a{e}", "(?:ab){e<=1}", "{", "a{ 3 }", "a{,3}", r"\p{e:}", "[[:alpha:]]", "[a-z&&[^b]]", "[a&&b]", "[[]", "[]a[]"],
)
def test_a_brace_repeats_and_a_set_has_no_sets_in_a_path(expression: str) -> None:
    with pytest.raises(dialects.Refused):
        dialects.java(expression)


@pytest.mark.parametrize(
    "expression",
    [
        *(r"\{a\}", r"[{&\[\]]", "(?i)a", "(?i:a)(?s-m:b)", "(?>a)(?=b)(?!c)(?<=d)(?<!e)(?<name>f)(?:g)"),
        *(
            r"\p{L}\P{^Lu}",
            r"\p{Script=Greek}",
            "a{2}b{2,}c{2,3}d*+e??",
            "[]a]",
            "[^]a]",
            r"[\]{]",
            "a}",
            r"\\",
            r"\N{DIGIT ONE}",
        ),
    ],
)
def test_what_java_has_is_left_as_it_is(expression: str) -> None:
    assert dialects.java(expression).text == expression


@pytest.mark.parametrize(
    ("expression", "text", "found"),
    [
        ("a{e}", "a{e}", True),
        ("a{e}", "b", False),
        ("(?:ab){e<=1}", "ab", False),
        ("^a{,2}$", "a{,2}", True),
        ("^{a}$", "{a}", True),
        ("[[:alpha:]]", "a", False),
        ("[[:alpha:]]", "[]", True),
        (r"[\]\[a[]{4}", "[]a[", True),
        ("[+--]", ",", True),
        ("[a&&b]", "&", True),
        ("[a||b~~c]", "|", True),
        ("[]", "a]", False),
        ("^[]*$", "", True),
        ("[]a]", "a]", False),
        ("^[^]$", "\n", True),
    ],
)
def test_ecmascript_takes_a_brace_that_is_no_repeat_for_itself(expression: str, text: str, found: bool) -> None:
    assert (regex.search(dialects.ecmascript(expression).text, text) is not None) is found


@pytest.mark.parametrize(
    ("expression", "tries"), [("a,b", False), (r"\s[a-z]", False), ("a*", True), ("a|b", True), ("(a{2})", True)]
)
def test_what_has_no_choice_tries_nothing_twice(expression: str, tries: bool) -> None:
    assert dialects.ecmascript(expression).tries is tries
