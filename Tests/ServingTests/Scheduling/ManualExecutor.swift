import Dispatch
import Synchronization

/// Runs tasks one after another on the thread of whoever asks for it, so that a test knows when nothing is left
/// to do.
final class ManualExecutor: TaskExecutor {
  private struct State: Sendable {
    var jobs: [UnownedJob] = []
    /// Whether jobs are run as they come.
    var isFree = false
  }

  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "privirun.tests.executor")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let runs = state.withLock { state in
      if !state.isFree { state.jobs.append(job) }
      return state.isFree
    }
    if runs { queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) } }
  }

  /// Runs jobs until none is left.
  func drain() {
    while let job = next() { job.runSynchronously(on: asUnownedTaskExecutor()) }
  }

  /// Jobs run as they come from now on: the test is over.
  func release() {
    let jobs = state.withLock { state in
      defer { state.jobs = [] }
      state.isFree = true
      return state.jobs
    }
    for job in jobs { queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) } }
  }

  private func next() -> UnownedJob? {
    state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
  }
}
