// Views of host memory, and the search for numbers that are not finite.
import Testing
import Torch

@Suite struct HostViewTests {
    @Test func stridesChooseElements() {
        let values = (0..<24).map { Float($0) }
        values.withUnsafeBytes { bytes in
            // Columns 2 and 4 of rows 1 and 3 of [4, 6], turned.
            let part = UnsafeRawBufferPointer(rebasing: bytes[8 * 4..<23 * 4])
            Tensor.withView(of: part, shape: [2, 2], strides: [2, 12], dtype: .float32) { view in
                #expect(view.doubles == [8, 20, 10, 22])
                #expect(!view.isContiguous)
            }
        }
        Tensor.withView(
            of: UnsafeRawBufferPointer(start: nil, count: 0),
            shape: [0, 3],
            strides: [3, 1],
            dtype: .int64
        ) { #expect($0.count == 0) }
    }

    @Test(arguments: [DType.float32, .float64, .float16, .bfloat16])
    func oneBadNumberIsFound(dtype: DType) {
        for bad in [Double.nan, .infinity, -.infinity] {
            for place in [0, 6, 1000] {
                var values = (0..<1001).map { Double($0) - 500 }
                #expect(Tensor(values).to(dtype).isAllFinite)
                values[place] = bad
                #expect(!Tensor(values).to(dtype).isAllFinite)
                #expect(!Tensor(values, [7, 143]).to(dtype).mT.isAllFinite)
            }
        }
        #expect(Tensor.empty([0], dtype: dtype).isAllFinite)
        #expect(Tensor([1, 2, 3]).isAllFinite)
    }
}
