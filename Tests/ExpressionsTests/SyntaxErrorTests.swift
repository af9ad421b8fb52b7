import Diagnostics
import Expressions
import Testing

@Suite struct SyntaxErrorTests {
  @Test(arguments: [
    Marked("", "^", "the expression is empty"),
    Marked("  // nothing", "^^^^^^^^^^^^", "the expression is empty"),
    Marked("1 +", "   ^", "expected a value, found the end of the expression"),
    Marked("1 2", "  ^", "expected an operator or the end, found a number"),
    Marked("a b", "  ^", "expected an operator or the end, found `b`"),
    Marked(
      "a and b", "  ^^^", "expected an operator or the end, found `and`",
      hint: "both conditions: `&&`"),
    Marked(
      "a or b", "  ^^", "expected an operator or the end, found `or`",
      hint: "either condition: `||`"),
    Marked(
      "not a", "    ^", "expected an operator or the end, found `a`", hint: "the opposite: `!`"),
    Marked(
      "a && not b", "         ^", "expected an operator or the end, found `b`",
      hint: "the opposite: `!`"),
    Marked(
      "a ?? 1", "   ^", "expected a value, found `?`",
      hint: "there is no `??`: write `a.?b.orValue(other)`"),
    Marked(
      "a?.b == 1", " ^", "unexpected `?.`",
      hint: "write `a.?b` for a field that may be missing"),
    Marked("a.?1", "   ^", "expected a field's name after `.?`, found a number"),
    Marked("[?]", "  ^", "expected a value, found `]`"),
    Marked("{?: 1}", "  ^", "expected a value, found `:`"),
    Marked("has(a.?b)", "   ^^^^^^", "`has` takes one field", hint: "for example `has(a.b)`"),
    Marked(
      "a.optMap(1, 2)", "         ^", "`optMap` needs a plain name for the value",
      hint: "for example `a.?b.optMap(x, x + 1)`"),
    Marked("a <> b", "   ^", "expected a value, found `>`", hint: "not equal: `!=`"),
    Marked(
      "a => b", "  ^", "unexpected `=`", hint: "at least: `>=`; of each element: `list.map(x, …)`"),
    Marked(
      "{{ a }} == 1", " ^", "expected the key of a map, found `{`",
      hint: "the expression stands alone here, without `{{` and `}}`"),
    Marked(
      "a[0:1]", "   ^", "expected `]`, found `:`",
      hint: "there are no slices: a part of a string is `substring(from, to)`, and of a list "
        + "`slice(from, to)`"),
    Marked(
      "a[:1]", "  ^", "expected a value, found `:`",
      hint: "there are no slices: a part of a string is `substring(from, to)`, and of a list "
        + "`slice(from, to)`"),
    Marked("1_000", " ^", "unexpected `_` after a number", hint: "write all digits together"),
    Marked("a =~ b", "  ^", "unexpected `=`", hint: "a pattern: `text.matches('…')`"),
    Marked(
      "a if b else c", "  ^^", "expected an operator or the end, found `if`",
      hint: "write `condition ? value : other`"),
    Marked(
      "[x for x in y]", "   ^^^", "expected `,` or `]`, found `for`",
      hint: "of each element of a list: `list.map(x, …)`; of some: `list.filter(x, …)`"),
    Marked(
      "{% if x %}", " ^", "expected a value, found `%`",
      hint: "there are no tags: a step has `when`, and an expression `condition ? value : other`"),
    Marked("a = b", "  ^", "unexpected `=`", hint: "compare with `==`"),
    Marked("a & b", "  ^", "unexpected `&`", hint: "both conditions: `&&`"),
    Marked(
      "a | b", "  ^", "unexpected `|`",
      hint: "either condition: `||`; there are no filters: call a function such as `size(…)`"),
    Marked("$a", "^", "unexpected `$`", hint: "an expression inside `${{ }}` needs no `$`"),
    Marked("a\u{200B}", " ^", "unexpected character U+200B"),
    Marked("a\u{0}b", " ^", "unexpected character U+0000"),
    Marked("a # b", "  ^", "unexpected `#`", hint: "a comment begins with `//`"),
    Marked("été", "^", "unexpected `é`"),
    Marked("(1", "  ^", "expected `)`, found the end of the expression"),
    Marked("1)", " ^", "expected an operator or the end, found `)`"),
    Marked("[1, 2", "     ^", "expected `,` or `]`, found the end of the expression"),
    Marked("[1 2]", "   ^", "expected `,` or `]`, found a number"),
    Marked("[,]", " ^", "expected a value, found `,`"),
    Marked("{'a' 1}", "     ^", "expected `:` and the value of the key, found a number"),
    Marked("{'a': 1", "       ^", "expected `,` or `}`, found the end of the expression"),
    Marked("{'a'}", "    ^", "expected `:` and the value of the key, found `}`"),
    Marked("f(1,)", "    ^", "expected a value, found `)`"),
    Marked("f(1", "   ^", "expected `,` or `)`, found the end of the expression"),
    Marked("(f)(1)", "   ^", "expected an operator or the end, found `(`"),
    Marked("a.", "  ^", "expected a field's name after `.`, found the end of the expression"),
    Marked("a.1", " ^^", "expected an operator or the end, found a number"),
    Marked("a.in", "  ^^", "expected a field's name after `.`, found `in`"),
    Marked("a.'b'", "  ^^^", "expected a field's name after `.`, found a string"),
    Marked("a[1", "   ^", "expected `]`, found the end of the expression"),
    Marked("a[]", "  ^", "expected a value, found `]`"),
    Marked("a ? b", "     ^", "expected `:` and the other value, found the end of the expression"),
    Marked("a ? : c", "    ^", "expected a value, found `:`"),
    Marked("&& a", "^^", "expected a value, found `&&`"),
    Marked("a && ", "     ^", "expected a value, found the end of the expression"),
    Marked("1 < ", "    ^", "expected a value, found the end of the expression"),
    Marked("!-a", " ^", "expected a value, found `-`"),
    Marked("'abc", "^", "the string is not closed", hint: "close it with '"),
    Marked("\"\"\"abc\"\"", "^^^", "the string is not closed", hint: "close it with \"\"\""),
    Marked("b'abc", "^^", "the string is not closed", hint: "close it with '"),
    Marked("'a\nb'", "^", "the string is not closed", hint: "close it with '"),
    Marked("'a\\", "  ^", "the string is not closed"),
    Marked(
      "'a\\d'", "  ^^", "unknown escape",
      hint: "write `\\\\` for a backslash, or begin the string with `r`"),
    Marked(
      "b'\\u0041'", "  ^^", "unknown escape in bytes",
      hint: "write `\\\\` for a backslash, or begin the string with `r`"),
    Marked("'\\x4'", " ^^^", "the escape needs 2 hexadecimal digits"),
    Marked("'\\08'", " ^^", "the escape needs 3 octal digits"),
    Marked("'\\ud800'", " ^^^^^^", "the escape names no character"),
    Marked("'\\U00110000'", " ^^^^^^^^^^", "the escape names no character"),
    Marked("12a", "  ^", "unexpected `a` after a number"),
    Marked("0x", "^^", "`0x` must be followed by hexadecimal digits"),
    Marked("1.5u", "   ^", "unexpected `u` after a number"),
    Marked(
      "9223372036854775808", "^^^^^^^^^^^^^^^^^^^", "the number does not fit an int",
      hint: "write `9223372036854775808u` for a uint"),
    Marked("18446744073709551616u", "^^^^^^^^^^^^^^^^^^^^", "the number does not fit 64 bits"),
    Marked("1e999", "^^^^^", "the number does not fit a double"),
    Marked(
      "`a`", "^^^", "expected a value, found a name in backticks",
      hint: "write a string in quotation marks: `\"…\"`"),
    Marked(
      "a.`b", "  ^^", "a name in backticks holds letters, digits, `_`, `.`, `-`, `/` and spaces"),
    Marked(
      "if", "^^", "`if` is a reserved word", hint: "write `condition ? value : other`"),
    Marked("a + while", "    ^^^^^", "`while` is a reserved word"),
    Marked("in", "^^", "expected a value, found `in`"),
    Marked(
      "Type{a: 1}", "^^^^^", "there are no message types to build",
      hint: "write a map: `{'field': value}`"),
    Marked(
      "a.b.Type{}", "^^^^^^^^^", "there are no message types to build",
      hint: "write a map: `{'field': value}`"),
    Marked("has(a)", "   ^^^", "`has` takes one field", hint: "for example `has(a.b)`"),
    Marked("has(a.b, c)", "   ^^^^^^^^", "`has` takes one field", hint: "for example `has(a.b)`"),
    Marked(
      "a.all(x)", "     ^^^", "`all` takes one or two names and one expression",
      hint: "for example `list.all(x, x > 0)`"),
    Marked(
      "a.transformMap(k, v)", "              ^^^^^^",
      "`transformMap` takes two names and one or two expressions",
      hint: "for example `map.transformMap(key, value, value + 1)`"),
    Marked(
      "a.exists(k, k, true)", "            ^", "`exists` needs two different names",
      hint: "for example `list.exists(x, x > 0)`"),
    Marked(
      "cel.bind(x, 1)", "        ^^^^^^", "`cel.bind` takes a name, its value and an expression",
      hint: "for example `cel.bind(x, a + b, x * x)`"),
    Marked(
      "cel.bind(x.y, 1, 2)", "         ^^^", "`cel.bind` needs a plain name for the value",
      hint: "for example `cel.bind(x, a + b, x * x)`"),
    Marked(
      "a.map(x, y, z, u)", "     ^^^^^^^^^^^^", "`map` takes a name and one or two expressions",
      hint: "for example `list.map(x, x + 1)`"),
    Marked(
      "a.filter(b.c, true)", "         ^^^", "`filter` needs a plain name for the element",
      hint: "for example `list.filter(x, x > 0)`"),
    Marked(
      "a.exists(1, true)", "         ^", "`exists` needs a plain name for the element",
      hint: "for example `list.exists(x, x > 0)`"),
  ])
  func `what is no expression is marked where it goes wrong`(_ marked: Marked) {
    #expect(syntaxDiagnostics(marked.source) == [marked.diagnostic(.expressionSyntax)])
  }

