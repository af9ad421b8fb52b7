import Serving
import Testing

@Suite struct ProcessUsageTests {
  private static let units = ProcessUsage.Units(ticks: 100, page: 4096)
  private static let status =
    "7 (x) y) S 1 7 7 0 -1 4194560 100 0 0 0 151 50 0 0 20 0 4 0 3025 1048576 256 0 0\n"
  private static let system = "cpu 1\nctxt 5\nbtime 1796000000\nprocesses 9\n"

  @Test func `processor time, memory and start are read by their units`() throws {
    let usage = try #require(
      ProcessUsage(
        status: Self.status, system: Self.system,
        limits: "Max open files            1024                 4096                 files\n",
        openFiles: 12, units: Self.units))
    #expect(usage.residentBytes == 1 << 20)
    #expect(usage.virtualBytes == 1 << 20)
    #expect(usage.processorTime == .milliseconds(2010))
    #expect(usage.openFiles == 12)
    #expect(usage.mostOpenFiles == 1024)
    #expect(usage.startedAt == .milliseconds(1_796_000_030_250))
  }

  @Test(arguments: ["", "Max open files            unlimited            unlimited     files\n"])
  func `no limit of open files is none`(_ limits: String) {
    let usage = ProcessUsage(
      status: Self.status, system: Self.system, limits: limits, openFiles: 1, units: Self.units)
    #expect(usage.map { $0.mostOpenFiles == nil } == true)
  }

  @Test(arguments: [
    ("", system), ("7 (x) S 1", system), ("no parentheses", system),
  ])
  func `what is missing makes nothing`(_ status: String, _ system: String) {
    let usage = ProcessUsage(
      status: status, system: system, limits: "", openFiles: 1, units: Self.units)
    #expect(usage == nil)
  }

  @Test func `where the boot is not known, neither is the start`() throws {
    let usage = try #require(
      ProcessUsage(
        status: Self.status, system: "", limits: "", openFiles: 1, units: Self.units))
    #expect(usage.startedAt == nil)
    #expect(usage.processorTime == .milliseconds(2010))
  }

  @Test func `this process can be read`() throws {
    let usage = try #require(ProcessUsage.current())
    #expect(usage.residentBytes > 1 << 20)
    #expect(usage.virtualBytes > usage.residentBytes)
    #expect(usage.openFiles >= 3)
    // After this test was written.
    #expect(try #require(usage.startedAt) > .seconds(1_700_000_000))
  }
}
