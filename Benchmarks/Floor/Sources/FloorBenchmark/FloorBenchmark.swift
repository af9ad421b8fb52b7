import Glibc

/// Onboards tenants as `Benchmarks/onboarding.yaml` does, with nothing but libraries for HTTP and
/// WebSocket: what `privirun` can cost at least.
///
///     FloorBenchmark ahc|nio TENANTS CONCURRENCY [LOOPS]
///
/// `ahc` goes over async-http-client, `nio` over NIOHTTP1 with LOOPS event loops (1). The service is that
/// of the environment. It ends with 1 when an answer or a message is not as expected.
@main
enum FloorBenchmark {
  static func main() async throws {
    let words = CommandLine.arguments.dropFirst()
    let numbers = words.dropFirst().map { Int($0) ?? 0 }
    guard let kind = words.first, (2...3).contains(numbers.count), numbers.allSatisfy({ $0 > 0 })
    else { stop("usage: FloorBenchmark ahc|nio TENANTS CONCURRENCY [LOOPS]") }
    raiseDescriptorLimit()
    let load = FloorLoad(
      tenants: numbers[0], concurrency: numbers[1],
      api: FloorAddress(variable: "PRIVICORE_API_URL"),
      webSocket: FloorAddress(variable: "PRIVICORE_WS_URL"))
    let tally =
      switch kind {
      case "ahc": try await AsyncClientFloor.run(load)
      case "nio": try await LaneFloor.run(load, loops: numbers.count > 2 ? numbers[2] : 1)
      case _: stop("\(kind) is neither ahc nor nio")
      }
    guard tally.tenants == load.tenants,
      tally.exchanges == load.tenants * TenantScript.exchangeCount,
      tally.acknowledgements == load.tenants * TenantScript.acknowledgementCount
    else { stop("not everything was done: \(tally)") }
    print(
      "tenants \(tally.tenants), requests \(tally.exchanges),"
        + " acknowledgements \(tally.acknowledgements)")
  }

  /// Each tenant has a socket of its own.
  private static func raiseDescriptorLimit() {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
