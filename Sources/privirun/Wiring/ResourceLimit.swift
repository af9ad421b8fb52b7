import Glibc

/// A limit of the process that a run cannot do without (`ulimit`).
struct ResourceLimit: Sendable {
  /// What the system calls it in `getrlimit`.
  let resource: Int32
  let minimum: UInt64
  /// Such as "the stack of a thread is limited to 64 KiB".
  let subject: String
  let unit: (name: String, size: UInt64)
  /// The option of the shell's `ulimit` that changes it.
  let option: String

  /// Open files and sockets: a run opens the journal, the key files and a socket for each session,
  /// and an event loop for each of `cores`, which takes three descriptors.
  static func descriptors(cores: Int) -> ResourceLimit {
    ResourceLimit(
      resource: Int32(RLIMIT_NOFILE.rawValue), minimum: UInt64(56 + 4 * max(1, cores)),
      subject: "the number of open files is limited to",
      unit: ("", 1), option: "-n")
  }
  /// The stack of each thread.
  static let stack = ResourceLimit(
    resource: Int32(RLIMIT_STACK.rawValue), minimum: 512 << 10,
    subject: "the stack of a thread is limited to",
    unit: (" KiB", 1 << 10), option: "-s")
  /// Virtual memory, of which threads reserve more than they use.
  static let addressSpace = ResourceLimit(
    resource: Int32(RLIMIT_AS.rawValue), minimum: 512 << 20,
    subject: "the address space is limited to",
    unit: (" KiB", 1 << 10), option: "-v")

  /// The current limit.
  private var current: UInt64 {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return .max }
    return UInt64(limit.rlim_cur)
  }

  /// What is wrong with a limit of `current`, or nil.
  func failure(at current: UInt64) -> CommandFailure? {
    guard current < minimum else { return nil }
    let needed = minimum / unit.size
    return CommandFailure(
      .invalid,
      "\(subject) \(current / unit.size)\(unit.name), and at least \(needed)\(unit.name) is needed",
      hint: "raise it with `ulimit \(option) \(needed)` or more")
  }

  /// How many connections a server of this process may have open: what the limit of open files
  /// leaves beside journals, keys and event loops, at most 32,768.
  static var connections: Int {
    let files = descriptors(cores: sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    return Int(min(32_768, files.current - min(files.current, files.minimum)))
  }

  /// Throws when one of `limits` is too low to work with.
  static func check(_ limits: [ResourceLimit]) throws(CommandFailure) {
    for limit in limits {
      if let failure = limit.failure(at: limit.current) { throw failure }
    }
  }

  /// Raises the soft limit of open files to the hard one, at most 65,536, and checks it.
  static func prepareDescriptors() throws(CommandFailure) {
    let descriptors = descriptors(cores: sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    var limit = rlimit()
    if getrlimit(descriptors.resource, &limit) == 0 {
      limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 65_536))
      setrlimit(descriptors.resource, &limit)
    }
    try check([descriptors])
  }
}
