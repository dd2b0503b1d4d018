// The shim in C terms: statuses, out-parameters, texts, threads.
import CTorch
import Foundation
import Testing

private let cpu = ct_device(kind: CT_CPU, index: 0)

private func tensor(_ shape: [Int64], _ value: Double = 1) -> ct_tensor? {
    var out: ct_tensor?
    #expect(ct_full(&out, shape, shape.count, value, CT_FLOAT32, cpu) == CT_OK)
    return out
}

private var lastMessage: String { String(cString: ct_last_message()) }

@Suite struct ShimTests {
    @Test func aCallThatWorksWritesItsResult() {
        let (a, b) = (tensor([2, 3], 2), tensor([3], 0.5))
        var sum: ct_tensor?
        #expect(ct_add(&sum, a, b) == CT_OK)
        var rank = 0
        #expect(ct_rank(&rank, sum) == CT_OK)
        #expect(rank == 2)
        var values = [Float](repeating: 0, count: 6)
        #expect(ct_to_host(&values, 24, sum) == CT_OK)
        #expect(values == Array(repeating: 2.5, count: 6))
        [a, b, sum].forEach { ct_tensor_free($0) }
    }

    @Test func aCallThatFailsSaysWhyAndWritesNothing() {
        let (a, b) = (tensor([2, 3]), tensor([4, 5]))
        var out: ct_tensor?
        #expect(ct_matmul(&out, a, b) == CT_FAILED)
        #expect(out == nil)
        #expect(lastMessage.contains("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)"))
        [a, b].forEach { ct_tensor_free($0) }
    }

    @Test func aPairIsAllOrNothing() {
        let a = tensor([2, 3])
        var values: ct_tensor?
        var vectors: ct_tensor?
        #expect(ct_eigh(&values, &vectors, a) == CT_FAILED)
        #expect(values == nil && vectors == nil)
        ct_tensor_free(a)
    }

    @Test func memoryThatIsNotThereHasAStatusOfItsOwn() {
        var out: ct_tensor?
        #expect(ct_empty(&out, [1 << 60], 1, CT_FLOAT32, cpu) == CT_OUT_OF_MEMORY)
        #expect(out == nil)
    }

    @Test func unknownCodesAreRefused() {
        let a = tensor([1])
        var out: ct_tensor?
        #expect(ct_apply(&out, ct_unary(rawValue: 999), a) == CT_FAILED)
        #expect(lastMessage.contains("unknown operation code 999"))
        #expect(ct_full(&out, [1], 1, 0, ct_dtype(rawValue: 77), cpu) == CT_FAILED)
        #expect(lastMessage.contains("unknown dtype code 77"))
        ct_tensor_free(a)
    }

    @Test func aBufferOfTheWrongSizeIsRefused() {
        let a = tensor([2, 3])
        var values = [Float](repeating: 0, count: 5)
        #expect(ct_to_host(&values, 20, a) == CT_FAILED)
        #expect(lastMessage.contains("the host buffer has 20 bytes"))
        #expect(lastMessage.contains("has 24"))
        ct_tensor_free(a)
    }

    @Test func slicesOutsideTheAxisAreRefused() {
        let a = tensor([4])
        var out: ct_tensor?
        #expect(ct_slice(&out, a, 0, 2, 5, 1) == CT_FAILED)
        #expect(lastMessage.contains("slice 2..<5 of axis 0"))
        ct_tensor_free(a)
    }

    @Test func gradModeIsOffOnEveryNewThread() async {
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        Thread {
                            var enabled = true
                            let status = ct_grad_mode(&enabled)
                            continuation.resume(returning: status == CT_OK && !enabled)
                        }.start()
                    }
                }
            }
            for await isOff in group { #expect(isOff) }
        }
    }

    @Test func messagesBelongToTheirThread() async {
        let a = tensor([2, 3])
        var out: ct_tensor?
        #expect(ct_reshape(&out, a, [5], 1) == CT_FAILED)
        let mine = lastMessage
        let theirs = await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: String(cString: ct_last_message())) }.start()
        }
        #expect(mine.contains("invalid for input of size 6"))
        #expect(theirs.isEmpty)
        ct_tensor_free(a)
    }

    @Test func aViewMustLieInItsBytes() {
        let values: [Float] = [1, 2, 3, 4, 5, 6]
        var out: ct_tensor?
        // Element 1 + 2 + 3 is the seventh of six.
        #expect(ct_borrow_host_strided(&out, values, 24, [2, 2, 2], [1, 2, 3], 3, CT_FLOAT32) == CT_FAILED)
        #expect(lastMessage.contains("the host buffer has 24 bytes, a tensor of shape [2, 2, 2]"))
        #expect(ct_borrow_host_strided(&out, values, 24, [2], [-1], 1, CT_FLOAT32) == CT_FAILED)
        #expect(lastMessage.contains("none may be negative"))
        #expect(out == nil)
        #expect(ct_borrow_host_strided(&out, values, 24, [2, 2], [1, 4], 2, CT_FLOAT32) == CT_OK)
        ct_tensor_free(out)
    }
}
