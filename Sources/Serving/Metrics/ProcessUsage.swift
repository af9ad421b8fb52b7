/// What a process uses, as `/proc` says.
package struct ProcessUsage: Sendable, Hashable {
  /// Bytes of memory that are in RAM.
  package var residentBytes: Int
  /// Processor time since its start.
  package var processorTime: Duration
  /// How many files, sockets and pipes are open.
  package var openFiles: Int
  /// How many of them may be; nil for no limit.
  package var mostOpenFiles: Int?
  /// When it was started, since 1970-01-01T00:00:00Z.
  package var startedAt: Duration

  /// What this process uses now; nil where the system does not say.
  package static func current() -> ProcessUsage? { nil }
}
