import Formatting
import Testing

@Suite struct LineDifferenceTests {
  @Test func `a difference is shown with three lines around it`() {
    let old = "abcdefghijklmnopqrst".map { "\($0)\n" }.joined()
    let new = old.replacing("e\nf\n", with: "E\nf\nmore\n").replacing("t\n", with: "")
    #expect(
      LineDifference(from: old, to: new).text(path: "a.yaml") == """
        --- a.yaml
        +++ a.yaml
        @@ -2,8 +2,9 @@
         b
         c
         d
        -e
        +E
         f
        +more
         g
         h
         i
        @@ -17,4 +18,3 @@
         q
         r
         s
        -t

        """)
    #expect(LineDifference(from: old, to: old).isEmpty)
  }

  @Test func `lines at the beginning and at the end are counted from one`() {
    #expect(
      LineDifference(from: "a\nb\n", to: "b\nc\n").text(path: "x") == """
        --- x
        +++ x
        @@ -1,2 +1,2 @@
        -a
         b
        +c

        """)
    #expect(
      LineDifference(from: "", to: "a\n").text(path: "x") == "--- x\n+++ x\n@@ -0,0 +1,1 @@\n+a\n")
  }

  @Test(arguments: [("a\nb\nc\n", "a\nx\nc\n"), ("", "a\n"), ("a\n", ""), ("a\nb\n", "b\na\nb\n")])
  func `what is shown turns the one into the other`(old: String, new: String) {
    let lines = LineDifference(from: old, to: new).text(path: "x")
      .split(separator: "\n").dropFirst(2).filter { !$0.hasPrefix("@@") }
    #expect(lines.filter { !$0.hasPrefix("+") }.map { "\($0.dropFirst())\n" }.joined() == old)
    #expect(lines.filter { !$0.hasPrefix("-") }.map { "\($0.dropFirst())\n" }.joined() == new)
  }

  @Test func `line endings, a byte order mark and a missing last line ending are differences`() {
    #expect(
      LineDifference(from: "\u{FEFF}a\r\nb\r\nc", to: "a\nb\nc\n").text(path: "a b") == """
        --- a b\t
        +++ a b\t
        @@ -1,3 +1,3 @@
        -\u{FEFF}a\r
        -b\r
        -c
        \\ No newline at end of file
        +a
        +b
        +c

        """)
    #expect(
      LineDifference(from: "a\rb\r", to: "a\nb\n").text(path: "x") == """
        --- x
        +++ x
        @@ -1,1 +1,2 @@
        -a\rb\r
        \\ No newline at end of file
        +a
        +b

        """)
  }
}
