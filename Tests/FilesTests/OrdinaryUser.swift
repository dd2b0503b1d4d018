// How a test becomes an ordinary user.

import Foundation
import Testing

/// Root may read and write everything, so tests of permissions go on as another user, in a process of their
/// own.
func stopBeingRoot() throws {
    guard geteuid() == 0 else { return }
    let nobody: uid_t = 65534
    try #require(setuid(nobody) == 0)
}
