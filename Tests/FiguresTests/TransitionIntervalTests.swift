import Testing

@testable import Figures

@Suite struct TransitionIntervalTests {
    @Test func theNoteNamesTheInterval() {
        let wide = TransitionInterval(low: 900, high: 1600, midpoint: 1210.4)
        #expect(
            TransitionInterval.note(wide)
                == "Shaded: the transition, step 900 to 1,600; dashed: its midpoint, 1,210"
        )
        #expect(wide.text == "step 900 to 1,600, midpoint 1,210")
        #expect(TransitionInterval(low: 7, high: 7, midpoint: 7).text == "step 7, midpoint 7")
        #expect(TransitionInterval.note(nil) == "No transition found")
    }

    @Test func aMidpointOutsideTraps() async {
        await #expect(processExitsWith: .failure) { _ = TransitionInterval(low: 5, high: 9, midpoint: 4) }
        await #expect(processExitsWith: .failure) { _ = TransitionInterval(low: 9, high: 5, midpoint: 7) }
        await #expect(processExitsWith: .failure) { _ = TransitionInterval(low: -1, high: 5, midpoint: 2) }
        await #expect(processExitsWith: .failure) { _ = TransitionInterval(low: 1, high: 5, midpoint: .nan) }
    }
}
