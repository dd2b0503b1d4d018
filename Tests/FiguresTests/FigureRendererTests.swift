import Foundation
import Testing

@testable import Figures

/// Serialised: a program file must not be open for writing in one test while another starts a process.
@Suite(.serialized) struct FigureRendererTests {
    @Suite(.enabled(if: DrawingBench.hasPython, "\(DrawingBench.missing)"))
    struct ForReal {
        @Test func everyKindOfFigureIsDrawnInBothFormats() throws {
            let renderer = FigureRenderer(python: try #require(DrawingBench.python))
            let requests = Samples.all.map { DrawingRequest(name: $0.name, spec: $0.figure.spec) }
            let rendering = try renderer.render(requests)
            #expect(rendering.failures == [])
            #expect(rendering.drawings.map(\.figure) == Samples.all.flatMap { [$0.name, $0.name] })
            for (name, _) in Samples.all {
                let png = try #require(rendering.data(of: name, .png))
                let size = try #require(DrawingBench.size(ofPNG: png))
                let svg = String(decoding: try #require(rendering.data(of: name, .svg)), as: UTF8.self)
                #expect(svg.contains("Title &amp; &lt;b&gt;more&lt;/b&gt;"))
                #expect(svg.contains("induct-2l, 64 prompts"))
                let width = try #require(svg.firstMatch(of: /width="([0-9.]+)"/).flatMap { Double($0.1) })
                let height = try #require(svg.firstMatch(of: /height="([0-9.]+)"/).flatMap { Double($0.1) })
                #expect(abs(Double(size.width) - 2 * width) <= 2, "PNGs have twice the nominal size")
                #expect(abs(Double(size.height) - 2 * height) <= 2)
                #expect((150...1200).contains(width) && (100...1200).contains(height))
            }
        }

        @Test func labelsReachThePicture() throws {
            let renderer = FigureRenderer(python: try #require(DrawingBench.python))
            let requests = [
                DrawingRequest(name: "bars", figure: Samples.bars, formats: [.svg]),
                DrawingRequest(name: "heat", figure: Samples.heatmap, formats: [.svg]),
                DrawingRequest(
                    name: "attention",
                    figure: Samples.attention(Samples.hostileTokens),
                    formats: [.svg]
                ),
                DrawingRequest(name: "overlay", figure: Samples.overlay, formats: [.svg]),
                DrawingRequest(name: "profile", figure: Samples.profile, formats: [.svg]),
                DrawingRequest(name: "nulls", figure: Samples.nulls, formats: [.svg]),
                DrawingRequest(name: "lags", figure: Samples.lags(5), formats: [.svg]),
                DrawingRequest(name: "causal", figure: Samples.causal, formats: [.svg]),
            ]
            let rendering = try renderer.render(requests)
            func texts(_ name: String) throws -> Set<String> {
                let svg = String(decoding: try #require(rendering.data(of: name, .svg)), as: UTF8.self)
                return Set(svg.matches(of: />([^<]+)<\/text>/).map { String($0.1) })
            }
            #expect(try texts("bars").isSuperset(of: ["L5H1", "L4H7", "L0H3", "induction score"]))
            #expect(try texts("heat").isSuperset(of: ["layer", "head", "0.92", "undefined", "1.00"]))
            #expect(
                try texts("overlay").isSuperset(of: [
                    "small, peak 1.00", "large, peak 0.00", "relative depth (first layer 0, last layer 1)",
                    "0.5",
                ])
            )
            #expect(
                try texts("profile").isSuperset(of: [
                    "mean of heads", "shuffled antecedent", "layer", "relative depth", "0.25", "4",
                    "peak 0.60 at layer 3 (depth 0.75)",
                ])
            )
            #expect(
                try texts("nulls").isSuperset(of: [
                    "observed", "shuffled antecedent", "permuted heads", "layer", "heads",
                    "Heads above the 0.90 quantile of all 24 heads",
                ])
            )
            #expect(try texts("lags").isSuperset(of: ["lag 4, 4,936 pairs", "layer", "0.60 at layer 1"]))
            #expect(
                try texts("causal").isSuperset(of: [
                    "top 3 heads", "random heads", "base 0.90", "Δ copy accuracy, ablated − base",
                    "Δ loss (nats), ablated − base",
                ])
            )
            let labels = try texts("attention")
            #expect(
                labels.isSuperset(of: [
                    "·the", "¶", "\"", "\\", "&lt;/script&gt;", "]]&gt;", "&amp;amp;", "datum.value", "‹0›",
                    "‹202E›abc", "∅", "日本", "'); alert(1)".replacing(" ", with: "·"), "induction target",
                ]),
                "found \(labels)"
            )
        }

