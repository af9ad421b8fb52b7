import Diagnostics
import Tenants
import Testing

/// CSV files as spreadsheets, editors and people write them: read rightly or refused, word for word.
///
/// `Fixtures/odd/NAME.csv` lies beside `NAME.expected`: the diagnostics, and then the tenants.
@Suite struct OddTableTests {
  static let names = Fixtures.names(in: "odd", endingIn: ".csv")

  @Test func `the odd tables are found`() {
    #expect(Self.names.count >= 55)
  }

  @Test(arguments: names)
  func `an odd table is read or refused with line and column`(_ name: String) throws {
    let bytes = try Fixtures.bytes("odd/\(name).csv")
    let expected = try Fixtures.text("odd/\(name).expected")
    // Wherever the file is cut while it is read.
    for count in [1000, 1, 2, 3, 7] {
      #expect(try Self.outcome(bytes, name, inPiecesOf: count) == expected, "pieces of \(count)")
    }
  }

  private static func outcome(
    _ bytes: [UInt8], _ name: String, inPiecesOf count: Int
  ) throws -> String {
    let (text, list) = try Onboarding().read(bytes, file: "\(name).csv", inPiecesOf: count)
    let lines = String(decoding: list.text, as: UTF8.self).split(separator: "\n").dropFirst()
    return ([text] + lines.map(String.init)).filter { !$0.isEmpty }.joined(separator: "\n") + "\n"
  }

  @Test func `no odd table shows a secret`() throws {
    for name in Self.names {
      let (text, _) = try Onboarding().read(
        try Fixtures.bytes("odd/\(name).csv"), file: "\(name).csv")
      #expect(!text.contains("hunter"), "\(name)")
    }
  }
}

/// Limits.
extension OddTableTests {
  private static let header = "name,username,password,region\n"

  @Test(arguments: ["", "\""])
  func `a cell has at most 256 KiB`(_ quote: String) throws {
    let cell = quote + String(repeating: "a", count: 300_000) + quote
    let text = try Onboarding().diagnostics(Self.header + "acme,\(cell),env:P,eu\n")
    #expect(
      text.hasPrefix(
        "tenants.csv:2:6: error[P0910]: the cell has more than 256 KiB [cell-too-long]\n"))
    #expect(
      text.hasSuffix(
        "\n  hint: is a quotation mark not closed? Keep large data in files of their own, and give "
          + "their paths"))
    #expect(text.utf8.count < 500)
  }

  @Test func `a row has at most 1000 cells`() throws {
    let text = try Onboarding().diagnostics(
      "name," + Array(repeating: "c", count: 1100).joined(separator: ",") + "\n")
    #expect(
      text.hasPrefix(
        "tenants.csv:1:2004: error[P0912]: the row has more than 1000 cells [too-many-cells]")
    )
  }

  @Test func `a row has at most 1 MiB`() throws {
    let cells = Array(repeating: String(repeating: "a", count: 200_000), count: 6)
    let text = try Onboarding().diagnostics(
      "name,a,b,c,d,e,f\nx," + cells.joined(separator: ",") + "\n")
    #expect(text.contains("error[P0911]: the row has more than 1 MiB [row-too-long]"))
  }

  @Test func `the first hundred errors are shown, and the others counted`() throws {
    let rows = (0..<150).map { "t\($0),B,hunter2,eu\n" }
    let text = try Onboarding().diagnostics(Self.header + rows.joined())
    #expect(text.split(separator: "\n").count { $0.contains(": error[P") } == 101)
    #expect(
      text.contains(
        "tenants.csv:52:5: error[P0125]: and 200 more errors and warnings in this file "
          + "[too-many-diagnostics]\n  52 | t50,B,•••,eu\n     |     ^\n"))
    #expect(!text.contains("hunter2"))
  }

  @Test func `a hundred thousand rows are read row by row`() throws {
    var table = Array("name,username,password,region\n".utf8)
    for index in 0..<100_000 { table += "t\(index),,,eu\n".utf8 }
    let onboarding = Onboarding(shared: ["username=a@b.c", "password=env:P"])
    let (text, list) = try onboarding.read(table, file: "tenants.csv", inPiecesOf: 64 << 10)
    #expect(text == "")
    #expect(list.count == 100_000)
    #expect(try list[99_999].name == "t99999")
    #expect(try list[99_999].location.line == 100_001)
    #expect(list.names.lazy.map(\.utf8.count).reduce(0, +) == 588_890)
  }
}

/// Separators.
extension OddTableTests {
  @Test(
    arguments: [
      (",", .comma), (";", .semicolon), ("\t", .tab), ("tab", .tab), ("\\t", .tab),
      ("|", .bar),
    ] as [(String, CSVSeparator)])
  func `a separator is named by its character`(_ name: String, _ separator: CSVSeparator) {
    #expect(CSVSeparator(named: name) == separator)
  }

  @Test(arguments: ["", "a", "7", ",,", "comma", "\"", "\n", "\r\n", "\r", "\u{7}", "é", "„"])
  func `other characters are no separators`(_ name: String) {
    #expect(CSVSeparator(named: name) == nil)
  }

  @Test(arguments: [";", "#", "^", " "])
  func `the separator that is named is used`(_ name: String) throws {
    let table = ["name", "username", "password\na,b", "a@b.c", "env:P\n"].joined(separator: name)
    let (text, list) = try Onboarding().read(
      Array(table.utf8), file: "tenants.csv", separator: CSVSeparator(named: name))
    #expect(text == "")
    #expect(try list[0].name == "a,b")
  }

  @Test func `the extension tsv means tabs`() throws {
    let (text, list) = try Onboarding().read(
      Array("name\tusername\tpassword\na,b\ta@b.c\tenv:P\n".utf8), file: "tenants.tsv")
    #expect(text == "")
    #expect(try list[0].name == "a,b")
  }

  @Test func `a first line with another separator than the one that is named is refused`() throws {
    #expect(
      try Onboarding().diagnostics(
        "sep=;\nname;username\n", file: "tenants.csv", separator: .comma) == """
          tenants.csv:1:1: error[P0914]: the first line names the separator `;`, and `separator` says `,` \
          [wrong-separator]
            1 | sep=;
              | ^^^^^
            hint: remove one of the two
          """)
  }
}