  @Test(arguments: [
    String(repeating: "(", count: 5000), String(repeating: "[", count: 5000),
    String(repeating: "{1:", count: 5000), String(repeating: "!", count: 5000),
    String(repeating: "-", count: 5000), String(repeating: "a.", count: 5000) + "a",
    String(repeating: "a[", count: 5000), String(repeating: "f(", count: 5000),
    String(repeating: "a?b:", count: 5000) + "c", String(repeating: "a ? (", count: 5000),
    String(repeating: "1+", count: 5000) + "1", String(repeating: "a.map(x,", count: 5000),
  ])
  func `nesting beyond the limit is refused`(_ source: String) {
    #expect(syntaxDiagnostics(source).map(\.code) == [.expressionTooDeep])
  }

  @Test func `a condition may have any number of parts`() throws {
    let parts = Array(repeating: "true", count: 5000).joined(separator: " && ")
    #expect(try evaluate(parts) == true)
  }

  @Test func `a text beyond the limit is refused`() {
    let longest = "'" + String(repeating: "a", count: Expression.sourceLimit - 2) + "'"
    #expect(syntaxDiagnostics(longest) == [])
    #expect(syntaxDiagnostics(longest + " ").map(\.code) == [.expressionTooLong])
  }

  @Test func `every prefix of an expression is read or refused`() throws {
    let source = """
      {'a': [1, -2u, 0x1F, .5e-3, r'\\d', b"\\xff"]}.a[0].map(x, x > 1, has(x.y) ? !x : x in `z`)
      // and a comment
      """
    let scalars = Array(source.unicodeScalars)
    for length in 0...scalars.count {
      var prefix = String.UnicodeScalarView()
      prefix.append(contentsOf: scalars[..<length])
      for diagnostic in syntaxDiagnostics(String(prefix)) {
        let location = try #require(diagnostic.location)
        #expect(location.column >= 1 && location.column <= length + 1)
      }
    }
  }

  @Test func `a place in a later line is in that line`() throws {
    let location = SourceLocation(file: "a.yaml", line: 5, column: 9)
    let error = try #require(throws: InvalidInput.self) {
      try Expression(parsing: "1 +\n\n  2 3", at: location)
    }
    #expect(
      error.diagnostics.map(\.location) == [SourceLocation(file: "a.yaml", line: 7, column: 5)])
  }
}