        @Test func labelsOfWhatHeadsCauseReachThePicture() throws {
            let renderer = FigureRenderer(python: try #require(DrawingBench.python))
            let rendering = try renderer.render(
                Samples.causes.map { DrawingRequest(name: $0.name, spec: $0.figure.spec, formats: [.svg]) }
            )
            let expected: [String: Set<String>] = [
                "histogram": ["improvement (nats)", "prompts", "mean +0.31", "median +0.20"],
                "patched bars": ["clean", "corrupted", "L5H1", "undefined", "logit difference"],
                "layer bars": ["layer", "recovery", "high importance 0.50", "no difference"],
                "positions": ["layer", "position", "·b", "+0.90", "undefined"],
                "lens table": ["embedding", "after block", "&lt;/script&gt;", "antidises…"],
                "pairs": ["sender", "receiver", "L0H1", "L1H2", "+0.90", "undefined"],
                "three pairs": ["panel 0", "panel 2", "+2.70"],
                "evolution": ["·Mary (answer), 0.71", "converged: after block 3", "probability"],
                "scatter": ["top by estimate", "random sample", "L5H1", "attribution", "exact effect"],
                "eigenvalues": ["real part", "imaginary part", "L0H2", "0.04"],
                "scaling": ["gpt2", "pythia-410m", "heads × layers", "time (s)", "200", "0.5"],
            ]
            #expect(Set(expected.keys) == Set(Samples.causes.map(\.name)))
            for (name, labels) in expected {
                let svg = String(decoding: try #require(rendering.data(of: name, .svg)), as: UTF8.self)
                let texts = Set(svg.matches(of: />([^<]+)<\/text>/).map { String($0.1) })
                #expect(texts.isSuperset(of: labels), "\(name) lacks \(labels.subtracting(texts))")
                #expect(!svg.contains("NaN"), "\(name) draws a number that is none")
            }
        }

        @Test func hostileTextLeavesTheSVGWellFormed() throws {
            let python = try #require(DrawingBench.python)
            let figure = AttentionPattern(
                title: FigureTitle("\u{0}<x>&\u{1b}\"\u{ffff}", subtitle: Samples.hostileTokens),
                tokens: Samples.hostileTokens,
                pattern: Samples.pattern(Samples.hostileTokens.count),
                highlighted: [.init(query: 3, key: 1)],
                highlightName: "\u{0}</text>"
            )
            let rendering = try FigureRenderer(python: python).render([
                DrawingRequest(name: "f", figure: figure)
            ])
            #expect(rendering.failures == [])
            let svg = try #require(rendering.data(of: "f", .svg))
            let check = try ChildProcess.run(
                python,
                arguments: [
                    "-c", "import sys, xml.dom.minidom as m; m.parseString(sys.stdin.buffer.read())",
                ],
                input: svg,
                timeout: .seconds(30)
            )
            #expect(check.ending == .exited(0), "\(check.errors)")
        }

        @Test func aFigureThatVegaRefusesDoesNotSpoilTheOthers() throws {
            var broken = Samples.bars.spec
            broken.view.layer?[0].transform = [.init(filter: "datum.value >>>> (")]
            let rendering = try FigureRenderer(python: try #require(DrawingBench.python)).render([
                DrawingRequest(name: "before", figure: Samples.heatmap, formats: [.svg]),
                DrawingRequest(name: "broken", spec: broken, formats: [.png]),
                DrawingRequest(name: "after", figure: Samples.heatmap, formats: [.svg]),
            ])
            #expect(rendering.drawings.map(\.figure) == ["before", "after"])
            let failure = try #require(rendering.failures.first)
            #expect(rendering.failures.count == 1)
            #expect(failure.description.hasPrefix("The figure \"broken\" was not drawn as PNG: ValueError: "))
            #expect(!failure.description.contains("\n") && !failure.description.contains(" at ext:"))
        }

        @Test func theSameFigureIsTheSamePicture() throws {
            let renderer = FigureRenderer(python: try #require(DrawingBench.python))
            let request = DrawingRequest(name: "f", figure: Samples.profile)
            #expect(try renderer.render([request]) == renderer.render([request]))
        }

        @Test func nothingIsLoadedFromTheNetwork() throws {
            // The driver's own call, on a specification that no figure of this module can make.
            let script = DrawingScript.source.replacingOccurrences(
                of: #"job["spec"]"#,
                with: #"{"data": {"url": "https://example.com/a.csv"}, "mark": "bar"}"#
            )
            let outcome = try ChildProcess.run(
                try #require(DrawingBench.python),
                arguments: ["-c", script],
                input: Data("33\n[{\"formats\":[\"svg\"],\"spec\":null}]".utf8),
                timeout: .seconds(60)
            )
            let output = String(decoding: outcome.output, as: UTF8.self)
            #expect(output.contains("External data url not allowed: https://example.com/a.csv"), "\(output)")
        }
    }
}
