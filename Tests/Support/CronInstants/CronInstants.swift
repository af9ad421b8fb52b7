import Operations
import Schedules
import TimeZones

/// Prints due instants of cron expressions, for comparison with another implementation (`.ci/cron`).
///
/// Each line of standard input has a zone, an expression, the second since 1970 after which instants are
/// wanted, and how many, with tabs between them. Each line of output has those seconds, `refused` with the
/// reasons, or `unknown zone`. Without input it prints the names of all zones.
@main struct CronInstants {
  static func main() {
    var isEmpty = true
    while let line = readLine() {
      isEmpty = false
      print(answer(to: line))
    }
    if isEmpty { for name in TimeZoneDatabase.system.names() { print(name) } }
  }

  private static func answer(to line: String) -> String {
    let cells = line.split(separator: "\t").map(String.init)
    guard cells.count == 4, let second = Int64(cells[2]), let count = Int(cells[3]) else {
      return "malformed line"
    }
    guard let zone = TimeZoneDatabase.system.rules(cells[0]) else { return "unknown zone" }
    let reading = CronReading(of: cells[1])
    guard let expression = reading.expression else {
      return "refused: " + reading.flaws.map(\.message).joined(separator: "; ")
    }
    return seconds(Schedule(cron: [expression], zone: zone), after: second, count)
  }

  private static func seconds(_ schedule: Schedule, after second: Int64, _ count: Int) -> String {
    var moment = Moment(nanoseconds: second * 1_000_000_000)
    var seconds: [String] = []
    while seconds.count < count, let due = schedule.next(after: moment) {
      moment = due.at
      seconds.append(String(moment.nanoseconds / 1_000_000_000))
    }
    return seconds.joined(separator: " ")
  }
}
