import Foundation
import Testing

@testable import Figures

extension FigureRendererTests {
    @Suite(.enabled(if: DrawingBench.hasPython, "\(DrawingBench.missing)"))
    struct PythonsThatMisbehave {
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
                            return bytes(range(256)) * 20_000
                        """,
                    in: directory
                )
                let figure = Samples.attention((0..<90).map { "token \($0)" })
                let rendering = try FigureRenderer(python: python).render(
                    (0..<3).map { DrawingRequest(name: "\($0)", figure: figure, formats: [.png]) }
                )
                #expect(rendering.failures == [])
                #expect(rendering.drawings.map(\.data.count) == Array(repeating: 5_120_000, count: 3))
                #expect(rendering.drawings.last?.data.suffix(2) == Data([254, 255]))
            }
        }
    }

    @Suite struct WithoutPython {
        @Test func aProgramThatEndsWithoutReadingIsNoBrokenPipe() throws {
            try DrawingBench.withDirectory { directory in
                let program = try DrawingBench.program("echo 'no such thing' >&2; exit 7", in: directory)
                let figure = Samples.attention((0..<90).map { "token \($0)" })
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
}
