import Foundation
import Testing

@testable import Figures

/// The figures of training as pictures.
@Suite(.serialized, .enabled(if: DrawingBench.hasPython, "\(DrawingBench.missing)"))
struct TrainingFigureTests {
    /// What does not occur in the samples: one evaluation, thousands, 32 heads, long names, signs and sizes.
    private static let extremes: [(name: String, figure: any Figure)] = {
        let long = String(repeating: "a long name ", count: 12)
        let steps = Array(stride(from: 0, to: 20_000, by: 4))
        let dense = StepSeries(steps: steps, values: steps.map { 2 + Double($0 % 52) / 100 })
        let once = StepSeries(steps: [700], values: [0.3])
        var spiky = Samples.phase
        spiky.loss = Samples.series(4, 3.9, 12_345, 2.5, .infinity, 1.8)
        spiky.transition = TransitionInterval(low: 0, high: 400, midpoint: 2.5)
        return [
            ("spiky", spiky),
            ("once", PhaseTransition(title: FigureTitle(long), loss: once, transition: nil)),
            ("dense", PhaseTransition(title: Samples.title, loss: dense, transition: nil)),
            ("empty", PhaseTransition(title: Samples.title, transition: nil)),
            (
                "wide",
                EigenvalueEvolution(
                    title: Samples.title,
                    evaluations: [
                        .init(
                            step: 0,
                            top: [.init(value: 1e-6, residual: 1e3)],
                            bottom: [.init(value: -1e3)]
                        ),
                        .init(step: 5, top: [.init(value: 1e3)], bottom: [.init(value: -1e-6)]),
                    ],
                    transition: nil
                )
            ),
            (
                "heads",
                HeadEvolution(
                    title: Samples.title,
                    valueName: long,
                    heads: (0..<32).map { .init(layer: $0 / 4, head: $0 % 4, series: once) },
                    layout: .layers,
                    transition: nil
                )
            ),
            (
                "names",
                SeedOverlay(
                    title: Samples.title,
                    valueName: long,
                    runs: [Samples.run(long, long, found: true), Samples.run("</text>", "x", found: false)]
                )
            ),
        ]
    }()

    @Test func everyTextLiesInsideThePicture() throws {
        let python = try #require(DrawingBench.python)
        let figures = Samples.training + Self.extremes
        let rendering = try FigureRenderer(python: python).render(
            figures.map { DrawingRequest(name: $0.name, spec: $0.figure.spec) }
        )
        #expect(rendering.failures == [])
        for (name, _) in figures {
            let svg = try #require(rendering.data(of: name, .svg))
            let check = try ChildProcess.run(
                python,
                arguments: ["-c", Self.outside],
                input: svg,
                timeout: .seconds(30)
            )
            #expect(check.ending == .exited(0), "\(name): \(check.errors)")
            #expect(String(decoding: check.output, as: UTF8.self) == "", "\(name)")
            let text = String(decoding: svg, as: UTF8.self)
            let width = try #require(text.firstMatch(of: /width="([0-9.]+)"/).flatMap { Double($0.1) })
            #expect((300...800).contains(width), "\(name) is \(width) pixels wide")
            #expect(!text.contains("NaN") && !text.contains("Infinity"), "\(name) draws what is no number")
            #expect(!text.contains(">undefined<"), "\(name) has a label without a text")
        }
    }

    @Test func labelsReachThePicture() throws {
        let rendering = try FigureRenderer(python: try #require(DrawingBench.python)).render(
            Samples.training.map { DrawingRequest(name: $0.name, spec: $0.figure.spec, formats: [.svg]) }
        )
        let expected: [String: Set<String>] = [
            "phase transition": ["loss (nats)", "random tokens", "λ min", "200", "0", "\u{2212}10", "100"],
            "eigenvalue evolution": ["λ 1", "λ 3", "λ min", "training step (logarithmic)"],
            "spectral density": ["0", "100", "training step", "10", "\u{2212}0.1"],
            "heads": ["L1H1, 0.90", "induction score", "200"],
            "heads by layer": ["layer 0", "L1H0", "training step (log)"],
            "seeds": ["seed 2", "none found", "two layers: 2 of 2"],
        ]
        #expect(Set(expected.keys) == Set(Samples.training.map(\.name)))
        for (name, labels) in expected {
            let svg = String(decoding: try #require(rendering.data(of: name, .svg)), as: UTF8.self)
            let texts = Set(svg.matches(of: />([^<]+)<\/text>/).map { String($0.1) })
            #expect(texts.isSuperset(of: labels), "\(name) lacks \(labels.subtracting(texts)) of \(texts)")
        }
    }

    @Test func theSameFigureIsTheSamePicture() throws {
        let renderer = FigureRenderer(python: try #require(DrawingBench.python))
        for (name, figure) in Samples.training {
            #expect(try figure.spec.json() == figure.spec.json())
            let request = DrawingRequest(name: name, spec: figure.spec)
            #expect(try renderer.render([request]) == renderer.render([request]), "\(name)")
        }
    }

    /// Prints the texts of an SVG that reach out of it. Widths are estimated from the number of characters.
    private static let outside = """
        import re, sys, xml.dom.minidom
        svg = xml.dom.minidom.parseString(sys.stdin.buffer.read()).documentElement
        width, height = (float(svg.getAttribute(side)) for side in ("width", "height"))

        def walk(node, x, y, size):
            for child in node.childNodes:
                if child.nodeType != 1:
                    continue
                moved = child.getAttribute("transform")
                place = re.search(r"translate\\(([-\\d.e]+)[, ]+([-\\d.e]+)\\)", moved)
                left, top = (x + float(place[1]), y + float(place[2])) if place else (x, y)
                font = re.match(r"([\\d.]+)px", child.getAttribute("font-size"))
                height_of_text = float(font[1]) if font else size
                if child.tagName == "text" and child.firstChild and "rotate" not in moved:
                    text = "".join(n.data for n in child.childNodes if n.nodeType == 3)
                    long = len(text) * height_of_text * 0.44
                    start = left - {"end": long, "middle": long / 2}.get(child.getAttribute("text-anchor"), 0)
                    if start < -8 or start + long > width + 8 or not 0 <= top <= height:
                        print(text, start, start + long, top, "in", width, height)
                walk(child, left, top, height_of_text)

        walk(svg, 0, 0, 11)
        """
}
