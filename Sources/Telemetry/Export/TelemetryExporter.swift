import Operations
import Synchronization

/// Exports the telemetry of a process.
///
///     let exporter = TelemetryExporter(settings, …)
///     // In a task of its own: await exporter.run()
///     exporter.telemetry.record(events, of: run)
///     exporter.finish()
package final class TelemetryExporter: Sendable {
  /// What turns events into the telemetry that is exported.
  package let telemetry: RunTelemetry

  private let settings: TelemetrySettings
  private let resource: OTLPResource
  private let environment: ExportEnvironment
  private let queue: SpanQueue
  private let store: MetricStore
  private let isFinishing = Mutex(false)
  private let metricSignals: AsyncStream<Void>
  private let metricSignal: AsyncStream<Void>.Continuation

  /// An exporter of what `settings` say, in the name of the program's `version`.
  ///
  /// Traces continue `parent`, where there is one; `randomID` draws the ids of spans that have none.
  package init(
    _ settings: TelemetrySettings, version: String, continuing parent: TraceParent?,
    randomID: @escaping @Sendable () -> UInt64, environment: ExportEnvironment
  ) {
    self.settings = settings
    resource = OTLPResource(settings.resource, version: version)
    self.environment = environment
    let queue = SpanQueue(settings.batching)
    self.queue = queue
    let store = MetricStore(since: environment.now())
    self.store = store
    (metricSignals, metricSignal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    let tracer = settings.traces.map { _ in
      SpanTracer(sampler: settings.sampler, random: randomID) { queue.add($0) }
    }
    telemetry = RunTelemetry(
      TelemetryOutlets(
        tracer: tracer, metrics: settings.metrics.map { _ in store }, continuing: parent,
        sampler: settings.sampler))
  }

  /// Exports until `finish` was called and everything is delivered or lost, or until the task is
  /// cancelled.
  package func run() async {
    await withDiscardingTaskGroup { group in
      if let traces = settings.traces {
        group.addTask { await self.exportSpans(to: traces) }
      }
      if let metrics = settings.metrics {
        group.addTask { await self.exportMetrics(to: metrics) }
      }
    }
  }

  /// Nothing more is recorded: what there is is exported, and `run` returns.
  package func finish() {
    isFinishing.withLock { $0 = true }
    queue.close()
    metricSignal.yield()
  }
}

extension TelemetryExporter {
  private func exportSpans(to destination: TelemetrySettings.Destination) async {
    let delivery = ExportDelivery(
      kind: .traces, destination: destination, environment: environment)
    await withTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      group.addTask { [environment, queue, delay = settings.batching.delay] in
        while (try? await environment.sleep(delay)) != nil { queue.wake() }
      }
      for await _ in queue.signals {
        let isLast = queue.isClosed
        await deliverSpans(by: delivery)
        if isLast { break }
      }
    }
  }

  private func deliverSpans(by delivery: ExportDelivery) async {
    while !Task.isCancelled {
      let batch = queue.take()
      guard !batch.isEmpty else { break }
      await delivery.deliver(OTLPSpans.body(batch, of: resource))
    }
    let dropped = queue.takeDropped()
    if dropped > 0 { environment.report(.dropped(dropped)) }
  }

  private func exportMetrics(to destination: TelemetrySettings.Destination) async {
    let delivery = ExportDelivery(
      kind: .metrics, destination: destination, environment: environment)
    await withTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      group.addTask { [environment, metricSignal, interval = settings.metricInterval] in
        while (try? await environment.sleep(interval)) != nil { metricSignal.yield() }
      }
      for await _ in metricSignals {
        let isLast = isFinishing.withLock { $0 }
        let metrics = store.snapshot
        if !metrics.isEmpty {
          await delivery.deliver(
            OTLPMetrics.body(
              metrics, from: store.start, at: environment.now(), of: resource))
        }
        if isLast { break }
      }
    }
  }
}
