import Foundation
import Testing

@testable import Figures

extension FigureRendererTests {
    @Suite struct Children {
        @Test func aProgramThatPrintsWithoutEndIsEnded() throws {
            let outcome = try ChildProcess.run(
                URL(filePath: "/bin/sh"),
                arguments: ["-c", "while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyy; done"],
                input: Data(),
                timeout: .seconds(60),
                outputLimit: 100_000
            )
            #expect(outcome.ending == .tooMuchOutput)
            #expect(outcome.output.count < 200_000)
        }

        @Test func aGrandchildThatHoldsThePipesIsNotWaitedForLongerThanTheTime() throws {
            let clock = ContinuousClock()
            let start = clock.now
            let outcome = try ChildProcess.run(
                URL(filePath: "/bin/sh"),
                arguments: ["-c", "sleep 20 & echo done"],
                input: Data(),
                timeout: .seconds(2)
            )
            #expect(String(decoding: outcome.output, as: UTF8.self) == "done\n")
            #expect(clock.now - start < .seconds(12))
        }

        @Test func aProgramThatClosesItsOutputAndGoesOnIsEnded() throws {
            let outcome = try ChildProcess.run(
                URL(filePath: "/bin/sh"),
                arguments: ["-c", "exec >&- 2>&-; while :; do :; done"],
                input: Data(),
                timeout: .seconds(1)
            )
            #expect(outcome.ending == .timedOut)
        }

        @Test func moreThanAPipeHoldsGoesThroughUnchanged() throws {
            let input = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) })
            let outcome = try ChildProcess.run(
                URL(filePath: "/bin/cat"),
                arguments: [],
                input: input,
                timeout: .seconds(60)
            )
            #expect(outcome.ending == .exited(0))
            #expect(outcome.output == input)
        }
    }
}
