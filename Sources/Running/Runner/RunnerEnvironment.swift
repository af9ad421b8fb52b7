package import Events
package import Operations

/// What a runner needs of the world around it.
package struct RunnerEnvironment: Sendable {
  package var transport: any Transport
  package var localActions: LocalActions
  /// Stores events; durable when it returns.
  ///
  /// A throw stops the run before anything else is sent.
  package var record: @Sendable ([RunEvent]) async throws -> Void
  /// Shows events; called in order, after they are stored.
  package var observe: @Sendable ([RunEvent]) async -> Void
  /// Has work that blocks done on a thread that may.
  package var offload: @Sendable (_ work: @escaping @Sendable () -> Void) -> Void
  /// Receives a trace of HTTP and WebSocket traffic, line by line, without secrets; nil for none.
  package var trace: (@Sendable (String) -> Void)?
  package var now: @Sendable () -> Moment
  package var sleep: @Sendable (Duration) async throws -> Void

  package init(
    transport: any Transport, localActions: LocalActions,
    record: @escaping @Sendable ([RunEvent]) async throws -> Void,
    observe: @escaping @Sendable ([RunEvent]) async -> Void,
    offload: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
    now: @escaping @Sendable () -> Moment,
    sleep: @escaping @Sendable (Duration) async throws -> Void,
    trace: (@Sendable (String) -> Void)? = nil
  ) {
    self.transport = transport
    self.localActions = localActions
    self.record = record
    self.observe = observe
    self.offload = offload
    self.now = now
    self.sleep = sleep
    self.trace = trace
  }
}
