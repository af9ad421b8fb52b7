import Glibc
import Serving
import Testing

@Suite struct ServiceNotifierTests {
  @Test(arguments: [
    (ServiceNotice.ready, "READY=1"), (.stopping, "STOPPING=1"), (.alive, "WATCHDOG=1"),
    (.reloading(at: .seconds(12) + .microseconds(345)), "RELOADING=1\nMONOTONIC_USEC=12000345"),
    (.status("3 schedules"), "STATUS=3 schedules"),
    (.status("a\nREADY=1\r\u{2028}b"), "STATUS=a READY=1  b"),
    (.status(String(repeating: "x", count: 501)), "STATUS=" + String(repeating: "x", count: 500)),
  ])
  func `a notice is a datagram of assignments`(_ notice: ServiceNotice, _ text: String) throws {
    let folder = try ScratchFolder()
    let socket = try NoticeSocket(folder("notify"))
    ServiceNotifier(["NOTIFY_SOCKET": folder("notify")], process: 7).send(notice)
    #expect(socket.notices == [text])
  }

  @Test func `a socket may have a name in the abstract namespace`() throws {
    let name = "@privirun-\(getpid())-notices"
    let socket = try NoticeSocket(name)
    ServiceNotifier(["NOTIFY_SOCKET": name], process: 7).send(.ready)
    #expect(socket.notices == ["READY=1"])
  }

  @Test(arguments: [
    "", "/", "@", "relative", "vsock:2:1234", "/none/there",
    "/\(String(repeating: "x", count: 107))",
    "/tmp\u{0}",
  ])
  func `an address that cannot be used is passed over`(_ address: String) {
    ServiceNotifier(["NOTIFY_SOCKET": address], process: 7).send(.ready)
    ServiceNotifier([:], process: 7).send(.ready)
  }

  @Test func `a receiver that does not read holds nothing up`() throws {
    let folder = try ScratchFolder()
    let socket = try NoticeSocket(folder("notify"))
    let notifier = ServiceNotifier(["NOTIFY_SOCKET": folder("notify")], process: 7)
    for _ in 1...5000 { notifier.send(.alive) }
    #expect(socket.notices.count < 5000)
    notifier.send(.stopping)
    #expect(socket.notices == ["STOPPING=1"])
  }

  @Test(arguments: [
    (["WATCHDOG_USEC": "3000000"], Duration.seconds(3)),
    (["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "7"], .seconds(3)),
    (["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "8"], nil),
    (["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "x"], nil), (["WATCHDOG_USEC": "0"], nil),
    (["WATCHDOG_USEC": "-1"], nil), (["WATCHDOG_USEC": "1 s"], nil), ([:], nil),
    (["WATCHDOG_PID": "7"], nil),
  ])
  func `the watchdog is that of this process`(
    _ environment: [String: String], _ watchdog: Duration?
  ) {
    #expect(ServiceNotifier(environment, process: 7).watchdog == watchdog)
  }
}
