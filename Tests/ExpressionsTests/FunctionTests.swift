import Expressions
import Testing

@Suite struct FunctionTests {
  @Test(
    arguments: [
      ("'AbÉ'.lowerAscii()", "abÉ"), ("'aBé'.upperAscii()", "ABé"),
      ("' \\t a b \\u00a0'.trim()", "a b"),
      ("''.trim()", ""), ("'a,b,,c'.split(',')", ["a", "b", "", "c"]),
      ("'abc'.split('')", ["a", "b", "c"]),
      ("''.split('')", [""]), ("''.split(',')", [""]), ("'a,b,c'.split(',', 2)", ["a", "b,c"]),
      ("'a,b'.split(',', 0)", []), ("'a,b'.split(',', 1)", ["a,b"]),
      ("'a,b'.split(',', -1)", ["a", "b"]),
      ("'abc'.split('', 2)", ["a", "bc"]), ("['a', 'b'].join()", "ab"),
      ("['a', 'b'].join(', ')", "a, b"),
      ("[].join(',')", ""), ("'aaa'.replace('a', 'b')", "bbb"), ("'aaa'.replace('aa', 'b')", "ba"),
      ("'abc'.replace('', '-')", "-a-b-c-"), ("''.replace('', '-')", "-"),
      ("'aaa'.replace('a', 'b', 2)", "bba"),
      ("'aaa'.replace('a', 'b', 0)", "aaa"), ("'aaa'.replace('a', 'b', -1)", "bbb"),
      ("'aaa'.replace('x', 'b')", "aaa"), ("'héllo'.substring(1)", "éllo"),
      ("'héllo'.substring(1, 3)", "él"),
      ("'abc'.substring(3)", ""), ("'abcabc'.indexOf('c')", 2), ("'abcabc'.indexOf('c', 3)", 5),
      ("'abc'.indexOf('x')", -1), ("'abc'.indexOf('')", 0), ("'abc'.indexOf('', 2)", 2),
      ("'abcabc'.lastIndexOf('c')", 5), ("'abcabc'.lastIndexOf('c', 4)", 2),
      ("'abc'.lastIndexOf('')", 3),
      ("'abc'.lastIndexOf('x')", -1), ("'🐱bc'.indexOf('c')", 2), ("'tacocat'.charAt(3)", "o"),
      ("'abc'.charAt(3)", ""), ("'aab'.contains('ab')", true),
      ("'e\\u0301'.contains('\\u00e9')", false),
      ("'e\\u0301'.size()", 2), ("'\\u00e9'.startsWith('e')", false),
      ("9007199254740993 == 9007199254740992.0", false),
      ("9007199254740992 == 9007199254740992.0", true),
      ("9007199254740993 in [9007199254740992.0]", false),
      ("18446744073709551615u == 18446744073709551616.0", false),
      ("9223372036854775807 != 9223372036854775808.0", true),
      ("json.decode('12345678901234567890') == json.decode('12345678901234567891')", false),
      ("json.decode('12345678901234567890')", "12345678901234567890"),
      ("base64.encode(b'hello')", "aGVsbG8="),
      ("base64.decode('aGVsbG8=')", .bytes(Array("hello".utf8))),
      ("base64.decode('aGVsbG8')", .bytes(Array("hello".utf8))), ("base64.decode('')", .bytes([])),
      ("json.encode({'b': [1, 1.5, null], 'a': b'x'})", #"{"b":[1,1.5,null],"a":"eA=="}"#),
      ("json.decode('{\"a\": [1, 2.0]}').a", [1, 2.0]), ("size({1: 2}) + [1].size()", 2),
      ("string(1.0)", "1"), ("string(0.1)", "0.1"), ("string(true)", "true"),
      ("double('1e3')", 1000.0),
      ("type(timestamp(0)) == google.protobuf.Timestamp", true),
      ("type(duration('1s')) == google.protobuf.Duration", true), ("1 in {1u: 2}", true),
      ("[1, 2].exists(x, x == 2u)", true), ("{'a': 1} == {'a': 1.0}", true), ("[] == {}", false),
      ("'q\\u0307\\u0323' == 'q\\u0323\\u0307'", false),
      ("{'q\\u0307\\u0323': 1, 'q\\u0323\\u0307': 2}.size()", 2), ("null == 0", false),
      ("'1' == 1", false),
    ] as [(String, Value)])
  func `functions work on text and encodings`(_ source: String, _ expected: Value) throws {
    #expect(try evaluate(source) == expected)
  }

  @Test(arguments: [
    ("timestamp('2024-02-29T12:34:56.789Z')", "2024-02-29T12:34:56.789Z"),
    ("timestamp('2024-02-29T12:34:56+02:00')", "2024-02-29T10:34:56Z"),
    ("timestamp('2024-02-29t12:34:56z')", "2024-02-29T12:34:56Z"),
    ("timestamp('0001-01-01T00:00:00Z')", "0001-01-01T00:00:00Z"),
    ("timestamp('9999-12-31T23:59:59.999999999Z')", "9999-12-31T23:59:59.999999999Z"),
    ("timestamp('1900-03-01T00:00:00Z') - duration('1s')", "1900-02-28T23:59:59Z"),
    ("timestamp('2000-03-01T00:00:00Z') - duration('1s')", "2000-02-29T23:59:59Z"),
    ("timestamp('1969-12-31T23:59:59.5Z') + duration('600ms')", "1970-01-01T00:00:00.1Z"),
    ("timestamp(4107542400)", "2100-03-01T00:00:00Z"),
    ("timestamp(4107542399)", "2100-02-28T23:59:59Z"),
    ("timestamp(-2203891200)", "1900-03-01T00:00:00Z"),
    ("timestamp(951782400)", "2000-02-29T00:00:00Z"),
    ("timestamp(978220800)", "2000-12-31T00:00:00Z"),
    ("timestamp('2100-03-01T00:00:00Z')", "2100-03-01T00:00:00Z"),
    ("duration('1h') + timestamp(0)", "1970-01-01T01:00:00Z"),
    ("timestamp(1709210096)", "2024-02-29T12:34:56Z"), ("duration('1h30m')", "5400s"),
    ("duration('-1.5s')", "-1.5s"), ("duration('1500ms')", "1.5s"),
    ("duration('1m0.000000001s')", "60.000000001s"),
    ("duration('2us3ns')", "0.000002003s"), ("duration('0')", "0s"), ("duration('.5s')", "0.5s"),
    ("duration('+1s')", "1s"), ("duration('1d')", "86400s"), ("duration('1w2d')", "777600s"),
    ("duration('-1.5d')", "-129600s"), ("duration('3652500d')", "315576000000s"),
    ("timestamp(100) - timestamp(10)", "90s"), ("timestamp(10) - timestamp(100)", "-90s"),
    ("duration('1s') - duration('2s')", "-1s"), ("duration('1s') + duration('2s')", "3s"),
    ("duration('-0.5s')", "-0.5s"),
  ])
  func `timestamps and durations are read, calculated and written`(
    _ source: String, _ expected: String
  ) throws {
    #expect(try evaluate("string(\(source))") == .string(expected))
  }

  @Test(arguments: [
    ("getFullYear", 2009), ("getMonth", 1), ("getDate", 13), ("getDayOfMonth", 12),
    ("getDayOfWeek", 5),
    ("getDayOfYear", 43), ("getHours", 23), ("getMinutes", 31), ("getSeconds", 30),
    ("getMilliseconds", 123),
  ])
  func `the parts of a timestamp are those of CEL`(_ part: String, _ expected: Int64) throws {
    let source = "timestamp('2009-02-13T23:31:30.123456789Z').\(part)"
    #expect(try evaluate("\(source)()") == .int(expected))
    #expect(try evaluate("\(source)('UTC')") == .int(expected))
  }

  @Test(
    arguments: [
      ("timestamp('2009-02-13T23:31:30Z').getHours('+01:00')", 0),
      ("timestamp('2009-02-13T23:31:30Z').getDate('+01:00')", 14),
      ("timestamp('2009-02-13T23:31:30Z').getMinutes('-02:30')", 1),
      ("timestamp('2009-02-13T23:31:30Z').getHours('02:00')", 1),
      ("duration('3730s').getHours()", 1), ("duration('3730s').getMinutes()", 62),
      ("duration('3730s').getSeconds()", 3730),
      ("duration('123.321456789s').getMilliseconds()", 321),
      ("int(timestamp('2004-09-16T23:59:59Z'))", 1_095_379_199),
      ("[timestamp(1), timestamp(2)].filter(t, t < timestamp(2)).size()", 1),
      ("duration('1s') < duration('1.5s') ? 1 : 0", 1),
    ] as [(String, Value)])
  func `zones are offsets, and durations have parts`(_ source: String, _ expected: Value) throws {
    #expect(try evaluate(source) == expected)
  }

  @Test(arguments: [
    ("timestamp('2024-02-30T00:00:00Z')", #"the text is no timestamp: "2024-02-30T00:00:00Z""#),
    ("timestamp('2023-02-29T00:00:00Z')", #"the text is no timestamp: "2023-02-29T00:00:00Z""#),
    ("timestamp('2024-01-01')", #"the text is no timestamp: "2024-01-01""#),
    ("timestamp('2024-01-01T00:00:00')", #"the text is no timestamp: "2024-01-01T00:00:00""#),
    ("timestamp('2024-01-01T24:00:00Z')", #"the text is no timestamp: "2024-01-01T24:00:00Z""#),
    ("timestamp('0000-01-01T00:00:00Z')", #"the text is no timestamp: "0000-01-01T00:00:00Z""#),
    (
      "timestamp('9999-12-31T23:59:59-01:00')",
      #"the text is no timestamp: "9999-12-31T23:59:59-01:00""#
    ),
    ("timestamp(253402300800)", "the result does not fit a timestamp"),
    ("timestamp('9999-12-31T23:59:59Z') + duration('1s')", "the result does not fit a timestamp"),
    ("timestamp('0001-01-01T00:00:00Z') - duration('1ns')", "the result does not fit a timestamp"),
    ("timestamp(0).getHours('Europe/Paris')", #"unknown time zone: "Europe/Paris""#),
    ("duration('1')", #"the text is no duration: "1""#),
    ("duration('1y')", #"the text is no duration: "1y""#),
    ("duration('')", #"the text is no duration: """#),
    ("duration('1.2.3s')", #"the text is no duration: "1.2.3s""#),
    ("duration('.s')", #"the text is no duration: ".s""#),
    ("duration('1s ')", #"the text is no duration: "1s ""#),
    ("duration('1s-2s')", #"the text is no duration: "1s-2s""#),
    ("duration('9223372036854775807h')", "the result does not fit a duration"),
    ("duration('87660001h')", "the result does not fit a duration"),
    ("duration('3652501d')", "the result does not fit a duration"),
    ("duration('521787w')", "the result does not fit a duration"),
    ("duration('315576000000s') + duration('1ns')", "the result does not fit a duration"),
    ("'abc'.substring(4)", "the position is outside the text: 4 of 3"),
    ("'abc'.substring(-1)", "the position is outside the text: -1 of 3"),
    ("'abc'.substring(2, 1)", "the substring ends before it begins"),
    ("'abc'.charAt(4)", "the position is outside the text: 4 of 3"),
    ("'abc'.indexOf('a', 4)", "the position is outside the text: 4 of 3"),
    ("['a', 1].join()", "`join` takes a list of string, but an element is int"),
    ("base64.decode('*')", "the string is not base64"),
    ("base64.decode('YQ=')", "the string is not base64"),
    ("base64.decode('YQ===')", "the string is not base64"),
    ("base64.decode('=YQ')", "the string is not base64"),
    ("base64.decode('Y=Q=')", "the string is not base64"),
    ("base64.decode('YWI==')", "the string is not base64"),
    ("base64.decode('YWJj=')", "the string is not base64"),
    ("base64.decode('Y')", "the string is not base64"),
    (
      "json.decode('{')",
      "the string is not JSON: expected a name in double quotes (line 1, column 2)"
    ),
    ("dyn('a') + 1", "`+` does not work on string and int"),
    ("dyn(1) + 1u", "`+` does not work on int and uint"),
    ("dyn(1).size()", "`size` does not work on int"),
    ("size(1, 2)", "`size` is not called this way"),
    ("'a'.nothing()", "unknown function `nothing`"),
    ("[1][dyn('a')]", "a list has no index of type string"),
    ("[1][1]", "the index is outside the list: 1 in a list of 1"),
    ("[1][-1]", "the index is outside the list: -1 in a list of 1"),
    ("{'a': 1}.b", "no such field `b`"), ("dyn(1).a", "int has no fields"),
    ("has(dyn(1).a)", "int has no fields"),
    ("dyn('a')[0]", "string has no elements"), ("{1: 1, 1u: 2}", "the map has this key twice"),
    ("{dyn(1.0): 1}", "double cannot be the key of a map"),
    ("dyn(1) && true", "`&&` needs bool, not int"),
    ("[1].all(x, dyn(1))", "`all` needs bool, not int"),
    ("dyn(1).all(x, true)", "`all` goes over a list or a map, not int"),
    (
      "int('x' + '\(String(repeating: "y", count: 100))')",
      "the text is no int: \"x\(String(repeating: "y", count: 58))…"
    ),
  ])
  func `what fails says so in words`(_ source: String, _ message: String) throws {
    #expect(try evaluationError(source).message == message)
  }
}
