import ArgumentParser
import Sandbox

struct SandboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sandbox", abstract: "Start a simulated Privicore service on this machine.",
    discussion: """
      It listens on the loopback address, keeps its state in memory (or in the file of --state), and \
      refuses what the real service would refuse. /__sandbox/ledger of the API returns, as JSON, the \
      requests that it received, their effects, and violations of the protocol. It runs until it is \
      interrupted.

        privirun sandbox --api-port 8009 --ws-port 8083 --dialect mixed --voters yes,no,late
      """)

  @Option(help: "The port of the HTTP API; 0 takes a free one.")
  var apiPort = 0

  @Option(help: "The port of the WebSocket proxy.")
  var wsPort = 0

  @Option(help: "The port of the upload server.")
  var upstreamPort = 0

  @Option(help: "The port of the download server.")
  var downstreamPort = 0

  @Option(
    help: ArgumentHelp(
      "Load the state from this file and save it there; it holds secrets.", valueName: "file"),
    completion: .file())
  var state: String?

  @Option(
    help: ArgumentHelp(
      "Allow web pages of this origin to read responses, * for any; default: none.",
      valueName: "origin"))
  var allowOrigin: String?

  @OptionGroup(title: "Behaviour") var options: SandboxOptions

  func validate() throws {
    for port in [apiPort, wsPort, upstreamPort, downstreamPort] where !(0...65_535).contains(port) {
      throw ValidationError("a port must be 0 to 65535, not \(port)")
    }
    if let allowOrigin, allowOrigin != "*", !allowOrigin.isOrigin {
      throw ValidationError("`\(allowOrigin)` is no origin; write it like http://localhost:8000")
    }
  }

  func run() async throws {
    try ResourceLimit.prepareDescriptors()
    var sandbox = options.configuration
    sandbox.stateFile = try state.map(CommandPath.expand)
    sandbox.allowedOrigin = allowOrigin
    sandbox.report = { error in
      StandardStream.error.write("privirun: \(error.message)\n")
    }
    sandbox.apiPort = apiPort
    sandbox.webSocketPort = wsPort
    sandbox.upstreamPort = upstreamPort
    sandbox.downstreamPort = downstreamPort
    do {
      try await serve(sandbox)
    } catch let error as SandboxError {
      throw CommandFailure(.invalid, error.message, hint: error.hint)
    }
  }

  /// The faults that are injected and what they follow from; nothing where there are none.
  private static func faultLine(_ sandbox: SandboxConfiguration) -> String {
    let faults = sandbox.vault.faults
    return faults.isEmpty ? "" : "Faults it injects: \(faults) (seed \(sandbox.seed))\n"
  }

  /// Serves until the first signal.
  private func serve(_ sandbox: SandboxConfiguration) async throws {
    let interrupts = Interrupts()
    try await SandboxServer.withServer(sandbox) { addresses in
      StandardStream.output.write(
        """
        The sandbox is serving. In another terminal:

          export PRIVICORE_API_URL=\(addresses.api)
          export PRIVICORE_WS_URL=\(addresses.webSocket)
          export PRIVICORE_UPSTREAM_URL=\(addresses.upstream)
          export PRIVICORE_DOWNSTREAM_URL=\(addresses.downstream)

        Requests, effects and violations of the protocol: \(addresses.api)/__sandbox/ledger
        \(Self.faultLine(sandbox))Ctrl-C stops it.

        """)
      for await _ in interrupts.signals { break }
    }
  }
}

extension String {
  /// Whether it is what a browser sends as one: scheme, host and port, and nothing behind them.
  fileprivate var isOrigin: Bool {
    let halves = split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
    return halves.count == 2 && ["http", "https"].contains(halves[0]) && !halves[1].isEmpty
      && !halves[1].contains { "/?#@ ".contains($0) }
  }
}
