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
                #expect((300...1200).contains(width) && (100...1200).contains(height))
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
                DrawingRequest(name: "profile", figure: Samples.profile, formats: [.svg]),
            ]
            let rendering = try renderer.render(requests)
            func texts(_ name: String) throws -> Set<String> {
                let svg = String(decoding: try #require(rendering.data(of: name, .svg)), as: UTF8.self)
                return Set(svg.matches(of: />([^<]+)<\/text>/).map { String($0.1) })
            }
            #expect(try texts("bars").isSuperset(of: ["L5H1", "L4H7", "L0H3", "induction score"]))
            #expect(try texts("heat").isSuperset(of: ["layer", "head", "0.92", "undefined", "1.00"]))
            #expect(try texts("profile").isSuperset(of: ["small", "large"]))
            let labels = try texts("attention")
            #expect(
                labels.isSuperset(of: [
                    "·the", "¶", "\"", "\\", "&lt;/script&gt;", "]]&gt;", "&amp;amp;", "datum.value", "‹0›",
                    "‹202E›abc", "∅", "日本", "'); alert(1)".replacing(" ", with: "·"), "induction target",
                ]),
                "found \(labels)"
            )
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

        @Test func aPythonWithoutVlConvert() throws {
            let python = try #require(DrawingBench.python)
            try DrawingBench.withDirectory { directory in
                // Without its site directories a virtual environment has no packages.
                let bare = try DrawingBench.program("exec '\(python.path)' -S \"$@\"", in: directory)
                let error = #expect(throws: FigureRendererError.self) {
                    try FigureRenderer(python: bare).render([DrawingRequest(name: "f", figure: Samples.bars)])
                }
                #expect(
                    error?.description == """
                        Figures were not drawn: \(bare.path) cannot import vl_convert (ModuleNotFoundError: \
                        No module named 'vl_convert'). Install it there with `\(bare.path) -m pip install \
                        vl-convert-python`, or run `make setup`.
                        """
                )
            }
        }

        @Test func aVlConvertWithoutVegaLite6() throws {
            try DrawingBench.withDirectory { directory in
                let old = try DrawingBench.python(
                    with: "__version__ = '0.9'\ndel get_vegalite_versions",
                    in: directory
                )
                let error = #expect(throws: FigureRendererError.self) {
                    try FigureRenderer(python: old).render([DrawingRequest(name: "f", figure: Samples.bars)])
                }
                #expect(error == .vlConvertUnsuitable(python: old.path, version: "0.9"))
                #expect(
                    error?.description == """
                        Figures were not drawn: vl_convert 0.9 of \(old.path) does not know Vega-Lite 6. Install \
                        vl-convert-python 1.9 or later there, or run `make setup`.
                        """
                )
            }
        }

        @Test func figuresDrawnBeforeACrashAreKept() throws {
            try DrawingBench.withDirectory { directory in
                let python = try DrawingBench.python(
                    with: """
                        import os, sys
                        count = 0
                        def vegalite_to_svg(spec, **options):
                            global count
                            count += 1
                            if count == 2:
                                sys.stderr.write("out of memory\\n")
                                sys.stderr.flush()
                                os.kill(os.getpid(), 9)
                            print("noise on standard output")
                            return "<svg/>"
                        """,
                    in: directory
                )
                let rendering = try FigureRenderer(python: python).render(
                    ["first", "second", "third"].map {
                        DrawingRequest(name: $0, figure: Samples.bars, formats: [.svg])
                    }
                )
                #expect(rendering.drawings.map(\.figure) == ["first"])
                #expect(rendering.data(of: "first", .svg) == Data("<svg/>".utf8))
                #expect(
                    rendering.failures.map(\.description)
                        == ["second", "third"].map {
                            """
                            The figure "\($0)" was not drawn as SVG: the drawing program was ended by signal 9 first. \
                            Its last words: "out of memory".
                            """
                        }
                )
            }
        }

        @Test func theTimeIsLimited() throws {
            try DrawingBench.withDirectory { directory in
                let python = try DrawingBench.python(
                    with: """
                        import time
                        def vegalite_to_svg(spec, **options): return "<svg/>"
                        def vegalite_to_png(spec, **options): time.sleep(600)
                        """,
                    in: directory
                )
                let rendering = try FigureRenderer(python: python, timeout: .seconds(3)).render([
                    DrawingRequest(name: "f", figure: Samples.bars, formats: [.svg, .png])
                ])
                #expect(rendering.drawings.count == 1)
                #expect(
                    rendering.failures.map(\.description) == [
                        """
                        The figure "f" was not drawn as PNG: the 3 seconds for the batch were over. Draw fewer or \
                        smaller figures at a time.
                        """
                    ]
                )
            }
        }

        @Test func largePicturesAndLargeFiguresPassBothWays() throws {
            try DrawingBench.withDirectory { directory in
                let python = try DrawingBench.python(
                    with: """
                        import sys
                        def vegalite_to_png(spec, **options):
                            sys.stderr.write("x" * 3_000_000)
                            return bytes(range(256)) * 40_000
                        """,
                    in: directory
                )
                let figure = Samples.attention((0..<200).map { "token \($0)" })
                let rendering = try FigureRenderer(python: python).render(
                    (0..<4).map { DrawingRequest(name: "\($0)", figure: figure, formats: [.png]) }
                )
                #expect(rendering.failures == [])
                #expect(rendering.drawings.map(\.data.count) == Array(repeating: 10_240_000, count: 4))
                #expect(rendering.drawings.last?.data.suffix(2) == Data([254, 255]))
            }
        }
    }

    @Suite struct WithoutPython {
        @Test func aProgramThatEndsWithoutReadingIsNoBrokenPipe() throws {
            try DrawingBench.withDirectory { directory in
                let program = try DrawingBench.program("echo 'no such thing' >&2; exit 7", in: directory)
                let figure = Samples.attention((0..<200).map { "token \($0)" })
                let error = #expect(throws: FigureRendererError.self) {
                    try FigureRenderer(python: program).render([DrawingRequest(name: "f", figure: figure)])
                }
                #expect(
                    error?.description == """
                        Figures were not drawn: \(program.path) ended with exit code 7 before it was ready to draw. \
                        Its last words: "no such thing". Run `make setup`, or set INDUCT_PYTHON to a Python that has \
                        vl-convert-python.
                        """
                )
            }
        }

        @Test func aPythonThatIsNotThere() throws {
            let nowhere = URL(filePath: "/nonexistent/python")
            let error = #expect(throws: FigureRendererError.self) {
                try FigureRenderer(python: nowhere).render([DrawingRequest(name: "f", figure: Samples.bars)])
            }
            guard case .pythonNotStarted(path: "/nonexistent/python", _) = error else {
                Issue.record("found \(String(describing: error))")
                return
            }
        }

        @Test func nothingToDrawStartsNothing() throws {
            let nowhere = FigureRenderer(python: URL(filePath: "/nonexistent/python"))
            #expect(try nowhere.render([]) == Rendering())
            #expect(
                try nowhere.render([DrawingRequest(name: "f", figure: Samples.bars, formats: [])])
                    == Rendering()
            )
        }
    }

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

        @Test func aGrandchildThatHoldsThePipesIsNotWaitedFor() throws {
            let clock = ContinuousClock()
            let start = clock.now
            let outcome = try ChildProcess.run(
                URL(filePath: "/bin/sh"),
                arguments: ["-c", "sleep 30 & echo done"],
                input: Data(),
                timeout: .seconds(25)
            )
            #expect(outcome.ending == .exited(0))
            #expect(String(decoding: outcome.output, as: UTF8.self) == "done\n")
            #expect(clock.now - start < .seconds(15))
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

    @Suite struct Search {
        @Test func theNearestEnvironmentAboveTheFirstStartIsFound() throws {
            try DrawingBench.withDirectory { directory in
                let inner = directory.appending(path: "a/b/c", directoryHint: .isDirectory)
                try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
                let far = try DrawingBench.program("", in: directory, name: ".deps/venv/bin/python")
                let search = PythonSearch(environment: [:], starts: [inner])
                #expect(try search.python().path == far.path)
                let near = try DrawingBench.program("", in: directory, name: "a/.deps/venv/bin/python")
                #expect(try search.python().path == near.path)
            }
        }

        @Test func theVariableComesFirstAndKeepsItsLink() throws {
            try DrawingBench.withDirectory { directory in
                let real = try DrawingBench.program("", in: directory, name: "real")
                let link = directory.appending(path: "link")
                try FileManager.default.createSymbolicLink(at: link, withDestinationURL: real)
                _ = try DrawingBench.program("", in: directory, name: ".deps/venv/bin/python")
                let search = PythonSearch(environment: ["INDUCT_PYTHON": link.path], starts: [directory])
                #expect(try search.python().path == link.path)
            }
        }

        @Test func aVariableThatNamesNoProgramIsAnError() throws {
            try DrawingBench.withDirectory { directory in
                let search = PythonSearch(environment: ["INDUCT_PYTHON": directory.path], starts: [])
                let error = #expect(throws: FigureRendererError.self) { try search.python() }
                #expect(
                    error?.description == """
                        Figures were not drawn: INDUCT_PYTHON is "\(directory.path)", which is not an executable \
                        file. Set it to the path of a Python that has vl-convert-python, or unset it to use the \
                        one of `make setup`.
                        """
                )
            }
        }

        @Test func noPythonAnywhereNamesThePlaces() {
            let search = PythonSearch(
                environment: ["INDUCT_PYTHON": ""],
                starts: [URL(filePath: "/nonexistent/a"), URL(filePath: "/nonexistent/b")]
            )
            let error = #expect(throws: FigureRendererError.self) { try search.python() }
            #expect(
                error?.description == """
                    Figures were not drawn: no Python with vl-convert was found. INDUCT_PYTHON is not set, and there \
                    is no .deps/venv/bin/python in /nonexistent/a, /nonexistent/b or any directory above. Run \
                    `make setup`, or set INDUCT_PYTHON to a Python that has vl-convert-python.
                    """
            )
        }

        @Test func thisProcessLooksFromItsProgramAndItsDirectory() {
            let starts = PythonSearch.here.starts
            #expect(starts.count == 2)
            #expect(starts.last?.path == URL(filePath: FileManager.default.currentDirectoryPath).path)
        }
    }
}
