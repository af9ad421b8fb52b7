import Files
import Glibc

/// What a process uses, as the system says (proc(5)).
package struct ProcessUsage: Sendable, Hashable {
  /// Bytes of memory that are in RAM.
  package var residentBytes: Int
  /// Bytes of address space, most of which is never used.
  package var virtualBytes: Int
  /// Processor time since its start.
  package var processorTime: Duration
  /// How many files, sockets and pipes are open.
  package var openFiles: Int
  /// How many of them may be; nil for no limit.
  package var mostOpenFiles: Int?
  /// When it was started, since 1970-01-01T00:00:00Z; nil where the system does not say when it booted.
  package var startedAt: Duration?

  /// The units of `/proc`.
  package struct Units: Sendable, Hashable {
    /// Clock ticks in a second.
    package var ticks: Int
    /// Bytes of a page of memory.
    package var page: Int

    /// So many ticks in a second, and bytes in a page.
    package init(ticks: Int, page: Int) {
      self.ticks = ticks
      self.page = page
    }

    /// Those of this machine.
    package static var system: Units {
      Units(ticks: sysconf(Int32(_SC_CLK_TCK)), page: sysconf(Int32(_SC_PAGESIZE)))
    }
  }

  /// What this process uses now; nil where the system does not say.
  package static func current() -> ProcessUsage? {
    guard let status = text("/proc/self/stat"),
      let files = try? Folder.names(in: "/proc/self/fd")
    else { return nil }
    return ProcessUsage(
      status: status, system: text("/proc/stat") ?? "", limits: text("/proc/self/limits") ?? "",
      openFiles: files.count - 1, units: .system)
  }

  private static func text(_ path: String) -> String? {
    guard let bytes = try? OpenFile.reading(path).rest(atMost: 4 << 20) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads the contents of `/proc/PID/stat`, `/proc/stat` and `/proc/PID/limits`.
  ///
  /// Nil where something of the first is missing. The second is empty with `ProcSubset=pid` of systemd.exec(5).
  package init?(status: String, system: String, limits: String, openFiles: Int, units: Units) {
    // The name of the program, in parentheses, may hold anything.
    guard let end = status.lastIndex(of: ")"), units.ticks > 0, units.page > 0 else { return nil }
    let fields = status[status.index(after: end)...].split { $0 == " " || $0 == "\n" }
    // The first one behind the name is number 3 of proc_pid_stat(5).
    func field(_ number: Int) -> Int? {
      fields.indices.contains(number - 3) ? Int(fields[number - 3]) : nil
    }
    func time(_ ticks: Int) -> Duration {
      .seconds(ticks / units.ticks)
        + .nanoseconds(ticks % units.ticks * (1_000_000_000 / units.ticks))
    }
    let boot = system.split(separator: "\n").first { $0.hasPrefix("btime ") }
      .flatMap { Int($0.dropFirst(6)) }
    guard let user = field(14), let kernel = field(15), let start = field(22),
      let virtual = field(23), let resident = field(24)
    else { return nil }
    residentBytes = resident * units.page
    virtualBytes = virtual
    processorTime = time(user + kernel)
    self.openFiles = openFiles
    mostOpenFiles = limits.split(separator: "\n").first { $0.hasPrefix("Max open files") }
      .flatMap { Int($0.split(separator: " ").dropFirst(3).first ?? "") }
    startedAt = boot.map { .seconds($0) + time(start) }
  }
}

extension ProcessUsage {
  /// Adds the metrics that every client library of Prometheus has.
  func add(to text: inout MetricsText) {
    text.add(
      "process_cpu_seconds_total", .counter, .seconds(processorTime),
      "Total user and system CPU time spent in seconds.")
    text.add(
      "process_resident_memory_bytes", .gauge, .integer(residentBytes),
      "Resident memory size in bytes.")
    text.add(
      "process_virtual_memory_bytes", .gauge, .integer(virtualBytes),
      "Virtual memory size in bytes.")
    text.add(
      "process_open_fds", .gauge, .integer(openFiles), "Number of open file descriptors.")
    if let mostOpenFiles {
      text.add(
        "process_max_fds", .gauge, .integer(mostOpenFiles),
        "Maximum number of open file descriptors.")
    }
    if let startedAt {
      text.add(
        "process_start_time_seconds", .gauge, .seconds(startedAt),
        "Start time of the process since unix epoch in seconds.")
    }
  }
}
