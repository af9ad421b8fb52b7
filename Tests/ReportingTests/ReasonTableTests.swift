import Events
import Playbooks
import Testing

@testable import Reporting

/// Which failures count as the same.
@Suite struct ReasonTableTests {
  @Test(arguments: [
    ("device d-17 is missing", "device … is missing"),
    ("the user acme@example.com exists", "the user … exists"),
    ("HTTP 409: no", "HTTP …: no"),
    ("no response within 30 s", "no response within … s"),
    ("the name \"a b\" is taken", "the name … is taken"),
    ("the name 'a b' is taken", "the name … is taken"),
    ("the tenant's name is taken", "the tenant's name is taken"),
    ("`answer.state == 'ready'` is false", "`answer.state == …` is false"),
    ("`device.enrol` failed", "`device.enrol` failed"),
    ("tenant acme is locked", "tenant … is locked"),
    ("tenant acmeville is locked", "tenant acmeville is locked"),
    ("user-acme-admin and acme_prod", "… and …"),
    ("3f2a1b9c-0002-4444, a7, b8 and c9", "… and …"),
    ("https://api.example.com:443/v1 refused", "https://… refused"),
    ("/data/acme/key 12%", "/data/…/key …%"),
    ("", ""), ("“a” and «b»", "… and …"), ("a \"b", "a \"b"), ("a\n\tb", "a b"),
  ])
  func `what differs from tenant to tenant is left out of a message`(
    message: String, pattern: String
  ) {
    #expect(ReasonPattern(message, of: "acme").text == pattern)
  }

  private static func row(_ name: String, _ failure: Failure?) -> TenantRow {
    TenantRow(name: name, state: .failed, failure: failure)
  }

  @Test func `the same cause is one entry, the most frequent first`() {
    var table = ReasonTable()
    for row in ReportedRollout.rows { table.add(row) }
    let entries = table.entries
    #expect(entries.map(\.count) == [2, 1, 1, 1, 1])
    #expect(entries[0].message == "the command was rejected: device … is registered")
    #expect(Array(entries[0].tenants) == ["initech", "umbrella"])
    #expect(entries[0].hint == "remove it with `device.remove-device`")
    #expect(entries[0].place == "enrol/device (workflows/onboard.yaml:12:5)")
    #expect(entries[0].cause == "rejected, HTTP 409, device.enrol")
    #expect(entries[1].message == "no response within 30 s")
    #expect(entries.map(\.state) == [.failed, .inDoubt, .cancelled, .waiting, .failed])
    #expect(entries[4].message == "not started: the file secrets/wayne.txt does not exist")
    #expect(table.tenantCount == 6)
  }

  @Test func `five reasons of many tenants are five entries with the right tenants`() {
    var table = ReasonTable()
    let rows = ReportedRollout.large(20_000)
    for row in rows { table.add(row) }
    #expect(table.entries.count == 5)
    #expect(table.entries.map(\.count).reduce(0, +) == 600)
    for entry in table.entries {
      let numbers = entry.tenants.compactMap { Int($0.dropFirst("tenant-".count)) }
      #expect(numbers.count == 120)
      #expect(numbers.allSatisfy { $0 % 100 < 3 })
      #expect(Set(numbers.map { $0 / 100 % 5 }).count == 1)
    }
  }

  @Test(arguments: [
    (Failure(.rejected, "a"), Failure(.invalid, "a")),
    (Failure(.rejected, "a", status: 409), Failure(.rejected, "a", status: 410)),
    (Failure(.rejected, "a", operation: "x"), Failure(.rejected, "a", operation: "y")),
    (Failure(.rejected, "the user exists"), Failure(.rejected, "the device exists")),
  ])
  func `another class, operation, status or message is another cause`(
    left: Failure, right: Failure
  ) {
    var table = ReasonTable()
    table.add(Self.row("a", left))
    table.add(Self.row("b", right))
    #expect(table.entries.count == 2)
  }

  @Test(arguments: [
    ("remove a", "remove a"), ("remove b", "remove a (a; others alike)"),
    (nil, "remove a (a; others alike)"),
  ])
  func `what to do names the tenant it is about where it differs`(
    other: String?, advice: String
  ) throws {
    var table = ReasonTable()
    table.add(Self.row("a", Failure(.rejected, "no", hint: "remove a")))
    table.add(Self.row("b", Failure(.rejected, "no", hint: other)))
    #expect(try #require(table.entries.first).advice == advice)
  }

  @Test func `a tenant that runs again is taken out`() {
    var table = ReasonTable()
    table.add(Self.row("a", Failure(.rejected, "no")))
    table.add(Self.row("b", Failure(.rejected, "no")))
    table.remove(tenant: "a")
    #expect(table.entries.map { Array($0.tenants) } == [["b"]])
    table.add(TenantRow(name: "b", state: .succeeded))
    #expect(table.isEmpty)
    table.remove(tenant: "c")
    #expect(table == ReasonTable())
  }

  @Test func `reasons are two lines each, and the others are counted`() {
    var table = ReasonTable()
    for row in ReportedRollout.rows { table.add(row) }
    let lines = table.lines(TerminalStyle(), limit: 2, names: 1).map {
      $0.rendered(TerminalStyle())
    }
    #expect(
      lines == [
        "  2 failed: the command was rejected: device … is registered  rejected, HTTP 409, device.enrol",
        "    initech and 1 more  at enrol/device (workflows/onboard.yaml:12:5)",
        "  1 in doubt: no response within 30 s  timeout, device.enrol",
        "    hooli  at enrol/device", "  3 more reasons (3 tenants)",
      ])
  }
}
